package eval

import (
	"github.com/updraft-go/updraft/internal/tree"
)

// Condition evaluates the condition of that name: a node of kind Bool or Unknown. It is evaluated
// once.
func (e *Evaluator) Condition(name string) (*tree.Node, error) {
	if c, ok := e.conditions[name]; ok {
		if !c.done {
			return nil, awsf("Template validation error: Circular dependency among conditions: [%s]", name)
		}
		return c.value, c.err
	}
	test := e.template.At("Conditions", name)
	if test == nil {
		return nil, templatef("unresolved condition dependency %s in the template", name)
	}
	c := &condition{}
	e.conditions[name] = c
	c.value, c.err = e.Value(test)
	if c.err == nil && !c.value.Is(tree.Bool) && !c.value.Is(tree.Unknown) {
		c.err = awsf("Template format error: Every Conditions member must be a boolean; %s is not", name)
	}
	c.done = true
	return c.value, c.err
}

func (e *Evaluator) ifElse(arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) || len(arg.List) != 3 || !arg.List[0].Is(tree.String) {
		return nil, templatef("Fn::If requires a list argument with three elements: the name of a condition, and the values for true and false")
	}
	c, err := e.Condition(arg.List[0].Text)
	if err != nil {
		return nil, err
	}
	switch {
	case c.Kind == tree.Unknown:
		return c, nil
	case c.Text == "true":
		return e.Value(arg.List[1])
	}
	return e.Value(arg.List[2])
}

// test evaluates what may stand in the Conditions section.
func (e *Evaluator) test(name string, arg *tree.Node) (*tree.Node, error) {
	switch name {
	case "Condition":
		if !arg.Is(tree.String) {
			return nil, templatef("every Condition member must be a string")
		}
		return e.Condition(arg.Text)
	case "Fn::Equals":
		return e.equals(arg)
	case "Fn::Not":
		if !arg.Is(tree.List) || len(arg.List) != 1 {
			return nil, templatef("every Fn::Not object requires one boolean parameter.")
		}
		v, err := e.boolean(name, arg.List[0])
		if err != nil || v.Kind == tree.Unknown {
			return v, err
		}
		return tree.Boolean(v.Text != "true"), nil
	}
	return e.junction(name, arg)
}

// junction evaluates And and Or: one known answer can decide, whatever is unknown.
func (e *Evaluator) junction(name string, arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) || len(arg.List) < 2 || len(arg.List) > 10 {
		return nil, templatef("every %s object requires a list of at least 2 and at most 10 boolean parameters.", name)
	}
	decisive := "true"
	if name == "Fn::And" {
		decisive = "false"
	}
	var unknown, decided *tree.Node
	for _, t := range arg.List {
		v, err := e.boolean(name, t)
		switch {
		case err != nil:
			return nil, err
		case v.Kind == tree.Unknown:
			unknown = v
		case v.Text == decisive:
			decided = v
		}
	}
	switch {
	case decided != nil:
		return tree.Boolean(decisive == "true"), nil
	case unknown != nil:
		return unknown, nil
	}
	return tree.Boolean(decisive != "true"), nil
}

func (e *Evaluator) boolean(function string, n *tree.Node) (*tree.Node, error) {
	v, err := e.Value(n)
	if err != nil {
		return nil, err
	}
	if v.Kind == tree.Unknown {
		return v, nil
	}
	if s, ok := v.Scalar(); ok && (s == "true" || s == "false") {
		return tree.Boolean(s == "true"), nil
	}
	return nil, templatef("every %s object takes boolean parameters", function)
}

func (e *Evaluator) equals(arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) || len(arg.List) != 2 {
		return nil, templatef("every Fn::Equals object requires a list of 2 string parameters.")
	}
	a, err := e.Value(arg.List[0])
	if err != nil {
		return nil, err
	}
	b, err := e.Value(arg.List[1])
	if err != nil {
		return nil, err
	}
	for _, v := range []*tree.Node{a, b} {
		if u := findUnknown(v); u != nil {
			return u, nil
		}
	}
	as, aok := a.Scalar()
	bs, bok := b.Scalar()
	if aok && bok {
		return tree.Boolean(as == bs), nil
	}
	return tree.Boolean(tree.Equal(a, b)), nil
}
