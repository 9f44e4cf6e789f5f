package sam

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// object makes a map of keys and values by turns; a value is text, a truth or a node, and one that is nil
// is left out.
func object(pairs ...any) *tree.Node {
	out := tree.Object()
	for i := 0; i+1 < len(pairs); i += 2 {
		key, _ := pairs[i].(string)
		if v := node(pairs[i+1]); v != nil {
			out.Map = append(out.Map, tree.Field(key, v))
		}
	}
	return out
}

func node(v any) *tree.Node {
	switch v := v.(type) {
	case string:
		return tree.Text(v)
	case bool:
		return tree.Boolean(v)
	case *tree.Node:
		return v
	}
	return nil
}

func list(items ...any) *tree.Node {
	out := tree.ListOf()
	for _, item := range items {
		if n := node(item); n != nil {
			out.List = append(out.List, n)
		}
	}
	return out
}

func ref(id string) *tree.Node               { return object("Ref", id) }
func getAtt(id, attribute string) *tree.Node { return object("Fn::GetAtt", list(id, attribute)) }

// sub is Fn::Sub, with variables of its own if there are any.
func sub(text string, variables ...any) *tree.Node {
	if len(variables) == 0 {
		return object("Fn::Sub", text)
	}
	return object("Fn::Sub", list(text, object(variables...)))
}

// with returns n with a member added, or in place of one of the same key.
func with(n *tree.Node, key string, value *tree.Node) *tree.Node {
	if value == nil {
		return n
	}
	c := *n
	c.Map = slices.Clone(n.Map)
	if i := slices.IndexFunc(c.Map, func(m tree.Member) bool { return m.Key == key }); i >= 0 {
		c.Map[i].Value = value
		return &c
	}
	c.Map = append(c.Map, tree.Field(key, value))
	return &c
}

// take copies members of n by their names.
func take(n *tree.Node, names ...string) []tree.Member {
	var found []tree.Member
	for _, name := range names {
		if v := n.Get(name); v != nil {
			found = append(found, tree.Field(name, v))
		}
	}
	return found
}

// merge lays a resource's own properties over those of the Globals: maps are merged, lists appended to,
// and all else replaced.
func merge(global, own *tree.Node) *tree.Node {
	switch {
	case global == nil:
		return own
	case own == nil:
		return global
	case global.Is(tree.List) && own.Is(tree.List):
		return tree.ListOf(slices.Concat(global.List, own.List)...)
	case !global.Is(tree.Map) || !own.Is(tree.Map) || isFunction(global) || isFunction(own):
		return own
	}
	out := global
	for _, m := range own.Map {
		out = with(out, m.Key, merge(global.Get(m.Key), m.Value))
	}
	return out
}

func isFunction(n *tree.Node) bool {
	_, _, ok := n.Function()
	return ok
}

// digest is what AWS puts behind the logical IDs of resources that are made anew when something changes:
// the beginning of the hash of text, or of sorted JSON.
func digest(n *tree.Node) string {
	text, ok := n.Scalar()
	if !ok {
		text = n.Sorted().JSON()
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:10]
}

// small is a name with a small first letter.
func small(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToLower(name[:1]) + name[1:]
}

// isAlphanumeric reports whether text can stand in a logical ID.
func isAlphanumeric(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// tags are the tags of a resource as a list, with the one by which AWS marks what the transform made.
func tags(mark string, given *tree.Node) *tree.Node {
	out := tree.ListOf()
	if mark != "" {
		out.List = append(out.List, object("Key", mark, "Value", "SAM"))
	}
	for _, m := range given.Members() {
		out.List = append(out.List, object("Key", m.Key, "Value", m.Value))
	}
	if len(out.List) == 0 {
		return nil
	}
	return out
}
