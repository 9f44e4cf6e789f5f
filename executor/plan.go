package executor

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A Plan is a change set that is ready to be executed, or the finding that there is nothing to
// change; with [Options.Direct], no more than what will be done.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
type Plan struct {
	// StackName and StackID name the stack. A stack that does not exist yet has an ID all the same.
	StackName, StackID string
	// Operation is waiter.Create or waiter.Update.
	Operation waiter.Operation
	// Direct reports that it is done without a change set: what would change is not known then, nor
	// whether anything does.
	Direct bool
	// Unchanged reports that the stack is already what it is to be. There is no change set then.
	Unchanged bool
	// Changes are what would happen to each resource.
	Changes []Change
	// ChangeSetID is the ARN of the change set, "" if there is none; CreatedAt is when it was made,
	// by CloudFormation's clock.
	ChangeSetID string
	CreatedAt   time.Time
	// Warnings are what package validate finds that CloudFormation would accept.
	Warnings stack.Diagnostics
	// Findings are warnings of CloudFormation's own validation, and of hooks; with
	// Options.IncludeNestedStacks, those of nested stacks too. A plan that it does not let pass is a
	// [*ValidationError].
	Findings []Finding
	// Token is the client request token with which it is executed.
	Token string

	client  *Client
	made    bool     // the stack exists only for this change set
	begun   bool     // it was executed before
	before  deployed // the stack as it was
	nested  []nestedSet
	request *request
}

// Plan makes a change set for the stack and returns what it would change. The stack is created by
// it if it does not exist, updated if it does. A change set that turns out to be empty is deleted.
//
// # Errors
//
// [stack.Diagnostics] before any call; [*StateError] and [*BusyError] if the stack's state does not
// allow a change; [*ValidationError] and [*RefusedError] if CloudFormation refuses it. Nothing of the failed plan is left
// in the cloud.
func (c *Client) Plan(ctx context.Context, s *stack.Stack, opts *Options) (*Plan, error) {
	p, err := c.plan(ctx, s, opts)
	if err == nil && !p.Unchanged && !p.begun && !p.Direct {
		p.Findings = c.findings(ctx, p)
	}
	return p, err
}

// plan is Plan without the warnings, which only a reader needs.
func (c *Client) plan(ctx context.Context, s *stack.Stack, opts *Options) (*Plan, error) {
	r, err := c.newRequest(s, opts)
	if err != nil {
		return nil, err
	}
	if err := c.unusable(s.Name).Err(); err != nil {
		return nil, err
	}
	if full, err := withInputs(ctx, s, c.alone); err != nil {
		return nil, err
	} else if full != s {
		if r, err = c.newRequest(full, opts); err != nil {
			return nil, err
		}
	}
	p, err := c.planned(ctx, r)
	if err == nil {
		c.log().LogAttrs(ctx, slog.LevelInfo, "planned", slog.String("stack", p.StackName), slog.String("operation", p.Operation.String()),
			slog.Int("changes", len(p.Changes)), slog.Bool("unchanged", p.Unchanged))
	}
	return p, err
}

// planned finds the change set of an earlier call for the same deployment, or makes one.
func (c *Client) planned(ctx context.Context, r *request) (*Plan, error) {
	s := r.stack
	d, err := c.read(ctx, s.Name)
	if err != nil {
		return nil, err
	}
	if r.direct(d.status()) || r.Timeout > 0 && c.createdDirect(ctx, r, d) {
		return c.plannedDirect(ctx, r, d)
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
		client: c, before: d, made: d.status() == "", request: r, Warnings: r.warnings,
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
	return p, nil
}

// Discard deletes the change set, and the stack if it was made for this change set only and nothing
// ever ran in it. It is not needed for a plan that was applied or is Unchanged.
func (p *Plan) Discard(ctx context.Context) error {
	if p.Unchanged || p.begun || p.Direct {
		return nil
	}
	return p.client.discard(ctx, p)
}

// abandon discards a plan that came to nothing, even if ctx has ended: but then a change set that
// the same deployment would find again is left for it.
func (c *Client) abandon(ctx context.Context, p *Plan, why error) error {
	if p.Unchanged || p.begun || p.Direct {
		return why
	}
	if ctx.Err() != nil && p.request.id.fixed {
		return why
	}
	cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	if err := c.discard(cleanup, p); err != nil {
		return fmt.Errorf("%w; its change set %s is left: %v", why, p.ChangeSetID, err)
	}
	return why
}
