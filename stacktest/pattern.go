package stacktest

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/updraft-go/updraft/internal/tree"
	fn "github.com/updraft-go/updraft/intrinsics"
)

// An Object describes an object that has at least these members. Its values are patterns: see the
// package comment.
type Object map[string]any

// A matching is one comparison of a pattern with a value.
type matching struct {
	opts        CompareOptions
	differences []Difference
	captures    []func() // what is done when all of the pattern fits
}

func (m *matching) differ(path, want string, got *tree.Node) {
	d := Difference{Path: path, Want: want}
	if got != nil {
		d.Got = got.JSON()
	}
	m.differences = append(m.differences, d)
}

// try compares apart: it tells whether the pattern fits and notes nothing else.
func (m *matching) try(p Matcher, path string, got *tree.Node) (*matching, bool) {
	inner := &matching{opts: m.opts}
	p.match(inner, path, got)
	return inner, len(inner.differences) == 0
}

// compile makes a matcher of a pattern. exact says that objects have no other members.
func (o CompareOptions) compile(v any, exact bool) (Matcher, error) {
	if m, ok := v.(Matcher); ok {
		return m, nil
	}
	if v == nil {
		return nil, errors.New("nil is none: use Any for what may be anything, Absent for what is not to be there")
	}
	if !holdsMatcher(reflect.ValueOf(v)) {
		body, err := fn.Append(nil, v)
		if err != nil {
			return nil, err
		}
		n, err := tree.Parse(body)
		if err != nil {
			return nil, err
		}
		if o.Functions {
			n = normalFunctions(n)
		}
		return compileNode(n, exact), nil
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Map:
		return o.compileMap(r, exact)
	case reflect.Slice:
		l := make(elements, r.Len())
		for i := range l {
			m, err := o.compile(r.Index(i).Interface(), exact)
			if err != nil {
				return nil, fn.At(fmt.Sprintf("[%d]", i), err)
			}
			l[i] = m
		}
		return l, nil
	}
	return nil, fmt.Errorf("a matcher inside of a %T; matchers stand in an Object or in a []any", v)
}

func (o CompareOptions) compileMap(r reflect.Value, exact bool) (Matcher, error) {
	obj := members{exact: exact}
	values := map[string]reflect.Value{}
	for k, v := range r.Seq2() {
		values[k.String()] = v
	}
	for _, k := range slices.Sorted(maps.Keys(values)) {
		m, err := o.compile(values[k].Interface(), exact)
		if err != nil {
			return nil, fn.At(k, err)
		}
		obj.list = append(obj.list, member{key: k, value: m})
	}
	return obj, nil
}

// holdsMatcher looks for matchers where they may stand.
func holdsMatcher(v reflect.Value) bool {
	if v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return false
		}
	}
	if v.CanInterface() {
		if _, ok := v.Interface().(Matcher); ok {
			return true
		}
	}
	switch v.Kind() {
	case reflect.Interface:
		return holdsMatcher(v.Elem())
	case reflect.Map:
		for k, e := range v.Seq2() {
			if k.Kind() == reflect.String && holdsMatcher(e) {
				return true
			}
		}
	case reflect.Slice:
		for _, e := range v.Seq2() {
			if holdsMatcher(e) {
				return true
			}
		}
	}
	return false
}

// compileNode makes a matcher of a document.
func compileNode(n *tree.Node, exact bool) Matcher {
	switch n.Kind {
	case tree.Map:
		obj := members{exact: exact}
		for _, m := range n.Map {
			obj.list = append(obj.list, member{key: m.Key, value: compileNode(m.Value, exact)})
		}
		return obj
	case tree.List:
		l := make(elements, len(n.List))
		for i, e := range n.List {
			l[i] = compileNode(e, exact)
		}
		return l
	case tree.Null:
		return wrong("a pattern, but nil is none: use Any for what may be anything, Absent for what is not to be there")
	}
	return leaf{n}
}

// members is an object of which some members are known.
type members struct {
	list  []member
	exact bool
}

type member struct {
	key   string
	value Matcher
}

func (p members) String() string {
	s := "{"
	for i, m := range p.list {
		if i > 0 {
			s += ","
		}
		s += tree.Text(m.key).JSON() + ":" + m.value.String()
	}
	return s + "}"
}

func (p members) match(m *matching, path string, got *tree.Node) {
	if !got.Is(tree.Map) {
		m.differ(path, p.String(), got)
		return
	}
	known := map[string]bool{}
	for _, want := range p.list {
		known[want.key] = true
		want.value.match(m, below(path, want.key), got.Get(want.key))
	}
	for _, other := range got.Map {
		if p.exact && !known[other.Key] {
			m.differ(below(path, other.Key), "", other.Value)
		}
	}
}

// elements is a list of just these elements.
type elements []Matcher

func (p elements) String() string {
	s := "["
	for i, e := range p {
		if i > 0 {
			s += ","
		}
		s += e.String()
	}
	return s + "]"
}

func (p elements) match(m *matching, path string, got *tree.Node) {
	if !got.Is(tree.List) {
		m.differ(path, p.String(), got)
		return
	}
	for i := range max(len(p), len(got.List)) {
		switch at := element(path, i); {
		case i >= len(p):
			m.differ(at, "", got.List[i])
		case i >= len(got.List):
			m.differ(at, p[i].String(), nil)
		default:
			p[i].match(m, at, got.List[i])
		}
	}
}

// leaf is one literal scalar.
type leaf struct{ *tree.Node }

func (p leaf) String() string { return p.JSON() }

func (p leaf) match(m *matching, path string, got *tree.Node) {
	if got == nil || got.Kind == tree.Map || got.Kind == tree.List ||
		!m.opts.equalScalars(scalar{p.Kind, p.Text}, scalar{got.Kind, got.Text}) {
		m.differ(path, p.String(), got)
	}
}
