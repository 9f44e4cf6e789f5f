package local_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
)

// From nothing to the first answer.
func BenchmarkFirstAnswer(b *testing.B) {
	for b.Loop() {
		cloud := &local.Cloud{}
		if _, err := client(cloud).DescribeStacks(b.Context(), &cloudformation.DescribeStacksInput{}); err != nil {
			b.Fatal(err)
		}
		cloud.Close()
	}
}

// The sample's cluster: 14 resources.
func BenchmarkCreateStack(b *testing.B) {
	body := template(b, "ecs-cluster")
	cloud := &local.Cloud{}
	defer cloud.Close()
	api := client(cloud)
	i := 0
	for b.Loop() {
		i++
		_, err := api.CreateStack(b.Context(), &cloudformation.CreateStackInput{
			StackName: aws.String(fmt.Sprint("cluster", i)), TemplateBody: &body, Capabilities: []types.Capability{"CAPABILITY_IAM"},
			Parameters: params("KeyPair", "k", "VpcId", "vpc-1", "PublicSubnet", "subnet-1"),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// A thousand stacks of twenty resources: how long one more description takes, and what they weigh.
func BenchmarkDescribeStacksAmongAThousand(b *testing.B) {
	cloud := &local.Cloud{}
	defer cloud.Close()
	api := client(cloud)
	body := `"T0": {"Type": "AWS::SNS::Topic"}`
	for i := range 19 {
		body += fmt.Sprintf(`, "T%d": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "T%d"}}}`, i+1, i)
	}
	body = resources(body)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 1000 {
		if _, err := api.CreateStack(b.Context(), &cloudformation.CreateStackInput{StackName: aws.String(fmt.Sprint("work", i)), TemplateBody: &body}); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	for b.Loop() {
		if _, err := api.DescribeStacks(b.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("work500")}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB/1000stacks")
}
