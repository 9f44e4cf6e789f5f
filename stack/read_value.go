package stack

import (
	"encoding/json"
	"strings"

	fn "github.com/updraft-go/updraft/intrinsics"

	"github.com/updraft-go/updraft/internal/tree"
)

func hasNUL(s string) bool { return strings.IndexByte(s, 0) >= 0 }

// freeOf turns a node into a value of an [Object].
func freeOf(n *tree.Node) any {
	switch n.Kind {
	case tree.Map:
		return objectOf(n)
	case tree.List:
		list := make([]any, len(n.List))
		for i, item := range n.List {
			list[i] = freeOf(item)
		}
		return list
	case tree.String:
		return n.Text
	case tree.Number:
		return json.Number(n.Text)
	case tree.Bool:
		return n.Text == "true"
	}
	return nil
}

func objectOf(n *tree.Node) *Object {
	o := &Object{}
	o.grow(len(n.Map))
	for i := range n.Map {
		o.add(n.Map[i].Key, freeOf(n.Map[i].Value))
	}
	return o
}

// expressionOf carries a node of any kind, verbatim.
func expressionOf[T any](n *tree.Node) T { return fn.FromJSON[T](n.AppendJSON(nil)) }

// literal is the text of a String that is not empty.
func literal(n *tree.Node) (string, bool) { return n.Text, n.Kind == tree.String && n.Text != "" }

// scalarText is the text of a scalar, as a value that is present even if it is empty.
func scalarText(n *tree.Node) (fn.String, bool) {
	s, ok := n.Scalar()
	if s == "" {
		return fn.Empty, ok
	}
	return fn.String(s), ok
}

// textOf is a text or the expression of one.
func textOf(n *tree.Node) fn.String {
	if s, ok := scalarText(n); ok {
		return s
	}
	return expressionOf[fn.String](n)
}

// namesOf reads one name or a list of names.
func namesOf(n *tree.Node) ([]string, bool) {
	if s, ok := literal(n); ok {
		return []string{s}, true
	}
	if n.Kind != tree.List {
		return nil, false
	}
	names := []string{}
	for _, item := range n.List {
		s, ok := literal(item)
		if !ok {
			return nil, false
		}
		names = append(names, s)
	}
	return names, true
}

// decodeMap reads a map into a typed struct, if it has room for all that is there.
func decodeMap[T any](n *tree.Node) (*T, bool) {
	if n.Kind != tree.Map {
		return nil, false
	}
	v := new(T)
	return v, fn.Decode(n.AppendJSON(nil), v) == nil
}
