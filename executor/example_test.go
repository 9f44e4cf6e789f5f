package executor_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// queueStack is a stack that exports a queue under the stack's name.
func queueStack(name string) *stack.Stack {
	t := &stack.Template{}
	stack.Add(t, "Queue", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": name + "-queue"}})
	t.Export("Name", fn.StackName+"-queue-name", stack.Output{Value: fn.GetAtt("Queue", "QueueName")})
	return &stack.Stack{Name: name, Template: t}
}

func ExampleClient_Deploy() {
	cloud := &local.Cloud{} // or AWS: any configuration that the SDK takes
	defer cloud.Close()
	c := &executor.Client{API: cloudformation.NewFromConfig(cloud.Config())}

	result, err := c.Deploy(context.Background(), queueStack("jobs"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Status, result.Outputs["Name"], result.Exports)

	result, err = c.Deploy(context.Background(), queueStack("jobs"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("unchanged:", result.Unchanged)
	// Output:
	// CREATE_COMPLETE jobs-queue map[jobs-queue-name:jobs-queue]
	// unchanged: true
}

func ExampleClient_Plan() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	c := &executor.Client{API: cloudformation.NewFromConfig(cloud.Config())}

	plan, err := c.Plan(context.Background(), queueStack("jobs"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, change := range plan.Changes {
		fmt.Println(change.Action, change.LogicalID, change.Type)
	}
	if err := plan.Discard(context.Background()); err != nil { // or c.Apply(ctx, plan)
		fmt.Println(err)
	}
	// Output:
	// Add Queue AWS::SQS::Queue
}

func ExampleClient_StartDeploy() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	api := cloudformation.NewFromConfig(cloud.Config())
	c := &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond}}

	worker := &stack.Template{}
	stack.Add(worker, "Topic", &stack.Untyped{Type: "AWS::SNS::Topic", Properties: map[string]any{"DisplayName": fn.ImportValue("jobs-queue-name")}})
	set := []*stack.Stack{{Name: "worker", Template: worker}, queueStack("jobs")}

	run, err := c.StartDeploy(context.Background(), set, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for e, err := range run.Events(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if e.Stage != executor.StageEvent {
			fmt.Println(e.Stack.Name, e.Stage)
		}
	}
	// Output:
	// jobs started
	// jobs done
	// worker started
	// worker done
}

func ExampleOptions_templateBody() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	c := &executor.Client{API: cloudformation.NewFromConfig(cloud.Config())}

	file := []byte(`
Parameters:
  Team: {Type: String}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Team}}
`)
	s := &stack.Stack{Name: "alerts", Parameters: map[string]string{"Taem": "blue"}}
	_, err := c.Deploy(context.Background(), s, &executor.Options{TemplateBody: file})
	fmt.Println(err)

	s.Parameters = map[string]string{"Team": "blue"}
	result, err := c.Deploy(context.Background(), s, &executor.Options{TemplateBody: file})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Status)
	// Output:
	// stack alerts: Parameters.Taem: a value is given for the parameter "Taem", which the template does not have; did you mean "Team"?
	// stack alerts: Parameters.Team: the parameter has no value here, and no default in the template; set it in Stack.Parameters, unless the deployed stack has one
	// CREATE_COMPLETE
}
