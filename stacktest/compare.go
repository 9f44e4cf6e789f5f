package stacktest

import (
	"math/big"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// CompareOptions say which spellings are taken as the same. Nil, or the zero value, takes as the
// same what no reader can tell apart: another order of keys, a DependsOn in another order, and a
// DependsOn or Transform that is a string and one that is a list of just that string.
type CompareOptions struct {
	// Scalars takes a string as the same as the number or boolean that it spells, "22" and 22, "true"
	// and true, as CloudFormation does with properties, and numbers as the same that have one value,
	// 1.0 and 1. False keeps them apart, which matters in free-form values such as an API's version.
	Scalars bool
	// FormatVersion ignores AWSTemplateFormatVersion, of which only one value exists. False compares
	// it.
	FormatVersion bool
	// Functions takes expressions as the same that give the same text by form alone: Fn::Join
	// without a delimiter and Fn::Sub, Joins inside of Joins, literals side by side, Fn::GetAtt with
	// a dot and as a list, an index as text and as a number, Fn::GetAZs of "" and of the own region.
	// False compares them as they are written.
	Functions bool
}

// scalar is a leaf of a document.
type scalar struct {
	kind tree.Kind
	text string
}

func (o CompareOptions) equalScalars(a, b scalar) bool {
	if a == b {
		return true
	}
	if !o.Scalars || a.kind == tree.Null || b.kind == tree.Null {
		return false
	}
	if a.text == b.text {
		return true
	}
	return (a.kind == tree.Number || b.kind == tree.Number) && equalNumbers(a.text, b.text)
}

// equalNumbers reports whether two literals are one number. Those with an exponent so large that no
// template means it are compared as text, which the caller has done.
func equalNumbers(a, b string) bool {
	x, okX := rational(a)
	y, okY := rational(b)
	return okX && okY && x.Cmp(y) == 0
}

func rational(s string) (*big.Rat, bool) {
	const long = 64
	if _, exponent, ok := strings.Cut(strings.ToLower(s), "e"); len(s) > long || ok && len(strings.TrimLeft(exponent, "+-0")) > 2 {
		return nil, false
	}
	if strings.Trim(s, "+-.0123456789eE") != "" { // no fractions, no hexadecimal: these are text
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// document is a template as a tree, in the spelling in which it is compared.
func (o CompareOptions) document(t *stack.Template) (*tree.Node, error) {
	body, err := t.Minified()
	if err != nil {
		return nil, err
	}
	n, err := tree.Parse(body)
	if err != nil {
		return nil, err
	}
	return o.normal(n), nil
}

func (o CompareOptions) normal(n *tree.Node) *tree.Node {
	c := *n
	c.Map = nil
	for _, m := range n.Map {
		switch m.Key {
		case "AWSTemplateFormatVersion":
			if o.FormatVersion {
				continue
			}
		case "Transform":
			m.Value = listOf(m.Value)
		case "Resources":
			m.Value = mapValues(m.Value, normalResource)
		}
		c.Map = append(c.Map, m)
	}
	if o.Functions {
		return normalFunctions(&c)
	}
	return &c
}

func normalResource(n *tree.Node) *tree.Node {
	if n.Kind != tree.Map {
		return n // a loop
	}
	c := *n
	c.Map = slices.Clone(n.Map)
	for i, m := range c.Map {
		if m.Key == "DependsOn" {
			c.Map[i].Value = sortedTexts(listOf(m.Value))
		}
	}
	return &c
}

// listOf makes a list of a value that stands alone.
func listOf(n *tree.Node) *tree.Node {
	if n.Kind == tree.String {
		return tree.ListOf(n)
	}
	return n
}

func sortedTexts(n *tree.Node) *tree.Node {
	if n.Kind != tree.List {
		return n
	}
	c := *n
	c.List = slices.SortedStableFunc(slices.Values(n.List), func(a, b *tree.Node) int {
		return strings.Compare(a.Text, b.Text)
	})
	return &c
}

func mapValues(n *tree.Node, f func(*tree.Node) *tree.Node) *tree.Node {
	c := *n
	c.Map = slices.Clone(n.Map)
	for i := range c.Map {
		c.Map[i].Value = f(c.Map[i].Value)
	}
	return &c
}
