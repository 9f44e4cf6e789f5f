package stack

import (
	"slices"
	"sort"

	"github.com/updraft-go/updraft/internal/tree"
)

// Sort brings the template into a form that does not depend on the order in which it was written:
// the sections in CloudFormation's order, the names in each in alphabetical order, and so the keys
// of every [Object] and of what is kept as it was read. Lists keep their order, since it has a
// meaning.
func (t *Template) Sort() {
	sortSection(&t.Parameters, func(p *Parameter) { sortExtra(p.Extra) })
	sortSection(&t.Rules, func(r *Rule) { sortExtra(r.Extra) })
	t.Mappings.Sort()
	for _, m := range t.Mappings.values {
		for _, row := range m {
			sortExtra(row)
		}
	}
	t.Conditions.Sort()
	sortSection(&t.Resources, (*Resource).sort)
	sortSection(&t.Hooks, func(h *Hook) {
		sortValue(h.Properties)
		sortExtra(h.Extra)
	})
	sortSection(&t.Outputs, func(o *Output) {
		sortExtra(o.Extra)
		o.Loop.sort()
	})
	sortValue(t.Metadata)
	sortValue(t.Globals)
	sortExtra(t.Extra)
	t.source = sortSource(t.source)
}

// sortSection sorts the names, and what they stand for by value.
func sortSection[T comparable](s *Section[T], value func(T)) {
	s.Sort()
	var missing T
	for _, v := range s.values {
		if v != missing {
			value(v)
		}
	}
}

func (r *Resource) sort() {
	sortValue(r.Properties)
	sortValue(r.Metadata)
	sortExtra(r.Extra)
	r.Loop.sort()
}

func (l *Loop) sort() {
	if l != nil && l.Body != nil {
		l.Body.Sort()
	}
}

func sortExtra[M ~map[string]any](m M) {
	for _, v := range m {
		sortValue(v)
	}
}

// sortSource sorts what a template was read from, so that members that are kept verbatim follow.
func sortSource(n *tree.Node) *tree.Node {
	if n == nil {
		return nil
	}
	n = n.Sorted()
	rank := func(m tree.Member) int {
		if i := slices.Index(documentKeys, m.Key); i >= 0 {
			return i
		}
		return len(documentKeys)
	}
	sort.SliceStable(n.Map, func(i, j int) bool { return rank(n.Map[i]) < rank(n.Map[j]) })
	return n
}
