package waiter

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
)

// A sweep is the last list of all stacks in progress, which the waits of a poller share. The wait
// that finds it too old lists anew; those that come meanwhile wait for that.
type sweep struct {
	mu       sync.Mutex
	stacks   map[string]stack.Status // by ARN
	taken    time.Time               // when the list was begun
	due      time.Time               // when the next is
	running  chan struct{}           // closed when the list that is under way has ended; nil if none is
	pausedTo time.Time               // no lists until then: they are refused, or cost more than they tell
}

// Lists are given up for so long when they are refused or need more pages than there are waits.
const sweepPause = time.Minute

// A sighting is what a list says of a stack.
type sighting struct {
	status stack.Status // "" if the stack is not in it
	taken  time.Time    // when the list was begun
	next   time.Duration
}

// sight looks for a stack in a list that is young enough. It answers only while enough waits are
// open and lists are worth their calls; else the stack must be read by its name.
func (p *Poller) sight(ctx context.Context, arn string) (sighting, bool) {
	p.mu.Lock()
	waits := len(p.waits)
	p.mu.Unlock()
	if above := orElse(p.SweepAbove, 2); above < 0 || waits <= above || !strings.HasPrefix(arn, "arn:") {
		return sighting{}, false
	}
	s := &p.sweep
	for ctx.Err() == nil {
		s.mu.Lock()
		now, running := time.Now(), s.running
		switch {
		case now.Before(s.due):
			defer s.mu.Unlock()
			return sighting{status: s.stacks[arn], taken: s.taken, next: s.due.Sub(now)}, true
		case now.Before(s.pausedTo):
			s.mu.Unlock()
			return sighting{}, false
		case running == nil:
			running = make(chan struct{})
			s.running = running
			s.mu.Unlock()
			p.list(ctx, waits)
			close(running)
		default:
			s.mu.Unlock()
			select {
			case <-running:
			case <-ctx.Done():
			}
		}
	}
	return sighting{}, false
}

// list lists the stacks in progress and stores them, or pauses the sweep. A list that takes long is
// kept in proportion.
func (p *Poller) list(ctx context.Context, waits int) {
	began := time.Now()
	stacks, pages, err := p.listPages(ctx, waits)
	spacing := p.spacing()
	s := &p.sweep
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = nil
	switch {
	case ctx.Err() != nil: // only this wait ends; the next one lists
	case Throttled(err):
		s.pausedTo = time.Now().Add(backoff(orElse(p.MinInterval, time.Second), 0))
	case err != nil:
		s.pausedTo = time.Now().Add(sweepPause)
	default:
		s.stacks, s.taken = stacks, began
		s.due = began.Add(max(spacing, time.Since(began)*5/3))
		if pages > waits {
			s.pausedTo = s.due.Add(sweepPause)
		}
	}
}

// spacing is the time from list to list: a third more than the pause of a typical wait that reads by
// name, so that the waits are told of their stacks three quarters as often as they would ask for them.
// What ends is told of half of that later on average, at the defaults two seconds at most. The older the
// waits, the longer they are likely to go on, and the less each list has to tell.
func (p *Poller) spacing() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	reads := 0.0 // a second, by name
	for w := range p.waits {
		reads += 1 / p.even(time.Since(w.began)).Seconds()
	}
	return time.Duration(float64(len(p.waits)) / reads * 4 / 3 * float64(time.Second))
}

// listPages reads the list page by page, and stops after a page more than there are waits: by name
// is cheaper then.
func (p *Poller) listPages(ctx context.Context, waits int) (map[string]stack.Status, int, error) {
	stacks := map[string]stack.Status{}
	in := &cloudformation.ListStacksInput{StackStatusFilter: moving()}
	for pages := 1; ; pages++ {
		out, err := call(ctx, p, listStacks, func(ctx context.Context, once func(*cloudformation.Options)) (*cloudformation.ListStacksOutput, error) {
			return p.API.ListStacks(ctx, in, once)
		})
		if err != nil {
			return nil, pages, err
		}
		for _, s := range out.StackSummaries {
			stacks[aws.ToString(s.StackId)] = stack.Status(s.StackStatus)
		}
		if aws.ToString(out.NextToken) == "" || pages > waits {
			return stacks, pages, nil
		}
		in.NextToken = out.NextToken
	}
}

// moving returns the statuses of a stack that something happens to.
func moving() []types.StackStatus {
	var all []types.StackStatus
	for _, s := range types.StackStatus("").Values() {
		if !stack.Status(s).Rests() {
			all = append(all, s)
		}
	}
	return all
}
