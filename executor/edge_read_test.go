package executor_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// The sharp edges of reading: what CloudFormation answers may be old, gone, or not for everyone.

// stale is a fake whose reads of a stack lag behind by so much.
type stale struct {
	*fake
	lag    time.Duration
	frozen types.Stack
	until  time.Time
}

func (s *stale) ExecuteChangeSet(ctx context.Context, in *cloudformation.ExecuteChangeSetInput, o ...opt) (*cloudformation.ExecuteChangeSetOutput, error) {
	for _, st := range s.live {
		s.frozen = st.Stack
	}
	s.until = time.Now().Add(s.lag)
	return s.fake.ExecuteChangeSet(ctx, in, o...)
}

func (s *stale) DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, o ...opt) (*cloudformation.DescribeStacksOutput, error) {
	out, err := s.fake.DescribeStacks(ctx, in, o...)
	if err == nil && time.Now().Before(s.until) {
		out.Stacks[0] = s.frozen
	}
	return out, err
}

func TestEdge3AStackThatIsGoneIsDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		for range 2 { // the second time by its ARN, when it is DELETE_COMPLETE
			s := f.put("jobs", stack.CreateComplete)
			r, err := f.client().Delete(t.Context(), "jobs", nil)
			if err != nil || r.Status != stack.DeleteComplete || r.Unchanged {
				t.Errorf("got %+v, %v", r, err)
			}
			if r, err = f.client().Delete(t.Context(), *s.StackId, nil); err != nil || !r.Unchanged || r.Status != stack.DeleteComplete {
				t.Errorf("once more: got %+v, %v", r, err)
			}
		}
		if len(f.deletes) != 2 {
			t.Errorf("%d deletions were asked for, want 2", len(f.deletes))
		}
	})
}

func TestEdge4AStatusFromBeforeIsNotBelieved(t *testing.T) {
	for _, fails := range []bool{false, true} {
		for _, before := range []stack.Status{stack.UpdateComplete, stack.UpdateRollbackComplete} {
			synctest.Test(t, func(t *testing.T) {
				s := &stale{fake: newFake(), lag: 10 * time.Second}
				s.put("jobs", before)
				if fails {
					s.fails["jobs"] = "limit exceeded"
				}
				c := &executor.Client{API: s, Poller: &waiter.Poller{API: s}}
				began := time.Now()
				_, err := c.Deploy(t.Context(), topic("jobs"), nil)
				if (err != nil) != fails || time.Since(began) < time.Minute {
					t.Errorf("after %s: got %v after %s", before, err, time.Since(began))
				}
			})
		}
	}
}

func TestEdge5AStackUnderReviewIsBorneWithForAWhile(t *testing.T) {
	for lag, want := range map[time.Duration]error{10 * time.Second: nil, time.Hour: waiter.ErrNotStarted} {
		synctest.Test(t, func(t *testing.T) {
			s := &stale{fake: newFake(), lag: lag}
			c := &executor.Client{API: s, Poller: &waiter.Poller{API: s}}
			if _, err := c.Deploy(t.Context(), topic("jobs"), nil); !errors.Is(err, want) {
				t.Errorf("a lag of %s: got %v, want %v", lag, err, want)
			}
		})
	}
}

// 10: neither in a stack, nor in a change set, nor in an event.
func TestEdge10UnknownValuesNeitherPanicNorSpin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		run, s := begun(t, f)
		f.event(s, "R", "r", "AWS::SNS::Topic", "TELEPORT_FAILED", "no beam", &run.Token, time.Now())
		s.next = []step{{time.Now(), "TELEPORT_FAILED", "", &run.Token}}
		_, err := run.Wait(t.Context())
		if failed, ok := errors.AsType[*executor.OperationError](err); !ok || failed.Status != "TELEPORT_FAILED" || !strings.Contains(err.Error(), "no beam") {
			t.Errorf("a stack: got %v", err)
		}
		f.put("odd", "TELEPORT_COMPLETE")
		f.changes = []types.Change{{ResourceChange: &types.ResourceChange{Action: "Teleport", LogicalResourceId: aws.String("R"), Replacement: "Perhaps", PolicyAction: "Wave"}}, {}}
		p, err := f.client().Plan(t.Context(), topic("odd"), nil)
		if err != nil || len(p.Changes) != 1 || p.Changes[0].Action != "Teleport" {
			t.Errorf("a change set: got %+v, %v", p, err)
		}
	})
}

// 15: nothing is guessed. CloudFormation compares, with what SSM parameters are now.
func TestEdge15WhatIsUnchangedCloudFormationSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := topic("jobs")
		s.Template.Parameter("Image", stack.Parameter{Type: "AWS::SSM::Parameter::Value<String>", Default: "/image"})
		if _, err := f.client().Deploy(t.Context(), s, nil); err != nil {
			t.Fatal(err)
		}
		f.live["jobs"].body = "as it is with another image"
		r, err := f.client().Deploy(t.Context(), s, nil)
		if err != nil || r.Unchanged || len(f.runs) != 2 {
			t.Errorf("got %+v, %v", r, err)
		}
	})
}

func TestEdge19TheRoleOfTheStackIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		for i, role := range []string{"arn:role", ""} {
			s := topic("jobs")
			s.Template.Description = role
			if _, err := f.client().Deploy(t.Context(), s, &executor.Options{RoleARN: role}); err != nil {
				t.Fatal(err)
			}
			if got := f.sets[i].RoleARN; aws.ToString(got) != role || role == "" && got != nil {
				t.Errorf("sent %v, want %q", got, role)
			}
		}
		if _, err := f.client().Delete(t.Context(), "jobs", &executor.DeleteOptions{RoleARN: "arn:other"}); err != nil || *f.deletes[0].RoleARN != "arn:other" {
			t.Errorf("deletion: %v", err)
		}
	})
}

// 29: who can read no more is told that the deployment goes on, and how to come back.
func TestEdge29CredentialsThatExpireInAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		run, _ := begun(t, f)
		expired := true
		f.fault = func(string, int) error {
			if expired {
				return refuse("ExpiredToken", "The security token included in the request is expired")
			}
			return nil
		}
		_, err := run.Wait(t.Context())
		if !errors.Is(err, executor.ErrDetached) || !strings.Contains(err.Error(), "which goes on; attach again") || !strings.Contains(err.Error(), "have expired; renew them") {
			t.Errorf("got %v", err)
		}
		expired = false
		if r, err := run.Wait(t.Context()); err != nil || r.Status != stack.UpdateComplete {
			t.Errorf("with new ones: got %+v, %v", r, err)
		}
	})
}
