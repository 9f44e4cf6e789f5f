package stack

import (
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
	for _, top := range orderOf(m, source) {
		row, from := m[top], source.Get(top)
		if row == nil || isWhole(row) {
			w.value(top, row)
			continue
		}
		w.open(top)
		for _, second := range orderOf(row, from) {
			w.key(second)
			w.note(appendFree(w.buf, row[second], 0))
			w.done()
		}
		w.close()
	}
	w.buf = append(w.buf, '}')
}

// orderOf returns the keys of m: those of source in its order, then the others.
func orderOf[V any](m map[string]V, source *tree.Node) []string {
	if source == nil {
		return sortedKeys(m)
	}
	keys := make([]string, 0, len(m))
	for _, s := range source.Map {
		if _, ok := m[s.Key]; ok {
			keys = append(keys, s.Key)
		}
	}
	if len(keys) == len(m) {
		return keys
	}
	for _, k := range sortedKeys(m) {
		if source.Get(k) == nil {
			keys = append(keys, k)
		}
	}
	return keys
}

// isWhole reports whether a map is one expression: what a macro gives, or what is no table.
func isWhole[V any](m map[string]V) bool {
	for k := range m {
		return hasNUL(k)
	}
	return false
}
