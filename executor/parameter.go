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

// unknownParameters finds values and intents for parameters that the template does not have, and
// parameters that have both.
func (r *request) unknownParameters() stack.Diagnostics {
	var ds stack.Diagnostics
	var known []string
	for p := range r.document.parameters() {
		known = append(known, p.name)
	}
	named := slices.Collect(maps.Keys(r.stack.Parameters))
	for name := range r.Parameters {
		if !slices.Contains(named, name) {
			named = append(named, name)
			continue
		}
		ds = append(ds, stack.Diagnostic{
			Code: "parameter-intent", Stack: r.stack.Name, Path: "Parameters." + name,
			Summary: "the parameter has both a value and an intent", Cure: "leave out one of the two",
		})
	}
	slices.Sort(named)
	for _, name := range named {
		if slices.Contains(known, name) {
			continue
		}
		cure := "remove it, or add the parameter to the template"
		if near := nearest(name, known); near != "" {
			cure = fmt.Sprintf("did you mean %s?", near)
		} else if len(known) > 0 {
			cure = "the template has " + strings.Join(known, ", ")
		}
		ds = append(ds, stack.Diagnostic{
			Code: "unknown-parameter", Stack: r.stack.Name, Path: "Parameters." + name,
			Summary: "the template has no parameter of this name", Cure: cure,
		})
	}
	return ds
}

// valueless finds parameters that only the deployed stack can give a value. It is told beside what is wrong
// anyway; alone it is no mistake, before that stack was looked at.
func (r *request) valueless() stack.Diagnostics {
	var ds stack.Diagnostics
	for p := range r.document.parameters() {
		_, given := r.stack.Parameters[p.name]
		_, later := r.stack.Inputs[p.name]
		if !given && !later && !p.hasDefault {
			ds = append(ds, stack.Diagnostic{
				Code: "missing-parameter", Stack: r.stack.Name, Path: "Parameters." + p.name,
				Summary: "the parameter has no value here, and no default in the template", Cure: "set it in Stack.Parameters, unless the deployed stack has one",
			})
		}
	}
	return ds
}

// parameters returns what to send: the values that were given, and for the rest what is intended
// with them, where deployed are those that the stack has.
func (r *request) parameters(deployed []types.Parameter) ([]types.Parameter, stack.Diagnostics) {
	previous := map[string]bool{}
	for _, p := range deployed {
		previous[aws.ToString(p.ParameterKey)] = true
	}
	var send []types.Parameter
	var ds stack.Diagnostics
	missing := func(p declared, summary, cure string) {
		ds = append(ds, stack.Diagnostic{Code: "missing-parameter", Stack: r.stack.Name, Path: "Parameters." + p.name, Summary: summary, Cure: cure})
	}
	for p := range r.document.parameters() {
		value, given := r.stack.Parameters[p.name]
		intent := r.Parameters[p.name]
		if _, later := r.stack.Inputs[p.name]; later {
			continue // its value is read when its turn comes
		}
		switch {
		case given:
			send = append(send, types.Parameter{ParameterKey: aws.String(p.name), ParameterValue: aws.String(value)})
		case previous[p.name] && intent != UseDefault:
			send = append(send, types.Parameter{ParameterKey: aws.String(p.name), UsePreviousValue: aws.Bool(true)})
		case intent == UsePreviousValue:
			missing(p, "the previous value is to be used, and the deployed stack has none", "set it in Stack.Parameters")
		case !p.hasDefault && intent == UseDefault:
			missing(p, "the default is to be used, and the template has none", "set it in Stack.Parameters")
		case !p.hasDefault:
			missing(p, "the parameter has no value, and no default in the template", "set it in Stack.Parameters")
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
