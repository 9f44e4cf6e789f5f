package waiter_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

const minute = time.Minute

// The numbers are those of the sharp edges in the list of what goes wrong when one deploys.
func TestWait(t *testing.T) {
	for _, test := range []struct {
		name   string
		steps  []step
		target waiter.Target
		since  bool // the target knows since when
		want   waiter.Outcome
		status stack.Status
		err    error
		atMost time.Duration
	}{
		{
			name:   "1 a name is pinned to the stack that it names first",
			steps:  []step{{status: stack.CreateInProgress}, {at: minute, status: stack.CreateComplete}},
			target: waiter.Target{Stack: "jobs", Operation: waiter.Create},
			want:   waiter.Succeeded, status: stack.CreateComplete, atMost: 66 * time.Second,
		},
		{
			name:   "3 a stack that is not found is deleted",
			steps:  []step{{status: stack.DeleteInProgress}, {at: minute, status: ""}},
			target: waiter.Target{Stack: "jobs", Operation: waiter.Delete, Token: "ours"},
			want:   waiter.Succeeded, status: stack.DeleteComplete, atMost: 66 * time.Second,
		},
		{
			name:   "3 DELETE_COMPLETE by ARN is the same",
			steps:  []step{{status: stack.DeleteInProgress}, {at: minute, status: stack.DeleteComplete}},
			target: waiter.Target{Stack: arn("jobs"), Operation: waiter.Delete, Token: "ours"},
			want:   waiter.Succeeded, status: stack.DeleteComplete, atMost: 66 * time.Second,
		},
		{
			name: "4a a status from before is not ours; the token ties the later one",
			steps: []step{
				{status: stack.UpdateComplete, token: "theirs"}, {at: 10 * time.Second, status: stack.UpdateInProgress, token: "ours"},
				{at: minute, status: stack.UpdateComplete, token: "ours"},
			},
			target: waiter.Target{Stack: arn("jobs"), Operation: waiter.Update, Token: "ours"},
			want:   waiter.Succeeded, status: stack.UpdateComplete, atMost: 66 * time.Second,
		},
		{
			name: "4a a failure from before is not ours",
			steps: []step{
				{status: stack.UpdateRollbackComplete, token: "theirs"}, {at: 10 * time.Second, status: stack.UpdateInProgress, token: "ours"},
				{at: minute, status: stack.UpdateComplete, token: "ours"},
			},
			target: waiter.Target{Stack: arn("jobs"), Operation: waiter.Update, Token: "ours"},
			want:   waiter.Succeeded, status: stack.UpdateComplete, atMost: 66 * time.Second,
		},
		{
			name:   "4c the stack changed since",
			steps:  []step{{status: stack.UpdateComplete}, {at: 3 * time.Second, status: stack.UpdateComplete, moved: true}},
			target: waiter.Target{Stack: arn("jobs"), Operation: waiter.Update}, since: true,
			want: waiter.Succeeded, status: stack.UpdateComplete, atMost: 6 * time.Second,
		},
		{
			name:   "4 an operation that never starts is an error, not a success",
			steps:  []step{{status: stack.UpdateComplete, token: "theirs"}},
			target: waiter.Target{Stack: arn("jobs"), Operation: waiter.Update, Token: "ours"}, since: true,
			err: waiter.ErrNotStarted, atMost: 36 * time.Second,
		},
		{
			name:   "5 REVIEW_IN_PROGRESS is borne with for a while",
			steps:  []step{{status: stack.ReviewInProgress}, {at: 20 * time.Second, status: stack.CreateInProgress}, {at: minute, status: stack.CreateComplete}},
			target: waiter.Target{Stack: arn("jobs"), Operation: waiter.Create, Token: "ours"},
			want:   waiter.Succeeded, status: stack.CreateComplete, atMost: 66 * time.Second,
		},
		{
			name:   "5 and then never started",
			steps:  []step{{status: stack.ReviewInProgress}},
			target: waiter.Target{Stack: arn("jobs"), Operation: waiter.Create, Token: "ours"},
			err:    waiter.ErrNotStarted, atMost: 36 * time.Second,
		},
		{
			name:   "10 a status that nobody knows neither panics nor spins",
			steps:  []step{{status: stack.UpdateInProgress}, {at: 10 * time.Second, status: "SOMETHING_COMPLETE"}},
			target: waiter.Target{Stack: arn("jobs"), Operation: waiter.Update},
			want:   waiter.Unexpected, status: "SOMETHING_COMPLETE", atMost: 16 * time.Second,
		},
		{
			name:   "26 a deletion that was refused is a failure",
			steps:  []step{{status: stack.DeleteInProgress, token: "ours"}, {at: 5 * time.Second, status: stack.UpdateComplete, token: "ours", reason: "in use"}},
			target: waiter.Target{Stack: arn("jobs"), Operation: waiter.Delete, Token: "ours"},
			want:   waiter.Failed, status: stack.UpdateComplete, atMost: 11 * time.Second,
		},
		{
			name:   "a failure that is certain is told at once when asked",
			steps:  []step{{status: stack.UpdateInProgress}, {at: 10 * time.Second, status: stack.UpdateRollbackInProgress}, {at: time.Hour, status: stack.UpdateRollbackComplete}},
			target: waiter.Target{Stack: arn("jobs"), Operation: waiter.Update, UntilDecided: true},
			want:   waiter.Failing, status: stack.UpdateRollbackInProgress, atMost: 16 * time.Second,
		},
		{
			name:   "a stack that is not there is an error",
			steps:  []step{{status: ""}},
			target: waiter.Target{Stack: "jobs", Operation: waiter.Update, Token: "ours"},
			err:    waiter.ErrNotFound, atMost: 36 * time.Second,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.add("jobs", test.steps...)
				if test.since {
					test.target.Since = f.began.Add(time.Second)
				}
				p := &waiter.Poller{API: f}
				got, err := p.Wait(t.Context(), test.target)
				if took := time.Since(f.began); took > test.atMost {
					t.Errorf("it took %s, want at most %s", took, test.atMost)
				}
				if !errors.Is(err, test.err) {
					t.Fatalf("got error %v, want %v", err, test.err)
				}
				if test.err == nil && (got.Outcome != test.want || got.Status != test.status) {
					t.Errorf("got %s, %s, want %s, %s", got.Outcome, got.Status, test.want, test.status)
				}
			})
		})
	}
}

