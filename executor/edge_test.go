package executor_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// The numbers in this file are those of the sharp edges in the list of what goes wrong when one
// deploys.

func throttle() error {
	return &smithy.GenericAPIError{Code: "Throttling", Message: "Rate exceeded", Fault: smithy.FaultClient}
}

func TestEdge1AStackThatTookTheNameMeanwhileIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.put("jobs", stack.CreateComplete)
		f.fault = func(call string, _ int) error {
			if call == "CreateChangeSet" {
				f.put("jobs", stack.CreateComplete)
			}
			return nil
		}
		_, err := f.client().Deploy(t.Context(), topic("jobs"), nil)
		if err == nil || !strings.Contains(err.Error(), "created anew by somebody else") || len(f.runs) > 0 || len(f.live["jobs"].sets) > 0 {
			t.Errorf("got %v, %d executions", err, len(f.runs))
		}
	})
}

func TestEdge2AValidationErrorIsNoMissingStack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.fault = func(call string, _ int) error {
			return refuse("ValidationError", "1 validation error detected: Value at 'stackName' failed to satisfy constraint")
		}
		if _, err := f.client().Delete(t.Context(), "jobs", nil); err == nil || len(f.deletes) > 0 {
			t.Errorf("got %v and %d deletions, want an error", err, len(f.deletes))
		}
	})
}

func TestEdge9TheFirstFailureLeadsAndCancellationsComeLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.fails["jobs"] = "limit exceeded"
		_, err := f.client().Deploy(t.Context(), topic("jobs"), nil)
		failed, ok := errors.AsType[*executor.OperationError](err)
		if !ok {
			t.Fatalf("got %v, want an OperationError", err)
		}
		if want := "stack jobs: its create ended in ROLLBACK_COMPLETE: R (AWS::SNS::Topic): limit exceeded; it can only be deleted"; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %q, want %q…", err, want)
		}
		var order []string
		for _, x := range failed.Failures {
			order = append(order, strings.Join(x.Path, "/"))
		}
		if d := cmp.Diff([]string{"R", "S"}, order); d != "" || !failed.Failures[1].Consequence {
			t.Errorf("(-want +got)\n%s", d)
		}
		if whole := fmt.Sprintf("%+v", err); !strings.Contains(whole, "Resource creation cancelled") || !strings.Contains(whole, "CREATE_IN_PROGRESS jobs") {
			t.Errorf("%%+v: got %s", whole)
		}
	})
}

func TestEdge11AStackUnderReviewIsCreatedAndOneThatIsDeletedIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.put("review", stack.ReviewInProgress)
		if _, err := f.client().Deploy(t.Context(), topic("review"), nil); err != nil || f.sets[0].ChangeSetType != types.ChangeSetTypeCreate {
			t.Errorf("under review: %v, %s", err, f.sets[0].ChangeSetType)
		}
		f.put("leaving", stack.UpdateComplete)
		if _, err := f.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("leaving")}); err != nil {
			t.Fatal(err)
		}
		r, err := f.client().Deploy(t.Context(), topic("leaving"), nil)
		if err != nil || r.Operation != waiter.Create {
			t.Errorf("leaving: got %+v, %v, want it created", r, err)
		}
	})
}

func TestEdge12TokensAreTheSameForTheSameDeployment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tokens := func(id string, s *stack.Stack) []string {
			f := newFake()
			if _, err := f.client().Deploy(t.Context(), s, &executor.Options{DeploymentID: id}); err != nil {
				t.Fatal(err)
			}
			return []string{*f.sets[0].ChangeSetName, *f.sets[0].ClientToken, *f.runs[0].ClientRequestToken}
		}
		first := tokens("build-7", topic("jobs"))
		if d := cmp.Diff(first, tokens("build-7", topic("jobs"))); d != "" {
			t.Errorf("the same deployment (-first +second)\n%s", d)
		}
		other := topic("jobs")
		other.Tags = map[string]string{"a": "b"}
		for name, got := range map[string][]string{"content": tokens("build-7", other), "stack": tokens("build-7", topic("jobs2")), "id": tokens("build-8", topic("jobs")), "random": tokens("", topic("jobs"))} {
			if got[0] == first[0] || got[2] == first[2] {
				t.Errorf("another %s has the same tokens", name)
			}
		}
		for _, token := range first {
			if len(token) > 128 || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || token[0] != 'u' {
				t.Errorf("%q is not legal", token)
			}
		}
	})
}

