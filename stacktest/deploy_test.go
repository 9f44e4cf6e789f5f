package stacktest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/stacktest"
)

// chain is n stacks, each of which imports from the one before it.
func chain(n int) []*stack.Stack {
	var stacks []*stack.Stack
	for i := range n {
		t := &stack.Template{}
		from := fn.String("first")
		if i > 0 {
			from = fn.ImportValue(fn.String(fmt.Sprintf("s%d-name", i-1)))
		}
		stack.Add(t, "Queue", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": from + "-x"}})
		t.Export("Name", fn.StackName+"-name", stack.Output{Value: fn.GetAtt("Queue", "QueueName")})
		stacks = append(stacks, &stack.Stack{Name: fmt.Sprintf("s%d", i), Template: t})
	}
	return stacks
}

func TestDeployInOrder(t *testing.T) {
	stacks := chain(3)
	d := stacktest.Deploy(t, []*stack.Stack{stacks[2], stacks[0], stacks[1]}, nil)
	want := map[string]map[string]string{"s0": {"Name": "first-x"}, "s1": {"Name": "first-x-x"}, "s2": {"Name": "first-x-x-x"}}
	if diff := cmp.Diff(want, d.Outputs); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"s0-name": "first-x", "s1-name": "first-x-x", "s2-name": "first-x-x-x"}, d.Exports); diff != "" {
		t.Errorf("exports (-want +got):\n%s", diff)
	}

	// The same again, on the same cloud, changes nothing.
	again := stacktest.Deploy(t, stacks, &stacktest.DeployOptions{Cloud: d.Cloud, Graph: &executor.GraphOptions{Concurrency: 1}})
	if s, ok := again.Result.Stack("s2"); !ok || !s.Result.Unchanged {
		t.Errorf("got %+v, want an unchanged stack", s)
	}
	if diff := cmp.Diff(d.Outputs, again.Outputs); diff != "" {
		t.Errorf("outputs of the second deployment (-first +second):\n%s", diff)
	}
}

func TestDeployOnACloudWithAProvider(t *testing.T) {
	cloud := &local.Cloud{Account: "210987654321", Region: "eu-central-1"}
	defer cloud.Close()
	cloud.Provide("AWS::SQS::Queue", named{})
	tpl := &stack.Template{}
	stack.Add(tpl, "Queue", &stack.Untyped{Type: "AWS::SQS::Queue"})
	tpl.Output("ID", stack.Output{Value: fn.Ref("Queue")})
	tpl.Output("Place", stack.Output{Value: fn.AccountID + " " + fn.Region})
	d := stacktest.Deploy(t, []*stack.Stack{{Name: "s", Template: tpl}}, &stacktest.DeployOptions{Cloud: cloud})
	want := map[string]string{"ID": "own", "Place": "210987654321 eu-central-1"}
	if diff := cmp.Diff(want, d.Outputs["s"]); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
}

// named is a provider whose resources have one name.
type named struct{}

func (named) Create(context.Context, *local.Request) (*local.Resource, error) {
	return &local.Resource{PhysicalID: "own"}, nil
}
func (named) Update(context.Context, *local.Request) (*local.Resource, error) {
	return &local.Resource{PhysicalID: "own"}, nil
}
func (named) Delete(context.Context, *local.Request) error { return nil }

func TestDeploySaysWhatFailedFirst(t *testing.T) {
	stacks := chain(3)
	cloud := &local.Cloud{}
	defer cloud.Close()
	cloud.Fail(local.Fault{Stack: "s1", Reason: "the quota is used up"})
	r := record(t)
	d := stacktest.Deploy(r, stacks, &stacktest.DeployOptions{Cloud: cloud})
	r.says("deploy: ", "stack s1", "the quota is used up")
	if d.Outputs["s0"]["Name"] != "first-x" || d.Outputs["s2"] != nil {
		t.Errorf("got %v, want what was deployed before the failure", d.Outputs)
	}
}

// What validation finds comes before any deployment.
func TestDeployOfAnInvalidTemplate(t *testing.T) {
	tpl := &stack.Template{}
	tpl.Output("A", stack.Output{Value: fn.Ref("Nothing")})
	r := record(t)
	stacktest.Deploy(r, []*stack.Stack{{Name: "s", Template: tpl}}, nil)
	r.says("deploy: ", "Nothing")
}
