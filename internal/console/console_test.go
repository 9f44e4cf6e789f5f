package console_test

import (
	"bytes"
	"strings"
	"testing"

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
