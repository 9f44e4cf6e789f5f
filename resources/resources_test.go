package resources_test

import (
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/ec2"
	"github.com/updraft-go/updraft/resources/ecs"
	"github.com/updraft-go/updraft/resources/elasticloadbalancingv2"
	"github.com/updraft-go/updraft/resources/omics"
	"github.com/updraft-go/updraft/resources/serverless"
)

// What is generated is data; these rows hold that package intrinsics writes it
// as CloudFormation wants it: nested types, lists, names with a lower-case
// letter, markers that are empty objects, constants.
func TestResourcesAreWritten(t *testing.T) {
	for _, test := range []struct {
		resource fn.Resource
		typ      string
		want     string
	}{
		{
			&ecs.Service{
				DesiredCount: fn.Int(0), LaunchType: ecs.Service_LaunchType_FARGATE,
				LoadBalancers:        []ecs.Service_LoadBalancer{{ContainerName: "web", ContainerPort: fn.Int(80)}},
				NetworkConfiguration: &ecs.Service_NetworkConfiguration{AwsvpcConfiguration: &ecs.Service_AwsVpcConfiguration{Subnets: []fn.String{"a"}}},
				Tags:                 []fn.Tag{{Key: "k", Value: "v"}},
			},
			"AWS::ECS::Service",
			`{"DesiredCount":0,"LaunchType":"FARGATE","LoadBalancers":[{"ContainerName":"web","ContainerPort":80}],` +
				`"NetworkConfiguration":{"AwsvpcConfiguration":{"Subnets":["a"]}},"Tags":[{"Key":"k","Value":"v"}]}`,
		},
		{
			&elasticloadbalancingv2.LoadBalancer{Scheme: elasticloadbalancingv2.LoadBalancer_Scheme_InternetFacing},
			"AWS::ElasticLoadBalancingV2::LoadBalancer",
			`{"Scheme":"internet-facing"}`,
		},
		{
			&serverless.Function{Policies: serverless.Function_SAMPolicyTemplate{AMIDescribePolicy: &serverless.Function_EmptySAMPT{}}},
			"AWS::Serverless::Function",
			`{"Policies":{"AMIDescribePolicy":{}}}`,
		},
		{
			&omics.Workflow{ReadmeMarkdown: "r", Name: "n"},
			"AWS::Omics::Workflow",
			`{"Name":"n","readmeMarkdown":"r"}`,
		},
		{&ec2.VPC{Extra: fn.Extra{"Newer": fn.True}}, "AWS::EC2::VPC", `{"Newer":true}`},
	} {
		got, err := fn.Append(nil, test.resource)
		if err != nil || string(got) != test.want || test.resource.CloudFormationType() != test.typ {
			t.Errorf("%s: %s, %v, want %s", test.resource.CloudFormationType(), got, err, test.want)
		}
	}
}

// An attribute's method gives an expression of the attribute's own kind.
func TestAttributes(t *testing.T) {
	vpc := &ec2.VPC{}
	fn.Bind(vpc, "Net")
	for want, value := range map[string]any{
		`{"Ref":"Net"}`:                                vpc.Ref(),
		`{"Fn::GetAtt":["Net","CidrBlock"]}`:           vpc.AttrCidrBlock(),
		`{"Fn::GetAtt":["Net","Ipv6CidrBlocks"]}`:      vpc.AttrIpv6CidrBlocks(),
		`{"Fn::GetAtt":["Net","DefaultNetworkAcl"]}`:   vpc.AttrDefaultNetworkAcl(),
		`[{"Fn::GetAtt":["Net","VpcId"]},"elsewhere"]`: []fn.String{vpc.AttrVpcId(), "elsewhere"},
	} {
		got, err := fn.Append(nil, value)
		if err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}
