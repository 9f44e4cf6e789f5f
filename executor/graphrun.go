package executor

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// A Stage is how far a stack of a set has come.
type Stage int

// The stages of a stack.
const (
	// StageStarted is its turn: all that it needs is there.
	StageStarted Stage = iota
	// StageEvent is an event in its life.
	StageEvent
	// StageDone is its good end.
	StageDone
	// StageFailed is its bad end, or that it is no longer waited for.
	StageFailed
	// StageSkipped is that it is left alone, since one that it needs failed.
	StageSkipped
)

func (s Stage) String() string {
	return [...]string{"started", "event", "done", "failed", "skipped"}[s]
}

// A GraphEvent is one step of the deployment, or deletion, of a set of stacks.
type GraphEvent struct {
	// Stack is the stack that it is about.
	Stack *stack.Stack
	// Stage says what happened.
	Stage Stage
	// Event is the event, in StageEvent.
	Event stack.Event
	// Result is what came of the stack, in StageDone; Err why, in StageFailed and StageSkipped.
	Result *Result
	Err    error
	// Time is when it happened, by this machine's clock.
	Time time.Time
}

// A GraphRun is the deployment, or deletion, of a set of stacks on its way. It is safe for
// concurrent use, and goes on whether or not anybody listens.
type GraphRun struct {
	stopped <-chan struct{} // closed when the context of the run has ended

	mu      sync.Mutex
	changed chan struct{} // closed, and made anew, with each event
	events  []GraphEvent
	ended   bool
	result  *GraphResult
	err     error
}

// Events streams what happens, from the beginning, to any number of listeners, until all stacks have
// come to their end.
//
// # Errors
//
// At most one, and last: the cause of ctx if it ends. The run goes on then. Failures of stacks are
// events, not errors.
func (r *GraphRun) Events(ctx context.Context) iter.Seq2[GraphEvent, error] {
	return func(yield func(GraphEvent, error) bool) {
		for next := 0; ; {
			r.mu.Lock()
			fresh, ended, changed := r.events[next:], r.ended, r.changed
			r.mu.Unlock()
			for _, e := range fresh {
				if !yield(e, nil) {
					return
				}
			}
			next += len(fresh)
			if ended {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				yield(GraphEvent{}, context.Cause(ctx))
				return
			}
		}
	}
}

// Wait waits until all stacks have come to their end.
//
// # Errors
//
// [*GraphError] if one of them failed; the result tells of all of them even so. The cause of ctx if
// that ends before the run does; the run goes on then.
func (r *GraphRun) Wait(ctx context.Context) (*GraphResult, error) {
	for {
		r.mu.Lock()
		ended, changed := r.ended, r.changed
		r.mu.Unlock()
		if ended {
			return r.result, r.err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			select {
			case <-r.stopped: // the run is about to end by itself, and knows more
				if result, err, ok := r.soon(changed); ok {
					return result, err
				}
			default:
			}
			return nil, context.Cause(ctx)
		}
	}
}

// soon waits a moment for the end of the run.
func (r *GraphRun) soon(changed chan struct{}) (*GraphResult, error, bool) {
	timer := time.NewTimer(cleanupTime + time.Second)
	defer timer.Stop()
	for {
		select {
		case <-changed:
		case <-timer.C:
			return nil, nil, false
		}
		r.mu.Lock()
		ended := r.ended
		changed = r.changed
		r.mu.Unlock()
		if ended {
			return r.result, r.err, true
		}
	}
}

// tell adds an event.
func (r *GraphRun) tell(e GraphEvent) {
	e.Time = time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	close(r.changed)
	r.changed = make(chan struct{})
}

// end ends the run.
func (r *GraphRun) end(nodes []*node) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result = &GraphResult{}
	for _, n := range nodes {
		r.result.Stacks = append(r.result.Stacks, n.StackResult)
	}
	failed := &GraphError{}
	for _, e := range r.events { // which are in the order of time
		switch e.Stage {
		case StageFailed:
			failed.Failures = append(failed.Failures, StackResult{Stack: e.Stack, Err: e.Err})
		case StageSkipped:
			failed.Skipped = append(failed.Skipped, StackResult{Stack: e.Stack, Err: e.Err})
		}
	}
	if len(failed.Failures) > 0 {
		r.err = failed
	}
	r.ended = true
	close(r.changed)
}

