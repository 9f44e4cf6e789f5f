package schema

import (
	"errors"
	"strings"
	"testing"
)

func TestResolve(t *testing.T) {
	for _, test := range []struct{ typ, path, want string }{
		{"AWS::ECS::Service", "LaunchType", "LaunchType String maybe"},
		{"AWS::ECS::Service", "LoadBalancers", "LoadBalancers List of LoadBalancer no"},
		{"AWS::ECS::Service", "LoadBalancers *", "LoadBalancers LoadBalancer no"},
		{"AWS::ECS::Service", "DeploymentController Type", "Type String yes"},
		{"AWS::ECS::Service", "Cluster Ref", "Cluster String yes"},
		{"AWS::ECS::Service", "Cluster Fn::If 1", "Cluster String yes"},
		{"AWS::ECS::Service", "LoadBalancers 0 Fn::If 1 ContainerName", "LoadBalancers LoadBalancer no"},
		{"AWS::ECS::Service", "Tags 0 Value", "Value String no"},
		{"AWS::ECS::TaskDefinition", "ContainerDefinitions 0 Image", "Image String yes"},
		{"AWS::ECS::TaskDefinition", "ContainerDefinitions 1 PortMappings 0 HostPort", "HostPort Integer yes"},
		{"AWS::IAM::Role", "AssumeRolePolicyDocument Statement 0 Fn::If", "AssumeRolePolicyDocument JSON no"},
		{"AWS::Lambda::Function", "Environment Variables KEY", "Variables String no"},
		{"AWS::Lambda::Function", "Environment Variables Ref", "Variables String no"},
		{"AWS::EFS::AccessPoint", "PosixUser Uid", "Uid String yes"},
		{"AWS::CodeBuild::Project", "Source BuildSpec", "BuildSpec String no"},
	} {
		site, err := mustLookup(t, test.typ).Resolve(strings.Fields(test.path)...)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if got := site.Property.Name + " " + site.Type.String() + " " + site.Replacement.String(); got != test.want {
			t.Errorf("%s %s: %s, want %s", test.typ, test.path, got, test.want)
		}
	}
}

func TestResolveErrors(t *testing.T) {
	for _, test := range []struct{ path, want string }{
		{"", "AWS::ECS::Service: : the path is empty; name a property"},
		{"Clusters", "AWS::ECS::Service: Clusters: no such property"},
		{"Cluster Name", "AWS::ECS::Service: Cluster.Name: a String has no parts"},
		{"LoadBalancers ContainerName x", "AWS::ECS::Service: LoadBalancers.ContainerName: a list takes an index"},
		{"LoadBalancers 0 Ports", "AWS::ECS::Service: LoadBalancers.0.Ports: no such property"},
		{"Tags 0 Name", "AWS::ECS::Service: Tags.0.Name: no such property"},
	} {
		_, err := mustLookup(t, "AWS::ECS::Service").Resolve(strings.Fields(test.path)...)
		path, ok := errors.AsType[*PathError](err)
		if !ok || path.Error() != test.want {
			t.Errorf("%q: error %v, want %s", test.path, err, test.want)
		}
	}
}

// Every property of every definition that a type's properties lead to must be
// reachable by a path.
func TestResolveReachesEachDefinition(t *testing.T) {
	for _, name := range []string{"AWS::ECS::TaskDefinition", "AWS::WAFv2::WebACL", "AWS::S3::Bucket"} {
		typ := mustLookup(t, name)
		for _, p := range typ.Properties {
			reach(t, typ, []string{p.Name}, p.Type, 4)
		}
	}
}

func reach(t *testing.T, typ *Type, path []string, ref TypeRef, depth int) {
	t.Helper()
	if _, err := typ.Resolve(path...); err != nil {
		t.Error(err)
	}
	switch {
	case depth == 0:
	case ref.Kind == Object:
		def, _ := typ.Definition(ref.Ref)
		for _, p := range def.Properties {
			reach(t, typ, append(path[:len(path):len(path)], p.Name), p.Type, depth-1)
		}
	case ref.Kind == List:
		reach(t, typ, append(path[:len(path):len(path)], "*"), *ref.Elem, depth-1)
	case ref.Kind == Map:
		reach(t, typ, append(path[:len(path):len(path)], "any key"), *ref.Elem, depth-1)
	}
}
