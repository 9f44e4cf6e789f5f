package executor

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// RollbackOptions say how a stack is rolled back. Nil, or the zero value, rolls it back whole.
type RollbackOptions struct {
	// DeploymentID names the deployment: see [Options.DeploymentID].
	DeploymentID string
	// RoleARN is the role that CloudFormation assumes. "" is the stack's role, or the caller's
	// permissions.
	RoleARN string
	// RetainExceptOnCreate deletes resources that the failed operation made even if their
	// DeletionPolicy is Retain.
	RetainExceptOnCreate bool
}

// Rollback brings a stack that stopped in CREATE_FAILED or UPDATE_FAILED, since its roll-back was
// disabled, back to its last good state, and waits for the end. One whose creation failed ends in
// ROLLBACK_COMPLETE.
//
// # Errors
//
// [*StateError] and [*BusyError] if the stack is in another state; [*OperationError] if the roll-back
// failed; [*DetachedError] if ctx ends first: the roll-back goes on then.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html
func (c *Client) Rollback(ctx context.Context, name string, opts *RollbackOptions) (*Result, error) {
	run, err := c.BeginRollback(ctx, name, opts)
	if err != nil {
		return nil, err
	}
	return run.Wait(ctx)
}

// BeginRollback is [Client.Rollback] without the wait for the end.
func (c *Client) BeginRollback(ctx context.Context, name string, opts *RollbackOptions) (*Run, error) {
	if opts == nil {
		opts = &RollbackOptions{}
	}
	run, d, err := c.stuck(ctx, name, "only a stack in CREATE_FAILED or UPDATE_FAILED can be rolled back", stack.CreateFailed, stack.UpdateFailed)
	if err != nil {
		return nil, err
	}
	in := &cloudformation.RollbackStackInput{StackName: &run.StackID, ClientRequestToken: &run.Token, RoleARN: some(opts.RoleARN)}
	if opts.RetainExceptOnCreate {
		in.RetainExceptOnCreate = aws.Bool(true)
	}
	if err := run.name(opts.DeploymentID, "rollback", d, nil); err != nil {
		return nil, err
	}
	_, err = call(ctx, c, "RollbackStack", run.StackName, c.API.RollbackStack, in)
	return run.asked(ctx, "its roll-back", err)
}

// ContinueOptions say how a roll-back goes on that failed. Nil, or the zero value, tries again what
// failed.
type ContinueOptions struct {
	// DeploymentID names the deployment: see [Options.DeploymentID].
	DeploymentID string
	// RoleARN is the role that CloudFormation assumes. "" is the stack's role, or the caller's
	// permissions.
	RoleARN string
	// ResourcesToSkip are logical IDs of resources that are to be left as they are, as
	// NestedStack.Resource for one in a nested stack; they must be cured by hand before the next
	// update.
	ResourcesToSkip []string
	// SkipFailed skips, when the roll-back fails once more, the resources that stopped it, and tries
	// again. Those that were skipped are in [Result.Skipped].
	SkipFailed bool
	// ForceRollback has CloudFormation, when all else has failed, leave behind whatever stops the
	// roll-back, in nested stacks, too.
	ForceRollback bool
}

// A roll-back is gone on with so often at most.
const mostContinues = 10

// ContinueRollback goes on with the roll-back of a stack in UPDATE_ROLLBACK_FAILED, and waits for the
// end.
//
// # Errors
//
// As those of [Client.Rollback].
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html
func (c *Client) ContinueRollback(ctx context.Context, name string, opts *ContinueOptions) (*Result, error) {
	if opts == nil {
		opts = &ContinueOptions{}
	}
	skip, force := slices.Clone(opts.ResourcesToSkip), false
	for round := range mostContinues {
		result, err := c.continueOnce(ctx, name, opts, skip, force && round > 0)
		failed, ok := errors.AsType[*OperationError](err)
		if !ok || failed.Status != stack.UpdateRollbackFailed || force {
			if err == nil {
				result.Skipped = skip
			}
			return result, err
		}
		more := skippable(failed, skip)
		switch {
		case opts.SkipFailed && len(more) > 0 && round < mostContinues-2:
			skip = append(skip, more...)
		case opts.ForceRollback:
			force = true
		default:
			return nil, err
		}
		name = failed.StackID
	}
	return nil, &StateError{Stack: name, Status: stack.UpdateRollbackFailed, Next: nextCall(stack.UpdateRollbackFailed)}
}

func (c *Client) continueOnce(ctx context.Context, name string, opts *ContinueOptions, skip []string, force bool) (*Result, error) {
	run, d, err := c.stuck(ctx, name, "only a stack in UPDATE_ROLLBACK_FAILED has a roll-back to go on with", stack.UpdateRollbackFailed)
	if err != nil {
		return nil, err
	}
	in := &cloudformation.ContinueUpdateRollbackInput{StackName: &run.StackID, ClientRequestToken: &run.Token, RoleARN: some(opts.RoleARN)}
	if force {
		in.ForceRollback = aws.Bool(true)
	} else {
		in.ResourcesToSkip = skip
	}
	if err := run.name(opts.DeploymentID, "continue", d, skip); err != nil {
		return nil, err
	}
	_, err = call(ctx, c, "ContinueUpdateRollback", run.StackName, c.API.ContinueUpdateRollback, in)
	if run, err = run.asked(ctx, "going on with its roll-back", err); err != nil {
		return nil, err
	}
	return run.Wait(ctx)
}

// skippable returns the resources of the stack itself that stopped a roll-back, of those that are not
// skipped yet. What failed since an update was cancelled cannot be skipped.
func skippable(e *OperationError, skipped []string) []string {
	var ids []string
	for _, f := range e.Failures {
		id := f.Event.LogicalID
		if len(f.Path) == 1 && !f.Event.OfStack() && !f.Consequence && f.Event.Status == "UPDATE_FAILED" &&
			!slices.Contains(skipped, id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// stuck returns a run for a stack that must be in one of these states.
func (c *Client) stuck(ctx context.Context, name, otherwise string, legal ...stack.Status) (*Run, deployed, error) {
	d, err := c.read(ctx, name)
	if err != nil {
		return nil, d, err
	}
	status := d.status()
	switch {
	case status == "":
		return nil, d, noSuchStack(name)
	case slices.Contains(legal, status):
		return &Run{StackName: aws.ToString(d.StackName), StackID: d.id(), Operation: waiter.Rollback, client: c}, d, nil
	case !status.Rests():
		return nil, d, c.busy(ctx, d)
	}
	return nil, d, &StateError{Stack: aws.ToString(d.StackName), Status: status, Next: otherwise}
}

// name gives the run its token: the same for the same step on a stack in the same state.
func (r *Run) name(deployment, step string, d deployed, content []string) error {
	id, err := identify(deployment, r.StackName, []string{r.StackID, d.began().UTC().String(), strings.Join(content, ",")})
	r.Token = id.token(step, 0)
	return err
}

// asked returns the run of an operation that was asked for, or why there is none.
func (r *Run) asked(ctx context.Context, what string, err error) (*Run, error) {
	switch {
	case err == nil:
		return r, nil
	case ctx.Err() != nil: // it may have started
		return nil, r.detached(err)
	}
	return nil, refused(r.StackName, what, err)
}

// some is nil for "".
func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
