package goformation

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/awslabs/goformation/v7/cloudformation"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// FromTemplate turns a goformation template into ours. Names are in alphabetical order, since
// goformation does not keep another; t is not changed.
//
// # Errors
//
// stack.Diagnostics, each with its path: an expression that one of goformation's helpers wrote so
// that nobody can read it, a required property that was not set, an attribute of a resource that was
// set on a property, text that is not UTF-8.
func FromTemplate(t *cloudformation.Template) (*stack.Template, error) {
	if t == nil {
		return nil, errors.New("a nil goformation template; make one with cloudformation.NewTemplate")
	}
	body, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("write the goformation template: %w", err)
	}
	doc, err := tree.Parse(body)
	if err != nil {
		return nil, fmt.Errorf("read what goformation wrote: %w", err)
	}
	var d decoder
	d.inspectTemplate(t)
	doc = d.document(doc)
	if err := d.err(); err != nil {
		return nil, err
	}
	ours, err := stack.Parse(doc.AppendJSON(nil))
	if err != nil {
		return nil, fmt.Errorf("read the goformation template: %w", err)
	}
	return ours, nil
}

// FromResource turns a goformation resource into ours: put it into a template's Resources under its
// logical ID. Errors are those of [FromTemplate].
func FromResource(r cloudformation.Resource) (*stack.Resource, error) {
	t, err := FromTemplate(&cloudformation.Template{Resources: cloudformation.Resources{single: r}})
	if err != nil {
		return nil, ofOne(err)
	}
	ours, _ := t.Resources.Get(single)
	return ours, nil
}

// decoder turns what goformation writes into a template.
type decoder struct{ problems }

func (d *decoder) document(n *tree.Node) *tree.Node {
	out := tree.Object()
	for _, m := range n.Map {
		if m.Key == "Resources" {
			m.Value = d.resources(m.Value)
		}
		if len(m.Value.Map) > 0 || m.Value.Kind != tree.Map {
			out.Map = append(out.Map, tree.Field(m.Key, d.value(m.Value, m.Key)))
		}
	}
	return out
}

// resources leaves out what goformation adds to custom resources.
func (d *decoder) resources(n *tree.Node) *tree.Node {
	out := tree.Object()
	for _, r := range n.Map {
		body := tree.Object()
		for _, m := range r.Value.Members() {
			empty := m.Value.Kind == tree.Null || m.Value.Is(tree.String) && m.Value.Text == ""
			if custom := strings.HasPrefix(r.Value.Get("Type").Str(), "Custom::"); custom && empty && (m.Key == "Version" || m.Key == "Properties") {
				continue
			}
			body.Map = append(body.Map, m)
		}
		if r.Value.Kind == tree.Map {
			r.Value = body
		}
		out.Map = append(out.Map, r)
	}
	return out
}

// value decodes the expressions in a value.
func (d *decoder) value(n *tree.Node, path string) *tree.Node {
	switch n.Kind {
	case tree.Null:
		d.add(path, "set it in the goformation template", "a null, which CloudFormation refuses; goformation writes it where something required is not set")
	case tree.String:
		expression, err := unpack(n.Text)
		if err != nil {
			d.add(path, "give its helper text only: \"6\", not 6", "%v", err)
		}
		if expression != nil {
			d.formatted(expression, path)
			return d.value(expression, path)
		}
	case tree.List:
		out := tree.ListOf()
		for i, e := range n.List {
			out.List = append(out.List, d.value(e, element(path, i)))
		}
		return out
	case tree.Map:
		out := tree.Object()
		for _, m := range n.Map {
			out.Map = append(out.Map, tree.Field(m.Key, d.value(m.Value, below(path, m.Key))))
		}
		d.tests(out, path)
		return out
	}
	return n
}

// formatted finds objects that goformation's helpers turned into text as Go prints them.
func (d *decoder) formatted(expression *tree.Node, path string) {
	name, arg, _ := expression.Function()
	items := arg.Items()
	if name == "Fn::Join" && len(items) == 2 {
		items, path = items[1].Items(), element(below(path, name), 1)
	} else {
		path = below(path, name)
	}
	for i, e := range items {
		if e.Is(tree.String) && strings.HasPrefix(e.Text, "map[") && strings.HasSuffix(e.Text, "]") {
			d.add(element(path, i), "build it with goformation's helpers, or turn the template into ours before it is read by goformation",
				"%q: goformation printed an object as text", e.Text)
		}
	}
}

// tests finds what goformation makes of conditions that are named inside of others.
func (d *decoder) tests(n *tree.Node, path string) {
	name, arg, _ := n.Function()
	if name != "Fn::And" && name != "Fn::Or" && name != "Fn::Not" {
		return
	}
	for i, e := range arg.Items() {
		if e.Kind == tree.String {
			d.add(element(below(path, name), i), `write {"Condition": name}, as a map and not with goformation's helper, which cannot say it`,
				"the text %q where a test belongs", e.Text)
		}
	}
}
