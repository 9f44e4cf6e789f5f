package executor_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/executor"
)

func TestAHookThatStopsAChangeSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.invalid = "The following hook(s) failed: [Acme::Guard::Topics]"
		f.found = []types.OperationEvent{{
			EventType: types.EventTypeHookInvocationError, LogicalResourceId: aws.String("R"), ResourceType: aws.String("AWS::SNS::Topic"),
			HookType: aws.String("Acme::Guard::Topics"), HookStatusReason: aws.String("topics must be encrypted"), HookFailureMode: types.HookFailureModeFail,
		}}
		_, err := f.client().Deploy(t.Context(), topic("jobs"), nil)
		hook, ok := errors.AsType[*executor.HookError](err)
		if !ok || len(hook.Failures) != 1 || hook.Failures[0].Hook != "Acme::Guard::Topics" || hook.Failures[0].LogicalID != "R" {
			t.Fatalf("got %v", err)
		}
		if _, ok := errors.AsType[*executor.ValidationError](err); !ok || !strings.HasSuffix(err.Error(), "R: topics must be encrypted [Acme::Guard::Topics]") {
			t.Errorf("got %v", err)
		}
		f.found = append(f.found, types.OperationEvent{EventType: types.EventTypeValidationError, LogicalResourceId: aws.String("R"), ValidationName: aws.String("X"), ValidationFailureMode: types.HookFailureModeFail})
		_, err = f.client().Deploy(t.Context(), topic("other"), nil)
		if _, ok := errors.AsType[*executor.HookError](err); ok {
			t.Errorf("not only hooks: got %v", err)
		}
	})
}

// hooking is a fake that adds the event of a hook to those of resources that fail.
type hooking struct{ *fake }

func (h hooking) DescribeStackEvents(ctx context.Context, in *cloudformation.DescribeStackEventsInput, o ...opt) (*cloudformation.DescribeStackEventsOutput, error) {
	out, err := h.fake.DescribeStackEvents(ctx, in, o...)
	if err != nil {
		return nil, err
	}
	var events []types.StackEvent
	for _, e := range out.StackEvents {
		events = append(events, e)
		if *e.LogicalResourceId == "R" {
			said := e
			said.EventId, said.ResourceStatus, said.ResourceStatusReason = aws.String("hook"), types.ResourceStatusCreateInProgress, nil
			said.HookType, said.HookStatus, said.HookStatusReason = aws.String("Acme::Guard::Topics"), types.HookStatusHookCompleteFailed, aws.String("topics must be encrypted")
			events = append(events, said)
		}
	}
	out.StackEvents = events
	return out, nil
}

func TestAHookThatStopsAResource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.fails["jobs"] = "The following hook(s) failed: [Acme::Guard::Topics]"
		_, err := (&executor.Client{API: hooking{f}}).Deploy(t.Context(), topic("jobs"), nil)
		hook, ok := errors.AsType[*executor.HookError](err)
		if !ok || len(hook.Failures) != 1 || hook.Failures[0].Reason != "topics must be encrypted" {
			t.Errorf("got %v", err)
		}
		if want := "R (AWS::SNS::Topic): The following hook(s) failed: [Acme::Guard::Topics]; Acme::Guard::Topics: topics must be encrypted"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		f.fails["other"] = "limit exceeded"
		_, err = f.client().Deploy(t.Context(), topic("other"), nil)
		if _, ok := errors.AsType[*executor.HookError](err); ok || err == nil {
			t.Errorf("without a hook: got %v", err)
		}
	})
}
