package executor_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// faulty is a fake of whose calls three in ten are throttled, fail, or lose their answer.
func faulty(random *rand.Rand) *fake {
	f := newFake()
	f.fault = func(string, int) error {
		switch random.IntN(10) {
		case 0:
			return throttle()
		case 1:
			return &smithy.GenericAPIError{Code: "InternalFailure", Message: "oops", Fault: smithy.FaultServer}
		}
		return nil
	}
	f.lost = func(string, int) bool { return random.IntN(10) == 0 }
	return f
}

// lives calls do, which dies at random moments, again and again until it comes to an end by itself, and
// returns that.
func lives(t *testing.T, random *rand.Rand, do func(context.Context) error) error {
	for range 100 {
		ctx, die := context.WithTimeout(t.Context(), time.Duration(random.Int64N(int64(2*time.Minute))))
		err := do(ctx)
		died := ctx.Err() != nil
		die()
		if !died && !waiter.Transient(err) { // one that has just started may rightly give up: see soak
			return err
		}
	}
	t.Fatal("it does not come to an end")
	return nil
}

func soaked(t *testing.T, n uint64, test func(t *testing.T, random *rand.Rand)) {
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, rand.New(rand.NewPCG(seed, seed))) })
		})
	}
}

// Deployments that fail end rolled back, are told so, and delete nothing.
func TestFailingDeploymentsThroughFaultsAndCrashes(t *testing.T) {
	soaked(t, 50, func(t *testing.T, random *rand.Rand) {
		f := faulty(random)
		f.fails["jobs"] = "limit exceeded"
		want := stack.RollbackComplete
		if random.IntN(2) == 0 {
			f.put("jobs", stack.UpdateComplete)
			want = stack.UpdateRollbackComplete
		}
		err := lives(t, random, func(ctx context.Context) error {
			_, err := f.client().Deploy(ctx, topic("jobs"), &executor.Options{DeploymentID: "build-7"})
			return err
		})
		if failed, ok := errors.AsType[*executor.OperationError](err); ok && failed.Status != want {
			t.Errorf("got %v, want %s", err, want)
		}
		// One that died when it had failed, and cannot be tried anew, is told its state.
		if state, ok := errors.AsType[*executor.StateError](err); ok && state.Status != want || err == nil {
			t.Errorf("got %v, want %s", err, want)
		}
		tokens := map[string]bool{}
		for _, in := range f.runs {
			tokens[*in.ClientRequestToken] = true
		}
		if len(tokens) != len(f.runs) || len(f.deletes) > 0 || stack.Status(f.live["jobs"].StackStatus) != want {
			t.Errorf("%d executions of %d tokens, %d deletions, the stack is in %s", len(f.runs), len(tokens), len(f.deletes), f.live["jobs"].StackStatus)
		}
	})
}

// Each stack of a set is deployed once, whenever the deployer dies; then all are deleted, once.
func TestSetsOfStacksThroughFaultsAndCrashes(t *testing.T) {
	soaked(t, 30, func(t *testing.T, random *rand.Rand) {
		f := faulty(random)
		err := lives(t, random, func(ctx context.Context) error {
			_, err := f.client().DeployAll(ctx, chain(), &executor.GraphOptions{Deploy: &executor.Options{DeploymentID: "build-7"}})
			return err
		})
		if err != nil || len(f.runs) != 4 || len(f.deletes) > 0 {
			t.Errorf("%v: %d executions and %d deletions, want 4 and 0", err, len(f.runs), len(f.deletes))
		}
		for _, name := range []string{"a", "b", "c", "d"} {
			if s := f.live[name]; s == nil || s.StackStatus != "CREATE_COMPLETE" {
				t.Errorf("%s is %+v", name, s)
			}
		}
		err = lives(t, random, func(ctx context.Context) error {
			_, err := f.client().DeleteAll(ctx, chain(), nil)
			return err
		})
		if err != nil || len(f.live) > 0 || len(f.gone) != 4 {
			t.Errorf("%v: %d are left", err, len(f.live))
		}
	})
}

// Without a change set, too, nothing is started twice.
func TestDirectDeploymentsThroughFaultsAndCrashes(t *testing.T) {
	soaked(t, 50, func(t *testing.T, random *rand.Rand) {
		f := faulty(random)
		update := random.IntN(2) == 0
		if update {
			f.put("jobs", stack.UpdateComplete)
		}
		err := lives(t, random, func(ctx context.Context) error {
			r, err := f.client().Deploy(ctx, topic("jobs"), &executor.Options{DeploymentID: "build-7", Direct: true})
			if err == nil && r.Unchanged {
				err = errors.New("nothing was changed")
			}
			return err
		})
		began := 0
		for _, e := range f.live["jobs"].events {
			if e.ResourceStatus == "CREATE_IN_PROGRESS" || e.ResourceStatus == "UPDATE_IN_PROGRESS" {
				began++
			}
		}
		if err != nil || began != 1 || len(f.deletes) > 0 {
			t.Errorf("%v: %d operations began, and %d deletions", err, began, len(f.deletes))
		}
	})
}

// Where change sets are gone once they were executed, events tell that they were.
func TestForgottenChangeSetsThroughFaultsAndCrashes(t *testing.T) {
	soaked(t, 50, func(t *testing.T, random *rand.Rand) {
		f := faulty(random)
		f.forgets = true
		want := stack.CreateComplete
		if random.IntN(2) == 0 {
			f.put("jobs", stack.UpdateComplete)
			want = stack.UpdateComplete
		}
		for range 2 { // the second time when it is done
			err := lives(t, random, func(ctx context.Context) error {
				r, err := f.client().Deploy(ctx, topic("jobs"), &executor.Options{DeploymentID: "build-7"})
				if err == nil && (r.Unchanged || r.Status != want) {
					err = fmt.Errorf("got %+v", r)
				}
				return err
			})
			if err != nil || len(f.runs) != 1 || len(f.deletes) > 0 {
				t.Errorf("%v: %d executions and %d deletions, want 1 and 0", err, len(f.runs), len(f.deletes))
			}
		}
	})
}
