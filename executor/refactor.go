package executor

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A ResourcePlace is where a resource is: in which stack, by its name, and under which logical ID.
type ResourcePlace struct{ Stack, LogicalID string }

func (p ResourcePlace) String() string { return p.Stack + "/" + p.LogicalID }

// A Move takes a resource from one place to another, without touching the resource itself.
type Move struct{ From, To ResourcePlace }

// RefactorOptions say how stacks are refactored. Nil, or the zero value, lets CloudFormation find what
// has moved.
type RefactorOptions struct {
	// DeploymentID names the deployment: see [Options.DeploymentID].
	DeploymentID string
	// Moves are resources that go to another stack or get another logical ID. CloudFormation finds those
	// that keep their logical ID by itself, and others where only one can be meant. Nil names none.
	Moves []Move
	// CreateStacks lets stacks be created that resources move to. False refuses those that do not exist.
	CreateStacks bool
	// Description is for those who read it in the list of refactors. "" is none.
	Description string
	// SkipValidation sends templates in spite of what package validate finds.
	SkipValidation bool
}

// A Refactor is resources that move between stacks, or within one, planned or on their way. It changes
// stacks only, no resource. It is safe for concurrent use.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-refactoring.html
type Refactor struct {
	// ID is CloudFormation's, which [Client.AttachRefactor] takes.
	ID string
	// StackIDs are the stacks that take part.
	StackIDs []string
	// Actions are what happens to each resource and stack.
	Actions []RefactorAction

	client *Client
	name   string
}

// A RefactorAction is one thing that a refactor does.
type RefactorAction struct {
	// Action is MOVE or CREATE, Entity RESOURCE or STACK.
	Action types.StackRefactorActionType
	Entity types.StackRefactorActionEntity
	// From and To are the places of a resource.
	From, To ResourcePlace
	// PhysicalID names the resource, Description says what is done.
	PhysicalID, Description string
	// Detection is AUTO if CloudFormation found it, MANUAL if it was named; Why says how it was found.
	Detection types.StackRefactorDetection
	Why       string
}

func (a RefactorAction) String() string {
	if a.Entity == types.StackRefactorActionEntityStack {
		return fmt.Sprintf("%s %s %s", a.Action, a.Entity, a.Description)
	}
	return fmt.Sprintf("%s %s → %s (%s)", a.Action, a.From, a.To, a.PhysicalID)
}

// A RefactorError says that a refactor could not be carried out.
type RefactorError struct {
	// ID is the refactor's, Stacks the names of its stacks.
	ID     string
	Stacks []string
	// Status is how it ended, such as EXECUTE_FAILED or ROLLBACK_COMPLETE; Reason is what CloudFormation
	// says of it.
	Status types.StackRefactorExecutionStatus
	Reason string
}

func (e *RefactorError) Error() string {
	text := fmt.Sprintf("stacks %s: their refactoring ended in %s", strings.Join(e.Stacks, ", "), e.Status)
	if e.Reason != "" {
		text += ": " + strings.TrimSuffix(e.Reason, ".")
	}
	if e.Status == types.StackRefactorExecutionStatusRollbackFailed {
		text += "; the stacks may be between what they were and what they were to be: look at both, then plan anew"
	}
	return text
}

// Refactor makes stacks what they are to be by moving resources, and waits for the end. The templates of
// stacks may differ from those deployed in where resources are, and in nothing else. It is
// [Client.PlanRefactor], [Refactor.Execute] and [Refactor.Wait].
//
// # Errors
//
// Those of the three.
func (c *Client) Refactor(ctx context.Context, stacks []*stack.Stack, opts *RefactorOptions) (*Refactor, error) {
	r, err := c.PlanRefactor(ctx, stacks, opts)
	if err != nil {
		return nil, err
	}
	if err := r.Execute(ctx); err != nil {
		return r, err
	}
	return r, r.Wait(ctx)
}

// PlanRefactor finds what would move, and changes nothing. A plan that is not executed is forgotten by
// CloudFormation in time; there is no call that deletes it.
//
// # Errors
//
// [stack.Diagnostics] before any call; [*RefusedError] if CloudFormation refuses it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackRefactor.html
func (c *Client) PlanRefactor(ctx context.Context, stacks []*stack.Stack, opts *RefactorOptions) (*Refactor, error) {
	if opts == nil {
		opts = &RefactorOptions{}
	}
	q, err := c.refactorRequest(stacks, opts)
	if err != nil {
		return nil, err
	}
	r, attempt, err := q.find(ctx)
	if err != nil {
		return nil, err
	}
	if r == nil {
		if r, err = q.create(ctx, attempt); err != nil {
			return nil, err
		}
	}
	if err := r.settle(ctx); err != nil {
		return nil, err
	}
	c.log().LogAttrs(ctx, slog.LevelInfo, "planned", slog.String("stack", r.name), slog.String("operation", "refactor"), slog.Int("changes", len(r.Actions)))
	return r, nil
}

