package executor_test

import (
	"context"
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

// Two hundred deployments, of whose calls three in ten are throttled, fail, or lose their answer, and
// whose deployer dies at random moments and is started again. Each must come to its end, by one
// execution, and with nothing deleted but what was made for nothing.
func TestDeploymentsThroughFaultsAndCrashes(t *testing.T) {
	for seed := range uint64(200) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { soak(t, rand.New(rand.NewPCG(seed, seed))) })
		})
	}
}

func soak(t *testing.T, random *rand.Rand) {
	f := newFake()
	want := stack.CreateComplete
	if random.IntN(2) == 0 {
		f.put("jobs", stack.UpdateComplete)
		want = stack.UpdateComplete
	}
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
	for life := 0; ; life++ {
		if life == 100 {
			t.Fatal("it does not come to an end")
		}
		ctx, die := context.WithTimeout(t.Context(), time.Duration(random.Int64N(int64(40*time.Second))))
		result, err := f.client().Deploy(ctx, topic("jobs"), &executor.Options{DeploymentID: "build-7"})
		died := ctx.Err() != nil
		die()
		if err == nil {
			if result.Status != want || result.Unchanged {
				t.Errorf("got %+v, want %s", result, want)
			}
			break
		}
		// A deployer that has just started may meet an endpoint that fails, and rightly give up: it
		// cannot tell one that is down from one that is wrong.
		if !died && !waiter.Transient(err) {
			t.Fatalf("life %d: %v", life, err)
		}
	}
	if len(f.runs) != 1 || len(f.deletes) != 0 {
		t.Errorf("%d executions and %d deletions, want 1 and 0", len(f.runs), len(f.deletes))
	}
}