func TestWaitOutlivesFaults(t *testing.T) {
	faults := map[string]error{
		"throttling":          throttle(),
		"a server error":      &smithy.GenericAPIError{Code: "InternalFailure", Fault: smithy.FaultServer},
		"a broken connection": &smithyhttp.RequestSendError{Err: &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.add("jobs", step{status: stack.UpdateInProgress, token: "ours"}, step{at: 10 * minute, status: stack.UpdateComplete, token: "ours"})
				f.fault = func(_ string, n int) error {
					if n%3 != 0 {
						return fault
					}
					return nil
				}
				p := &waiter.Poller{API: f}
				got, err := p.Wait(t.Context(), waiter.Target{Stack: "jobs", Operation: waiter.Update, Token: "ours"})
				if err != nil || got.Outcome != waiter.Succeeded {
					t.Errorf("got %v, %v, want a success", got, err)
				}
			})
		})
	}
}

func TestEdge29WaitEndsWhenDeniedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.add("jobs", step{status: stack.UpdateInProgress})
		f.fault = func(_ string, n int) error {
			if n == 2 || n > 3 { // once is borne with
				return &smithy.GenericAPIError{Code: "ExpiredToken", Message: "expired"}
			}
			return nil
		}
		p := &waiter.Poller{API: f}
		_, err := p.Wait(t.Context(), waiter.Target{Stack: "jobs", Operation: waiter.Update})
		if !waiter.Denied(err) {
			t.Errorf("got %v, want the denial", err)
		}
		if f.calls["DescribeStacks"] != 5 {
			t.Errorf("%d calls, want 5", f.calls["DescribeStacks"])
		}
	})
}

func TestWaitDoesWithoutEventsThatMayNotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.add("jobs", step{status: stack.UpdateInProgress}, step{at: minute, status: stack.UpdateComplete})
		f.fault = func(call string, _ int) error {
			if call == "DescribeStackEvents" {
				return &smithy.GenericAPIError{Code: "AccessDenied", Message: "no"}
			}
			return nil
		}
		p := &waiter.Poller{API: f}
		got, err := p.Wait(t.Context(), waiter.Target{Stack: "jobs", Operation: waiter.Update, Token: "ours"})
		if err != nil || got.Outcome != waiter.Succeeded {
			t.Errorf("got %v, %v, want a success", got, err)
		}
	})
}

func TestWaitGivesUpACallThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.add("jobs", step{status: stack.CreateComplete})
		p := &waiter.Poller{API: &hanging{fake: f, calls: 2}}
		got, err := p.Wait(t.Context(), waiter.Target{Stack: "jobs", Operation: waiter.Create})
		if err != nil || got.Outcome != waiter.Succeeded {
			t.Errorf("got %v, %v, want a success", got, err)
		}
	})
}

func TestWaitYieldsTheCauseOfItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.add("jobs", step{status: stack.UpdateInProgress})
		why := errors.New("the shift is over")
		ctx, cancel := context.WithTimeoutCause(t.Context(), minute, why)
		defer cancel()
		p := &waiter.Poller{API: f}
		if _, err := p.Wait(ctx, waiter.Target{Stack: "jobs", Operation: waiter.Update}); !errors.Is(err, why) {
			t.Errorf("got %v, want %v", err, why)
		}
	})
}

