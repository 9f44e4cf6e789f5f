package stack

import (
	"slices"

	fn "github.com/updraft-go/updraft/intrinsics"

	"github.com/updraft-go/updraft/internal/tree"
)

// writeMapping writes a table in the order of its source, what is new after that.
func writeMapping(w *writer, _ string, m Mapping, source *tree.Node) {
	if isWhole(m) {
		w.note(fn.Append(w.buf, m))
		return
	}
	w.buf = append(w.buf, '{')
	for _, top := range orderOf(sortedKeys(m), source) {
		row, from := m[top], source.Get(top)
		if row == nil || isWhole(row) {
			w.value(top, row)
			continue
		}
		w.open(top)
		for _, second := range orderOf(sortedKeys(row), from) {
			w.key(second)
			w.note(appendFree(w.buf, row[second], 0))
			w.done()
		}
		w.close()
	}
	w.buf = append(w.buf, '}')
}

// orderOf returns keys that are sorted in the order of source, and then those that it does not have.
func orderOf(keys []string, source *tree.Node) []string {
	if source == nil {
		return keys
	}
	order := make([]string, 0, len(keys))
	for _, m := range source.Map {
		if _, ok := slices.BinarySearch(keys, m.Key); ok {
			order = append(order, m.Key)
		}
	}
	if len(order) == len(keys) {
		return order
	}
	for _, k := range keys {
		if source.Get(k) == nil {
			order = append(order, k)
		}
	}
	return order
}

// isWhole reports whether a map is one expression: what a macro gives, or what is no table.
func isWhole[V any](m map[string]V) bool {
	for k := range m {
		return hasNUL(k)
	}
	return false
}
