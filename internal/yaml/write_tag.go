package yaml

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// tags are the short forms by the names of functions.
var tags = func() map[string]string {
	m := make(map[string]string, len(shortForms))
	for tag, function := range shortForms {
		m[function] = tag
	}
	return m
}()

// short returns the tag and the argument of a function that can be written in its short form.
//
// A tag cannot stand on a value that has one itself, so a function of a function is written long
// outside and short inside. CloudFormation takes no short forms inside a map that is an argument.
func (w *writer) short(n *tree.Node) (tag string, argument *tree.Node, ok bool) {
	if w.long || !n.Is(tree.Map) || len(n.Map) != 1 {
		return "", nil, false
	}
	tag, ok = tags[n.Map[0].Key]
	if !ok {
		return "", nil, false
	}
	arg := n.Map[0].Value
	switch tag {
	case "!Ref", "!Condition":
		return tag, arg, arg.Is(tree.String)
	case "!GetAtt":
		return tag, dotted(arg), dotted(arg) != nil
	}
	switch {
	case arg.Is(tree.String):
		return tag, arg, true
	case arg.Is(tree.List):
		return tag, arg, true
	case arg.Is(tree.Map):
		return tag, arg, len(arg.Map) > 0 && !holdsTag(arg)
	}
	return "", nil, false
}

// dotted returns the one text that stands for [resource, attribute], or nil if there is none.
func dotted(arg *tree.Node) *tree.Node {
	if !arg.Is(tree.List) || len(arg.List) != 2 || !arg.List[0].Is(tree.String) || !arg.List[1].Is(tree.String) {
		return nil
	}
	if strings.Contains(arg.List[0].Text, ".") {
		return nil
	}
	return tree.Text(arg.List[0].Text + "." + arg.List[1].Text)
}

// holdsTag reports whether a function that has a short form is in n, or is n.
func holdsTag(n *tree.Node) bool {
	if n.Is(tree.Map) && len(n.Map) == 1 && tags[n.Map[0].Key] != "" {
		return true
	}
	for _, item := range n.Items() {
		if holdsTag(item) {
			return true
		}
	}
	for _, m := range n.Members() {
		if holdsTag(m.Value) {
			return true
		}
	}
	return false
}

// tagged writes a short form, and the end of its line.
func (w *writer) tagged(tag string, arg *tree.Node, indent int) {
	w.raw(tag)
	switch {
	case arg.Is(tree.List) && w.flow(arg):
		w.raw("\n")
	case (arg.Is(tree.List) && len(arg.List) > 0) || arg.Is(tree.Map):
		w.block(arg, indent+2)
	default:
		w.raw(" ")
		w.scalar(arg, indent)
	}
}

// maxFlow is how long a list on one line may be.
const maxFlow = 72

// flow writes the list that is a function's argument on the line, if it is short and simple.
func (w *writer) flow(list *tree.Node) bool {
	start := len(w.buf)
	w.raw(" ")
	if !w.flowList(list, start+maxFlow) {
		w.buf = w.buf[:start]
		return false
	}
	return true
}

func (w *writer) flowList(list *tree.Node, end int) bool {
	w.raw("[")
	for i, item := range list.List {
		if i > 0 {
			w.raw(", ")
		}
		if !w.flowItem(item, end) || len(w.buf) > end {
			return false
		}
	}
	w.raw("]")
	return true
}

func (w *writer) flowItem(n *tree.Node, end int) bool {
	if tag, arg, ok := w.short(n); ok {
		w.raw(tag)
		w.raw(" ")
		switch {
		case arg.Is(tree.String):
			return w.flowText(arg.Text)
		case arg.Is(tree.List):
			return w.flowList(arg, end)
		}
		return false
	}
	switch n.Kind {
	case tree.String:
		return w.flowText(n.Text)
	case tree.Number, tree.Bool:
		w.raw(n.Text)
		return true
	case tree.List:
		return w.flowList(n, end)
	}
	return false
}

func (w *writer) flowText(s string) bool {
	if len(s) > maxFlow || strings.Contains(s, "\n") {
		return false
	}
	w.buf = appendScalar(w.buf, s, true)
	return true
}
