package waiter

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
)

// EventOptions say with which event a stream or a history begins. The zero value begins with the
// stack's first event that CloudFormation still has.
type EventOptions struct {
	// Token begins with the first event that bears this client request token; until there is one,
	// nothing is given. "" begins with any.
	Token string
	// Since leaves out what happened before. If zero, nothing is left out by time.
	Since time.Time
	// After is the ID of an event; what is given begins behind it. "" leaves out nothing.
	After string
	// Nested adds to a stream the events of stacks that are nested in the one that is watched, while
	// something happens in them: in order of time, as far as they were read together, each with its
	// Event.Path. A nested stack that may not be read is left out.
	Nested bool
}

// Events streams what happens to a stack, named by its ARN or name: oldest first, each event once.
// It ends when the stack rests and all events are given. Breaking out of the loop ends the polling.
//
// # Errors
//
// At most one, and last: [ErrNotFound], the cause of ctx if it ends, or what CloudFormation answers
// if waiting does not cure it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
func (p *Poller) Events(ctx context.Context, name string, opts *EventOptions) iter.Seq2[stack.Event, error] {
	return func(yield func(stack.Event, error) bool) {
		s := newStream(p, name, opts)
		b := &brood{poller: p, children: map[string]*child{}}
		pace := pacer{poller: p, began: time.Now()}
		rung := p.hang(name)
		defer p.unhang(rung)
		for {
			var batch []stack.Event
			_, err := pace.read(ctx, func(ctx context.Context) (done bool, err error) {
				batch, err = s.fetch(ctx)
				return true, err
			})
			if err != nil {
				yield(stack.Event{}, s.explain(ctx, err))
				return
			}
			rests := s.rests
			if rests { // what came late can only add: no fault of it is told
				late, _ := s.fetch(ctx)
				batch = append(batch, late...)
			}
			if s.Nested {
				batch = b.gather(ctx, batch)
			}
			for _, e := range batch {
				if !yield(e, nil) {
					return
				}
			}
			if rests {
				return
			}
			p.rehang(rung, s.stack)
			if _, err := rung.sleep(ctx, p.interval(time.Since(pace.began))); err != nil {
				yield(stack.Event{}, err)
				return
			}
		}
	}
}

// History returns the events that there are now, oldest first. Of an operation that has not begun,
// it is empty. Faults that may go away by themselves are borne as by [Poller.Poll].
func (p *Poller) History(ctx context.Context, name string, opts *EventOptions) ([]stack.Event, error) {
	s := newStream(p, name, opts)
	pace := pacer{poller: p, began: time.Now()}
	var batch []stack.Event
	_, err := pace.read(ctx, func(ctx context.Context) (done bool, err error) {
		batch, err = s.fetch(ctx)
		return true, err
	})
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	return batch, nil
}

// A stream is a stack's events that were not yet given.
type stream struct {
	EventOptions
	poller *Poller
	stack  string
	began  time.Time
	seen   map[string]bool
	given  bool // an event was given
	rests  bool // the last event of the stack itself says that it rests
}

func newStream(p *Poller, name string, opts *EventOptions) *stream {
	s := &stream{poller: p, stack: name, began: time.Now(), seen: map[string]bool{}}
	if opts != nil {
		s.EventOptions = *opts
	}
	if s.After != "" {
		s.seen[s.After] = true
	}
	return s
}

// fetch returns the events that are new, oldest first.
func (s *stream) fetch(ctx context.Context) ([]stack.Event, error) {
	events, err := s.pages(ctx)
	if NotFound(err, s.stack) && !s.given && time.Since(s.began) < s.poller.grace() && (s.Token != "" || !s.Since.IsZero()) {
		return nil, nil // not to be seen yet
	}
	if err != nil {
		return nil, err
	}
	slices.Reverse(events)
	if !s.given {
		events = s.fromStart(events)
	}
	for _, e := range events {
		s.given = true
		s.seen[e.ID] = true
		s.stack = e.StackID
		if e.OfStack() {
			s.rests = e.Status.Rests() && (e.Status != stack.ReviewInProgress || s.Token == "" && s.Since.IsZero())
		}
	}
	return events, nil
}

// pages reads events, newest first, down to those that were given or are from before the start.
func (s *stream) pages(ctx context.Context) ([]stack.Event, error) {
	var events []stack.Event
	begun := false
	in := &cloudformation.DescribeStackEventsInput{StackName: &s.stack}
	for {
		out, err := call(ctx, s.poller, describeEvents, func(ctx context.Context, once func(*cloudformation.Options)) (*cloudformation.DescribeStackEventsOutput, error) {
			return s.poller.API.DescribeStackEvents(ctx, in, once)
		})
		if err != nil {
			return nil, err
		}
		for _, item := range out.StackEvents {
			e := event(item)
			begun = begun || s.Token != "" && e.Token == s.Token
			if s.seen[e.ID] || e.Time.Before(s.Since) || begun && e.Token != s.Token && e.OfStack() && e.Status.Rests() {
				return events, nil
			}
			events = append(events, e)
		}
		if aws.ToString(out.NextToken) == "" {
			return events, nil
		}
		in.NextToken = out.NextToken
	}
}

// fromStart cuts off what is before the first event with the token. An endpoint that tells no
// tokens at all is taken by time, if a time is known.
func (s *stream) fromStart(events []stack.Event) []stack.Event {
	if s.Token == "" {
		return events
	}
	told := false
	for i, e := range events {
		if e.Token == s.Token {
			return events[i:]
		}
		told = told || e.Token != ""
	}
	if told || s.Since.IsZero() {
		return nil
	}
	return events
}

func (s *stream) explain(ctx context.Context, err error) error {
	switch {
	case cause(ctx) != nil:
		return err
	case NotFound(err, s.stack):
		return fmt.Errorf("stack %s: its events: %w", s.stack, ErrNotFound)
	}
	return fmt.Errorf("stack %s: its events: %w", s.stack, err)
}

func event(e types.StackEvent) stack.Event {
	return stack.Event{
		Hook: hook(e),
		ID:   aws.ToString(e.EventId), StackID: aws.ToString(e.StackId), StackName: aws.ToString(e.StackName),
		LogicalID: aws.ToString(e.LogicalResourceId), PhysicalID: aws.ToString(e.PhysicalResourceId),
		Type: aws.ToString(e.ResourceType), Status: stack.Status(e.ResourceStatus),
		Reason: aws.ToString(e.ResourceStatusReason), Time: aws.ToTime(e.Timestamp),
		Token: aws.ToString(e.ClientRequestToken), OperationID: aws.ToString(e.OperationId),
	}
}

func hook(e types.StackEvent) *stack.HookResult {
	if aws.ToString(e.HookType) == "" {
		return nil
	}
	return &stack.HookResult{
		Type: aws.ToString(e.HookType), Status: string(e.HookStatus), Reason: aws.ToString(e.HookStatusReason),
		Warns: e.HookFailureMode == types.HookFailureModeWarn,
	}
}
