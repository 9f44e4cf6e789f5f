package stacktest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// Diff compares two templates as documents and returns where they differ, sorted by path.
// Lists are aligned, so that an element which was put in does not make all that follow differ.
//
// # Errors
//
// Those of writing the templates.
func Diff(want, got *stack.Template, opts *CompareOptions) ([]Difference, error) {
	o := value(opts)
	a, err := o.document(want)
	if err != nil {
		return nil, fmt.Errorf("the wanted template: %w", err)
	}
	b, err := o.document(got)
	if err != nil {
		return nil, err
	}
	return o.differences(a, b), nil
}

// Equal checks that two templates are the same: see [Diff].
func Equal(t testing.TB, want, got *stack.Template, opts *CompareOptions) {
	t.Helper()
	ds, err := Diff(want, got, opts)
	if err != nil {
		t.Errorf("the template cannot be written: %v", err)
		return
	}
	if len(ds) > 0 {
		t.Errorf("the templates differ:%s", list(ds))
	}
}

// value reads options that may be nil.
func value[T any](opts *T) (o T) {
	if opts != nil {
		o = *opts
	}
	return o
}

func (o CompareOptions) differences(want, got *tree.Node) []Difference {
	var r reporter
	cmp.Equal(plain(want), plain(got), cmp.Comparer(o.equalScalars), cmp.Reporter(&r),
		cmp.FilterValues(otherFunctions, cmp.Comparer(func(_, _ map[string]any) bool { return false })))
	return r.found
}

// otherFunctions reports whether two objects are different functions, or just one of them is a
// function: such are shown whole.
func otherFunctions(a, b map[string]any) bool {
	x, y := functionName(a), functionName(b)
	return x != y
}

// functionName is the name of the function that an object is, or "".
func functionName(m map[string]any) string {
	if len(m) != 1 {
		return ""
	}
	for k := range m {
		if k == "Ref" || k == "Condition" || strings.HasPrefix(k, "Fn::") {
			return k
		}
	}
	return ""
}

// plain is a document as go-cmp walks it.
func plain(n *tree.Node) any {
	switch n.Kind {
	case tree.Map:
		m := make(map[string]any, len(n.Map))
		for _, member := range n.Map {
			m[member.Key] = plain(member.Value)
		}
		return m
	case tree.List:
		l := make([]any, len(n.List))
		for i, e := range n.List {
			l[i] = plain(e)
		}
		return l
	}
	return scalar{kind: n.Kind, text: n.Text}
}

// reporter collects what go-cmp finds.
type reporter struct {
	path  cmp.Path
	found []Difference
}

// PushStep goes one step down.
func (r *reporter) PushStep(s cmp.PathStep) { r.path = append(r.path, s) }

// PopStep goes one step up.
func (r *reporter) PopStep() { r.path = r.path[:len(r.path)-1] }

// Report takes the result for the place at which it is.
func (r *reporter) Report(result cmp.Result) {
	if result.Equal() {
		return
	}
	want, got := r.path.Last().Values()
	r.found = append(r.found, Difference{Path: pathOf(r.path), Want: jsonOf(want), Got: jsonOf(got)})
}

func pathOf(steps cmp.Path) string {
	path := ""
	for _, s := range steps {
		switch s := s.(type) {
		case cmp.MapIndex:
			path = below(path, s.Key().String())
		case cmp.SliceIndex:
			want, got := s.SplitKeys()
			path = element(path, max(want, got))
		}
	}
	return path
}

func jsonOf(v reflect.Value) string {
	if !v.IsValid() {
		return ""
	}
	return nodeOf(v.Interface()).Sorted().JSON()
}

// nodeOf is the reverse of plain.
func nodeOf(v any) *tree.Node {
	switch v := v.(type) {
	case map[string]any:
		n := tree.Object()
		for k, e := range v {
			n.Map = append(n.Map, tree.Field(k, nodeOf(e)))
		}
		return n
	case []any:
		n := tree.ListOf()
		for _, e := range v {
			n.List = append(n.List, nodeOf(e))
		}
		return n
	case scalar:
		return &tree.Node{Kind: v.kind, Text: v.text}
	}
	return nil
}
