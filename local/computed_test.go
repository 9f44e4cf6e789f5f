package local_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/updraft-go/updraft/local/localtest"
)

func TestAttributesThatDependOnProperties(t *testing.T) {
	s := create(t, client(localtest.New(t)), "work", `{"Resources": {
		"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "shop"}},
		"Own": {"Type": "AWS::Events::Rule", "Properties": {"Name": "orders", "EventBusName": {"Ref": "Bus"}, "EventPattern": {"source": ["a"]}}},
		"ByArn": {"Type": "AWS::Events::Rule", "Properties": {"Name": "returns", "EventBusName": {"Fn::GetAtt": "Bus.Arn"}, "EventPattern": {"source": ["a"]}}},
		"Main": {"Type": "AWS::Events::Rule", "Properties": {"Name": "daily", "ScheduleExpression": "rate(1 day)"}},
		"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
		"Gateway": {"Type": "AWS::EC2::InternetGateway"},
		"Attached": {"Type": "AWS::EC2::VPCGatewayAttachment", "Properties": {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}}}
	}, "Outputs": {"A": {"Value": {"Fn::GetAtt": "Own.Arn"}}, "B": {"Value": {"Fn::GetAtt": "ByArn.Arn"}}, "C": {"Value": {"Fn::GetAtt": "Main.Arn"}}, "D": {"Value": {"Ref": "Attached"}}, "E": {"Value": {"Ref": "Own"}}, "F": {"Value": {"Ref": "Main"}}}}`)
	for i, want := range []string{"arn:aws:events:us-east-1:123456789012:rule/shop/orders", "arn:aws:events:us-east-1:123456789012:rule/shop/returns", "arn:aws:events:us-east-1:123456789012:rule/daily", "IGW|vpc-", "shop|orders", "daily"} {
		if got := aws.ToString(s.Outputs[i].OutputValue); !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
