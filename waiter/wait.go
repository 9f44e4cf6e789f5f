package waiter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
)

// ErrNotFound is the error of a wait or a stream for a stack that does not exist.
var ErrNotFound = errors.New("the stack does not exist")

// ErrNotStarted is the error of a wait for an operation of which nothing was seen within the
// poller's grace.
var ErrNotStarted = errors.New("the operation was never seen to start")

// A Target is what is waited for: the end of one operation on one stack.
//
// A status that rests may be from before the operation, since CloudFormation's reads lag behind its
// writes. It counts when the stack changed after Since, when an event bears Token, or, if neither
// is told by CloudFormation, when the stack was seen to move. With neither Since nor Token it
// counts as it is.
type Target struct {
	// Stack is the stack's ARN, or its name. By its name, it is whatever stack has that name at the
	// first read, and that one from then on.
	Stack string
	// Operation is what was asked of the stack. If zero, Any.
	Operation Operation
	// Token is the client request token of the call that started the operation. "" is unknown.
	Token string
	// Since is a moment before the operation by CloudFormation's clock, such as the creation time
	// of the change set. If zero, it is unknown.
	Since time.Time
	// UntilDecided makes the wait end when the outcome is certain, even if the stack still moves.
	UntilDecided bool
}

// A Result is how an operation ended.
type Result struct {
	// Outcome is Succeeded, Failed or Unexpected, with Target.UntilDecided also Succeeding or
	// Failing.
	Outcome Outcome
	// Status is the stack's status, DELETE_COMPLETE if it no longer exists; Reason is what
	// CloudFormation says of it.
	Status stack.Status
	Reason string
	// StackID is the stack's ARN, "" if the stack was already gone at the first read by its name.
	StackID string
	// Stack is the last description of the stack: its outputs, parameters and tags. It is the zero
	// value if the stack was already gone.
	Stack types.Stack
}

// Wait waits until the operation has ended. How it ended is in the result; a failed operation is no
// error. It calls nothing but reads: when ctx ends, the operation goes on.
//
// # Errors
//
// The cause of ctx if it ends; [ErrNotFound] and [ErrNotStarted]; what CloudFormation answers if
// waiting does not cure it, such as missing permission.
func (p *Poller) Wait(ctx context.Context, t Target) (*Result, error) {
	w := &watch{Target: t, poller: p, began: time.Now(), bell: p.hang(t.Stack)}
	defer p.unhang(w.bell)
	p.open(w)
	defer p.close(w)
	if err := w.until(ctx); err != nil {
		if cause(ctx) != nil {
			return nil, err
		}
		return nil, fmt.Errorf("stack %s: waiting for its %s: %w", t.Stack, t.Operation, err)
	}
	return &w.result, nil
}

// A watch is one wait on its way.
type watch struct {
	Target
	poller *Poller
	began  time.Time
	moving bool          // a status in progress was seen that the operation leads to
	still  time.Time     // since when the stack rests without a sign of the operation, if it was seen to move
	listed time.Duration // if above zero, the last read was of a list, and so long until the next
	bell   bell
	woken  bool // by the bell: lists are too old
	result Result
}

// until reads until the operation has ended: at the pace of the poller, or of the lists while these
// answer.
func (w *watch) until(ctx context.Context) error {
	pace := pacer{poller: w.poller, began: w.began}
	for {
		done, err := pace.read(ctx, w.read)
		if done || err != nil {
			return err
		}
		pause := w.listed
		if pause == 0 {
			pause = pace.poller.interval(time.Since(pace.began))
		}
		if w.woken, err = w.bell.sleep(ctx, pause); err != nil {
			return err
		}
	}
}

func (w *watch) read(ctx context.Context) (bool, error) {
	w.listed = 0
	if !w.woken {
		if seen, ok := w.poller.sight(ctx, w.Stack); ok && w.running(seen) {
			w.listed = seen.next
			return false, nil
		}
	}
	s, err := w.poller.describe(ctx, w.Stack)
	if NotFound(err, w.Stack) {
		return w.gone()
	}
	if err != nil {
		return false, err
	}
	w.Stack = aws.ToString(s.StackId)
	w.poller.rehang(w.bell, w.Stack)
	status := stack.Status(s.StackStatus)
	w.result = Result{
		Outcome: Classify(w.Operation, status), Status: status,
		Reason: aws.ToString(s.StackStatusReason), StackID: w.Stack, Stack: s,
	}
	return w.judge(ctx)
}

