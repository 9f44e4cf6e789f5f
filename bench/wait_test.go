package bench

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/waiter"
)

// TestWaiting waits for 1, 10, 100 and 1,000 stacks that are updated at once, with one poller and with
// the SDK's waiters, both through the SDK's client, under quotas of 10 and of 5 calls a second, in fake
// time. It prints how long after its end each update was told of, the calls a stack, how many calls were
// throttled, and how many waits died of it; and holds the poller to its promise: told of within two seconds
// for half of the updates and within five for all but a twentieth, no wait dead, and of a hundred stacks on
// no more calls a stack than the SDK's waiters make, even where most of those have died. There are at least
// three flocks and three hundred stacks of each, lest the chances of one decide.
func TestWaiting(t *testing.T) {
	var table strings.Builder
	for _, perSecond := range []float64{10, 5} {
		for _, n := range []int{1, 10, 100, 1000} {
			var ours, theirs sample
			for round := range max(3, 300/n) {
				synctest.Test(t, func(t *testing.T) { ours.wait(t, n, perSecond, uint64(round), onePoller) })
				synctest.Test(t, func(t *testing.T) { theirs.wait(t, n, perSecond, uint64(round), sdkWaiters) })
			}
			fmt.Fprintf(&table, "%2.0f a second, %4d stacks   updraft    %s\n%27s SDK waiter %s\n", perSecond, n, &ours, "", &theirs)
			if ours.quantile(50) > 2*time.Second || ours.quantile(95) > 5*time.Second || ours.died > 0 {
				t.Errorf("%d stacks at %.0f a second: p50 %s, p95 %s, %d died; want at most 2s, 5s, and none", n, perSecond, ours.quantile(50), ours.quantile(95), ours.died)
			}
			if n >= 100 && ours.each() > theirs.each() {
				t.Errorf("%d stacks at %.0f a second: %.2f calls a stack, and the SDK's waiters made %.2f", n, perSecond, ours.each(), theirs.each())
			}
		}
	}
	t.Logf("\n%27s            %7s %8s %6s %6s %6s\n%s", "", "p50", "p95", "calls", "throt.", "died", &table)
}

// A strategy returns what waits for the update of a stack.
type strategy func(t *testing.T, c *cloudformation.Client) func(i int, since time.Time) error

func onePoller(t *testing.T, c *cloudformation.Client) func(int, time.Time) error {
	p := &waiter.Poller{API: c}
	return func(i int, since time.Time) error {
		got, err := p.Wait(t.Context(), waiter.Target{Stack: id(i), Operation: waiter.Update, Since: since})
		if err == nil && got.Outcome != waiter.Succeeded {
			err = fmt.Errorf("stack %d: %s", i, got.Outcome)
		}
		return err
	}
}

func sdkWaiters(t *testing.T, c *cloudformation.Client) func(int, time.Time) error {
	return func(i int, _ time.Time) error {
		w := cloudformation.NewStackUpdateCompleteWaiter(c)
		return w.Wait(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String(id(i))}, 2*time.Hour)
	}
}

// wait waits for all stacks of a flock, and adds what came of it.
func (s *sample) wait(t *testing.T, n int, perSecond float64, seed uint64, with strategy) {
	e := flock(n, perSecond, seed)
	wait := with(t, e.client())
	var mu sync.Mutex
	var all sync.WaitGroup
	for i, l := range e.stacks {
		all.Go(func() {
			time.Sleep(l.start)
			err := wait(i, e.began.Add(l.start-1))
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				s.died++
				return
			}
			s.late = append(s.late, time.Since(e.began)-l.end)
		})
	}
	all.Wait()
	s.calls, s.refused = s.calls+e.calls, s.refused+e.refused
}
