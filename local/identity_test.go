package local_test

import (
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// Physical IDs and attributes have the form that AWS gives them.
func TestIdentifiersLookAsOnAWS(t *testing.T) {
	api := client(localtest.New(t))
	s := create(t, api, "Work", `{"Resources": {
		"Queue": {"Type": "AWS::SQS::Queue"},
		"Bucket": {"Type": "AWS::S3::Bucket"},
		"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
		"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "d", "VpcId": {"Ref": "Vpc"}}},
		"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "web"}},
		"Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
		"Route": {"Type": "AWS::EC2::Route", "Properties": {"RouteTableId": {"Ref": "Table"}, "DestinationCidrBlock": "0.0.0.0/0"}},
		"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, "Path": "/team/"}},
		"Name": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "v"}}
	}, "Outputs": {
		"Queue": {"Value": {"Ref": "Queue"}}, "QueueArn": {"Value": {"Fn::GetAtt": "Queue.Arn"}}, "QueueName": {"Value": {"Fn::GetAtt": "Queue.QueueName"}},
		"Bucket": {"Value": {"Ref": "Bucket"}}, "Vpc": {"Value": {"Ref": "Vpc"}}, "Group": {"Value": {"Fn::GetAtt": "Group.GroupId"}},
		"Task": {"Value": {"Ref": "Task"}}, "Route": {"Value": {"Ref": "Route"}}, "Role": {"Value": {"Fn::GetAtt": "Role.Arn"}}, "Name": {"Value": {"Ref": "Name"}}
	}}`)
	want := map[string]string{
		"Queue":     `https://sqs\.us-east-1\.amazonaws\.com/123456789012/Work-Queue-\w{12}`,
		"QueueArn":  `arn:aws:sqs:us-east-1:123456789012:Work-Queue-\w{12}`,
		"QueueName": `Work-Queue-\w{12}`,
		"Bucket":    `work-bucket-[a-z0-9]{12}`,
		"Vpc":       `vpc-[0-9a-f]{17}`,
		"Group":     `sg-[0-9a-f]{17}`,
		"Task":      `arn:aws:ecs:us-east-1:123456789012:task-definition/web:1`,
		"Route":     `rtb-[0-9a-f]{17}\|0\.0\.0\.0/0`,
		"Role":      `arn:aws:iam::123456789012:role/team/Work-Role-\w{12}`,
		"Name":      `CFN-Name-\w{12}`,
	}
	for _, o := range s.Outputs {
		pattern := want[*o.OutputKey]
		if !regexp.MustCompile("^" + pattern + "$").MatchString(*o.OutputValue) {
			t.Errorf("%s = %s, want %s", *o.OutputKey, *o.OutputValue, pattern)
		}
	}
	if len(s.Outputs) != len(want) {
		t.Errorf("%d outputs: %s", len(s.Outputs), aws.ToString(s.StackStatusReason))
	}
}

func TestASeedMakesTheSameCloud(t *testing.T) {
	run := func() []string {
		cloud := &local.Cloud{Seed: 7}
		defer cloud.Close()
		api := client(cloud)
		s := create(t, api, "work", `{"Resources": {"A": {"Type": "AWS::SQS::Queue"}, "B": {"Type": "AWS::SQS::Queue"}}}`)
		out, err := api.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: s.StackId})
		if err != nil {
			t.Fatal(err)
		}
		ids := []string{*s.StackId}
		for _, r := range out.StackResources {
			ids = append(ids, *r.PhysicalResourceId)
		}
		return ids
	}
	equal(t, run(), run())
}
