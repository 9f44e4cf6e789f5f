package executor

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/updraft-go/updraft/stack"
)

// A reader returns the client that can read a stack whose outputs s takes, nil if none is known.
type reader func(from, s *stack.Stack) *Client

// reader returns the client of the stack whose outputs are taken.
func (at places) reader(from, _ *stack.Stack) *Client { return at.client(from) }

// alone is a reader for a stack that is deployed by itself.
func (c *Client) alone(from, s *stack.Stack) *Client {
	own := s.Environment
	if c.Environment != nil {
		own = own.Or(*c.Environment)
	}
	if from.Environment.Or(own) == own {
		return c
	}
	return nil
}

// withInputs returns the stack with the values of its Inputs among its Parameters, as the deployed
// stacks have them now.
//
// # Errors
//
// [stack.Diagnostics] that name each output that is not there.
func withInputs(ctx context.Context, s *stack.Stack, of reader) (*stack.Stack, error) {
	if len(s.Inputs) == 0 {
		return s, nil
	}
	full := *s
	full.Inputs = nil
	full.Parameters = maps.Clone(s.Parameters)
	if full.Parameters == nil {
		full.Parameters = map[string]string{}
	}
	var ds stack.Diagnostics
	read := map[*stack.Stack]deployed{}
	for _, name := range slices.Sorted(maps.Keys(s.Inputs)) {
		from := s.Inputs[name]
		problem := stack.Diagnostic{Code: "input", Stack: s.Name, Path: "Parameters." + name}
		if from.Stack == nil {
			problem.Summary, problem.Cure = fmt.Sprintf("a reference to the output %q of no stack", from.Name), "make it with the stack's Output method"
			ds = append(ds, problem)
			continue
		}
		c := of(from.Stack, s)
		if c == nil {
			problem.Summary = fmt.Sprintf("the output %q is of the stack %s, in another place", from.Name, from.Stack.Label())
			problem.Cure = "deploy both as a set, with GraphOptions.Clients"
			ds = append(ds, problem)
			continue
		}
		d, known := read[from.Stack]
		if !known {
			var err error
			if d, err = c.read(ctx, from.Stack.Name); err != nil {
				return nil, err
			}
			read[from.Stack] = d
		}
		value, ok := output(d, from.Name)
		if !ok {
			problem.Summary = fmt.Sprintf("the deployed stack %s has no output %q", from.Stack.Label(), from.Name)
			problem.Cure = "deploy that stack first, or both as a set"
			ds = append(ds, problem)
			continue
		}
		full.Parameters[name] = value
	}
	if err := ds.Err(); err != nil {
		return nil, err
	}
	return &full, nil
}

// output is an output of a deployed stack.
func output(d deployed, name string) (string, bool) {
	for _, o := range d.Outputs {
		if aws.ToString(o.OutputKey) == name {
			return aws.ToString(o.OutputValue), true
		}
	}
	return "", false
}
