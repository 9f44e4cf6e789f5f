package executor

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
)

// unknownParameters finds values for parameters that the template does not have.
func unknownParameters(s *stack.Stack) stack.Diagnostics {
	var ds stack.Diagnostics
	for _, name := range slices.Sorted(maps.Keys(s.Parameters)) {
		if _, ok := s.Template.Parameters.Get(name); ok {
			continue
		}
		var known []string
		for k := range s.Template.Parameters.All() {
			known = append(known, k)
		}
		cure := "remove it, or add the parameter to the template"
		if near := nearest(name, known); near != "" {
			cure = fmt.Sprintf("did you mean %s?", near)
		} else if len(known) > 0 {
			cure = "the template has " + strings.Join(known, ", ")
		}
		ds = append(ds, stack.Diagnostic{
			Code: "unknown-parameter", Stack: s.Name, Path: "Parameters." + name,
			Summary: "the template has no parameter of this name", Cure: cure,
		})
	}
	return ds
}

// parameters returns what to send: the values that were given, and for the rest those that the
// deployed stack has. Without either there must be a default.
func parameters(s *stack.Stack, deployed []types.Parameter) ([]types.Parameter, stack.Diagnostics) {
	previous := map[string]bool{}
	for _, p := range deployed {
		previous[aws.ToString(p.ParameterKey)] = true
	}
	var send []types.Parameter
	var ds stack.Diagnostics
	for name, p := range s.Template.Parameters.All() {
		value, given := s.Parameters[name]
		switch {
		case given:
			send = append(send, types.Parameter{ParameterKey: aws.String(name), ParameterValue: aws.String(value)})
		case previous[name]:
			send = append(send, types.Parameter{ParameterKey: aws.String(name), UsePreviousValue: aws.Bool(true)})
		case p.Default == "":
			ds = append(ds, stack.Diagnostic{
				Code: "missing-parameter", Stack: s.Name, Path: "Parameters." + name,
				Summary: "the parameter has no value, and no default in the template", Cure: "set it in Stack.Parameters",
			})
		}
	}
	return send, ds
}

// nearest returns the name that was probably meant, "" if none is like it.
func nearest(name string, names []string) string {
	best, limit := "", len(name)/3+1
	for _, n := range names {
		if d := distance(strings.ToLower(name), strings.ToLower(n)); d <= limit {
			best, limit = n, d-1
		}
	}
	return best
}

// distance is the number of letters to insert, delete or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// tags returns what to send: nil keeps the tags of the stack, an empty list removes them.
func tags(of map[string]string) []types.Tag {
	if of == nil {
		return nil
	}
	list := []types.Tag{}
	for _, k := range slices.Sorted(maps.Keys(of)) {
		list = append(list, types.Tag{Key: aws.String(k), Value: aws.String(of[k])})
	}
	return list
}