// Wherever the first call stops, the second goes on, and nothing is done twice.
func TestEdge13ADeploymentGoesOnAfterACrash(t *testing.T) {
	for _, crash := range []string{"DescribeStacks", "CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet", "DescribeStacks 2", "never"} {
		t.Run(crash, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				opts := &executor.Options{DeploymentID: "build-7"}
				dying, die := context.WithCancel(t.Context())
				name, _, second := strings.Cut(crash, " ")
				f.lost = func(call string, n int) bool {
					if call == name && (n == 2) == second {
						die()
					}
					return dying.Err() != nil
				}
				f.fault = func(call string, n int) error {
					if !strings.HasPrefix(call, "Describe") {
						return nil
					}
					if f.lost(call, n) {
						return context.Canceled
					}
					return nil
				}
				_, err := f.client().Deploy(dying, topic("jobs"), opts)
				if (err == nil) != (crash == "never") {
					t.Fatalf("the first: got %v", err)
				}
				die()
				f.lost, f.fault = nil, nil
				r, err := f.client().Deploy(t.Context(), topic("jobs"), opts)
				if err != nil || r.Status != stack.CreateComplete {
					t.Errorf("the second: got %+v, %v", r, err)
				}
				if len(f.runs) != 1 || f.counts["DeleteStack"] != 0 {
					t.Errorf("%d change sets were executed, %d stacks deleted, want 1 and 0", len(f.runs), f.counts["DeleteStack"])
				}
			})
		})
	}
}

func TestEdge13AFailedDeploymentIsTriedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		opts := &executor.Options{DeploymentID: "build-7"}
		f.put("jobs", stack.UpdateComplete)
		f.fails["jobs"] = "limit exceeded"
		if _, err := f.client().Deploy(t.Context(), topic("jobs"), opts); err == nil {
			t.Fatal("no error")
		}
		delete(f.fails, "jobs")
		if r, err := f.client().Deploy(t.Context(), topic("jobs"), opts); err != nil || r.Status != stack.UpdateComplete {
			t.Errorf("got %+v, %v", r, err)
		}
		if len(f.runs) != 2 || *f.runs[0].ClientRequestToken == *f.runs[1].ClientRequestToken {
			t.Error("the second attempt has the token of the first")
		}
	})
}

// 12, 31: the answers are lost, or the calls throttled, and are made again with the same token.
func TestEdge31CallsAreMadeAgainWithTheSameToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.fault = func(_ string, n int) error {
			if n%3 == 1 {
				return throttle()
			}
			return nil
		}
		f.lost = func(_ string, n int) bool { return n == 2 }
		r, err := f.client().Deploy(t.Context(), topic("jobs"), nil)
		if err != nil || r.Status != stack.CreateComplete {
			t.Fatalf("got %+v, %v", r, err)
		}
		if len(f.sets) != 2 || *f.sets[0].ClientToken != *f.sets[1].ClientToken || len(f.runs) != 1 {
			t.Errorf("%d change sets and %d executions, want 2 of one token and 1", len(f.sets), len(f.runs))
		}
		if _, err := f.client().Delete(t.Context(), "jobs", nil); err != nil {
			t.Error(err)
		}
	})
}

func TestEdge14WhatCameToNothingIsRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		c := f.client()
		p, err := c.Plan(t.Context(), topic("jobs"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Discard(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if _, err := c.Delete(t.Context(), "jobs", nil); err != nil || len(f.live) > 0 {
			t.Errorf("the stack that was made for the plan is left")
		}
		f.put("theirs", stack.ReviewInProgress)
		if p, err = c.Plan(t.Context(), topic("theirs"), nil); err != nil {
			t.Fatal(err)
		}
		deletions := len(f.deletes)
		if err := p.Discard(t.Context()); err != nil || len(f.deletes) != deletions {
			t.Errorf("somebody else's stack under review was deleted: %v", err)
		}
		if len(f.live["theirs"].sets) != 0 {
			t.Error("the change set is left")
		}
	})
}

func TestEdge16StuckStatesNameTheNextCall(t *testing.T) {
	for _, status := range []stack.Status{
		stack.RollbackComplete, stack.RollbackFailed, stack.CreateFailed, stack.UpdateFailed, stack.UpdateRollbackFailed, stack.DeleteFailed,
	} {
		t.Run(string(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.put("jobs", status)
				_, err := f.client().Deploy(t.Context(), topic("jobs"), nil)
				state, ok := errors.AsType[*executor.StateError](err)
				if !ok || state.Status != status || state.Next == "" {
					t.Errorf("got %v, want a StateError", err)
				}
				if len(f.deletes)+len(f.sets) > 0 {
					t.Error("something was changed")
				}
				_, err = f.client().Deploy(t.Context(), topic("jobs"), &executor.Options{ReplaceFailed: true})
				if replaced := status == stack.RollbackComplete; (err == nil) != replaced || (len(f.deletes) > 0) != replaced {
					t.Errorf("ReplaceFailed: got %v and %d deletions", err, len(f.deletes))
				}
			})
		})
	}
}

func TestSomebodyElsesOperationIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		c := f.client()
		p, err := c.Plan(t.Context(), topic("jobs"), nil)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := c.Apply(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		_, err = f.client().Deploy(t.Context(), topic("jobs"), nil)
		if busy, ok := errors.AsType[*executor.BusyError](err); !ok || busy.Token != theirs.Token || busy.Status != stack.CreateInProgress {
			t.Errorf("got %v, want a BusyError with the token %s", err, theirs.Token)
		}
		if _, err = c.Delete(t.Context(), "jobs", nil); !strings.Contains(fmt.Sprint(err), "another operation") {
			t.Errorf("deletion: got %v, want a BusyError", err)
		}
	})
}

// store is an Uploader that remembers.
func TestEdge24TerminationProtectionIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.put("jobs", stack.CreateComplete).EnableTerminationProtection = aws.Bool(true)
		_, err := f.client().Delete(t.Context(), "jobs", nil)
		if _, ok := errors.AsType[*executor.StateError](err); !ok || len(f.deletes) > 0 {
			t.Errorf("got %v and %d deletions", err, len(f.deletes))
		}
	})
}

func TestEdge26WhatImportsAnExportIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.put("vpc", stack.CreateComplete)
		f.imports["vpc-out"] = []string{"app", "web"}
		_, err := f.client().Delete(t.Context(), "vpc", nil)
		if used, ok := errors.AsType[*executor.InUseError](err); !ok || !slices.Equal(used.Importers, []string{"app", "web"}) {
			t.Errorf("got %v, want an InUseError with both", err)
		}
	})
}

func TestADeletionThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.put("jobs", stack.CreateComplete)
		f.fails["delete jobs"] = "the bucket is not empty"
		_, err := f.client().Delete(t.Context(), "jobs", nil)
		if err == nil || !strings.Contains(err.Error(), "DELETE_FAILED: R (AWS::SNS::Topic): the bucket is not empty") {
			t.Errorf("got %v", err)
		}
	})
}

func TestACancelledContextDetaches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		c := f.client()
		why := errors.New("interrupted")
		ctx, cancel := context.WithTimeoutCause(t.Context(), 10*time.Second, why)
		defer cancel()
		_, err := c.Deploy(ctx, topic("jobs"), nil)
		detached, ok := errors.AsType[*executor.DetachedError](err)
		if !ok || !errors.Is(err, executor.ErrDetached) || !errors.Is(err, why) {
			t.Fatalf("got %v, want a DetachedError", err)
		}
		run, err := c.Attach(t.Context(), detached.StackName, detached.Token)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := run.Wait(t.Context()); err != nil || r.Status != stack.CreateComplete || r.Operation != waiter.Create {
			t.Errorf("attached: got %+v, %v", r, err)
		}
		if len(f.deletes) > 0 || len(f.runs) != 1 {
			t.Error("the deployment was touched")
		}
	})
}

func TestNothingIsLeftWhenCancelledBeforeTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		ctx, cancel := context.WithCancel(t.Context())
		f.fault = func(call string, _ int) error {
			if call == "DescribeChangeSet" {
				cancel()
			}
			return nil
		}
		_, err := f.client().Deploy(ctx, topic("jobs"), nil)
		if err != nil && errors.Is(err, executor.ErrDetached) {
			t.Errorf("got %v, but nothing was started", err)
		}
		time.Sleep(time.Hour)
		f.fault = nil
		if _, err := f.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("jobs")}); err == nil {
			t.Error("the stack under review is left")
		}
	})
}

func TestARefusedChangeSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.fault = func(call string, _ int) error {
			if call == "CreateChangeSet" {
				return refuse("ValidationError", "Template format error: Unresolved resource dependencies [X]")
			}
			return nil
		}
		_, err := f.client().Deploy(t.Context(), topic("jobs"), nil)
		if e, ok := errors.AsType[*executor.RefusedError](err); !ok || !strings.Contains(e.Reason, "Unresolved") {
			t.Errorf("got %v, want a RefusedError", err)
		}
	})
}
