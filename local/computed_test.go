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

func TestAMadeUpNameOfWhatKeepsAnOrderEndsInFifo(t *testing.T) {
	long := strings.Repeat("l", 70)
	s := create(t, client(localtest.New(t)), long, `{"Parameters": {"Ordered": {"Type": "String", "Default": "true"}}, "Resources": {
		"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": {"Ref": "Ordered"}}},
		"Plain": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 1}},
		"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"FifoTopic": true}}
	}, "Outputs": {"A": {"Value": {"Fn::GetAtt": "Queue.QueueName"}}, "B": {"Value": {"Fn::GetAtt": "Plain.QueueName"}}, "C": {"Value": {"Fn::GetAtt": "Topic.TopicName"}}, "D": {"Value": {"Ref": "Queue"}}}}`)
	for i, fifo := range []bool{true, false, true, true} {
		name := aws.ToString(s.Outputs[i].OutputValue)
		name = name[strings.LastIndex(name, "/")+1:]
		if strings.HasSuffix(name, ".fifo") != fifo || i != 2 && len(name) != 80 {
			t.Errorf("%s has %d characters", name, len(name))
		}
	}
}
