package goformation

import (
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/updraft-go/updraft/internal/tree"
)

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// value encodes a value for a place of goformation's type t: expressions become strings.
func (e *encoder) value(t reflect.Type, n *tree.Node, path string) *tree.Node {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(unmarshaler) {
		return e.free(n, path)
	}
	if name, _, ok := function(n); ok && !hasField(t, name) {
		return e.expression(t, n, name, path)
	}
	if n.Kind == tree.Null {
		e.add(path, "leave it out", "a null, which CloudFormation refuses")
		return n
	}
	switch t.Kind() {
	case reflect.Interface:
		return e.free(n, path)
	case reflect.Struct:
		return e.fields(t, n, path)
	case reflect.Map:
		return e.entries(t, n, path)
	case reflect.Slice:
		return e.elements(t, n, path)
	}
	return e.scalar(t, n, path)
}

// expression encodes a function, where goformation has room for it.
func (e *encoder) expression(t reflect.Type, n *tree.Node, name, path string) *tree.Node {
	switch {
	case t.Kind() == reflect.Interface:
		return e.free(n, path)
	case t.Kind() != reflect.String:
		e.add(path, "give it literally, or keep the resource out of goformation", "%s, where goformation has room for %s only", name, described(t))
	case !known(name):
		e.add(path, "keep the resource out of goformation", "goformation does not know %s", name)
	default:
		return e.free(n, path)
	}
	return n
}

// free encodes a value for a place that takes anything.
func (e *encoder) free(n *tree.Node, path string) *tree.Node {
	switch n.Kind {
	case tree.Null:
		e.add(path, "leave it out", "a null, which CloudFormation refuses")
	case tree.String:
		e.literal(n.Text, path)
	case tree.Number:
		e.number(n.Text, path)
	case tree.List:
		out := tree.ListOf()
		for i, item := range n.List {
			out.List = append(out.List, e.free(item, element(path, i)))
		}
		return out
	case tree.Map:
		out := tree.Object()
		for _, m := range n.Map {
			if known(m.Key) && len(n.Map) > 1 {
				e.add(below(path, m.Key), "rename it, or keep it out of goformation", "goformation evaluates whatever has a member %s, and drops what stands beside it", m.Key)
			}
			out.Map = append(out.Map, tree.Field(m.Key, e.free(m.Value, below(path, m.Key))))
		}
		if name, _, ok := function(n); ok && known(name) {
			return e.pack(out, path)
		}
		return out
	}
	return n
}

// maxPacked bounds what the strings of a template's expressions add up to: one inside of another grows
// by a third with each level.
const maxPacked = 16 << 20

func (e *encoder) pack(n *tree.Node, path string) *tree.Node {
	out := pack(n)
	if e.packed += len(out.Text); e.packed > maxPacked {
		e.add(path, "nest fewer functions in each other", "goformation's form of the expressions, base64 inside of base64, is more than %d MB", maxPacked>>20)
		return tree.Text("")
	}
	return out
}

// literal refuses text that goformation would take for an expression.
func (e *encoder) literal(text, path string) {
	if expression, _ := unpack(text); expression != nil {
		e.add(path, "change the text", "text that is base64 of %s, which goformation takes for an expression", expression.JSON())
	}
}

// number refuses what is spelled otherwise once it was a float64: in free-form values 2.0 may be a
// version, and more than 15 digits are lost.
func (e *encoder) number(text, path string) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		e.add(path, "write it as text", "%s is more than goformation's float64 holds", text)
	} else if again, err := json.Marshal(f); err == nil && string(again) != text {
		e.add(path, "write it as text", "goformation writes %s for %s", again, text)
	}
}

func hasField(t reflect.Type, name string) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	_, ok := fieldOf(t, name)
	return ok
}

func fieldOf(t reflect.Type, name string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && name != "" && jsonName(f) == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func (e *encoder) fields(t reflect.Type, n *tree.Node, path string) *tree.Node {
	if n.Kind != tree.Map {
		return e.misfit(t, n, path)
	}
	out := tree.Object()
	for _, m := range n.Map {
		at := below(path, m.Key)
		f, ok := fieldOf(t, m.Key)
		if !ok {
			e.add(at, "take it out, or keep the resource out of goformation", "goformation's %s has no %s", t, m.Key)
			continue
		}
		out.Map = append(out.Map, tree.Field(m.Key, e.value(f.Type, m.Value, at)))
	}
	return out
}

func (e *encoder) entries(t reflect.Type, n *tree.Node, path string) *tree.Node {
	if n.Kind != tree.Map {
		return e.misfit(t, n, path)
	}
	out := tree.Object()
	for _, m := range n.Map {
		out.Map = append(out.Map, tree.Field(m.Key, e.value(t.Elem(), m.Value, below(path, m.Key))))
	}
	return out
}

func (e *encoder) elements(t reflect.Type, n *tree.Node, path string) *tree.Node {
	if n.Kind != tree.List {
		return e.misfit(t, n, path)
	}
	out := tree.ListOf()
	for i, item := range n.List {
		out.List = append(out.List, e.value(t.Elem(), item, element(path, i)))
	}
	return out
}

// scalar spells a scalar as goformation's type wants it; CloudFormation takes both.
func (e *encoder) scalar(t reflect.Type, n *tree.Node, path string) *tree.Node {
	text, ok := n.Scalar()
	if !ok {
		return e.misfit(t, n, path)
	}
	switch t.Kind() {
	case reflect.String:
		e.literal(text, path)
		return tree.Text(text)
	case reflect.Int:
		if _, err := strconv.Atoi(text); err == nil {
			return &tree.Node{Kind: tree.Number, Text: text}
		}
	case reflect.Float64:
		if _, err := strconv.ParseFloat(text, 64); err == nil && json.Valid([]byte(text)) {
			return &tree.Node{Kind: tree.Number, Text: text}
		}
	case reflect.Bool:
		if text == "true" || text == "false" {
			return &tree.Node{Kind: tree.Bool, Text: text}
		}
	}
	return e.misfit(t, n, path)
}

func (e *encoder) misfit(t reflect.Type, n *tree.Node, path string) *tree.Node {
	e.add(path, "give it what the type wants", "%s, where goformation has room for %s only", n.JSON(), described(t))
	return n
}

func described(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "a boolean"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "text"
}
