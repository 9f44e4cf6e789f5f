package executor

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/updraft-go/updraft/stack"
)

// withInputs returns the stack with the values of its Inputs among its Parameters, as the deployed
// stacks have them now.
//
// # Errors
//
// [stack.Diagnostics] that name each output that is not there.
func (c *Client) withInputs(ctx context.Context, s *stack.Stack) (*stack.Stack, error) {
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
	read := map[string]deployed{}
	for _, name := range slices.Sorted(maps.Keys(s.Inputs)) {
		from := s.Inputs[name]
		d, known := read[from.Stack.Name]
		if !known {
			var err error
			if d, err = c.read(ctx, from.Stack.Name); err != nil {
				return nil, err
			}
			read[from.Stack.Name] = d
		}
		value, ok := output(d, from.Name)
		if !ok {
			ds = append(ds, stack.Diagnostic{
				Code: "input", Stack: s.Name, Path: "Parameters." + name,
				Summary: fmt.Sprintf("the deployed stack %s has no output %q", from.Stack.Name, from.Name),
				Cure:    "deploy that stack first, or both as a set",
			})
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
