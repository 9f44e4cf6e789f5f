package executor

import (
	"context"
	"errors"

	"github.com/updraft-go/updraft/stack"
)

// Deploy creates the stack, or updates it if it exists, and waits for the end: it is [Client.Plan],
// [Client.Apply] and [Run.Wait]. That nothing had to change is told in the result.
//
// # Errors
//
// Those of the three. When ctx ends before anything was started, the error is a [*NotStartedError],
// and nothing is left behind; when it ends later, the deployment goes on, and the error is a
// [*DetachedError].
func (c *Client) Deploy(ctx context.Context, s *stack.Stack, opts *Options) (*Result, error) {
	run, err := c.launch(ctx, s, opts)
	if err != nil {
		return nil, err
	}
	return run.Wait(ctx)
}

// launch plans and applies, and leaves nothing behind if that fails before anything is started.
func (c *Client) launch(ctx context.Context, s *stack.Stack, opts *Options) (*Run, error) {
	p, err := c.plan(ctx, s, opts)
	if err != nil {
		return nil, notStarted(ctx, s, err)
	}
	run, err := c.Apply(ctx, p)
	if err != nil && !errors.Is(err, ErrDetached) {
		return nil, notStarted(ctx, s, c.abandon(ctx, p, err))
	}
	return run, err
}

// notStarted says so of an error that came since ctx has ended.
func notStarted(ctx context.Context, s *stack.Stack, err error) error {
	if _, said := err.(*NotStartedError); said || ctx.Err() == nil || s == nil {
		return err
	}
	return &NotStartedError{StackName: s.Name, Cause: err}
}
