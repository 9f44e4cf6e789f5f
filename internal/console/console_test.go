package console_test

import (
	"bytes"
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/internal/console"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
)

func queue(id, imports, exports fn.String) *stack.Template {
	t := &stack.Template{}
	q := stack.Add(t, string(id), &stack.Untyped{Type: "AWS::SQS::Queue"})
	if imports != "" {
		q.Properties = map[string]any{"QueueName": fn.ImportValue(imports)}
	}
	if exports != "" {
		t.Export("O", exports, stack.Output{Value: q.Ref()})
	}
	return t
}

// What a log shows: each resource's end, each stack's verdict, and why others were skipped.
func TestPlainLines(t *testing.T) {
	cloud := localtest.New(t)
	cloud.Fail(local.Fault{LogicalID: "Bad", Action: local.Create, Reason: "no more queues"})
	c := &executor.Client{API: cloudformation.NewFromConfig(cloud.Config())}
	stacks := []*stack.Stack{
		{Name: "good", Template: queue("Good", "", "")},
		{Name: "bad", Template: queue("Bad", "", "from-bad")},
		{Name: "after", Template: queue("After", "from-bad", "")},
	}
	run, err := c.StartDeploy(t.Context(), stacks, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := console.Follow(t.Context(), &out, stacks, run); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"good: CREATE_COMPLETE Good (AWS::SQS::Queue)\n",
		"good: CREATE_COMPLETE in ",
		"bad: CREATE_FAILED Bad (AWS::SQS::Queue): ",
		"no more queues",
		"bad: failed: ",
		"after: skipped, since bad did not succeed\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("missing %q in:\n%s", want, out.String())
		}
	}
}

// events are a run that is written down.
type events []stack.Event

func (es events) Events(context.Context) iter.Seq2[stack.Event, error] {
	return func(yield func(stack.Event, error) bool) {
		for _, e := range es {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func nestedRun() events {
	const kind, queue = "AWS::CloudFormation::Stack", "AWS::SQS::Queue"
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	return events{
		{StackName: "jobs", StackID: "arn:1", PhysicalID: "arn:1", LogicalID: "jobs", Type: kind, Status: stack.CreateInProgress, Time: at(0)},
		{StackName: "jobs", LogicalID: "Inner", PhysicalID: "arn:2", Type: kind, Status: stack.CreateInProgress, Time: at(1)},
		{StackName: "inner", LogicalID: "Q", Path: "Inner", Type: queue, Status: stack.CreateInProgress, Time: at(2)},
		{StackName: "inner", LogicalID: "Q", Path: "Inner", Type: queue, Status: stack.CreateFailed, Reason: "no more queues", Time: at(4)},
		{StackName: "jobs", LogicalID: "Inner", PhysicalID: "arn:2", Type: kind, Status: stack.CreateFailed, Reason: "see inside", Time: at(5)},
		{StackName: "jobs", StackID: "arn:1", PhysicalID: "arn:1", LogicalID: "jobs", Type: kind, Status: stack.RollbackComplete, Time: at(6)},
	}
}

func TestWatchTellsEachResourcesEnd(t *testing.T) {
	var out bytes.Buffer
	if err := console.Watch(t.Context(), &out, "jobs", console.Size{Own: 2}, nestedRun()); err != nil {
		t.Fatal(err)
	}
	const want = "jobs: CREATE_FAILED Inner/Q (AWS::SQS::Queue) in 2s: no more queues\n" +
		"jobs: CREATE_FAILED Inner (AWS::CloudFormation::Stack) in 4s: see inside\n"
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
	out.Reset()
	if err := console.WatchJSON(t.Context(), &out, nestedRun()); err != nil || strings.Count(out.String(), "\n") != 6 || !strings.Contains(out.String(), `"path":"Inner"`) {
		t.Errorf("JSON: %v\n%s", err, out.String())
	}
}
