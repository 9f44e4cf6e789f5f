package stack_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/stack"
)

// large is a template of n resources as people write them, as JSON.
func large(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"AWSTemplateFormatVersion":"2010-09-09","Description":"bench","Parameters":{"Env":{"Type":"String","Default":"dev"}},"Resources":{`)
	for i := range n {
		if i > 0 {
			b.WriteString(",")
		}
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, `"Queue%d":{"Type":"AWS::SQS::Queue","DeletionPolicy":"Retain","Properties":{"QueueName":{"Fn::Join":["-",[{"Ref":"AWS::StackName"},"queue-%d"]]},"VisibilityTimeout":30,"MessageRetentionPeriod":345600,"SqsManagedSseEnabled":true,"Tags":[{"Key":"Name","Value":"queue-%d"},{"Key":"Stack","Value":{"Ref":"AWS::StackName"}}]}}`, i, i, i)
		case 1:
			fmt.Fprintf(&b, `"Topic%d":{"Type":"AWS::SNS::Topic","DependsOn":["Queue%d"],"Properties":{"DisplayName":{"Fn::Sub":"${AWS::StackName}-topic-%d"},"Subscription":[{"Protocol":"sqs","Endpoint":{"Fn::GetAtt":["Queue%d","Arn"]}}]}}`, i, i-1, i, i-1)
		case 2:
			fmt.Fprintf(&b, `"Role%d":{"Type":"AWS::IAM::Role","Properties":{"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole"],"Principal":{"Service":["lambda.amazonaws.com"]}}]},"ManagedPolicyArns":[{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]]}],"Path":"/","Policies":[{"PolicyName":"inline","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage","sqs:ReceiveMessage"],"Resource":[{"Fn::GetAtt":["Queue%d","Arn"]}]},{"Effect":"Allow","Action":["sns:Publish"],"Resource":[{"Ref":"Topic%d"}]}]}}]}}`, i, i-2, i-1)
		}
	}
	b.WriteString(`},"Outputs":{"Last":{"Value":{"Ref":"Queue0"},"Export":{"Name":{"Fn::Sub":"${AWS::StackName}-queue"}}}}}`)
	return []byte(b.String())
}

// sizes are the 500 resources of the workload elsewhere, and a template of 1 MB.
var sizes = []struct {
	name      string
	resources int
}{{"500", 500}, {"1MB", 2350}}

func BenchmarkParseJSON(b *testing.B) {
	for _, size := range sizes {
		data := large(size.resources)
		b.Run(size.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := stack.Parse(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWriteRead(b *testing.B) {
	for _, size := range sizes {
		tpl, err := stack.Parse(large(size.resources))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tpl.Minified(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkYAML(b *testing.B) {
	for _, size := range sizes {
		tpl, err := stack.Parse(large(size.resources))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tpl.YAML(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseYAML(b *testing.B) {
	for _, size := range sizes {
		tpl, err := stack.Parse(large(size.resources))
		if err != nil {
			b.Fatal(err)
		}
		data, err := tpl.YAML()
		if err != nil {
			b.Fatal(err)
		}
		b.Run(size.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := stack.Parse(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