// A hundred waits share lists, and nobody waits longer for it.
func TestManyWaitsShareTheirCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		const n = 100
		for i := range n {
			f.add(fmt.Sprint("s", i), step{status: stack.UpdateInProgress, token: "ours", moved: true},
				step{at: time.Duration(20+5*i) * time.Second, status: stack.UpdateComplete, token: "ours"})
		}
		p := &waiter.Poller{API: f}
		var all sync.WaitGroup
		var mu sync.Mutex
		var slowest time.Duration
		for i := range n {
			all.Go(func() {
				got, err := p.Wait(t.Context(), waiter.Target{Stack: arn(fmt.Sprint("s", i)), Operation: waiter.Update, Token: "ours", Since: f.began.Add(-time.Second)})
				if err != nil || got.Outcome != waiter.Succeeded {
					t.Errorf("stack %d: got %v, %v", i, got, err)
				}
				mu.Lock()
				defer mu.Unlock()
				slowest = max(slowest, time.Since(f.began)-time.Duration(20+5*i)*time.Second)
			})
		}
		all.Wait()
		calls := f.calls["DescribeStacks"] + f.calls["ListStacks"]
		if calls > 7*n {
			t.Errorf("%d calls for %d stacks, want at most %d", calls, n, 7*n)
		}
		if slowest > 8*time.Second {
			t.Errorf("the slowest was told after %s, want at most 8s", slowest)
		}
		t.Logf("%.1f calls a stack (%v), slowest %s", float64(calls)/n, f.calls, slowest)
	})
}

// Lists are as much further apart as the waits are older, and those of the young are not kept waiting by
// one that is old.
func TestListsAreFurtherApartTheOlderTheWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		p := &waiter.Poller{API: f}
		var all sync.WaitGroup
		for i := range 25 {
			f.add(fmt.Sprint("s", i), step{status: stack.CreateInProgress}, step{at: 10 * minute, status: stack.CreateComplete})
		}
		wait := func(from, to int) {
			for i := from; i < to; i++ {
				all.Go(func() {
					if _, err := p.Wait(t.Context(), waiter.Target{Stack: arn(fmt.Sprint("s", i)), Operation: waiter.Create}); err != nil {
						t.Error(err)
					}
				})
			}
		}
		lists := func(of time.Duration) int {
			before := f.count("ListStacks")
			time.Sleep(of)
			return f.count("ListStacks") - before
		}
		wait(0, 5)
		young := lists(20 * time.Second)
		time.Sleep(2 * minute)
		old := lists(20 * time.Second)
		wait(5, 25)
		mixed := lists(20 * time.Second)
		all.Wait()
		// every 1.3 s, every 4 s, and nearly as often as for the young alone
		if young < 13 || young > 16 || old < 4 || old > 6 || mixed < 11 || mixed > 14 {
			t.Errorf("%d lists in 20 s for young waits, %d for old ones, %d for both, want about 15, 5 and 13", young, old, mixed)
		}
	})
}

func TestWaitsFallBackToNamesWhenListsAreDenied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.fault = func(call string, _ int) error {
			if call == "ListStacks" {
				return &smithy.GenericAPIError{Code: "AccessDenied", Message: "no"}
			}
			return nil
		}
		p := &waiter.Poller{API: f, SweepAbove: 1}
		var all sync.WaitGroup
		for i := range 5 {
			f.add(fmt.Sprint("s", i), step{status: stack.CreateInProgress}, step{at: 50 * time.Second, status: stack.CreateComplete})
		}
		for i := range 5 {
			all.Go(func() {
				if _, err := p.Wait(t.Context(), waiter.Target{Stack: arn(fmt.Sprint("s", i)), Operation: waiter.Create}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := f.calls["ListStacks"]; n != 1 {
			t.Errorf("%d lists, want 1 that was denied", n)
		}
	})
}

func TestThePollerKeepsItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		p := &waiter.Poller{API: f, SweepAbove: -1}
		var all sync.WaitGroup
		for i := range 50 {
			f.add(fmt.Sprint("s", i), step{status: stack.CreateInProgress}, step{at: 100 * time.Second, status: stack.CreateComplete})
		}
		for i := range 50 {
			all.Go(func() { p.Wait(t.Context(), waiter.Target{Stack: arn(fmt.Sprint("s", i)), Operation: waiter.Create}) })
		}
		all.Wait()
		took := time.Since(f.began).Seconds()
		if most := int(took*4) + 8; f.calls["DescribeStacks"] > most {
			t.Errorf("%d calls in %.0f s, want at most %d", f.calls["DescribeStacks"], took, most)
		}
	})
}
