package executor_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

func TestEdge16RecoverRollsBackBeforeItDeploys(t *testing.T) {
	for _, test := range []struct {
		status stack.Status
		opts   executor.Options
		want   waiter.Operation
		state  stack.Status // of the StateError, "" if it is deployed
	}{
		{stack.UpdateFailed, executor.Options{Recover: true}, waiter.Update, ""},
		{stack.UpdateRollbackFailed, executor.Options{Recover: true}, waiter.Update, ""},
		{stack.CreateFailed, executor.Options{Recover: true}, 0, stack.RollbackComplete},
		{stack.CreateFailed, executor.Options{Recover: true, ReplaceFailed: true}, waiter.Create, ""},
		{stack.UpdateFailed, executor.Options{DisableRollback: true}, waiter.Update, ""},
		{stack.RollbackFailed, executor.Options{Recover: true}, 0, stack.RollbackFailed},
	} {
		t.Run(string(test.status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.put("jobs", test.status)
				r, err := f.client().Deploy(t.Context(), topic("jobs"), &test.opts)
				if state, ok := errors.AsType[*executor.StateError](err); test.state != "" {
					if !ok || state.Status != test.state {
						t.Errorf("got %v, want a StateError in %s", err, test.state)
					}
					return
				}
				if err != nil || r.Operation != test.want || r.Status.Failed() {
					t.Errorf("got %+v, %v", r, err)
				}
			})
		})
	}
}

func TestEdge16LiveResourcesAreDeletedOnlyByTheirOwner(t *testing.T) {
	for _, status := range []stack.Status{stack.CreateFailed, stack.RollbackFailed, stack.DeleteFailed} {
		t.Run(string(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				s := f.put("jobs", status)
				for _, tags := range []map[string]string{nil, {"owner": "us"}} {
					_, err := f.client().Deploy(t.Context(), topic("jobs"), &executor.Options{ReplaceLive: executor.OwnedBy(tags), ReplaceFailed: true})
					if err == nil || !strings.Contains(err.Error(), "was kept") || len(f.deletes) > 0 {
						t.Errorf("owned by %v: got %v and %d deletions", tags, err, len(f.deletes))
					}
				}
				s.Tags = []types.Tag{{Key: aws.String("owner"), Value: aws.String("us")}}
				r, err := f.client().Deploy(t.Context(), topic("jobs"), &executor.Options{ReplaceLive: executor.OwnedBy(map[string]string{"owner": "us"})})
				if err != nil || r.Operation != waiter.Create || len(f.deletes) != 1 {
					t.Errorf("owned: got %+v, %v", r, err)
				}
			})
		})
	}
}

// 9 of what is asked for: to wait for somebody else's operation.
func TestBusyWaitWaitsForSomebodyElsesOperation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		begun(t, f)
		other := topic("jobs")
		other.Template.Description = "other"
		r, err := f.client().Deploy(t.Context(), other, &executor.Options{Busy: executor.BusyWait})
		if err != nil || r.Unchanged || len(f.runs) != 2 {
			t.Fatalf("got %+v, %v after %d executions", r, err, len(f.runs))
		}
		p, err := f.client().Plan(t.Context(), topic("jobs"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.client().Apply(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if _, err := f.client().Delete(t.Context(), "jobs", &executor.DeleteOptions{Busy: executor.BusyWait}); err != nil || f.live["jobs"] != nil {
			t.Errorf("deletion: %v", err)
		}
	})
}

func TestEdge28Cancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		run, s := begun(t, f)
		time.Sleep(time.Second)
		if err := run.Cancel(t.Context(), nil); err != nil || len(f.cancels) != 1 {
			t.Fatalf("an update: %v", err)
		}
		_, err := run.Wait(t.Context())
		if failed, ok := errors.AsType[*executor.OperationError](err); !ok || failed.Status != stack.UpdateRollbackComplete || !failed.Cancelled || !strings.HasSuffix(err.Error(), "UPDATE_ROLLBACK_COMPLETE: it was cancelled") {
			t.Errorf("its end: got %v", err)
		}
		for status, want := range map[types.StackStatus]string{
			types.StackStatusCreateInProgress:                "DeleteCreated",
			types.StackStatusUpdateCompleteCleanupInProgress: "only cleans up",
			types.StackStatusUpdateRollbackInProgress:        "rolling back already",
			types.StackStatusDeleteInProgress:                "cannot be cancelled",
			types.StackStatusUpdateComplete:                  "nothing is running",
		} {
			s.StackStatus = status
			if err := run.Cancel(t.Context(), nil); err == nil || !strings.Contains(err.Error(), want) || len(f.deletes) > 0 {
				t.Errorf("%s: got %v, want %q", status, err, want)
			}
		}
	})
}

