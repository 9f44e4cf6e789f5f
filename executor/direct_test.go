package executor_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
)

const allowAll = `{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}`

func TestWhatAChangeSetCannotCarryIsDoneWithoutOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		c := f.client()
		opts := &executor.Options{Timeout: 20 * time.Minute, StackPolicyBody: allowAll, TerminationProtection: aws.Bool(true)}
		r, err := c.Deploy(t.Context(), topic("jobs"), opts)
		if err != nil || r.Status != stack.CreateComplete {
			t.Fatalf("got %+v, %v", r, err)
		}
		in := f.created[0]
		if aws.ToInt32(in.TimeoutInMinutes) != 20 || aws.ToString(in.StackPolicyBody) != allowAll || !aws.ToBool(in.EnableTerminationProtection) || len(f.policies)+len(f.protects)+len(f.sets) != 0 {
			t.Errorf("created with %+v, then %d policies, %d protections, %d change sets", in, len(f.policies), len(f.protects), len(f.sets))
		}
		other := topic("jobs")
		other.Template.Description = "other"
		opts.TerminationProtection = aws.Bool(false)
		if r, err = c.Deploy(t.Context(), other, opts); err != nil || len(f.sets) != 1 {
			t.Errorf("an update has no time-out, and needs nothing but a change set: %+v, %v", r, err)
		}
		other.Template.Description = "third"
		opts.StackPolicyDuringUpdateBody = allowAll
		if r, err = c.Deploy(t.Context(), other, opts); err != nil || r.Status != stack.UpdateComplete || r.Unchanged {
			t.Fatalf("got %+v, %v", r, err)
		}
		if in := f.updated[0]; aws.ToString(in.StackPolicyDuringUpdateBody) != allowAll || len(f.sets) != 1 || len(f.policies) != 1 {
			t.Errorf("updated with %+v, and %d policies", in, len(f.policies))
		}
		if r, err = c.Deploy(t.Context(), other, opts); err != nil || !r.Unchanged || r.Status != stack.UpdateComplete {
			t.Errorf("once more: got %+v, %v", r, err)
		}
	})
}

// Without a change set to find, an earlier call is found by its token.
func TestADirectDeploymentGoesOnAfterACrash(t *testing.T) {
	for _, crash := range []string{"lost", "running", "done"} {
		for _, update := range []bool{false, true} {
			t.Run(fmt.Sprint(crash, " update ", update), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := newFake()
					want := stack.CreateComplete
					if update {
						f.put("jobs", stack.CreateComplete)
						want = stack.UpdateComplete
					}
					opts := &executor.Options{Direct: true, DeploymentID: "build-7"}
					f.lost = func(call string, n int) bool {
						return crash == "lost" && n == 1 && (call == "CreateStack" || call == "UpdateStack")
					}
					if crash != "lost" {
						ctx, die := context.WithTimeout(t.Context(), 10*time.Second)
						defer die()
						if _, err := f.client().Deploy(ctx, topic("jobs"), opts); !errors.Is(err, executor.ErrDetached) {
							t.Fatalf("got %v", err)
						}
					}
					if crash == "done" {
						time.Sleep(time.Hour)
					}
					r, err := f.client().Deploy(t.Context(), topic("jobs"), opts)
					if err != nil || r.Status != want || r.Unchanged {
						t.Errorf("got %+v, %v", r, err)
					}
					if calls := len(f.created) + len(f.updated); calls != 1 && crash != "lost" || calls > 2 || len(f.sets) > 0 {
						t.Errorf("%d calls and %d change sets", calls, len(f.sets))
					}
				})
			})
		}
	}
}

