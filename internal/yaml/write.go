package yaml

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// Append appends n as a YAML document. Functions take their short forms where there is one that
// means the same, unless long is true. What is written is read again by [Parse] as n, and by other
// readers of YAML with the same types of scalars. Equal trees give equal bytes.
func Append(dst []byte, n *tree.Node, long bool) []byte {
	w := writer{buf: dst, long: long}
	switch {
	case n.Is(tree.Map) && len(n.Map) > 0:
		w.members(n.Map, 0)
	case n.Is(tree.List) && len(n.List) > 0:
		w.items(n.List, 0)
	default:
		w.value(n, 0)
		w.buf = append(w.buf, '\n')
	}
	return w.buf
}

// writer emits block style. Each method that writes a value begins behind what stands before it on
// the line (a key, a dash), and members and items end with a new line.
type writer struct {
	buf  []byte
	long bool
}

func (w *writer) raw(s string) { w.buf = append(w.buf, s...) }

func (w *writer) pad(indent int) {
	for range indent {
		w.buf = append(w.buf, ' ')
	}
}

// members writes a map whose first key begins at the current place, the others at indent.
func (w *writer) members(members []tree.Member, indent int) {
	for i := range members {
		if i > 0 {
			w.pad(indent)
		}
		w.key(members[i].Key, indent)
		w.after(members[i].Value, indent)
	}
}

// maxKey is how long a key before a colon may be: readers look ahead for 1,024 characters.
const maxKey = 250

func (w *writer) key(key string, indent int) {
	if len(key) > maxKey {
		w.raw("? ")
		w.buf = appendScalar(w.buf, key, false)
		w.raw("\n")
		w.pad(indent)
	} else {
		w.buf = appendScalar(w.buf, key, false)
	}
	w.raw(":")
}

// after writes a value behind the colon of its key, and the end of its line.
func (w *writer) after(n *tree.Node, indent int) {
	if name, arg, ok := w.short(n); ok {
		w.raw(" ")
		w.tagged(name, arg, indent)
		return
	}
	switch {
	case n.Is(tree.Map) && len(n.Map) > 0:
		w.block(n, indent+2)
	case n.Is(tree.List) && len(n.List) > 0:
		w.block(n, indent+2)
	default:
		w.raw(" ")
		w.scalar(n, indent)
	}
}

// block writes a map or list on lines of its own.
func (w *writer) block(n *tree.Node, indent int) {
	w.raw("\n")
	w.pad(indent)
	if n.Kind == tree.Map {
		w.members(n.Map, indent)
		return
	}
	w.items(n.List, indent)
}

// items writes a list whose first dash is at the current place, the others at indent.
func (w *writer) items(items []*tree.Node, indent int) {
	for i, item := range items {
		if i > 0 {
			w.pad(indent)
		}
		w.raw("- ")
		if name, arg, ok := w.short(item); ok {
			w.tagged(name, arg, indent)
			continue
		}
		switch {
		case item.Is(tree.Map) && len(item.Map) > 0:
			w.members(item.Map, indent+2)
		case item.Is(tree.List) && len(item.List) > 0:
			w.items(item.List, indent+2)
		default:
			w.scalar(item, indent)
		}
	}
}

// scalar writes a scalar or an empty map or list, and the end of its line.
func (w *writer) scalar(n *tree.Node, indent int) {
	if n.Is(tree.String) && isLiteral(n.Text) {
		w.literal(n.Text, indent+2)
		return
	}
	w.value(n, indent)
	w.raw("\n")
}

func (w *writer) value(n *tree.Node, _ int) {
	switch {
	case n.Is(tree.String):
		w.buf = appendScalar(w.buf, n.Text, false)
	case n.Is(tree.Number) || n.Is(tree.Bool):
		w.raw(n.Text)
	case n.Is(tree.Map):
		w.raw("{}")
	case n.Is(tree.List):
		w.raw("[]")
	default:
		w.raw("null")
	}
}

// literal writes a text of several lines as a block: "|" with its lines as they are.
func (w *writer) literal(s string, indent int) {
	body := strings.TrimRight(s, "\n")
	switch len(s) - len(body) {
	case 0:
		w.raw("|-\n")
	case 1:
		w.raw("|\n")
	default:
		w.raw("|+\n")
	}
	for line := range strings.SplitSeq(body, "\n") {
		if line != "" {
			w.pad(indent)
			w.raw(line)
		}
		w.raw("\n")
	}
	for range len(s) - len(body) - 1 {
		w.raw("\n")
	}
}
