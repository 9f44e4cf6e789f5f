package executor

import (
	"context"
	"fmt"
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

// ready returns the stack in a state in which a change set can be made for it, or the error that
// says why there is none. A stack that is being deleted is waited for.
func (c *Client) ready(ctx context.Context, r *request, d deployed) (deployed, error) {
	status := d.status()
	switch {
	case status == "" || status == stack.ReviewInProgress:
		return d, nil
	case status == stack.DeleteInProgress:
		return deployed{}, c.untilDeleted(ctx, r.stack.Name, d)
	case status == stack.RollbackComplete && r.ReplaceFailed:
		if _, err := c.Delete(ctx, d.id(), &DeleteOptions{DeploymentID: r.DeploymentID, RoleARN: r.RoleARN}); err != nil {
			return deployed{}, fmt.Errorf("stack %s: deleting it, to replace what was rolled back: %w", r.stack.Name, err)
		}
		return deployed{}, nil
	case !status.Rests():
		return deployed{}, c.busy(ctx, d)
	case status == stack.UpdateRollbackComplete || status == stack.ImportRollbackComplete || !status.Failed():
		return d, nil
	}
	return deployed{}, &StateError{Stack: r.stack.Name, Status: status, Reason: aws.ToString(d.StackStatusReason), Next: nextCall(status)}
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
