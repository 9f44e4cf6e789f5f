package executor

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A Run is an operation that was started on a stack. It holds nothing open: a Run that is dropped
// leaves the operation as it is. It is safe for concurrent use.
type Run struct {
	// StackName and StackID name the stack, Operation what runs on it.
	StackName, StackID string
	Operation          waiter.Operation
	// Token is the client request token of the operation, which [Client.Attach] takes. "" is unknown.
	Token string
	// Since is a moment before the operation, by CloudFormation's clock. If zero, it is unknown.
	Since time.Time

	client  *Client
	request *request // what is to be set at a good end; nil if nothing is
	mu      sync.Mutex
	ended   bool // result and err are final
	result  *Result
	err     error
}

// A Result is what came of an operation that succeeded.
type Result struct {
	// StackName and StackID name the stack, Operation what was done to it.
	StackName, StackID string
	Operation          waiter.Operation
	// Status is the stack's state, DELETE_COMPLETE if it no longer exists.
	Status stack.Status
	// Unchanged reports that there was nothing to do.
	Unchanged bool
	// Outputs are the stack's outputs by name. Exports are the values of those that are exported, by
	// the name of the export.
	Outputs, Exports map[string]string
	// Leaked are resources that the stack has let go of but could not delete: they still exist.
	Leaked []Failure
	// Stabilizing are logical IDs of resources that are there, and may become ready to be used only later:
	// an express deployment does not wait for them.
	Stabilizing []string
	// Skipped are logical IDs that a roll-back left as they were: see [ContinueOptions].
	Skipped []string
}

// Apply executes the change set of a plan and returns without waiting for its end. A plan that is
// Unchanged gives a Run that has ended.
//
// # Errors
//
// [*RefusedError] if CloudFormation refuses, as when the stack was changed since the plan was made;
// [*DetachedError] if ctx ends before the answer is there: it may have started then.
func (c *Client) Apply(ctx context.Context, p *Plan) (*Run, error) {
	if p == nil {
		return nil, errors.New("there is no plan to apply; make one with Client.Plan")
	}
	r := &Run{
		StackName: p.StackName, StackID: p.StackID, Operation: p.Operation, Token: p.Token, Since: p.CreatedAt, client: c, request: p.request,
	}
	if p.Unchanged {
		r.ended, r.result = true, newResult(r, p.before.Stack)
		r.result.Unchanged = true
		if err := r.set(ctx, p.before.Stack); err != nil {
			return nil, err
		}
		return r, nil
	}
	if p.Direct {
		return c.applyDirect(ctx, p, r)
	}
	if p.begun {
		return r, nil
	}
	if err := p.irreplaceable(); err != nil {
		return nil, err
	}
	if err := c.execute(ctx, p); err != nil {
		return nil, err
	}
	c.log().LogAttrs(ctx, slog.LevelInfo, "started", slog.String("stack", r.StackName), slog.String("operation", r.Operation.String()), slog.String("token", r.Token))
	return r, nil
}

// Attach returns the run of an operation that was started before, by this program or another. token
// is its client request token, as in a [DetachedError]; "" is whatever runs now.
func (c *Client) Attach(ctx context.Context, name, token string) (*Run, error) {
	d, err := c.readAny(ctx, name)
	if err != nil {
		return nil, err
	}
	if d.status() == "" {
		return nil, noSuchStack(name)
	}
	r := &Run{StackName: aws.ToString(d.StackName), StackID: d.id(), Token: token, client: c}
	if token == "" {
		r.Since = d.began().Add(-time.Second)
		return r, nil
	}
	events, err := c.watcher().History(ctx, d.id(), &waiter.EventOptions{Token: token})
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		events = c.untold(ctx, d)
		if len(events) > 0 {
			r.Since = d.began().Add(-time.Second)
		}
	}
	if len(events) > 0 {
		r.Operation = operationOf(events)
	}
	return r, nil
}

// untold returns the events of the last operation on a stack, if the endpoint tells no tokens of events
// at all: then it is taken for the one that is meant.
func (c *Client) untold(ctx context.Context, d deployed) []stack.Event {
	events, err := c.watcher().History(ctx, d.id(), &waiter.EventOptions{Since: d.began().Add(-time.Second)})
	if err != nil || slices.ContainsFunc(events, func(e stack.Event) bool { return e.Token != "" }) {
		return nil
	}
	return events
}

// operationOf returns the operation that the events are of.
func operationOf(events []stack.Event) waiter.Operation {
	for _, e := range events {
		if !e.OfStack() {
			continue
		}
		switch e.Status {
		case stack.CreateInProgress:
			return waiter.Create
		case stack.UpdateInProgress:
			return waiter.Update
		case stack.DeleteInProgress:
			return waiter.Delete
		case stack.ImportInProgress:
			return waiter.Import
		}
	}
	return waiter.Any
}

// Events streams what happens in the operation, in nested stacks, too: oldest first, each event once,
// until the stack rests. See [waiter.Poller.Events].
func (r *Run) Events(ctx context.Context) iter.Seq2[stack.Event, error] {
	r.mu.Lock()
	unchanged := r.ended && r.result != nil && r.result.Unchanged
	r.mu.Unlock()
	if unchanged {
		return func(func(stack.Event, error) bool) {}
	}
	return r.client.watcher().Events(ctx, r.StackID, &waiter.EventOptions{Token: r.Token, Since: r.Since, Nested: true})
}

