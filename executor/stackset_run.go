package executor

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// Wait waits for the end of an operation on a stack set.
//
// # Errors
//
// [*StackSetError] if it failed or was stopped; [*StackSetDetachedError] if ctx ends first, or nothing
// can be read any more.
func (c *StackSets) Wait(ctx context.Context, name, operationID string) error {
	var last *types.StackSetOperation
	err := c.pace().watcher().Poll(ctx, func(ctx context.Context) (bool, error) {
		op, err := c.operation(ctx, name, operationID, once)
		last = op
		return err == nil && rests(op), err
	})
	if _, missing := errors.AsType[*types.OperationNotFoundException](err); missing || stackSetMissing(err) {
		return fmt.Errorf("stack set %s: it has no operation %s: %w", name, operationID, err)
	}
	if err != nil {
		return &StackSetDetachedError{Name: name, OperationID: operationID, Cause: explain("", "", err)}
	}
	c.pace().log().LogAttrs(ctx, slog.LevelInfo, "ended", slog.String("stackset", name), slog.String("operation", operationID), slog.String("status", string(last.Status)))
	if waiter.ClassifyStackSet(last.Status) == waiter.Succeeded {
		return nil
	}
	e := &StackSetError{Name: name, OperationID: operationID, Action: last.Action, Status: last.Status, Reason: aws.ToString(last.StatusReason)}
	e.Failures = c.failures(ctx, name, operationID)
	return e
}

// rests reports whether an operation has come to its end, whatever it is.
func rests(op *types.StackSetOperation) bool {
	outcome := waiter.ClassifyStackSet(op.Status)
	return outcome != waiter.Pending && outcome != waiter.Failing
}

func (c *StackSets) operation(ctx context.Context, name, id string, opts ...func(*cloudformation.Options)) (*types.StackSetOperation, error) {
	out, err := c.API.DescribeStackSetOperation(ctx, &cloudformation.DescribeStackSetOperationInput{StackSetName: &name, OperationId: &id, CallAs: c.CallAs}, opts...)
	if err != nil {
		return nil, err
	}
	if out.StackSetOperation == nil {
		return nil, fmt.Errorf("DescribeStackSetOperation: no operation in the answer")
	}
	return out.StackSetOperation, nil
}

// failures reads with which stacks an operation failed. What it cannot read it leaves out.
func (c *StackSets) failures(ctx context.Context, name, operationID string) []StackSetFailure {
	results, err := c.results(ctx, name, operationID)
	if err != nil {
		return nil
	}
	var failed, idle []StackSetFailure
	for _, r := range results {
		f := StackSetFailure{Account: aws.ToString(r.Account), Region: aws.ToString(r.Region), Status: r.Status, Reason: aws.ToString(r.StatusReason)}
		switch r.Status {
		case types.StackSetOperationResultStatusFailed:
			failed = append(failed, f)
		case types.StackSetOperationResultStatusCancelled:
			idle = append(idle, f)
		}
	}
	return append(failed, idle...)
}

// results reads how far an operation has come with each stack.
func (c *StackSets) results(ctx context.Context, name, operationID string) ([]types.StackSetOperationResultSummary, error) {
	var all []types.StackSetOperationResultSummary
	in := &cloudformation.ListStackSetOperationResultsInput{StackSetName: &name, OperationId: &operationID, CallAs: c.CallAs}
	for {
		out, err := call(ctx, c.pace(), "ListStackSetOperationResults", name, c.API.ListStackSetOperationResults, in)
		if err != nil {
			return nil, err
		}
		all = append(all, out.Summaries...)
		if aws.ToString(out.NextToken) == "" {
			return all, nil
		}
		in.NextToken = out.NextToken
	}
}

// A StackSetEvent is a step of an operation on a stack set: one stack has come so far.
type StackSetEvent struct {
	Account, Region string
	// Status is PENDING, RUNNING, SUCCEEDED, FAILED or CANCELLED, Reason what CloudFormation says of it.
	Status types.StackSetOperationResultStatus
	Reason string
}

// Events streams how far an operation has come with each stack, until its end: each change once, as far
// as it is seen.
//
// # Errors
//
// At most one, and last: the cause of ctx if it ends, or what CloudFormation answers if waiting does not
// cure it. How the operation ended tells [StackSets.Wait].
func (c *StackSets) Events(ctx context.Context, name, operationID string) iter.Seq2[StackSetEvent, error] {
	return func(yield func(StackSetEvent, error) bool) {
		seen := map[[2]string]types.StackSetOperationResultStatus{}
		broken := errors.New("break")
		err := c.pace().watcher().Poll(ctx, func(ctx context.Context) (bool, error) {
			op, err := c.operation(ctx, name, operationID, once)
			if err != nil {
				return false, err
			}
			results, err := c.results(ctx, name, operationID)
			if err != nil {
				return false, err
			}
			for _, r := range results {
				place := [2]string{aws.ToString(r.Account), aws.ToString(r.Region)}
				if seen[place] == r.Status {
					continue
				}
				seen[place] = r.Status
				if !yield(StackSetEvent{place[0], place[1], r.Status, aws.ToString(r.StatusReason)}, nil) {
					return false, broken
				}
			}
			return rests(op), nil
		})
		if err != nil && err != broken {
			yield(StackSetEvent{}, err)
		}
	}
}

