package executor

import (
	"context"
	"errors"
	"slices"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A GraphPlan is what the deployment of a set of stacks would change, as far as it can be known
// before the first of them is deployed.
type GraphPlan struct {
	// Stacks are in an order in which they could be deployed one by one.
	Stacks []StackPlan
}

// A StackPlan is the plan of one stack of a set.
type StackPlan struct {
	Stack *stack.Stack
	// Plan is what would change; nil if that cannot be known yet.
	Plan *Plan
	// After are stacks of the set that have to be there first, since they do not exist yet: what this
	// one imports from them is known only then.
	After []*stack.Stack
}

// PlanAll plans each stack of a set, and changes none. A stack that needs one that is still to be
// created cannot be planned: it is told what it waits for. The plans are to be looked at, then
// discarded; [Client.StartDeploy] makes its own when each stack's turn has come.
//
// # Errors
//
// Those of [Client.StartDeploy] before it begins, and of [Client.Plan] for each of the stacks, joined.
// Nothing of the plans is left then.
func (c *Client) PlanAll(ctx context.Context, stacks []*stack.Stack, opts *GraphOptions) (*GraphPlan, error) {
	if opts == nil {
		opts = &GraphOptions{}
	}
	graph, at, err := c.graph(stacks, opts)
	if err != nil {
		return nil, err
	}
	if err := preflight(ctx, graph, at, opts.Deploy); err != nil {
		return nil, err
	}
	all := &GraphPlan{}
	missing := map[*stack.Stack]bool{}
	var problems []error
	for _, s := range graph.Stacks() {
		p := StackPlan{Stack: s}
		for _, need := range graph.Needs(s) {
			if missing[need] {
				p.After = append(p.After, need)
			}
		}
		if missing[s] = p.After != nil; !missing[s] {
			if p.Plan, err = at.plan(ctx, s, opts.Deploy); err != nil {
				problems = append(problems, placed(s, err))
				missing[s] = true
				continue
			}
			missing[s] = p.Plan.Operation == waiter.Create && !p.Plan.Unchanged
		}
		all.Stacks = append(all.Stacks, p)
	}
	if problems == nil {
		return all, nil
	}
	cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	return nil, errors.Join(append(problems, all.Discard(cleanup))...)
}

// plan plans one stack of a set.
func (at places) plan(ctx context.Context, s *stack.Stack, opts *Options) (*Plan, error) {
	full, err := withInputs(ctx, s, at.reader)
	if err != nil {
		return nil, err
	}
	return at.client(s).Plan(ctx, full, opts)
}

// Discard discards all plans.
func (g *GraphPlan) Discard(ctx context.Context) error {
	var problems []error
	for _, s := range slices.Backward(g.Stacks) {
		if s.Plan != nil {
			problems = append(problems, s.Plan.Discard(ctx))
		}
	}
	return errors.Join(problems...)
}