// running reports whether a list says all there is to know: that the operation is under way, or that
// nothing can be known before the next, since this one is older than the wait.
func (w *watch) running(seen sighting) bool {
	if seen.status == "" {
		return seen.taken.Before(w.began)
	}
	outcome := Classify(w.Operation, seen.status)
	if outcome == Unexpected || outcome == Succeeded || outcome.Decided() && w.UntilDecided {
		return false
	}
	w.moving, w.still = true, time.Time{}
	return true
}

// judge decides whether the status that was read ends the wait.
func (w *watch) judge(ctx context.Context) (bool, error) {
	outcome, status := w.result.Outcome, w.result.Status
	switch {
	case outcome == Pending && status.Rests():
		return w.never()
	case outcome == Unexpected && (w.moving || w.patienceOver()):
		return true, nil
	case outcome == Pending || outcome == Unexpected:
		w.moving = w.moving || outcome == Pending
		w.still = time.Time{}
		return false, nil
	case outcome == Succeeding || outcome == Failing:
		w.moving, w.still = true, time.Time{}
		return w.UntilDecided, nil
	}
	ours, err := w.ours(ctx)
	switch {
	case ours: // even if the events, which would prove it, may not be read
		return true, nil
	case err != nil:
		return false, err
	}
	if !w.moving {
		return w.never()
	}
	if w.still.IsZero() {
		w.still = time.Now()
	}
	return time.Since(w.still) >= w.poller.grace(), nil
}

// gone is the answer for a stack that CloudFormation does not know.
func (w *watch) gone() (bool, error) {
	if w.Operation == Delete || w.Operation == Any && w.moving {
		w.result.Outcome, w.result.Status = Succeeded, stack.DeleteComplete
		return true, nil
	}
	if w.patienceOver() || w.Token == "" && w.Since.IsZero() {
		return false, ErrNotFound
	}
	return false, nil
}

func (w *watch) patienceOver() bool { return time.Since(w.began) >= w.poller.grace() }

func (w *watch) never() (bool, error) {
	if w.moving || !w.patienceOver() {
		return false, nil
	}
	return false, fmt.Errorf("%w within %s; the stack is %s", ErrNotStarted, w.poller.grace(), w.result.Status)
}

// ours reports whether the status, which rests, is the end of the operation that is waited for.
func (w *watch) ours(ctx context.Context) (bool, error) {
	s := w.result.Stack
	switch {
	case w.Operation == Create, w.result.Status == stack.DeleteComplete:
		return true, nil // no stack begins in such a state
	case w.Since.IsZero() && w.Token == "":
		return true, nil
	case !w.Since.IsZero() && (after(s.LastUpdatedTime, w.Since) || after(s.DeletionTime, w.Since) || after(s.CreationTime, w.Since)):
		return true, nil
	case w.Token == "":
		// Nothing ties it but that the stack moved before: it may be an old read yet, unless it stays so.
		return w.moving && s.LastUpdatedTime == nil && !w.still.IsZero() && time.Since(w.still) >= w.poller.grace()/3, nil
	}
	events, err := w.poller.History(ctx, w.Stack, &EventOptions{Token: w.Token, Since: w.Since})
	if err != nil {
		return w.moving && Denied(err), err
	}
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].OfStack() {
			return events[i].Status == w.result.Status, nil
		}
	}
	return false, nil
}

func after(t *time.Time, since time.Time) bool { return t != nil && t.After(since) }

// open enters a wait, which close strikes out again.
func (p *Poller) open(w *watch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waits == nil {
		p.waits = map[*watch]bool{}
	}
	p.waits[w] = true
}

func (p *Poller) close(w *watch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.waits, w)
}

// describe reads one stack.
func (p *Poller) describe(ctx context.Context, name string) (types.Stack, error) {
	return call(ctx, p, describeStacks, func(ctx context.Context, once func(*cloudformation.Options)) (types.Stack, error) {
		out, err := p.API.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name}, once)
		if err != nil {
			return types.Stack{}, err
		}
		if len(out.Stacks) != 1 {
			return types.Stack{}, fmt.Errorf("DescribeStacks: %d stacks in the answer, want 1", len(out.Stacks))
		}
		return out.Stacks[0], nil
	})
}
