package executor_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/executor/bucket"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A set of stacks over two regions: the queue's name goes from one to the other as a parameter.
func ExampleGraphOptions_clients() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	client := func(region string) *executor.Client {
		cfg := cloud.Config() // or, with another account's credentials, of another account
		cfg.Region = region
		return &executor.Client{API: cloudformation.NewFromConfig(cfg), Environment: &stack.Environment{Region: region}}
	}

	jobs := queueStack("jobs")
	t := &stack.Template{}
	name := t.Parameter("Jobs", stack.Parameter{})
	topic := stack.Add(t, "Topic", &stack.Untyped{Type: "AWS::SNS::Topic", Properties: map[string]any{"TopicName": name.Ref() + "-alerts"}})
	t.Output("Topic", stack.Output{Value: topic.Ref()})
	alerts := &stack.Stack{
		Name: "alerts", Template: t, Environment: stack.Environment{Region: "us-east-1"},
		Inputs: map[string]stack.OutputRef{"Jobs": jobs.Output("Name")},
	}

	result, err := client("eu-west-1").DeployAll(context.Background(), []*stack.Stack{alerts, jobs}, &executor.GraphOptions{
		Clients: map[stack.Environment]*executor.Client{{Region: "us-east-1"}: client("us-east-1")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range result.Stacks {
		fmt.Println(s.Stack.Label(), s.Result.Outputs)
	}
	// Output:
	// jobs map[Name:jobs-queue]
	// alerts (us-east-1) map[Topic:arn:aws:sns:us-east-1:123456789012:jobs-queue-alerts]
}

// A template names a nested one by its path; both go where CloudFormation can read them.
func ExampleClient_Package() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	store := s3.NewFromConfig(cloud.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := store.CreateBucket(context.Background(), &s3.CreateBucketInput{Bucket: aws.String("ours")}); err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "topic.yaml"), []byte("Resources: {T: {Type: AWS::SNS::Topic}}\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}

	c := &executor.Client{Uploader: &bucket.Uploader{API: store, Bucket: "ours", Region: "us-east-1"}}
	body, assets, err := c.Package(context.Background(), []byte("Resources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: topic.yaml}}\n"), dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(body))
	fmt.Println(assets[0].S3URL())
	// Output:
	// {"Resources":{"Inner":{"Type":"AWS::CloudFormation::Stack","Properties":{"TemplateURL":"https://s3.us-east-1.amazonaws.com/ours/assets/2a9dca6c00cece696dc7771125d1d56ef3f4664e.json"}}}}
	// s3://ours/assets/2a9dca6c00cece696dc7771125d1d56ef3f4664e.json
}

// A wait ends with its context, and the deployment goes on; whoever knows its token waits again.
func ExampleClient_Attach() {
	cloud := &local.Cloud{Delay: 100 * time.Millisecond}
	defer cloud.Close()
	api := cloudformation.NewFromConfig(cloud.Config())
	c := &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond}}
	plan, err := c.Plan(context.Background(), queueStack("jobs"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := c.Apply(context.Background(), plan)
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx, cancel := context.WithCancel(context.Background())
	cancel() // as Ctrl-C does
	_, err = run.Wait(ctx)
	detached, ok := errors.AsType[*executor.DetachedError](err)
	if !ok {
		fmt.Println(err)
		return
	}
	fmt.Println(detached.StackName, detached.Operation, errors.Is(err, executor.ErrDetached))

	run, err = c.Attach(context.Background(), detached.StackName, detached.Token)
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := run.Wait(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Status)
	// Output:
	// jobs create true
	// CREATE_COMPLETE
}

// A failure is told when it is certain, long before the stack is rolled back.
func ExampleRun_Decide() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	cloud.Fail(local.Fault{LogicalID: "Queue", Action: local.Create, Reason: "no more queues"}, local.Fault{LogicalID: "Topic", Action: local.Delete, Delay: time.Second})
	api := cloudformation.NewFromConfig(cloud.Config())
	c := &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond}}
	s := queueStack("jobs")
	stack.Add(s.Template, "Topic", &stack.Untyped{Type: "AWS::SNS::Topic"})
	queue, _ := s.Template.Resources.Get("Queue")
	queue.DependsOn = []string{"Topic"}

	plan, err := c.Plan(context.Background(), s, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := c.Apply(context.Background(), plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = run.Decide(context.Background())
	if failed, ok := errors.AsType[*executor.OperationError](err); ok {
		fmt.Println(failed.Status, failed.Failures[0].Path)
	}
	_, err = run.Wait(context.Background())
	if failed, ok := errors.AsType[*executor.OperationError](err); ok {
		fmt.Println(failed.Status)
	}
	// Output:
	// ROLLBACK_IN_PROGRESS [Queue]
	// ROLLBACK_COMPLETE
}

// A stack that is not there is no error.
func ExampleClient_Delete() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	c := &executor.Client{API: cloudformation.NewFromConfig(cloud.Config())}
	if _, err := c.Deploy(context.Background(), queueStack("jobs"), nil); err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		result, err := c.Delete(context.Background(), "jobs", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(result.Status, result.Unchanged)
	}
	// Output:
	// DELETE_COMPLETE false
	// DELETE_COMPLETE true
}

// What was changed behind the stack's back.
func ExampleClient_DetectDrift() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	c := &executor.Client{API: cloudformation.NewFromConfig(cloud.Config())}
	if _, err := c.Deploy(context.Background(), queueStack("jobs"), nil); err != nil {
		fmt.Println(err)
		return
	}
	drift, err := c.DetectDrift(context.Background(), "jobs", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(drift.Status, len(drift.Drifted()))
	// Output:
	// IN_SYNC 0
}
