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

// That an export goes which others import is told before anything is touched.
func TestRemovalOfAnExportInUseIsForeseen(t *testing.T) {
	api := cloudformation.NewFromConfig(localtest.New(t).Config())
	c := &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1}}
	gives := func(export fn.String) *stack.Template {
		tpl := &stack.Template{}
		q := stack.Add(tpl, "Q", &stack.Untyped{Type: "AWS::SQS::Queue"})
		tpl.Export("Name", export, stack.Output{Value: q.GetAtt("QueueName")})
		return tpl
	}
	takes := func(name fn.String) *stack.Template {
		tpl := &stack.Template{}
		stack.Add(tpl, "T", &stack.Untyped{Type: "AWS::SNS::Topic", Properties: map[string]any{"DisplayName": name}})
		return tpl
	}
	giver := &stack.Stack{Name: "giver", Template: gives(fn.StackName + "-old")}
	taker := &stack.Stack{Name: "taker", Template: takes(fn.ImportValue("giver-old"))}
	if _, err := c.DeployAll(t.Context(), []*stack.Stack{giver, taker}, nil); err != nil {
		t.Fatal(err)
	}

	renamed := &stack.Stack{Name: "giver", Template: gives(fn.StackName + "-new")}
	_, err := c.StartDeploy(t.Context(), []*stack.Stack{renamed}, nil)
	want := `stack giver: Outputs: the export "giver-old" would go, and taker still imports it; keep the export until`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an error with %q", err, want)
	}
	free := &stack.Stack{Name: "taker", Template: takes("no import")}
	if _, err := c.DeployAll(t.Context(), []*stack.Stack{free}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.DeployAll(t.Context(), []*stack.Stack{renamed}, nil); err != nil {
		t.Errorf("nobody imports it any more: %v", err)
	}
}
