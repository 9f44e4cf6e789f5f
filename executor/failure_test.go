package executor_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// begun starts the deployment of a stack that exists, so that a test can write its end.
func begun(t *testing.T, f *fake) (*executor.Run, *fakeStack) {
	t.Helper()
	f.put("jobs", stack.UpdateComplete)
	c := f.client()
	p, err := c.Plan(t.Context(), topic("jobs"), nil)
	if err != nil {
		t.Fatal(err)
	}
	run, err := c.Apply(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return run, f.live["jobs"]
}

// 8, 9: the cause is told from within the nested stack in which it lies.
func TestEdge8ACauseInANestedStackLeads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		run, s := begun(t, f)
		now := time.Now()
		inner := f.put("jobs-Inner-1", stack.RollbackComplete)
		f.event(inner, "jobs-Inner-1", *inner.StackId, "AWS::CloudFormation::Stack", "CREATE_IN_PROGRESS", "", nil, now)
		f.event(inner, "Queue", "", "AWS::SQS::Queue", "CREATE_FAILED", "the name is taken", nil, now)
		f.event(inner, "Other", "", "AWS::SQS::Queue", "CREATE_FAILED", "Resource creation cancelled", nil, now)
		f.event(s, "Inner", *inner.StackId, "AWS::CloudFormation::Stack", "CREATE_FAILED", "Embedded stack was not successfully created", &run.Token, now)
		s.next = []step{{now, types.StackStatusUpdateRollbackComplete, "", &run.Token}}
		_, err := run.Wait(t.Context())
		failed, ok := errors.AsType[*executor.OperationError](err)
		if !ok {
			t.Fatalf("got %v", err)
		}
		var paths []string
		for _, x := range failed.Failures {
			paths = append(paths, strings.Join(x.Path, "/"))
		}
		if d := cmp.Diff([]string{"Inner/Queue", "Inner/Other", "Inner"}, paths); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		if !strings.Contains(err.Error(), "Inner/Queue (AWS::SQS::Queue): the name is taken") {
			t.Errorf("got %q", err)
		}
	})
}

func TestEdge25WhatAnUpdateCouldNotDeleteIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		run, s := begun(t, f)
		s.next[0].reason = "Update successful. One or more resources could not be deleted."
		f.event(s, "Old", "bucket-1", "AWS::S3::Bucket", "DELETE_FAILED", "the bucket is not empty", &run.Token, time.Now())
		result, err := run.Wait(t.Context())
		if err != nil || len(result.Leaked) != 1 || result.Leaked[0].Event.PhysicalID != "bucket-1" {
			t.Errorf("got %+v, %v, want one leak", result, err)
		}
	})
}

// 9: the events lag behind the status.
func TestEdge9FailuresThatComeLateAreWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		run, s := begun(t, f)
		s.next = []step{{time.Now(), types.StackStatusUpdateRollbackComplete, "", &run.Token}}
		f.fault = func(call string, n int) error {
			if call == "DescribeStackEvents" && n == 2 {
				f.event(s, "R", "", "AWS::SNS::Topic", "UPDATE_FAILED", "limit exceeded", &run.Token, time.Now())
			}
			return nil
		}
		if _, err := run.Wait(t.Context()); err == nil || !strings.Contains(err.Error(), "R (AWS::SNS::Topic): limit exceeded") {
			t.Errorf("got %v", err)
		}
	})
}

func TestRunsCanBeWaitedForByMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		run, _ := begun(t, f)
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if r, err := run.Wait(t.Context()); err != nil || r.Status != stack.UpdateComplete {
					t.Errorf("got %+v, %v", r, err)
				}
			})
		}
		all.Wait()
		calls := len(f.calls)
		if _, err := run.Wait(t.Context()); err != nil || len(f.calls) != calls {
			t.Errorf("a later wait: got %v after %d more calls, want none", err, len(f.calls)-calls)
		}
	})
}
