package waiter_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/waiter"
)

// retrying is an API as the SDK's client is one: what is throttled is tried three times.
type retrying struct{ waiter.API }

func (r *retrying) DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, o ...opt) (*cloudformation.DescribeStacksOutput, error) {
	for try := 1; ; try++ {
		out, err := r.API.DescribeStacks(ctx, in, o...)
		if err == nil || try == 3 {
			return out, err
		}
		time.Sleep(rand.N(time.Second << try))
	}
}

// What the SDK's own waiter makes of the stacks for which TestLatencyAndCallsUnderAQuota waits.
func TestTheSDKsWaiterBesideOurs(t *testing.T) {
	for _, n := range []int{1, 10, 100} {
		t.Run(fmt.Sprint(n, " stacks"), func(t *testing.T) {
			rounds := max(1, 100/n)
			var ours, theirs sample
			for round := range rounds {
				synctest.Test(t, func(t *testing.T) {
					late, calls, _ := flock(t, n, 5, uint64(round))
					ours.add(late, calls, 0)
				})
				synctest.Test(t, func(t *testing.T) {
					late, calls, died := flockOfSDK(t, n, 5, uint64(round))
					theirs.add(late, calls, died)
				})
			}
			t.Logf("ours  %s\nSDK's %s", &ours, &theirs)
			if ours.quantile(50) > theirs.quantile(50)/10 || ours.quantile(95) > theirs.quantile(95)/10 {
				t.Errorf("ours are not ten times as soon")
			}
			if n >= 100 && ours.callsEach() > theirs.callsEach() {
				t.Errorf("ours make more calls a stack")
			}
		})
	}
}

// Reads that lag behind, one in twenty by up to ten seconds, never make a wait tell what is not so:
// that is checked for each in flock.
func TestReadsThatLagGiveNoWrongAnswer(t *testing.T) {
	var got sample
	for round := range 20 {
		synctest.Test(t, func(t *testing.T) {
			random, mu := rand.New(rand.NewPCG(uint64(round), 0)), sync.Mutex{}
			late, calls, _ := flockThat(t, 10, 5, uint64(round), func() time.Duration {
				mu.Lock()
				defer mu.Unlock()
				if random.IntN(20) > 0 {
					return 0
				}
				return time.Duration(random.Int64N(int64(10 * time.Second)))
			})
			got.add(late, calls, 0)
		})
	}
	t.Log(&got)
	if got.quantile(95) > 5*time.Second {
		t.Errorf("p95 %s, want at most 5s", got.quantile(95))
	}
}

// A sample is what came of many waits.
type sample struct {
	late        []time.Duration
	calls, died int
}

func (s *sample) add(late []time.Duration, calls, died int) {
	s.late = append(s.late, late...)
	s.calls, s.died = s.calls+calls, s.died+died
}

func (s *sample) quantile(percent int) time.Duration {
	slices.Sort(s.late)
	return s.late[len(s.late)*percent/100]
}

func (s *sample) callsEach() float64 { return float64(s.calls) / float64(len(s.late)+s.died) }

func (s *sample) String() string {
	return fmt.Sprintf("p50 %.1fs, p95 %.1fs, %.1f calls a stack, %d died", s.quantile(50).Seconds(), s.quantile(95).Seconds(), s.callsEach(), s.died)
}

// flockOfSDK waits for the stacks of flock with the SDK's waiter, and returns how late those told
// that did not die.
func flockOfSDK(t *testing.T, n int, perSecond float64, seed uint64) (late []time.Duration, calls, died int) {
	f, q, starts, ends := flockOf(n, perSecond, seed)
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			time.Sleep(starts[i])
			w := cloudformation.NewStackUpdateCompleteWaiter(&retrying{API: q})
			err := w.Wait(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String(arn(fmt.Sprint("s", i)))}, 2*time.Hour)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				died++
				return
			}
			late = append(late, time.Since(f.began)-ends[i])
		})
	}
	all.Wait()
	return late, f.calls["DescribeStacks"] + q.throttled, died
}
