package stack

import (
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// Locate returns findings with the line and column at which they stand in the source of the
// template, where it was read from one: those of the value at Path, or of the innermost value on the
// way to it. A finding that has a line keeps it.
func (t *Template) Locate(ds Diagnostics) Diagnostics {
	out := make(Diagnostics, len(ds))
	for i, d := range ds {
		if d.Line == 0 {
			if n := locate(t.source, d.Path); n != nil {
				d.Line, d.Column = n.Line, n.Column
			}
		}
		out[i] = d
	}
	return out
}

// locate follows a path such as Resources.Jobs.Properties.Tags[1].Value as far as it leads.
func locate(n *tree.Node, path string) *tree.Node {
	for n != nil && path != "" {
		next, rest := step(n, path)
		if next == nil {
			break
		}
		n, path = next, strings.TrimPrefix(rest, ".")
	}
	return n
}

// step goes to the member or element with which path begins. A key may hold dots: the longest that
// fits is taken.
func step(n *tree.Node, path string) (next *tree.Node, rest string) {
	if n.Kind == tree.List {
		index, rest, ok := strings.Cut(strings.TrimPrefix(path, "["), "]")
		i, err := strconv.Atoi(index)
		if !ok || err != nil || i < 0 || i >= len(n.List) {
			return nil, ""
		}
		return n.List[i], rest
	}
	longest := -1
	for _, m := range n.Map {
		after, ok := strings.CutPrefix(path, m.Key)
		if ok && len(m.Key) > longest && (after == "" || after[0] == '.' || after[0] == '[') {
			longest, next, rest = len(m.Key), m.Value, after
		}
	}
	return next, rest
}
