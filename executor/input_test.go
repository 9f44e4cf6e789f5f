package executor_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// Outputs of one stack become parameters of another, in a set and alone.
func TestInputsAreHandedOver(t *testing.T) {
	api := cloudformation.NewFromConfig(localtest.New(t).Config())
	c := &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1}}
	queue := func(name fn.String) *stack.Template {
		tpl := &stack.Template{}
		q := stack.Add(tpl, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": name}})
		tpl.Output("Name", stack.Output{Value: q.GetAtt("QueueName")})
		return tpl
	}
	giver := &stack.Stack{Name: "giver", Template: queue("first")}
	parent := &stack.Template{}
	from := parent.Parameter("From", stack.Parameter{})
	stack.Add(parent, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": from.Ref() + "-second"}})
	parent.Output("Name", stack.Output{Value: fn.GetAtt("Q", "QueueName")})
	taker := &stack.Stack{Name: "taker", Template: parent, Inputs: map[string]stack.OutputRef{"From": giver.Output("Name")}}

	if _, err := c.Deploy(t.Context(), taker, nil); err == nil || !strings.Contains(err.Error(), `the deployed stack giver has no output "Name"; deploy that stack first`) {
		t.Errorf("alone and too early: %v", err)
	}
	result, err := c.DeployAll(t.Context(), []*stack.Stack{taker, giver}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := result.Stack("taker"); r.Result.Outputs["Name"] != "first-second" {
		t.Errorf("outputs %v, want first-second", r.Result.Outputs)
	}
	giver.Template = queue("third")
	if _, err := c.Deploy(t.Context(), giver, nil); err != nil {
		t.Fatal(err)
	}
	alone, err := c.Deploy(t.Context(), taker, nil)
	if err != nil {
		t.Fatal(err)
	}
	if alone.Outputs["Name"] != "third-second" {
		t.Errorf("outputs %v, want third-second", alone.Outputs)
	}
}