func TestADirectDeploymentThatTimesOutIsFoundAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		opts := &executor.Options{Timeout: time.Hour, DeploymentID: "build-7"}
		ctx, die := context.WithTimeout(t.Context(), 10*time.Second)
		defer die()
		if _, err := f.client().Deploy(ctx, topic("jobs"), opts); !errors.Is(err, executor.ErrDetached) {
			t.Fatalf("got %v", err)
		}
		if r, err := f.client().Deploy(t.Context(), topic("jobs"), opts); err != nil || r.Status != stack.CreateComplete || len(f.created) != 1 || len(f.sets) != 0 {
			t.Errorf("got %+v, %v after %d creations", r, err, len(f.created))
		}
	})
}

func TestADirectCreationOfAStackUnderReview(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.put("jobs", stack.ReviewInProgress)
		_, err := f.client().Deploy(t.Context(), topic("jobs"), &executor.Options{Direct: true})
		if _, ok := errors.AsType[*executor.StateError](err); !ok || !strings.Contains(err.Error(), "deploy without Options.Direct, or call Delete first") {
			t.Errorf("got %v", err)
		}
	})
}

func TestPoliciesTriggersAndTimesAreChecked(t *testing.T) {
	alarm := func(n int) []types.RollbackTrigger {
		return make([]types.RollbackTrigger, n)
	}
	for want, opts := range map[string]*executor.Options{
		"StackPolicyBody is no JSON object":             {StackPolicyBody: "[]"},
		"StackPolicyDuringUpdateBody has no Statement":  {StackPolicyDuringUpdateBody: "{}"},
		"StackPolicyBody has 16390 bytes":               {StackPolicyBody: strings.Repeat(" ", 16_390)},
		"has 6 triggers":                                {RollbackConfiguration: &types.RollbackConfiguration{RollbackTriggers: alarm(6)}},
		`has a trigger of type ""`:                      {RollbackConfiguration: &types.RollbackConfiguration{RollbackTriggers: alarm(1)}},
		`names the alarm ""`:                            {RollbackConfiguration: &types.RollbackConfiguration{RollbackTriggers: alarm(1)}},
		"monitors for 181 minutes":                      {RollbackConfiguration: &types.RollbackConfiguration{MonitoringTimeInMinutes: aws.Int32(181)}},
		"Options.Timeout is 1m30s; give whole minutes":  {Timeout: 90 * time.Second},
		"Options.Direct and what only a change set doe": {Direct: true, RevertDrift: true},
	} {
		f := newFake()
		if _, err := f.client().Deploy(t.Context(), topic("jobs"), opts); err == nil || !strings.Contains(err.Error(), want) || len(f.calls) > 0 {
			t.Errorf("%q: got %v after %v", want, err, f.calls)
		}
	}
}

func TestADirectDeploymentOnTheEmbeddedCloud(t *testing.T) {
	c := clientOf(localtest.New(t))
	s := exporter("jobs")
	s.Template.Metadata = map[string]any{"v": "1"}
	opts := &executor.Options{Direct: true, StackPolicyBody: `{"Statement": [{"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}`, DeploymentID: "1"}
	if r, err := c.Deploy(t.Context(), s, opts); err != nil || r.Status != stack.CreateComplete {
		t.Fatalf("got %+v, %v", r, err)
	}
	if r, err := c.Deploy(t.Context(), s, &executor.Options{Direct: true}); err != nil || !r.Unchanged {
		t.Errorf("once more: got %+v, %v", r, err)
	}
	s = exporter("jobs")
	topic, _ := s.Template.Resources.Get("Topic")
	topic.Properties = map[string]any{"DisplayName": "new"}
	if _, err := c.Deploy(t.Context(), s, nil); err == nil {
		t.Error("the policy does not hold")
	}
	r, err := c.Deploy(t.Context(), s, &executor.Options{StackPolicyDuringUpdateBody: allowAll})
	if err != nil || r.Status != stack.UpdateComplete {
		t.Errorf("with a policy for the update: got %+v, %v", r, err)
	}
	if _, err := c.Delete(t.Context(), "jobs", nil); err != nil {
		t.Error(err)
	}
}
