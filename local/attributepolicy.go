package local

import (
	"slices"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
)

// withPolicies returns a definition whose DeletionPolicy, UpdateReplacePolicy, CreationPolicy and
// UpdatePolicy are evaluated.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
func withPolicies(e *eval.Evaluator, d *definition) (*definition, error) {
	node := d.node
	for _, name := range []string{"DeletionPolicy", "UpdateReplacePolicy"} {
		p := d.node.Get(name)
		if !isFunction(p) {
			continue
		}
		v, err := e.Value(p)
		if err != nil {
			return nil, err
		}
		if !isPolicy(v.Str()) {
			return nil, unrecognizedPolicy(name, d.id, v)
		}
		node = with(node, name, v)
	}
	for _, name := range []string{"CreationPolicy", "UpdatePolicy"} {
		p := d.node.Get(name)
		if p == nil {
			continue
		}
		v, err := e.Value(p)
		if err != nil {
			return nil, err
		}
		if v != p {
			node = with(node, name, v)
		}
	}
	if node == d.node {
		return d, nil
	}
	c := *d
	c.node = node
	return &c, nil
}

// with returns n with another value for a key that it has.
func with(n *tree.Node, key string, value *tree.Node) *tree.Node {
	c := *n
	c.Map = slices.Clone(n.Map)
	for i := range c.Map {
		if c.Map[i].Key == key {
			c.Map[i].Value = value
		}
	}
	return &c
}
