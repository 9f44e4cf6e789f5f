package waiter_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// hanging is a fake whose first calls never answer.
type hanging struct {
	*fake
	calls int
}

func (h *hanging) DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, o ...opt) (*cloudformation.DescribeStacksOutput, error) {
	if h.calls--; h.calls >= 0 {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return h.fake.DescribeStacks(ctx, in, o...)
}

// life is a stack that was created by others and is updated by us.
func life(f *fake) *script {
	s := f.add("jobs",
		step{status: stack.CreateInProgress, token: "theirs"}, step{at: time.Second, status: stack.CreateComplete, token: "theirs"},
		step{at: 10 * time.Second, status: stack.UpdateInProgress, token: "ours"},
		step{at: 40 * time.Second, status: stack.UpdateCompleteCleanupInProgress, token: "ours"},
		step{at: 50 * time.Second, status: stack.UpdateComplete, token: "ours"})
	for i := range 7 { // all at one moment, since a time does not tell events apart
		s.events = append(s.events, event(s, fmt.Sprint("r", i), f.began.Add(20*time.Second), fmt.Sprint("R", i), "CREATE_COMPLETE", "ours"))
	}
	return s
}

func statuses(t *testing.T, f *fake, ctx context.Context, opts *waiter.EventOptions) ([]string, error) {
	t.Helper()
	var got []string
	p := &waiter.Poller{API: f}
	for e, err := range p.Events(ctx, "jobs", opts) {
		if err != nil {
			return got, err
		}
		got = append(got, e.LogicalID+" "+string(e.Status))
	}
	return got, nil
}

func TestEdge6EventsGivesEachOnceAndTheOldestFirst(t *testing.T) {
	for _, size := range []int{2, 100} { // of pages
		synctest.Test(t, func(t *testing.T) {
			f := newFake()
			f.page = size
			life(f)
			got, err := statuses(t, f, t.Context(), &waiter.EventOptions{Token: "ours"})
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"jobs UPDATE_IN_PROGRESS"}
			for i := range 7 {
				want = append(want, fmt.Sprintf("R%d CREATE_COMPLETE", 6-i))
			}
			want = append(want, "jobs UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "jobs UPDATE_COMPLETE")
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("pages of %d: (-want +got)\n%s", size, d)
			}
			if took := time.Since(f.began); took > 56*time.Second {
				t.Errorf("the stream ended after %s", took)
			}
		})
	}
}

func TestEventsWithoutAStartGiveTheHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		life(f)
		time.Sleep(time.Hour)
		got, err := statuses(t, f, t.Context(), nil)
		if err != nil || len(got) != 12 {
			t.Errorf("got %d events, %v, want all 12: %q", len(got), err, got)
		}
		got, err = statuses(t, f, t.Context(), &waiter.EventOptions{After: "jobs-3"})
		if d := cmp.Diff([]string{"jobs UPDATE_COMPLETE"}, got); d != "" || err != nil {
			t.Errorf("after an event: %v (-want +got)\n%s", err, d)
		}
	})
}

func TestEventsOutliveFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		life(f)
		f.fault = func(_ string, n int) error {
			if n%2 == 0 {
				return throttle()
			}
			return nil
		}
		if got, err := statuses(t, f, t.Context(), &waiter.EventOptions{Token: "ours"}); err != nil || len(got) != 10 {
			t.Errorf("got %d events, %v, want 10", len(got), err)
		}
	})
}

// 7: the last look must not spoil the end.
func TestEdge7EventsEndWellWhenTheLastLookFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		life(f)
		time.Sleep(time.Hour)
		f.fault = func(_ string, n int) error {
			if n > 1 {
				return errors.New("broken")
			}
			return nil
		}
		if got, err := statuses(t, f, t.Context(), &waiter.EventOptions{Token: "ours"}); err != nil || len(got) != 10 {
			t.Errorf("got %d events, %v, want 10", len(got), err)
		}
	})
}

func TestEventsYieldOneErrorAndLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		life(f)
		why := errors.New("enough")
		ctx, cancel := context.WithTimeoutCause(t.Context(), 30*time.Second, why)
		defer cancel()
		got, err := statuses(t, f, ctx, &waiter.EventOptions{Token: "ours"})
		if !errors.Is(err, why) || len(got) != 8 {
			t.Errorf("got %d events, %v, want 8 and %v", len(got), err, why)
		}
		if _, err := statuses(t, newFake(), t.Context(), nil); !errors.Is(err, waiter.ErrNotFound) {
			t.Errorf("got %v, want %v", err, waiter.ErrNotFound)
		}
	})
}

func TestBreakStopsThePolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		life(f)
		p := &waiter.Poller{API: f}
		for range p.Events(t.Context(), "jobs", nil) {
			break
		}
		calls := f.calls["DescribeStackEvents"]
		time.Sleep(time.Hour)
		if f.calls["DescribeStackEvents"] != calls {
			t.Error("it polls on")
		}
	})
}
