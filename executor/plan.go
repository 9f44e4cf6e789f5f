package executor

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A Plan is a change set that is ready to be executed, or the finding that there is nothing to
// change.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
type Plan struct {
	// StackName and StackID name the stack. A stack that does not exist yet has an ID all the same.
	StackName, StackID string
	// Operation is waiter.Create or waiter.Update.
	Operation waiter.Operation
	// Unchanged reports that the stack is already what it is to be. There is no change set then.
	Unchanged bool
	// Changes are what would happen to each resource.
	Changes []Change
	// ChangeSetID is the ARN of the change set, "" if there is none; CreatedAt is when it was made,
	// by CloudFormation's clock.
	ChangeSetID string
	CreatedAt   time.Time
	// Token is the client request token with which it is executed.
	Token string

	client  *Client
	made    bool     // the stack exists only for this change set
	begun   bool     // it was executed before
	fixed   bool     // another call would find the change set again
	before  deployed // the stack as it was
	disable bool     // of roll-back
}

// A Change is what a plan does to one resource.
type Change struct {
	// Action is Add, Modify, Remove, Import, Dynamic or SyncWithActual.
	Action types.ChangeAction
	// LogicalID, PhysicalID and Type name the resource; PhysicalID is "" before it exists.
	LogicalID, PhysicalID, Type string
	// Replacement is True, False or Conditional; "" where the action is not Modify.
	Replacement types.Replacement
	// PolicyAction is what becomes of the resource that is removed or replaced: Delete, Retain,
	// Snapshot and so on; "" if nothing is.
	PolicyAction types.PolicyAction
	// Properties are what changes in it.
	Properties []PropertyChange
}

// A PropertyChange is one property, or other attribute, of a resource that changes.
type PropertyChange struct {
	// Path leads to it, such as Properties.VisibilityTimeout or Tags.
	Path string
	// Replaces is Never, Conditionally or Always.
	Replaces types.RequiresRecreation
	// Source is what makes it change: DirectModification, ParameterReference, ResourceReference,
	// ResourceAttribute or Automatic. Cause names the parameter or resource, "" if there is none.
	Source types.ChangeSource
	Cause  string
}

// Plan makes a change set for the stack and returns what it would change. The stack is created by
// it if it does not exist, updated if it does. A change set that turns out to be empty is deleted.
//
// # Errors
//
// [stack.Diagnostics] before any call; [*StateError] and [*BusyError] if the stack's state does not
// allow a change; [*RefusedError] if CloudFormation refuses it. Nothing of the failed plan is left
// in the cloud.
func (c *Client) Plan(ctx context.Context, s *stack.Stack, opts *Options) (*Plan, error) {
	r, err := c.newRequest(s, opts)
	if err != nil {
		return nil, err
	}
	d, err := c.read(ctx, s.Name)
	if err != nil {
		return nil, err
	}
	set, attempt, err := c.find(ctx, r, d)
	if err != nil {
		return nil, err
	}
	if set == nil || !executed(set) {
		found := d.status()
		if d, err = c.ready(ctx, r, d); err != nil {
			return nil, err
		}
		if d.status() != found {
			set = nil // it went with the stack
		}
	}
	p := &Plan{
		StackName: s.Name, StackID: d.id(), Operation: waiter.Update, Token: r.id.token("run", attempt),
		client: c, before: d, made: d.status() == "", disable: r.DisableRollback, fixed: r.id.fixed,
	}
	if set != nil {
		p.adopt(set)
	} else if err := c.create(ctx, r, p, attempt); err != nil {
		return nil, err
	}
	if !p.begun {
		if err := c.settle(ctx, p); err != nil {
			return nil, err
		}
	}
	c.log().LogAttrs(ctx, slog.LevelInfo, "planned", slog.String("stack", p.StackName), slog.String("operation", p.Operation.String()),
		slog.Int("changes", len(p.Changes)), slog.Bool("unchanged", p.Unchanged))
	return p, nil
}

// Discard deletes the change set, and the stack if it was made for this change set only and nothing
// ever ran in it. It is not needed for a plan that was applied or is Unchanged.
func (p *Plan) Discard(ctx context.Context) error {
	if p.Unchanged || p.begun {
		return nil
	}
	return p.client.discard(ctx, p)
}

// abandon discards a plan that came to nothing, even if ctx has ended: but then a change set that
// the same deployment would find again is left for it.
func (c *Client) abandon(ctx context.Context, p *Plan, why error) error {
	if ctx.Err() != nil && p.fixed {
		return why
	}
	cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	if err := c.discard(cleanup, p); err != nil {
		return fmt.Errorf("%w; its change set %s is left: %v", why, p.ChangeSetID, err)
	}
	return why
}

// changes reads what CloudFormation says of the resources.
func changes(of []types.Change) []Change {
	var list []Change
	for _, c := range of {
		r := c.ResourceChange
		if r == nil {
			continue
		}
		list = append(list, Change{
			Action: r.Action, LogicalID: aws.ToString(r.LogicalResourceId), PhysicalID: aws.ToString(r.PhysicalResourceId),
			Type: aws.ToString(r.ResourceType), Replacement: r.Replacement, PolicyAction: r.PolicyAction,
			Properties: properties(r.Details),
		})
	}
	return list
}

func properties(of []types.ResourceChangeDetail) []PropertyChange {
	var list []PropertyChange
	for _, d := range of {
		if d.Target == nil {
			continue
		}
		path := string(d.Target.Attribute)
		if name := aws.ToString(d.Target.Name); name != "" {
			path += "." + name
		}
		list = append(list, PropertyChange{
			Path: path, Replaces: d.Target.RequiresRecreation, Source: d.ChangeSource, Cause: aws.ToString(d.CausingEntity),
		})
	}
	return list
}
