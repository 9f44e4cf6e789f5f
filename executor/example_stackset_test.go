package executor_test

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
)

// One template in two regions of two accounts.
func ExampleStackSets_Deploy() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	sets := &executor.StackSets{API: cloudformation.NewFromConfig(cloud.Config())}
	targets := []executor.StackSetTarget{{
		Accounts: []string{"111122223333", "444455556666"}, Regions: []string{"eu-west-1", "us-east-1"},
	}}
	t := &stack.Template{}
	stack.Add(t, "Alarms", &stack.Untyped{Type: "AWS::SNS::Topic"})
	for range 2 {
		result, err := sets.Deploy(context.Background(), &stack.Stack{Name: "alarms", Template: t}, targets, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(len(result.Instances), result.Unchanged)
	}
	result, err := sets.Delete(context.Background(), "alarms", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(result.Operations))
	// Output:
	// 4 false
	// 4 true
	// 1
}

// A queue moves to a stack of its own, and stays what it is.
func ExampleClient_Refactor() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	c := &executor.Client{API: cloudformation.NewFromConfig(cloud.Config())}
	app := func(queue bool) *stack.Stack {
		t := &stack.Template{}
		stack.Add(t, "Topic", &stack.Untyped{Type: "AWS::SNS::Topic"})
		if queue {
			stack.Add(t, "Queue", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": "jobs"}})
		}
		return &stack.Stack{Name: "app", Template: t}
	}
	if _, err := c.Deploy(context.Background(), app(true), nil); err != nil {
		fmt.Println(err)
		return
	}

	t := &stack.Template{}
	stack.Add(t, "Jobs", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": "jobs"}})
	jobs := &stack.Stack{Name: "jobs", Template: t}
	r, err := c.Refactor(context.Background(), []*stack.Stack{app(false), jobs}, &executor.RefactorOptions{
		CreateStacks: true,
		Moves: []executor.Move{{
			From: executor.ResourcePlace{Stack: "app", LogicalID: "Queue"}, To: executor.ResourcePlace{Stack: "jobs", LogicalID: "Jobs"},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range r.Actions {
		if a.From.Stack != "" {
			fmt.Println(a.From, "→", a.To)
		}
	}
	// Output:
	// app/Queue → jobs/Jobs
}