// AttachRefactor returns a refactor that was planned, or begun, before.
func (c *Client) AttachRefactor(ctx context.Context, id string) (*Refactor, error) {
	if err := c.unusable("").Err(); err != nil {
		return nil, err
	}
	r := &Refactor{ID: id, client: c}
	return r, r.settle(ctx)
}

// Execute starts what was planned. One that runs or has ended is none the worse.
//
// # Errors
//
// [*RefusedError] if a stack was changed since; [*RefactorDetachedError] if ctx ends before the answer is
// there: it may have started then.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteStackRefactor.html
func (r *Refactor) Execute(ctx context.Context) error {
	now, err := r.read(ctx)
	if err != nil {
		return err
	}
	switch now.ExecutionStatus {
	case types.StackRefactorExecutionStatusAvailable, types.StackRefactorExecutionStatusUnavailable:
	case types.StackRefactorExecutionStatusObsolete:
		return &RefusedError{Stack: r.name, Call: "its refactoring", Reason: "the stacks were changed since it was planned; plan again"}
	default:
		return nil
	}
	_, err = call(ctx, r.client, "ExecuteStackRefactor", r.name, r.client.API.ExecuteStackRefactor, &cloudformation.ExecuteStackRefactorInput{StackRefactorId: &r.ID})
	switch {
	case err == nil:
		r.client.log().LogAttrs(ctx, slog.LevelInfo, "started", slog.String("stack", r.name), slog.String("operation", "refactor"), slog.String("id", r.ID))
		return nil
	case ctx.Err() != nil:
		return &RefactorDetachedError{ID: r.ID, Cause: err}
	}
	if now, readErr := r.read(ctx); readErr == nil && now.ExecutionStatus != types.StackRefactorExecutionStatusAvailable {
		return nil // by an earlier try, of which the answer was lost
	}
	return refused(r.name, "its refactoring", err)
}

// Wait waits until the refactor has come to its end.
//
// # Errors
//
// [*RefactorError] if it failed; [*RefactorDetachedError] if ctx ends first, or nothing can be read any
// more: it goes on then.
func (r *Refactor) Wait(ctx context.Context) error {
	var last *cloudformation.DescribeStackRefactorOutput
	err := r.client.watcher().Poll(ctx, func(ctx context.Context) (bool, error) {
		out, err := r.client.API.DescribeStackRefactor(ctx, &cloudformation.DescribeStackRefactorInput{StackRefactorId: &r.ID}, once)
		last = out
		if err != nil {
			return false, err
		}
		outcome := waiter.ClassifyRefactor(out.ExecutionStatus)
		return outcome != waiter.Pending && outcome != waiter.Failing, nil
	})
	switch {
	case err != nil:
		return &RefactorDetachedError{ID: r.ID, Cause: explain("", "", err)}
	case waiter.ClassifyRefactor(last.ExecutionStatus) == waiter.Succeeded:
		r.client.log().LogAttrs(ctx, slog.LevelInfo, "ended", slog.String("stack", r.name), slog.String("operation", "refactor"), slog.String("status", string(last.ExecutionStatus)))
		return nil
	}
	return &RefactorError{ID: r.ID, Stacks: strings.Split(r.name, ", "), Status: last.ExecutionStatus, Reason: aws.ToString(last.ExecutionStatusReason)}
}

// A RefactorDetachedError is the end of a wait, not of the refactor: that goes on. It is an [ErrDetached].
type RefactorDetachedError struct {
	// ID is what [Client.AttachRefactor] takes, Cause why the wait ended.
	ID    string
	Cause error
}

func (e *RefactorDetachedError) Error() string {
	return fmt.Sprintf("no longer waiting for the refactor %s, which goes on; attach again with AttachRefactor: %v", e.ID, e.Cause)
}

// Is makes it an [ErrDetached].
func (e *RefactorDetachedError) Is(target error) bool { return target == ErrDetached }

// Unwrap returns the cause.
func (e *RefactorDetachedError) Unwrap() error { return e.Cause }
