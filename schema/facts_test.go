package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRef(t *testing.T) {
	for name, want := range map[string]string{
		"AWS::ECS::Service": "the attribute ServiceArn",
		"AWS::EC2::EIP":     "the attribute PublicIp",
		"AWS::EC2::Route":   "RouteTableId|CidrBlock",
		"AWS::IAM::Role":    "the property RoleName",
		"AWS::SNS::Topic":   "the attribute TopicArn",
		"AWS::ApplicationAutoScaling::ScalableTarget": "ResourceId|ScalableDimension|ServiceNamespace",
		"AWS::Serverless::Function":                   "the physical ID",
		"AWS::S3::StorageLens":                        "the property StorageLensConfiguration/Id",
		"AWS::ApiGateway::Resource":                   "the attribute ResourceId",
	} {
		if got := mustLookup(t, name).Ref.String(); got != want {
			t.Errorf("%s: Ref returns %s, want %s", name, got, want)
		}
	}
}

func TestGuessedRefsAreMarked(t *testing.T) {
	if ref := mustLookup(t, "AWS::EC2::Route").Ref; ref.Guess {
		t.Errorf("%v is marked as a guess", ref)
	}
	if ref := mustLookup(t, "AWS::LakeFormation::DataCellsFilter").Ref; !ref.Guess {
		t.Errorf("%v is not marked as a guess", ref)
	}
}

func TestTypeFacts(t *testing.T) {
	bucket := mustLookup(t, "AWS::S3::Bucket")
	if !bucket.Stateful || bucket.Service() != "S3" || bucket.Arn == "" || bucket.Deprecated != "" {
		t.Errorf("bucket: stateful %v, service %q, ARN %q, deprecated %q", bucket.Stateful, bucket.Service(), bucket.Arn, bucket.Deprecated)
	}
	if !mustLookup(t, "AWS::EC2::EIPAssociation").DeleteFirst || bucket.DeleteFirst {
		t.Error("EIPAssociation is replaced by deleting first, Bucket is not")
	}
	if mustLookup(t, "AWS::OpsWorks::Stack").Deprecated == "" {
		t.Error("OpsWorks is not marked as deprecated")
	}
	sam := mustLookup(t, "AWS::Serverless::Function")
	want := "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html"
	if sam.Transform != "AWS::Serverless-2016-10-31" || sam.ManualURL() != want {
		t.Errorf("transform %q, manual %s", sam.Transform, sam.ManualURL())
	}
	asg := mustLookup(t, "AWS::AutoScaling::AutoScalingGroup")
	if asg.TagShape != TagsASG {
		t.Errorf("the tags of an Auto Scaling group are %q", asg.TagShape)
	}
}

func TestProperty(t *testing.T) {
	name, ok := mustLookup(t, "AWS::IAM::Role").Property("RoleName")
	if !ok {
		t.Fatal("no RoleName")
	}
	want := &Property{
		Name: "RoleName", Type: TypeRef{Kind: String}, Replacement: Yes,
		Pattern: `^[\w+=,.@-]+$`, MinLength: new(1), MaxLength: new(64),
	}
	if diff := cmp.Diff(want, name); diff != "" {
		t.Errorf("RoleName (-want +got):\n%s", diff)
	}
	zone, _ := mustLookup(t, "AWS::ECS::Service").Property("AvailabilityZoneRebalancing")
	if zone.Default != `"ENABLED"` || len(zone.Enum) != 2 {
		t.Errorf("default %s, allowed %v", zone.Default, zone.Enum)
	}
	key, _ := mustLookup(t, "AWS::SQS::Queue").Property("KmsMasterKeyId")
	if diff := cmp.Diff(Target{"AWS::KMS::Key", "Arn"}, key.Targets[0]); diff != "" {
		t.Errorf("KmsMasterKeyId (-want +got):\n%s", diff)
	}
	for _, missing := range []string{"", "A", "rolename", "zzz"} {
		if _, ok := mustLookup(t, "AWS::IAM::Role").Property(missing); ok {
			t.Errorf("a role has the property %q", missing)
		}
	}
}

func TestTypeRefString(t *testing.T) {
	str := TypeRef{Kind: String}
	union := TypeRef{Kind: Union, Arms: []TypeRef{{Kind: JSON}, str}}
	for want, ref := range map[string]TypeRef{
		"String":                   str,
		"LoadBalancer":             {Kind: Object, Ref: "LoadBalancer"},
		"List of String":           {Kind: List, Elem: &str},
		"JSON or String":           union,
		"Map of (JSON or String)":  {Kind: Map, Elem: &union},
		"unknown":                  {},
		"List of Map of Timestamp": {Kind: List, Elem: &TypeRef{Kind: Map, Elem: &TypeRef{Kind: Timestamp}}},
	} {
		if got := ref.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func mustLookup(t *testing.T, name string) *Type {
	t.Helper()
	typ, ok := Lookup(name)
	if !ok {
		t.Fatalf("no type %s", name)
	}
	return typ
}
