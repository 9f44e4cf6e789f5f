package waiter_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// quota is a fake that throttles: so many calls a second of each kind, with a burst of twice that.
type quota struct {
	*fake
	perSecond float64
	mu        sync.Mutex
	left      map[string]float64
	last      map[string]time.Time
	throttled int
}

func (q *quota) spend(call string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	now, burst := time.Now(), 2*q.perSecond
	left, ok := q.left[call]
	if !ok {
		left = burst
	}
	left = min(burst, left+now.Sub(q.last[call]).Seconds()*q.perSecond)
	q.last[call] = now
	if left < 1 {
		q.left[call] = left
		q.throttled++
		return throttle()
	}
	q.left[call] = left - 1
	return nil
}

func (q *quota) DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, o ...opt) (*cloudformation.DescribeStacksOutput, error) {
	if err := q.spend("DescribeStacks"); err != nil {
		return nil, err
	}
	return q.fake.DescribeStacks(ctx, in, o...)
}

func (q *quota) ListStacks(ctx context.Context, in *cloudformation.ListStacksInput, o ...opt) (*cloudformation.ListStacksOutput, error) {
	if err := q.spend("ListStacks"); err != nil {
		return nil, err
	}
	return q.fake.ListStacks(ctx, in, o...)
}

// Stacks that take twenty seconds to twenty minutes, started ten a second, under the quotas that are
// reported: how long after its end each wait tells of it, and at how many calls.
func TestLatencyAndCallsUnderAQuota(t *testing.T) {
	for _, perSecond := range []float64{10, 5} {
		for _, n := range []int{1, 10, 100, 1000} {
			if n == 1000 && (testing.Short() || perSecond > 5) {
				continue // takes seconds, and the narrower quota is the harder one
			}
			t.Run(fmt.Sprintf("%v a second/%d stacks", perSecond, n), func(t *testing.T) {
				load(t, n, perSecond)
			})
		}
	}
}

func load(t *testing.T, n int, perSecond float64) {
	var late []time.Duration
	calls, throttled := 0, 0
	rounds := max(1, 200/n)
	for round := range rounds {
		synctest.Test(t, func(t *testing.T) {
			l, c, th := flock(t, n, perSecond, uint64(round))
			late, calls, throttled = append(late, l...), calls+c, throttled+th
		})
	}
	slices.Sort(late)
	p50, p95, most := late[len(late)/2], late[len(late)*95/100], late[len(late)-1]
	each := float64(calls) / float64(len(late))
	t.Logf("p50 %.1fs, p95 %.1fs, most %.1fs; %.1f calls a stack, %d throttled", p50.Seconds(), p95.Seconds(), most.Seconds(), each, throttled)
	if p50 > 2*time.Second || p95 > 5*time.Second {
		t.Errorf("p50 %s and p95 %s, want at most 2s and 5s", p50, p95)
	}
	if n >= 100 && each > 5 { // the SDK's own waiters need 5.4 to 6.6 for a hundred stacks
		t.Errorf("%.1f calls a stack, want at most 5", each)
	}
}

// flock waits for n stacks and returns how late each wait told of its end, the calls, and how many
// of them were throttled.
func flock(t *testing.T, n int, perSecond float64, seed uint64) (late []time.Duration, calls, throttled int) {
	return flockThat(t, n, perSecond, seed, nil)
}

// flockThat is flock with reads that lag behind.
func flockThat(t *testing.T, n int, perSecond float64, seed uint64, lag func() time.Duration) (late []time.Duration, calls, throttled int) {
	f, q, starts, ends := flockOf(n, perSecond, seed)
	f.lag = lag
	p := &waiter.Poller{API: q}
	late = make([]time.Duration, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			time.Sleep(starts[i])
			got, err := p.Wait(t.Context(), waiter.Target{Stack: arn(fmt.Sprint("s", i)), Operation: waiter.Update, Since: f.began.Add(starts[i] - 1)})
			if late[i] = time.Since(f.began) - ends[i]; err != nil || got.Outcome != waiter.Succeeded || late[i] < 0 {
				t.Errorf("stack %d: got %v, %v, %s after its end", i, got, err, late[i])
			}
		})
	}
	all.Wait()
	return late, f.calls["DescribeStacks"] + f.calls["ListStacks"], q.throttled
}

// flockOf is n stacks, when each begins to be updated, and when that ends.
func flockOf(n int, perSecond float64, seed uint64) (f *fake, q *quota, starts, ends []time.Duration) {
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	f = newFake()
	q = &quota{fake: f, perSecond: perSecond, left: map[string]float64{}, last: map[string]time.Time{}}
	starts, ends = make([]time.Duration, n), make([]time.Duration, n)
	for i := range n {
		starts[i] = time.Duration(i) * time.Second / 10
		ends[i] = starts[i] + time.Duration(20*math.Exp(random.Float64()*math.Log(60))*float64(time.Second))
		f.add(fmt.Sprint("s", i), step{status: stack.UpdateComplete},
			step{at: starts[i], status: stack.UpdateInProgress, moved: true}, step{at: ends[i], status: stack.UpdateComplete})
	}
	return f, q, starts, ends
}
