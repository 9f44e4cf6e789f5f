package validate_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/validate"
)

// BenchmarkBook checks the book's cluster template, read from its file each time.
func BenchmarkBook(b *testing.B) {
	dir := os.Getenv("UPDRAFT_SHARED")
	if dir == "" {
		b.Skip("set UPDRAFT_SHARED to the folder of shared facts")
	}
	body, err := os.ReadFile(filepath.Join(dir, "golden", "book", "ecs-cluster-cf-template.json"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		validate.Document(body, nil)
	}
}

// large is a template of n resources of the common kinds, with references among them.
func large(n int) string {
	var t strings.Builder
	t.WriteString(`{"Conditions": {"Prod": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-central-1"]}}, "Resources": {`)
	for i := range n {
		if i > 0 {
			t.WriteString(",\n")
		}
		switch i % 5 {
		case 0:
			fmt.Fprintf(&t, `"R%d": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30, "Tags": [{"Key": "a", "Value": "b"}]}}`, i)
		case 1:
			fmt.Fprintf(&t, `"R%d": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}, "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": {"Fn::GetAtt": ["R%d", "Arn"]}}]}}]}}`, i, i-1)
		case 2:
			fmt.Fprintf(&t, `"R%d": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["R%d", "Arn"]}, "Handler": "a.b", "Runtime": "python3.13", "MemorySize": {"Fn::If": ["Prod", 512, 128]}, "Code": {"S3Bucket": "b", "S3Key": "k"}, "Environment": {"Variables": {"QUEUE": {"Fn::Sub": "${R%d}-${AWS::Region}"}}}}}`, i, i-1, i-2)
		case 3:
			fmt.Fprintf(&t, `"R%d": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "d", "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8"}]}}`, i)
		default:
			fmt.Fprintf(&t, `"R%d": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "MetricName": "m", "Namespace": "n", "Period": 60, "Statistic": "Sum", "Threshold": 1, "Dimensions": [{"Name": "q", "Value": {"Fn::GetAtt": ["R%d", "QueueName"]}}]}}`, i, i-4)
		}
	}
	t.WriteString("}}")
	return t.String()
}

// Benchmark500 checks a template of 500 resources, read each time.
func Benchmark500(b *testing.B) {
	body := []byte(large(500))
	if ds := validate.Document(body, nil); ds.Err() != nil {
		b.Fatal(ds)
	}
	for b.Loop() {
		validate.Document(body, nil)
	}
}