// Stop has an operation begin with no more stacks. Those under way come to their end; [StackSets.Wait]
// tells of it.
//
// # Errors
//
// [*RefusedError] if nothing is running that could be stopped.
func (c *StackSets) Stop(ctx context.Context, name, operationID string) error {
	in := &cloudformation.StopStackSetOperationInput{StackSetName: &name, OperationId: &operationID, CallAs: c.CallAs}
	_, err := call(ctx, c.pace(), "StopStackSetOperation", name, c.API.StopStackSetOperation, in)
	return refusedIf(err, name, "stopping its operation")
}

// idle returns when no operation runs on the set, or says which does.
func (c *StackSets) idle(ctx context.Context, name string, policy Busy) error {
	for {
		var busy *BusyError
		id, err := c.running(ctx, name, func(op types.StackSetOperationSummary) bool {
			busy = &BusyError{Stack: name, Status: stack.Status(op.Status), Token: aws.ToString(op.OperationId), Since: aws.ToTime(op.CreationTimestamp), StackSet: true}
			return true
		})
		switch {
		case err != nil || id == "":
			return err
		case policy != BusyWait:
			return busy
		}
		err = c.Wait(ctx, name, id) // another may have been queued behind it
		if _, failed := errors.AsType[*StackSetError](err); err != nil && !failed {
			return err
		}
	}
}

// running returns the ID of an operation that runs, or waits for its turn, and that is of interest.
func (c *StackSets) running(ctx context.Context, name string, of func(types.StackSetOperationSummary) bool) (string, error) {
	in := &cloudformation.ListStackSetOperationsInput{StackSetName: &name, CallAs: c.CallAs}
	for {
		out, err := call(ctx, c.pace(), "ListStackSetOperations", name, c.API.ListStackSetOperations, in)
		if err != nil {
			return "", err
		}
		for _, op := range out.Summaries {
			outcome := waiter.ClassifyStackSet(op.Status)
			if (outcome == waiter.Pending || outcome == waiter.Failing) && of(op) {
				return aws.ToString(op.OperationId), nil
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return "", nil
		}
		in.NextToken = out.NextToken
	}
}

// made reports whether the ID of an operation was made by the same deployment.
func (id identity) made(op types.StackSetOperationSummary) bool {
	operation := aws.ToString(op.OperationId)
	step, ok := strings.CutPrefix(operation, "updraft-")
	end := strings.LastIndexByte(step, '-')
	for attempt := 0; ok && end > 0 && attempt < mostAttempts; attempt++ {
		if id.token(step[:end], attempt) == operation {
			return true
		}
	}
	return false
}

// An instruction is a call that starts an operation on a stack set.
type instruction struct {
	step string // what it does, in its ID
	what string // as an error calls it
	sure bool   // it was seen to be needed: so if it succeeded before, that was undone since
	call func(ctx context.Context, operationID string) (began *string, err error)
}

// carry carries out an instruction and waits for its end; its ID. The same instruction of the same
// deployment has the same ID, so that it is found again.
func (c *StackSets) carry(ctx context.Context, name string, id identity, busy Busy, do instruction) (string, error) {
	for attempt := range mostAttempts {
		token := id.token(do.step, attempt)
		if id.fixed {
			op, err := c.operation(ctx, name, token)
			switch {
			case err != nil && !operationMissing(err):
				return token, explain(name, "DescribeStackSetOperation", err)
			case err == nil && (!rests(op) || waiter.ClassifyStackSet(op.Status) == waiter.Succeeded && !do.sure):
				return token, c.Wait(ctx, name, token)
			case err == nil:
				continue
			}
		}
		if err := c.idle(ctx, name, busy); err != nil {
			return token, err
		}
		token, err := c.begin(ctx, name, token, do)
		if err != nil {
			return token, err
		}
		c.pace().log().LogAttrs(ctx, slog.LevelInfo, "started", slog.String("stackset", name), slog.String("operation", token))
		return token, c.Wait(ctx, name, token)
	}
	return "", fmt.Errorf("stack set %s: this deployment has failed %d times; use another DeploymentID", name, mostAttempts)
}

// begin starts an operation, which an earlier try may have done, of which the answer was lost, and
// returns its ID.
func (c *StackSets) begin(ctx context.Context, name, token string, do instruction) (string, error) {
	id, err := do.call(ctx, token)
	switch {
	case err == nil && aws.ToString(id) != "":
		return *id, nil // which is token, but for other implementations
	case err == nil:
		return token, nil
	case ctx.Err() != nil:
		return token, &StackSetDetachedError{Name: name, OperationID: token, Cause: err}
	}
	if _, began := errors.AsType[*types.OperationIdAlreadyExistsException](err); began {
		return token, nil
	}
	if _, readErr := c.operation(ctx, name, token); readErr == nil {
		return token, nil
	}
	return token, refused(name, do.what, err)
}

func operationMissing(err error) bool {
	_, ok := errors.AsType[*types.OperationNotFoundException](err)
	return ok || stackSetMissing(err)
}