func TestEdge28ACreationIsCancelledOnlyOnWish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		c := f.client()
		p, err := c.Plan(t.Context(), topic("jobs"), nil)
		if err != nil {
			t.Fatal(err)
		}
		run, err := c.Apply(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Cancel(t.Context(), &executor.CancelOptions{DeleteCreated: true}); err != nil || len(f.deletes) != 1 {
			t.Fatal(err)
		}
		_, err = run.Wait(t.Context())
		if failed, ok := errors.AsType[*executor.OperationError](err); !ok || failed.Status != stack.DeleteComplete {
			t.Errorf("its end: got %v", err)
		}
	})
}

// Plain first, then without what stops it, then by force: as far as the options go.
func TestContinueRollback(t *testing.T) {
	stubborn := func(in *cloudformation.ContinueUpdateRollbackInput) string {
		switch {
		case aws.ToBool(in.ForceRollback):
			return ""
		case !slices.Contains(in.ResourcesToSkip, "A"):
			return "A"
		}
		return "B"
	}
	for _, test := range []struct {
		name   string
		opts   *executor.ContinueOptions
		stops  func(*cloudformation.ContinueUpdateRollbackInput) string
		rounds int
		want   []string // skipped; nil is a failure
	}{
		{"plain", nil, nil, 1, []string{}},
		{"plain fails", nil, stubborn, 1, nil},
		{"skip as told", &executor.ContinueOptions{ResourcesToSkip: []string{"A", "B"}}, stubborn, 1, []string{"A", "B"}},
		{"skip what failed", &executor.ContinueOptions{SkipFailed: true}, stubborn, 3, []string{"A", "B"}},
		{"force", &executor.ContinueOptions{ForceRollback: true}, stubborn, 2, []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.put("jobs", stack.UpdateRollbackFailed)
				f.stops = test.stops
				r, err := f.client().ContinueRollback(t.Context(), "jobs", test.opts)
				if (err != nil) != (test.want == nil) || len(f.on) != test.rounds {
					t.Fatalf("got %+v, %v after %d rounds", r, err, len(f.on))
				}
				if err != nil {
					if !strings.Contains(err.Error(), "A (AWS::SNS::Topic): it cannot be put back; cure") {
						t.Errorf("got %q", err)
					}
					return
				}
				if d := cmp.Diff(test.want, append([]string{}, r.Skipped...)); d != "" || r.Status != stack.UpdateRollbackComplete {
					t.Errorf("skipped (-want +got)\n%s", d)
				}
				tokens := map[string]bool{}
				for _, in := range f.on {
					tokens[*in.ClientRequestToken] = true
				}
				if len(tokens) != test.rounds {
					t.Errorf("%d tokens for %d rounds", len(tokens), test.rounds)
				}
			})
		})
	}
}

func TestRollback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := f.put("jobs", stack.CreateFailed)
		r, err := f.client().Rollback(t.Context(), "jobs", &executor.RollbackOptions{RetainExceptOnCreate: true, RoleARN: "arn:role"})
		if err != nil || r.Status != stack.RollbackComplete || *f.back[0].RoleARN != "arn:role" || !*f.back[0].RetainExceptOnCreate {
			t.Errorf("got %+v, %v", r, err)
		}
		s.StackStatus = types.StackStatusUpdateComplete
		_, err = f.client().Rollback(t.Context(), "jobs", nil)
		if state, ok := errors.AsType[*executor.StateError](err); !ok || state.Status != stack.UpdateComplete {
			t.Errorf("a good stack: got %v", err)
		}
		if _, err = f.client().ContinueRollback(t.Context(), "nobody", nil); err == nil || !strings.Contains(err.Error(), "no such stack") {
			t.Errorf("no stack: got %v", err)
		}
	})
}
