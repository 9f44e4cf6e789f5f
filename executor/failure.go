package executor

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A Failure is a resource that failed, or the stack itself if no resource is to blame.
type Failure struct {
	// Path is the logical IDs that lead to the resource, from the stack that was deployed through
	// those nested in it.
	Path []string
	// Event says what happened.
	Event stack.Event
	// Finding is what early validation has against the resource, if that stopped the operation before it
	// began; else nil. Nothing was done to the resource then, so Event has no Status.
	Finding *Finding
	// Consequence reports that the resource failed only because another one had.
	Consequence bool
}

func (f Failure) String() string {
	if f.Finding != nil {
		return f.Finding.String()
	}
	reason := f.Event.Reason
	if reason == "" {
		reason = string(f.Event.Status)
	}
	return fmt.Sprintf("%s (%s): %s", strings.Join(f.Path, "/"), f.Event.Type, reason)
}

// An OperationError says that an operation on a stack failed. As text it leads with the first
// failure; %+v adds the others and all events.
type OperationError struct {
	// StackName and StackID name the stack, Operation what failed.
	StackName, StackID string
	Operation          waiter.Operation
	// Status is the state that the stack was left in, Reason what CloudFormation says of it.
	Status stack.Status
	Reason string
	// Token is the client request token of the operation.
	Token string
	// Failures are what failed, causes before consequences. Of an operation that early validation stopped
	// before it began, they are what that found.
	Failures []Failure
	// Cancelled reports that somebody stopped the operation: nothing need have failed.
	Cancelled bool
	// Events are all events of the operation, oldest first, without those of nested stacks.
	Events []stack.Event
}

// Unwrap returns a [*HookError] if hooks stopped the operation, else nil.
func (e *OperationError) Unwrap() error {
	if len(e.Failures) == 0 || !hookStopped(e.Failures[0].Event.Reason) {
		return nil
	}
	return &HookError{Stack: e.StackName, Failures: hooksOf(e.Events)}
}

// Why is the first failure, or all that early validation found, since none of that came first; or what
// CloudFormation says of the stack. It is one line.
func (e *OperationError) Why() string {
	var found []string
	for _, f := range e.Failures {
		if f.Finding != nil {
			found = append(found, f.String())
		}
	}
	switch {
	case e.Cancelled && (len(e.Failures) == 0 || e.Failures[0].Consequence):
		return "it was cancelled"
	case len(found) > 0:
		return strings.Join(found, "; ")
	case len(e.Failures) > 0:
		return e.Failures[0].String()
	case e.Reason != "":
		return e.Reason
	}
	return "CloudFormation gives no reason"
}

func (e *OperationError) Error() string {
	ended := "ended in"
	if !e.Status.Rests() {
		ended = "has failed, and the stack is in"
	}
	text := fmt.Sprintf("stack %s: its %s %s %s: %s", e.StackName, e.Operation, ended, e.Status, e.Why())
	if next := nextCall(e.Status); next != "" {
		text = strings.TrimSuffix(text, ".") + "; " + next
	}
	return text
}

// Format writes the error as text; with %+v, all failures and events follow, one on a line.
func (e *OperationError) Format(f fmt.State, verb rune) {
	if verb == 'q' {
		fmt.Fprintf(f, "%q", e.Error())
		return
	}
	io.WriteString(f, e.Error())
	if verb != 'v' || !f.Flag('+') {
		return
	}
	for _, failure := range e.Failures {
		fmt.Fprintf(f, "\n  %s", failure)
	}
	for _, ev := range e.Events {
		fmt.Fprintf(f, "\n  %s %s %s %s", ev.Time.UTC().Format(time.RFC3339), ev.Status, ev.LogicalID, ev.Reason)
	}
}

// nextCall says what can be done with a stack in this state, "" if anything can.
func nextCall(s stack.Status) string {
	switch s {
	case stack.RollbackComplete:
		return "it can only be deleted: call Delete, or deploy with Options.ReplaceFailed"
	case stack.RollbackFailed:
		return "it can only be deleted: look at what is left in it, then call Delete"
	case stack.CreateFailed, stack.UpdateFailed:
		return "what was made is still there: call Rollback, deploy again with Options.DisableRollback, or call Delete"
	case stack.UpdateRollbackFailed:
		return "cure what stopped the roll-back, then call ContinueRollback, or call Delete"
	case stack.DeleteFailed:
		return "call Delete again when the cause is cured, or with DeleteOptions.RetainResources for what is to be kept, or with DeleteOptions.Force"
	case stack.ReviewInProgress:
		return "it has change sets that never ran: deploy it, or call Delete"
	}
	return ""
}

// How often failures are looked for in the events of an operation that failed: these may come late.
const failureReads = 3

// diagnose reads why an operation failed. What it cannot read it leaves out.
func (c *Client) diagnose(ctx context.Context, r *Run, ended *waiter.Result) *OperationError {
	e := &OperationError{
		StackName: r.StackName, StackID: ended.StackID, Operation: r.Operation,
		Status: ended.Status, Reason: ended.Reason, Token: r.Token,
	}
	for try := 1; try <= failureReads; try++ {
		events, err := c.watcher().History(ctx, ended.StackID, &waiter.EventOptions{Token: r.Token, Since: r.Since})
		if err != nil {
			break
		}
		e.Events = events
		if i := foretold(events); i >= 0 && e.Reason == "" {
			e.Reason = events[i].Reason
		}
		e.Failures = c.failures(ctx, nil, events)
		e.Cancelled = r.Operation != waiter.Rollback && slices.ContainsFunc(events, stopped)
		if e.explained() || try == failureReads || pause(ctx, try) != nil {
			break
		}
	}
	return e
}

// explained reports whether a cause is among what was read.
func (e *OperationError) explained() bool {
	cause := func(f Failure) bool { return !f.Event.OfStack() && !f.Consequence }
	refusal := func(ev stack.Event) bool { _, _, ok := inUse(ev.Reason); return ok }
	return e.Cancelled || slices.ContainsFunc(e.Failures, cause) || slices.ContainsFunc(e.Events, refusal)
}

// failures picks the failures out of events, those of nested stacks in place of the nested stack's
// own: causes in the order in which they happened, then consequences, then the stacks themselves.
func (c *Client) failures(ctx context.Context, above []string, events []stack.Event) []Failure {
	causes := c.foreseen(ctx, above, events)
	var consequences, stacks []Failure
	hooks := hooksOf(events)
	for _, e := range events {
		if !strings.HasSuffix(string(e.Status), "_FAILED") {
			continue
		}
		f := told(Failure{Path: append(slices.Clone(above), e.LogicalID), Event: e, Consequence: cancelled(e.Reason)}, hooks)
		inner := c.nested(ctx, f, events[0].Time)
		switch {
		case e.OfStack():
			stacks = append(stacks, f)
		case f.Consequence:
			consequences = append(consequences, f)
		default:
			causes = append(append(causes, inner...), f)
		}
	}
	return slices.Concat(causes, consequences, stacks)
}

// nested returns the failures in a nested stack that failed.
func (c *Client) nested(ctx context.Context, f Failure, since time.Time) []Failure {
	e := f.Event
	if e.Type != "AWS::CloudFormation::Stack" || e.OfStack() || e.PhysicalID == "" || f.Consequence {
		return nil
	}
	events, err := c.watcher().History(ctx, e.PhysicalID, &waiter.EventOptions{Since: since})
	if err != nil || len(events) == 0 {
		return nil
	}
	return slices.DeleteFunc(c.failures(ctx, f.Path, events), func(f Failure) bool { return f.Event.OfStack() })
}
