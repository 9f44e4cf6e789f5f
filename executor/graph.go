package executor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/stack"
)

// GraphOptions say how a set of stacks is deployed or deleted. Nil, or the zero value, does it with
// the zero options for each.
type GraphOptions struct {
	// Deploy says how each stack is deployed. If nil, the zero value.
	Deploy *Options
	// Delete says how each stack is deleted. If nil, the zero value.
	Delete *DeleteOptions
	// Concurrency is how many stacks are worked on at once in each region of each account. If zero,
	// eight.
	Concurrency int
	// Clients are those of other regions and accounts, by the Environment that stacks name. A stack whose
	// Environment is the zero value, or that of the client whose method is called, is that client's. Nil
	// is none.
	Clients map[stack.Environment]*Client
}

// A GraphResult is what came of each stack of a set.
type GraphResult struct {
	// Stacks are in an order in which they could be deployed, or deleted, one by one.
	Stacks []StackResult
}

// Stack returns what came of the stack of that name; of several in different places, the first.
func (g *GraphResult) Stack(name string) (StackResult, bool) {
	for _, s := range g.Stacks {
		if s.Stack.Name == name {
			return s, true
		}
	}
	return StackResult{}, false
}

// A StackResult is what came of one stack of a set: a result or an error.
type StackResult struct {
	Stack  *stack.Stack
	Result *Result
	// Err is a [*SkippedError] if the stack was not touched since another had failed.
	Err error
}

// A SkippedError says that a stack was left alone, since another that it depends on failed.
type SkippedError struct {
	// Stack is the stack's [stack.Stack.Label], For that of the stack that failed.
	Stack, For string
}

func (e *SkippedError) Error() string {
	return fmt.Sprintf("stack %s: skipped, since stack %s did not succeed", e.Stack, e.For)
}

// A GraphError says that not all stacks of a set were deployed, or deleted. As text it leads with
// the failure that came first, before stacks that are only no longer waited for or were not started;
// %+v adds what each failure knows.
type GraphError struct {
	// Failures are the stacks that failed, in the order in which they did.
	Failures []StackResult
	// Skipped are those that were left alone.
	Skipped []StackResult
}

func (e *GraphError) Error() string {
	if len(e.Failures) == 0 {
		return "no stack failed"
	}
	var failed, detached, idle []StackResult
	for _, f := range e.Failures {
		_, unstarted := errors.AsType[*NotStartedError](f.Err)
		switch {
		case errors.Is(f.Err, ErrDetached):
			detached = append(detached, f)
		case unstarted:
			idle = append(idle, f)
		default:
			failed = append(failed, f)
		}
	}
	text, lists := "", []struct {
		what   string
		stacks []StackResult
	}{{"also failed", failed}, {"also no longer waited for", detached}, {"not started", idle}}
	name := func(s StackResult) string { return s.Stack.Label() }
	for _, list := range lists {
		if text == "" && len(list.stacks) > 0 {
			text, list.stacks = list.stacks[0].Err.Error(), list.stacks[1:]
		}
		if len(list.stacks) > 0 {
			text += "; " + list.what + ": " + join(list.stacks, name)
		}
	}
	if len(e.Skipped) > 0 {
		text += "; skipped: " + join(e.Skipped, func(s StackResult) string {
			if skip, ok := errors.AsType[*SkippedError](s.Err); ok {
				return s.Stack.Label() + " (for " + skip.For + ")"
			}
			return s.Stack.Label()
		})
	}
	return text
}

func join(list []StackResult, name func(StackResult) string) string {
	var names []string
	for _, s := range list {
		names = append(names, name(s))
	}
	return strings.Join(names, ", ")
}

// Unwrap returns the failures, in the order in which they came.
func (e *GraphError) Unwrap() []error {
	var list []error
	for _, s := range e.Failures {
		list = append(list, s.Err)
	}
	return list
}

// Format writes the error as text; with %+v, each failure follows whole.
func (e *GraphError) Format(f fmt.State, verb rune) {
	if verb == 'q' {
		fmt.Fprintf(f, "%q", e.Error())
		return
	}
	io.WriteString(f, e.Error())
	if verb == 'v' && f.Flag('+') {
		for _, s := range e.Failures {
			fmt.Fprintf(f, "\n%+v", s.Err)
		}
	}
}

// DeployAll deploys a set of stacks and waits for the end: see [Client.StartDeploy].
func (c *Client) DeployAll(ctx context.Context, stacks []*stack.Stack, opts *GraphOptions) (*GraphResult, error) {
	run, err := c.start(ctx, stacks, opts, false, false)
	if err != nil {
		return nil, err
	}
	return run.Wait(ctx)
}

// StartDeploy begins to deploy a set of stacks: each as soon as those that it needs are there, and
// without waiting for others. A failure skips only the stacks that need the one that failed.
//
// Before anything is changed, all of it is checked that can be. When ctx ends, no more stacks are
// started, and those that are under way go on without being waited for.
//
// # Errors
//
// [stack.Diagnostics] of what the check finds. What fails later is told by [GraphRun.Wait].
func (c *Client) StartDeploy(ctx context.Context, stacks []*stack.Stack, opts *GraphOptions) (*GraphRun, error) {
	return c.start(ctx, stacks, opts, false, true)
}

// DeleteAll deletes a set of stacks and waits for the end: see [Client.StartDelete].
func (c *Client) DeleteAll(ctx context.Context, stacks []*stack.Stack, opts *GraphOptions) (*GraphResult, error) {
	run, err := c.start(ctx, stacks, opts, true, false)
	if err != nil {
		return nil, err
	}
	return run.Wait(ctx)
}

// StartDelete begins to delete a set of stacks: each as soon as those that need it are gone. Stacks
// that do not exist are Unchanged in the result. In all else it is as [Client.StartDeploy].
func (c *Client) StartDelete(ctx context.Context, stacks []*stack.Stack, opts *GraphOptions) (*GraphRun, error) {
	return c.start(ctx, stacks, opts, true, true)
}

// start checks the set and begins.
func (c *Client) start(ctx context.Context, stacks []*stack.Stack, opts *GraphOptions, remove, events bool) (*GraphRun, error) {
	if opts == nil {
		opts = &GraphOptions{}
	}
	graph, at, err := c.graph(stacks, opts)
	if err != nil {
		return nil, err
	}
	job := &graphJob{at: at, opts: opts, remove: remove, events: events}
	order, needs := graph.Stacks(), graph.Needs
	if remove {
		slices.Reverse(order)
		needs = graph.NeededBy
	} else if err := preflight(ctx, graph, at, opts.Deploy); err != nil {
		return nil, err
	}
	return job.run(ctx, order, needs), nil
}

// graph finds the order of a set of stacks, and where each is deployed.
func (c *Client) graph(stacks []*stack.Stack, opts *GraphOptions) (*stack.Graph, places, error) {
	if opts.Deploy != nil && opts.Deploy.TemplateBody != nil {
		return nil, places{}, stack.Diagnostics{{Code: "options", Summary: "Options.TemplateBody is one template for a set of stacks", Cure: "read it with stack.Parse into Stack.Template"}}
	}
	at := places{home: c, others: opts.Clients}
	graph, err := stack.NewGraph(stacks, c.Environment)
	if err != nil {
		return nil, at, err
	}
	return graph, at, at.check(stacks)
}
