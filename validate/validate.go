// Package validate finds in a template, before the network is touched, what CloudFormation would
// refuse. It reports everything at once, each finding with its path and a cure.
//
//	if err := validate.Template(t).Err(); err != nil { … }
//
// What depends on a value that is known only when a stack is deployed is not judged.
package validate

import (
	"cmp"
	"slices"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// Template checks one template.
func Template(t *stack.Template) stack.Diagnostics {
	doc, ds := document(t)
	if doc == nil {
		return ds
	}
	return check(doc)
}

// Stack checks a stack: its template, and the parameters that it is given. A parameter that is not
// given is no finding, since the deployed stack may have a value for it.
func Stack(s *stack.Stack) stack.Diagnostics {
	if s == nil || s.Template == nil {
		return stack.Diagnostics{{Code: "stack-template", Summary: "the stack has no template", Cure: "set Template"}}
	}
	doc, ds := document(s.Template)
	if doc != nil {
		ds = append(check(doc), givenParameters(doc, s)...)
	}
	for i := range ds {
		ds[i].Stack = s.Name
	}
	return ds
}

// Stacks checks a set of stacks that are deployed together: each of them, and what is between them
// (exports, imports, cycles). env may be nil: see [stack.NewGraph].
func Stacks(stacks []*stack.Stack, env *stack.Environment) stack.Diagnostics {
	var ds stack.Diagnostics
	for _, s := range stacks {
		ds = append(ds, Stack(s)...)
	}
	if ds.Err() != nil {
		return ds
	}
	if _, err := stack.NewGraph(stacks, env); err != nil {
		if between, ok := err.(stack.Diagnostics); ok {
			return append(ds, between...)
		}
		return append(ds, stack.Diagnostic{Code: "graph", Summary: err.Error()})
	}
	return ds
}

// document writes the template and reads it back as CloudFormation will.
func document(t *stack.Template) (*tree.Node, stack.Diagnostics) {
	body, err := t.Minified()
	if err != nil {
		if ds, ok := err.(stack.Diagnostics); ok {
			return nil, ds
		}
		return nil, stack.Diagnostics{{Code: "value", Summary: err.Error()}}
	}
	doc, err := tree.Parse(body)
	if err != nil {
		return nil, stack.Diagnostics{{Code: "syntax", Summary: err.Error()}}
	}
	if len(body) > maxTemplate {
		return doc, stack.Diagnostics{tooLarge(len(body))}
	}
	return doc, nil
}

// checker holds what the rules share, and what they found.
type checker struct {
	doc   *tree.Node
	found stack.Diagnostics

	parameters, resources, conditions, mappings map[string]*tree.Node

	edges map[string][]edge // by the logical ID that refers
}

// An edge is a dependency of a resource on another, and the place that makes it.
type edge struct{ to, path string }

// check runs the rules. The order of findings is that of the document.
func check(doc *tree.Node) stack.Diagnostics {
	c := &checker{
		doc:        doc,
		parameters: index(doc.Get("Parameters")),
		resources:  index(doc.Get("Resources")),
		conditions: index(doc.Get("Conditions")),
		mappings:   index(doc.Get("Mappings")),
		edges:      map[string][]edge{},
	}
	c.size()
	c.limits()
	c.names()
	c.parameterRules()
	c.references()
	c.resourceRules()
	c.cycles()
	return c.found
}

func index(section *tree.Node) map[string]*tree.Node {
	m := make(map[string]*tree.Node, len(section.Members()))
	for _, e := range section.Members() {
		m[e.Key] = e.Value
	}
	return m
}

// report adds a finding of severity error.
func (c *checker) report(code, path string, n *tree.Node, summary, cure string) {
	d := stack.Diagnostic{Code: code, Path: path, Summary: summary, Cure: cure}
	if n != nil {
		d.Line, d.Column = n.Line, n.Column
	}
	c.found = append(c.found, d)
}

// sortedNames returns the keys of a map in order.
func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for k := range m {
		names = append(names, k)
	}
	slices.SortFunc(names, cmp.Compare)
	return names
}
