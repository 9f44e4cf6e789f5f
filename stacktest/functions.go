package stacktest

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// normalFunctions gives functions that are the same by form alone one form.
func normalFunctions(n *tree.Node) *tree.Node {
	c := *n
	c.List, c.Map = slices.Clone(n.List), slices.Clone(n.Map)
	for i := range c.List {
		c.List[i] = normalFunctions(c.List[i])
	}
	for i := range c.Map {
		c.Map[i].Value = normalFunctions(c.Map[i].Value)
	}
	name, arg, ok := c.Function()
	if !ok {
		return &c
	}
	switch name {
	case "Fn::Join":
		if items := arg.Items(); len(items) == 2 && items[0].Is(tree.String) && items[0].Text == "" && items[1].Is(tree.List) {
			return text(items[1].List)
		}
	case "Fn::Sub":
		if parts, ok := substituted(arg); ok {
			return text(parts)
		}
	case "Fn::GetAtt":
		if resource, attribute, ok := strings.Cut(arg.Text, "."); ok && arg.Is(tree.String) {
			return call(name, tree.ListOf(tree.Text(resource), tree.Text(attribute)))
		}
	case "Fn::GetAZs":
		if arg.Is(tree.String) && arg.Text == "" {
			return call(name, call("Ref", tree.Text("AWS::Region")))
		}
	case "Fn::Select":
		if items := arg.Items(); len(items) == 2 && items[0].Is(tree.Number) {
			return call(name, tree.ListOf(tree.Text(items[0].Text), items[1]))
		}
	}
	return &c
}

func call(name string, arg *tree.Node) *tree.Node { return tree.Object(tree.Field(name, arg)) }

// text puts parts together: literals side by side become one, Joins inside are unfolded, and what
// remains is a literal, the one expression, or a Join.
func text(parts []*tree.Node) *tree.Node {
	var flat []*tree.Node
	var add func([]*tree.Node)
	add = func(parts []*tree.Node) {
		for _, p := range parts {
			last := len(flat) - 1
			if inner, ok := joined(p); ok {
				add(inner)
			} else if s, ok := p.Scalar(); !ok {
				flat = append(flat, p)
			} else if last >= 0 && flat[last].Is(tree.String) {
				flat[last] = tree.Text(flat[last].Text + s)
			} else if s != "" {
				flat = append(flat, tree.Text(s))
			}
		}
	}
	add(parts)
	switch len(flat) {
	case 0:
		return tree.Text("")
	case 1:
		return flat[0]
	}
	return call("Fn::Join", tree.ListOf(tree.Text(""), tree.ListOf(flat...)))
}

// joined returns the parts of a Join without a delimiter.
func joined(n *tree.Node) ([]*tree.Node, bool) {
	name, arg, ok := n.Function()
	items := arg.Items()
	if !ok || name != "Fn::Join" || len(items) != 2 || !items[0].Is(tree.String) || items[0].Text != "" || !items[1].Is(tree.List) {
		return nil, false
	}
	return items[1].List, true
}

// substituted returns the parts of a Fn::Sub: its literals, and an expression for each ${}.
func substituted(arg *tree.Node) ([]*tree.Node, bool) {
	source, vars := arg, (*tree.Node)(nil)
	if items := arg.Items(); len(items) == 2 {
		source, vars = items[0], items[1]
	}
	if !source.Is(tree.String) {
		return nil, false
	}
	var parts []*tree.Node
	rest := source.Text
	for {
		before, after, found := strings.Cut(rest, "${")
		parts = append(parts, tree.Text(before))
		if !found {
			return parts, true
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			return nil, false
		}
		rest = tail
		parts = append(parts, variable(strings.TrimSpace(name), vars))
	}
}

func variable(name string, vars *tree.Node) *tree.Node {
	if literal, ok := strings.CutPrefix(name, "!"); ok {
		return tree.Text("${" + literal + "}")
	}
	if v := vars.Get(name); v != nil {
		return v
	}
	if resource, attribute, ok := strings.Cut(name, "."); ok {
		return call("Fn::GetAtt", tree.ListOf(tree.Text(resource), tree.Text(attribute)))
	}
	return call("Ref", tree.Text(name))
}
