package stack

import (
	"cmp"
	"slices"

	"github.com/updraft-go/updraft/internal/tree"
)

// Sort brings the template into a form that does not depend on the order in which it was written:
// the sections in CloudFormation's order, the names in each in alphabetical order, and so the keys
// of every [Object] and of what is kept as it was read. Lists keep their order, since it has a
// meaning.
func (t *Template) Sort() {
	t.Parameters.Sort()
	t.Rules.Sort()
	t.Mappings.Sort()
	t.Conditions.Sort()
	t.Resources.Sort()
	t.Hooks.Sort()
	t.Outputs.Sort()
	for _, r := range t.Resources.All() {
		sortValue(r.Properties)
		sortValue(r.Metadata)
		sortExtra(r.Extra)
		if r.Loop != nil && r.Loop.Body != nil {
			r.Loop.Body.Sort()
		}
	}
	for _, o := range t.Outputs.All() {
		sortExtra(o.Extra)
		if o.Loop != nil && o.Loop.Body != nil {
			o.Loop.Body.Sort()
		}
	}
	for _, m := range t.Mappings.All() {
		for _, row := range m {
			sortExtra(row)
		}
	}
	for _, p := range t.Parameters.All() {
		sortExtra(p.Extra)
	}
	for _, h := range t.Hooks.All() {
		sortValue(h.Properties)
		sortExtra(h.Extra)
	}
	for _, r := range t.Rules.All() {
		sortExtra(r.Extra)
	}
	sortValue(t.Metadata)
	sortValue(t.Globals)
	sortExtra(t.Extra)
	t.source = sortSource(t.source)
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
	slices.SortStableFunc(n.Map, func(a, b tree.Member) int { return cmp.Compare(rank(a), rank(b)) })
	return n
}
