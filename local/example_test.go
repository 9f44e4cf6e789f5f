package local_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
)

// A stack, from its creation to its outputs, with no account.
func Example() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	api := cloudformation.NewFromConfig(cloud.Config())
	ctx := context.Background()

	_, err := api.CreateStack(ctx, &cloudformation.CreateStackInput{
		StackName:    aws.String("jobs"),
		TemplateBody: aws.String("Resources:\n  Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: dead}}\nOutputs:\n  Arn: {Value: !GetAtt Dead.Arn}\n"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := api.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String("jobs")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out.Stacks[0].StackStatus, *out.Stacks[0].Outputs[0].OutputValue)
	// Output: CREATE_COMPLETE arn:aws:sqs:us-east-1:123456789012:dead
}

// A failure that is scripted, and how the stack tells of it.
func ExampleCloud_Fail() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	cloud.Fail(local.Fault{Type: "AWS::SQS::Queue", Action: local.Create, Reason: "limit exceeded", Times: 1})
	api := cloudformation.NewFromConfig(cloud.Config())
	ctx := context.Background()

	_, err := api.CreateStack(ctx, &cloudformation.CreateStackInput{
		StackName: aws.String("jobs"), TemplateBody: aws.String("Resources:\n  Dead: {Type: AWS::SQS::Queue}\n"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := api.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: aws.String("jobs")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range out.StackEvents {
		if strings.HasSuffix(string(e.ResourceStatus), "_FAILED") {
			fmt.Println(*e.LogicalResourceId, e.ResourceStatus, *e.ResourceStatusReason)
		}
	}
	// Output: Dead CREATE_FAILED limit exceeded
}

// shouting is a topic whose name is what its creator says, in capitals.
type shouting struct{}

func (shouting) Create(_ context.Context, r *local.Request) (*local.Resource, error) {
	return &local.Resource{PhysicalID: strings.ToUpper(r.StackName + "-" + r.LogicalID)}, nil
}

func (shouting) Update(context.Context, *local.Request) (*local.Resource, error) { return nil, nil }

func (shouting) Delete(context.Context, *local.Request) error { return nil }

// A program's own behaviour behind a resource type.
func ExampleCloud_Provide() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	cloud.Provide("AWS::SNS::Topic", shouting{})
	api := cloudformation.NewFromConfig(cloud.Config())
	ctx := context.Background()

	_, err := api.CreateStack(ctx, &cloudformation.CreateStackInput{
		StackName: aws.String("news"), TemplateBody: aws.String("Resources:\n  Daily: {Type: AWS::SNS::Topic}\n"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	waiter := cloudformation.NewStackCreateCompleteWaiter(api, func(o *cloudformation.StackCreateCompleteWaiterOptions) {
		o.MinDelay, o.MaxDelay = 1e6, 1e7
	})
	if err := waiter.Wait(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String("news")}, 1e10); err != nil {
		fmt.Println(err)
		return
	}
	out, err := api.DescribeStackResource(ctx, &cloudformation.DescribeStackResourceInput{StackName: aws.String("news"), LogicalResourceId: aws.String("Daily")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*out.StackResourceDetail.PhysicalResourceId)
	// Output: NEWS-DAILY
}

// An alarm that has gone off rolls back what is deployed under its eyes.
func ExampleCloud_SetAlarm() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	api := cloudformation.NewFromConfig(cloud.Config())
	ctx := context.Background()
	deploy := func(name, template string, triggers ...types.RollbackTrigger) error {
		_, err := api.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: &name, TemplateBody: &template,
			RollbackConfiguration: &types.RollbackConfiguration{RollbackTriggers: triggers}})
		return err
	}

	alarm := "{AlarmName: errors, ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1}"
	if err := deploy("watch", "Resources:\n  Errors: {Type: AWS::CloudWatch::Alarm, Properties: "+alarm+"}\n"); err != nil {
		fmt.Println(err)
		return
	}
	if err := cloud.SetAlarm("errors", true); err != nil {
		fmt.Println(err)
		return
	}
	arn := aws.String("arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors")
	if err := deploy("jobs", "Resources:\n  Jobs: {Type: AWS::SQS::Queue}\n", types.RollbackTrigger{Arn: arn, Type: aws.String("AWS::CloudWatch::Alarm")}); err != nil {
		fmt.Println(err)
		return
	}
	out, err := api.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String("jobs")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out.Stacks[0].StackStatus)
	// Output: ROLLBACK_COMPLETE
}

// A cloud with a State goes on where it was when it is opened again.
func ExampleCloud_Open() {
	dir, err := os.MkdirTemp("", "cloud")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name, ctx := "demo", context.Background()
	for range 2 {
		cloud := &local.Cloud{State: filepath.Join(dir, "state")}
		if err := cloud.Open(); err != nil {
			log.Fatal(err)
		}
		api := cloudformation.NewFromConfig(cloud.Config())
		_, err := api.CreateStack(ctx, &cloudformation.CreateStackInput{
			StackName: &name, TemplateBody: aws.String(`{"Resources": {"Jobs": {"Type": "AWS::SQS::Queue"}}}`),
		})
		if exists, ok := errors.AsType[*types.AlreadyExistsException](err); ok {
			fmt.Println(exists.ErrorMessage())
		}
		if err := cloud.Close(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// Stack [demo] already exists
}