// Wait waits for the end of the operation. It may be called any number of times.
//
// # Errors
//
// [*OperationError] if the operation failed; with Options.FailOnLeak, [*LeakError], beside the result;
// [*InUseError] if it failed since an export is in use;
// [*DetachedError] if ctx ended first, or nothing can be read any more.
func (r *Run) Wait(ctx context.Context) (*Result, error) {
	r.mu.Lock()
	ended, result, err := r.ended, r.result, r.err
	r.mu.Unlock()
	if ended {
		return result, err
	}
	end, err := r.until(ctx, false)
	if err != nil {
		return nil, err
	}
	result, err = r.conclude(ctx, end)
	if end.Outcome.OK() {
		if set := r.set(ctx, end.Stack); set != nil {
			result, err = nil, set
		}
	}
	if ctx.Err() != nil && err != nil {
		return nil, err // a later call may find out more
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		r.ended, r.result, r.err = true, result, err
		r.report(ctx, end)
	}
	return r.result, r.err
}

// Decide waits until it is certain how the operation will end, which may be long before it does: an
// update has succeeded when only old resources are still cleaned up, and a deployment has failed when
// it rolls back. It is [Run.Wait] otherwise, which tells of the end itself and is to be called before
// something else is done to the stack: only that sets what a change set cannot carry.
//
// # Errors
//
// Those of [Run.Wait]; the Status of an [*OperationError] may be one in which the stack still moves.
func (r *Run) Decide(ctx context.Context) (*Result, error) {
	r.mu.Lock()
	ended, result, err := r.ended, r.result, r.err
	r.mu.Unlock()
	if ended {
		return result, err
	}
	end, err := r.until(ctx, true)
	if err != nil {
		return nil, err
	}
	return r.conclude(ctx, end)
}

// until waits for the end of the operation, or until that is decided.
func (r *Run) until(ctx context.Context, decided bool) (*waiter.Result, error) {
	target := waiter.Target{Stack: r.StackID, Operation: r.Operation, Token: r.Token, Since: r.Since, UntilDecided: decided}
	end, err := r.client.watcher().Wait(ctx, target)
	switch {
	case errors.Is(err, waiter.ErrNotFound) || errors.Is(err, waiter.ErrNotStarted):
		return nil, err
	case err != nil:
		return nil, r.detached(explain("", "", err))
	}
	return end, nil
}

// conclude makes a result, or an error, of how the operation ended.
func (r *Run) conclude(ctx context.Context, end *waiter.Result) (*Result, error) {
	if end.Outcome.OK() {
		result := newResult(r, end.Stack)
		result.Status = end.Status
		if r.request != nil && r.request.Mode == types.DeploymentConfigModeExpress {
			result.Stabilizing = r.stabilizing(ctx)
		}
		if !leaked(end.Reason) {
			return result, nil
		}
		result.Leaked = r.leaks(ctx)
		if r.request != nil && r.request.FailOnLeak {
			return result, &LeakError{StackName: r.StackName, Leaked: result.Leaked}
		}
		return result, nil
	}
	e := r.client.diagnose(ctx, r, end)
	if used := r.client.used(ctx, e, end.Stack); used != nil {
		return nil, used
	}
	return nil, e
}

// stabilizing returns the resources of which the events say that they are not ready yet.
func (r *Run) stabilizing(ctx context.Context) []string {
	events, err := r.client.watcher().History(ctx, r.StackID, &waiter.EventOptions{Token: r.Token, Since: r.Since})
	if err != nil {
		return nil // the operation has succeeded all the same
	}
	var ids []string
	for _, e := range events {
		if !e.OfStack() && notReady(e.Reason) && !slices.Contains(ids, e.LogicalID) {
			ids = append(ids, e.LogicalID)
		}
	}
	return ids
}

// leaks returns what an update could not delete.
func (r *Run) leaks(ctx context.Context) []Failure {
	events, err := r.client.watcher().History(ctx, r.StackID, &waiter.EventOptions{Token: r.Token, Since: r.Since})
	if err != nil {
		return nil // the operation has succeeded all the same
	}
	var list []Failure
	for _, f := range r.client.failures(ctx, nil, events) {
		if f.Event.Status == stack.DeleteFailed {
			list = append(list, f)
		}
	}
	return list
}

func (r *Run) detached(why error) error {
	return &DetachedError{StackName: r.StackName, StackID: r.StackID, Operation: r.Operation, Token: r.Token, Cause: why}
}

func (r *Run) report(ctx context.Context, end *waiter.Result) {
	level := slog.LevelInfo
	if r.err != nil {
		level = slog.LevelError
	}
	r.client.log().LogAttrs(ctx, level, "ended", slog.String("stack", r.StackName), slog.String("operation", r.Operation.String()),
		slog.String("status", string(end.Status)), slog.String("outcome", end.Outcome.String()))
}

func newResult(r *Run, s types.Stack) *Result {
	result := &Result{
		StackName: r.StackName, StackID: r.StackID, Operation: r.Operation, Status: stack.Status(s.StackStatus),
		Outputs: map[string]string{}, Exports: map[string]string{},
	}
	for _, o := range s.Outputs {
		value := aws.ToString(o.OutputValue)
		result.Outputs[aws.ToString(o.OutputKey)] = value
		if name := aws.ToString(o.ExportName); name != "" {
			result.Exports[name] = value
		}
	}
	return result
}