// A graphJob is what is to be done with each stack of a set.
type graphJob struct {
	at             places
	opts           *GraphOptions
	remove, events bool
}

// A node is one stack of a set at work.
type node struct {
	StackResult
	needs []*node
	done  chan struct{}
}

// run works on the stacks, which are in a legal order, in the background; ctx bounds that.
func (j *graphJob) run(ctx context.Context, order []*stack.Stack, needs func(*stack.Stack) []*stack.Stack) *GraphRun {
	r := &GraphRun{stopped: ctx.Done(), changed: make(chan struct{})}
	nodes := make([]*node, len(order))
	of := map[*stack.Stack]*node{}
	for i, s := range order {
		nodes[i] = &node{StackResult: StackResult{Stack: s}, done: make(chan struct{})}
		of[s] = nodes[i]
		for _, need := range needs(s) {
			nodes[i].needs = append(nodes[i].needs, of[need])
		}
	}
	limit := j.opts.Concurrency
	if limit <= 0 {
		limit = 8
	}
	turns := map[*Client]chan struct{}{}
	for _, c := range j.at.clients(order) {
		turns[c] = make(chan struct{}, limit)
	}
	var all sync.WaitGroup
	for _, n := range nodes {
		all.Go(func() { j.work(ctx, r, n, turns[j.at.client(n.Stack)]) })
	}
	go func() {
		all.Wait()
		r.end(nodes)
	}()
	return r
}

// work brings one stack to its end, when those that it needs have come to theirs.
func (j *graphJob) work(ctx context.Context, r *GraphRun, n *node, turns chan struct{}) {
	defer close(n.done)
	for _, need := range n.needs {
		<-need.done
		if need.Err != nil {
			n.Err = &SkippedError{Stack: n.Stack.Label(), For: blame(need)}
		}
	}
	if n.Err != nil {
		r.tell(GraphEvent{Stack: n.Stack, Stage: StageSkipped, Err: n.Err})
		return
	}
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		n.Err = placed(n.Stack, &NotStartedError{StackName: n.Stack.Name, Cause: context.Cause(ctx)})
		r.tell(GraphEvent{Stack: n.Stack, Stage: StageFailed, Err: n.Err})
		return
	}
	r.tell(GraphEvent{Stack: n.Stack, Stage: StageStarted})
	n.Result, n.Err = j.do(ctx, r, n)
	if n.Err = placed(n.Stack, n.Err); n.Err != nil {
		r.tell(GraphEvent{Stack: n.Stack, Stage: StageFailed, Err: n.Err})
		return
	}
	r.tell(GraphEvent{Stack: n.Stack, Stage: StageDone, Result: n.Result})
}

// blame returns the stack whose failure is behind that of n.
func blame(n *node) string {
	if skip, ok := errors.AsType[*SkippedError](n.Err); ok {
		return skip.For
	}
	return n.Stack.Label()
}

func (j *graphJob) do(ctx context.Context, r *GraphRun, n *node) (*Result, error) {
	run, err := j.begin(ctx, n.Stack)
	if err != nil {
		return nil, err
	}
	if !j.events {
		return run.Wait(ctx)
	}
	listening, stop := context.WithCancel(ctx)
	defer stop()
	var heard sync.WaitGroup
	heard.Go(func() {
		for e, err := range run.Events(listening) {
			if err != nil {
				return // the wait knows better what that means
			}
			r.tell(GraphEvent{Stack: n.Stack, Stage: StageEvent, Event: e})
		}
	})
	result, err := run.Wait(ctx)
	late := time.AfterFunc(lateEvents, stop)
	defer late.Stop()
	heard.Wait()
	return result, err
}

// lateEvents is how long events are listened to when the operation has ended.
const lateEvents = 5 * time.Second

func (j *graphJob) begin(ctx context.Context, s *stack.Stack) (*Run, error) {
	c := j.at.client(s)
	if j.remove {
		return c.BeginDelete(ctx, s.Name, j.opts.Delete)
	}
	full, err := withInputs(ctx, s, j.at.reader)
	if err != nil {
		return nil, notStarted(ctx, s, err)
	}
	return c.launch(ctx, full, j.opts.Deploy)
}
