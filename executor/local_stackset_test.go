package executor_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
)

// A set comes to be in two regions of two accounts, changes in all, fails in one, and goes.
func TestAStackSetOnTheEmbeddedCloud(t *testing.T) {
	cloud := localtest.New(t)
	c := clientOf(cloud)
	sets := &executor.StackSets{API: c.API.(*cloudformation.Client), Client: c}
	tpl := &stack.Template{}
	name := tpl.Parameter("Name", stack.Parameter{Default: "a"})
	stack.Add(tpl, "T", &stack.Untyped{Type: "AWS::SNS::Topic", Properties: map[string]any{"TopicName": name.Ref() + "-" + fn.Region}})
	s := &stack.Stack{Name: "guard", Template: tpl}
	everywhere := []executor.StackSetTarget{{Accounts: []string{"123456789012", "999900001111"}, Regions: []string{"eu-west-1", "us-east-1"}}}

	r, err := sets.Deploy(t.Context(), s, everywhere, nil)
	if err != nil || len(r.Instances) != 4 || r.Unchanged {
		t.Fatalf("created: %+v, %v", r, err)
	}
	for _, i := range r.Instances {
		if i.Status != "CURRENT" || !strings.Contains(i.StackID, ":cloudformation:"+i.Region+":"+i.Account+":stack/") {
			t.Errorf("got %+v", i)
		}
	}
	if r, err = sets.Deploy(t.Context(), s, everywhere, nil); err != nil || !r.Unchanged {
		t.Errorf("the same: %+v, %v", r, err)
	}
	s.Parameters = map[string]string{"Name": "b"}
	if r, err = sets.Deploy(t.Context(), s, everywhere, nil); err != nil || len(r.Operations) != 1 {
		t.Errorf("changed: %+v, %v", r, err)
	}
	own := append(everywhere, executor.StackSetTarget{Accounts: []string{"123456789012"}, Regions: []string{"eu-west-1"}, Parameters: map[string]string{"Name": "own"}})
	if r, err = sets.Deploy(t.Context(), s, own, nil); err != nil || len(r.Operations) != 1 {
		t.Errorf("with a parameter of its own: %+v, %v", r, err)
	}
	if r, err = sets.Deploy(t.Context(), s, own, nil); err != nil || !r.Unchanged {
		t.Errorf("the same: %+v, %v", r, err)
	}
	var seen []string
	for e, err := range sets.Events(t.Context(), "guard", lastOf(t, sets, s, everywhere)) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, string(e.Status))
	}
	if !slices.Contains(seen, "SUCCEEDED") {
		t.Errorf("events %v", seen)
	}
	less := []executor.StackSetTarget{{Accounts: []string{"123456789012"}, Regions: []string{"eu-west-1"}}}
	if r, err = sets.Deploy(t.Context(), s, less, &executor.StackSetOptions{Prune: true}); err != nil || len(r.Instances) != 1 {
		t.Errorf("pruned: %+v, %v", r, err)
	}
	if _, err = sets.Delete(t.Context(), "guard", nil); err != nil {
		t.Error(err)
	}
	if r, err = sets.Delete(t.Context(), "guard", nil); err != nil || !r.Unchanged {
		t.Errorf("deleted once more: %+v, %v", r, err)
	}
}

// lastOf deploys a change and returns the ID of its operation.
func lastOf(t *testing.T, sets *executor.StackSets, s *stack.Stack, targets []executor.StackSetTarget) string {
	t.Helper()
	s.Parameters = map[string]string{"Name": "c"}
	r, err := sets.Deploy(t.Context(), s, targets, nil)
	if err != nil || len(r.Operations) == 0 {
		t.Fatalf("got %+v, %v", r, err)
	}
	return r.Operations[0]
}

func TestAStackSetThatFailsOnTheEmbeddedCloud(t *testing.T) {
	cloud := localtest.New(t)
	c := clientOf(cloud)
	sets := &executor.StackSets{API: c.API.(*cloudformation.Client), Client: c}
	s := topic("guard")
	targets := []executor.StackSetTarget{{Accounts: []string{"123456789012"}, Regions: []string{"eu-west-1"}}}
	cloud.Fail(local.Fault{LogicalID: "R", Action: local.Create, Reason: "no more topics", Times: 1})
	opts := &executor.StackSetOptions{DeploymentID: "build-7"}
	_, err := sets.Deploy(t.Context(), s, targets, opts)
	failed, ok := errors.AsType[*executor.StackSetError](err)
	if !ok || len(failed.Failures) != 1 || failed.Failures[0].Region != "eu-west-1" || !strings.Contains(err.Error(), "no more topics") {
		t.Fatalf("got %v", err)
	}
	if r, err := sets.Deploy(t.Context(), s, targets, opts); err != nil || len(r.Instances) != 1 || r.Instances[0].Status != "CURRENT" {
		t.Errorf("tried anew: %+v, %v", r, err)
	}
}

func TestARefactorOnTheEmbeddedCloud(t *testing.T) {
	c := clientOf(localtest.New(t))
	both := topic("one")
	stack.Add(both.Template, "Old", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": "kept"}})
	if _, err := c.Deploy(t.Context(), both, nil); err != nil {
		t.Fatal(err)
	}
	one, two := topic("one"), &stack.Stack{Name: "two", Template: &stack.Template{}}
	stack.Add(two.Template, "New", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": "kept"}})
	move := executor.Move{From: executor.ResourcePlace{Stack: "one", LogicalID: "Old"}, To: executor.ResourcePlace{Stack: "two", LogicalID: "New"}}
	opts := &executor.RefactorOptions{Moves: []executor.Move{move}, CreateStacks: true, DeploymentID: "build-7"}
	for i := range 2 {
		r, err := c.Refactor(t.Context(), []*stack.Stack{one, two}, opts)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if !slices.ContainsFunc(r.Actions, func(a executor.RefactorAction) bool { return a.From == move.From && a.To == move.To }) {
			t.Errorf("%d: actions %v", i, r.Actions)
		}
	}
	for _, s := range []*stack.Stack{one, two} {
		if r, err := c.Deploy(t.Context(), s, nil); err != nil || !r.Unchanged {
			t.Errorf("%s is not what it was to be: %+v, %v", s.Name, r, err)
		}
	}
}
