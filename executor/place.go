package executor

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/stack"
)

// places are the clients that deploy the stacks of a set: one for each region of each account.
type places struct {
	home   *Client // of stacks that name no place
	others map[stack.Environment]*Client
}

// client returns the client for a stack, in the set or not: nil if there is none.
func (at places) client(s *stack.Stack) *Client {
	if other := at.others[s.Environment]; other != nil {
		return other
	}
	own := stack.Environment{}
	if at.home.Environment != nil {
		own = *at.home.Environment
	}
	if full := s.Environment.Or(own); full != own {
		return at.others[full]
	}
	return at.home
}

// check finds stacks that no client can deploy.
func (at places) check(stacks []*stack.Stack) error {
	var known []string
	for e := range at.others {
		known = append(known, e.String())
	}
	slices.Sort(known)
	cure := "add it"
	if len(known) > 0 {
		cure = "add it to those for " + strings.Join(known, "; ")
	}
	var ds stack.Diagnostics
	for _, s := range stacks {
		if c := at.client(s); c != nil {
			ds = append(ds, c.unusable(s.Name)...)
			continue
		}
		ds = append(ds, stack.Diagnostic{
			Code: "stack-environment", Stack: s.Name, Cure: cure,
			Summary: fmt.Sprintf("GraphOptions.Clients has no client for %s, where the stack is to be deployed", s.Environment),
		})
	}
	return ds.Err()
}

// clients returns the client of each stack, each once, in their order.
func (at places) clients(stacks []*stack.Stack) []*Client {
	var list []*Client
	for _, s := range stacks {
		if c := at.client(s); !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list
}

// elsewhere finds a stack that is to be deployed in another place than the client's.
func (c *Client) elsewhere(s *stack.Stack) stack.Diagnostics {
	if c.Environment == nil || s.Environment.Or(*c.Environment) == c.Environment.Or(s.Environment) {
		return nil
	}
	return stack.Diagnostics{{
		Code: "stack-environment", Stack: s.Name,
		Summary: fmt.Sprintf("the stack is to be deployed to %s, and the client deploys to %s", s.Environment, c.Environment),
		Cure:    "use a client for that place, or deploy it in a set with GraphOptions.Clients",
	}}
}

// A placedError is an error about a stack that says where the stack is.
type placedError struct {
	stack *stack.Stack
	error
}

// placed adds the place of a stack to an error about it, if there is one to add.
func placed(s *stack.Stack, err error) error {
	if err == nil || s.Environment == (stack.Environment{}) {
		return err
	}
	return &placedError{s, err}
}

func (e *placedError) Error() string {
	return "stack " + e.stack.Label() + ": " + strings.TrimPrefix(e.error.Error(), "stack "+e.stack.Name+": ")
}

// Unwrap returns the error.
func (e *placedError) Unwrap() error { return e.error }

// Format writes the error as text; with %+v, what the error itself adds follows.
func (e *placedError) Format(f fmt.State, verb rune) {
	if verb == 'q' {
		fmt.Fprintf(f, "%q", e.Error())
		return
	}
	io.WriteString(f, e.Error())
	if verb == 'v' && f.Flag('+') {
		io.WriteString(f, strings.TrimPrefix(fmt.Sprintf("%+v", e.error), e.error.Error()))
	}
}
