package executor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// deployed is a stack as it is in the cloud; its status is "" if there is none.
type deployed struct {
	types.Stack
}

func (d deployed) status() stack.Status { return stack.Status(d.StackStatus) }
func (d deployed) id() string           { return aws.ToString(d.StackId) }

// began is when the last operation on the stack began, as far as is told.
func (d deployed) began() time.Time {
	for _, t := range []*time.Time{d.DeletionTime, d.LastUpdatedTime, d.CreationTime} {
		if t != nil {
			return *t
		}
	}
	return time.Time{}
}

// read reads the stack of that name or ARN; one that is deleted is none.
func (c *Client) read(ctx context.Context, name string) (deployed, error) {
	d, err := c.readAny(ctx, name)
	if d.status() == stack.DeleteComplete {
		return deployed{}, err
	}
	return d, err
}

// readAny reads the stack of that name, or of that ARN even if it is deleted.
func (c *Client) readAny(ctx context.Context, name string) (deployed, error) {
	if err := c.unusable(name).Err(); err != nil {
		return deployed{}, err
	}
	out, err := call(ctx, c, "DescribeStacks", name, c.API.DescribeStacks, &cloudformation.DescribeStacksInput{StackName: &name})
	switch {
	case err != nil && waiter.NotFound(err, name):
		c.reached.Store(true)
		return deployed{}, nil
	case err != nil:
		return deployed{}, err
	case len(out.Stacks) != 1:
		return deployed{}, fmt.Errorf("stack %s: DescribeStacks: %d stacks in the answer, want 1", name, len(out.Stacks))
	}
	return deployed{out.Stacks[0]}, nil
}

// A stack that is brought into a state in which it can be deployed takes no more steps than these.
const mostSteps = 10

// ready returns the stack in a state in which a change set can be made for it, or the error that
// says why there is none. What has to be done for that, the options allow.
func (c *Client) ready(ctx context.Context, r *request, d deployed) (deployed, error) {
	for range mostSteps {
		if r.takes(d.status()) {
			return d, nil
		}
		if err := c.advance(ctx, r, d); err != nil {
			return deployed{}, err
		}
		var err error
		if d, err = c.read(ctx, r.stack.Name); err != nil {
			return deployed{}, err
		}
	}
	return deployed{}, &StateError{Stack: r.stack.Name, Status: d.status(), Reason: "it came back to a state like this again and again", Next: "look at its events, then deploy again"}
}

// takes reports whether a stack in this state can be deployed.
func (r *request) takes(status stack.Status) bool {
	switch status {
	case "", stack.ReviewInProgress, stack.UpdateRollbackComplete, stack.ImportRollbackComplete:
		return true
	case stack.CreateFailed, stack.UpdateFailed:
		return r.DisableRollback
	}
	return status.Rests() && !status.Failed()
}

// advance takes one step on the way out of a state in which a stack cannot be deployed.
func (c *Client) advance(ctx context.Context, r *request, d deployed) error {
	name, status := r.stack.Name, d.status()
	switch {
	case status == stack.DeleteInProgress:
		return c.untilDeleted(ctx, name, d)
	case !status.Rests():
		return c.notBusy(ctx, d, r.Busy)
	case status == stack.RollbackComplete && r.ReplaceFailed:
		return c.replace(ctx, r, d)
	case r.Recover && (status == stack.CreateFailed || status == stack.UpdateFailed):
		_, err := c.Rollback(ctx, d.id(), &RollbackOptions{DeploymentID: r.DeploymentID, RoleARN: r.RoleARN})
		return err
	case r.Recover && status == stack.UpdateRollbackFailed:
		_, err := c.ContinueRollback(ctx, d.id(), &ContinueOptions{DeploymentID: r.DeploymentID, RoleARN: r.RoleARN})
		return err
	case r.ReplaceLive != nil && (status == stack.CreateFailed || status == stack.RollbackFailed || status == stack.DeleteFailed):
		if err := r.ReplaceLive(ctx, d.Stack); err != nil {
			return fmt.Errorf("stack %s: it is in %s and was kept: %w", name, status, err)
		}
		return c.replace(ctx, r, d)
	}
	return &StateError{Stack: name, Status: status, Reason: aws.ToString(d.StackStatusReason), Next: nextCall(status)}
}

// replace deletes a stack, for it to be created again.
func (c *Client) replace(ctx context.Context, r *request, d deployed) error {
	if _, err := c.Delete(ctx, d.id(), &DeleteOptions{DeploymentID: r.DeploymentID, RoleARN: r.RoleARN}); err != nil {
		return fmt.Errorf("stack %s: deleting it, to create it again: %w", r.stack.Name, err)
	}
	return nil
}

// OwnedBy returns a guard for [Options.ReplaceLive] that lets go of a stack only if it bears all of
// these tags. Without a tag, it lets go of none.
func OwnedBy(tags map[string]string) func(context.Context, types.Stack) error {
	return func(_ context.Context, s types.Stack) error {
		if len(tags) == 0 {
			return errors.New("no tag says whose it is; give OwnedBy at least one")
		}
		for _, key := range slices.Sorted(maps.Keys(tags)) {
			owned := slices.ContainsFunc(s.Tags, func(t types.Tag) bool {
				return aws.ToString(t.Key) == key && aws.ToString(t.Value) == tags[key]
			})
			if !owned {
				return fmt.Errorf("it does not bear the tag %s=%s, so it is somebody else's; delete it by hand if it is not", key, tags[key])
			}
		}
		return nil
	}
}

// notBusy returns when the operation that runs on the stack has ended, or says whose it is.
func (c *Client) notBusy(ctx context.Context, d deployed, policy Busy) error {
	if policy != BusyWait {
		return c.busy(ctx, d)
	}
	name := aws.ToString(d.StackName)
	c.log().LogAttrs(ctx, slog.LevelInfo, "waiting for another operation", slog.String("stack", name), slog.String("status", string(d.status())))
	_, err := c.watcher().Wait(ctx, waiter.Target{Stack: d.id()})
	if err != nil {
		return fmt.Errorf("stack %s: nothing was started; waiting for the operation that runs on it: %w", name, err)
	}
	return nil
}

// untilDeleted waits until a stack that is being deleted is gone.
func (c *Client) untilDeleted(ctx context.Context, name string, d deployed) error {
	result, err := c.watcher().Wait(ctx, waiter.Target{Stack: d.id(), Operation: waiter.Delete})
	switch {
	case err != nil:
		return fmt.Errorf("stack %s: waiting for its deletion, which is under way: %w", name, err)
	case result.Outcome != waiter.Succeeded:
		return &StateError{Stack: name, Status: result.Status, Reason: result.Reason, Next: nextCall(result.Status)}
	}
	return nil
}

// busy says whose operation is running.
func (c *Client) busy(ctx context.Context, d deployed) error {
	e := &BusyError{Stack: aws.ToString(d.StackName), Status: d.status(), Since: d.began()}
	events, err := c.watcher().History(ctx, d.id(), &waiter.EventOptions{Since: d.began().Add(-time.Second)})
	if err != nil {
		return e // the token is a help, not the point
	}
	for _, ev := range events {
		if ev.OfStack() && !ev.Status.Rests() {
			e.Token = ev.Token
		}
	}
	return e
}
