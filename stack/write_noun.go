package stack

import (
	"errors"
	"slices"

	fn "github.com/updraft-go/updraft/intrinsics"

	"github.com/updraft-go/updraft/internal/tree"
)

// A noun is a part of a template that is written member by member.
type noun interface {
	// keys are the names of its members, in the order in which they are written.
	keys() []string
	// writeMember writes the member of that name, if it is there.
	writeMember(w *writer, key string, source *tree.Node)
	// extra are the members that the library does not know.
	extra() fn.Extra
	// original is the same part as it was read from source.
	original(source *tree.Node) noun
}

// members writes those of n: in the order of source where it has them, then in their own.
func (w *writer) members(n noun, source *tree.Node) {
	if !source.Is(tree.Map) {
		for _, key := range n.keys() {
			n.writeMember(w, key, nil)
		}
		w.extra(n, nil)
		return
	}
	before, x := n.original(source), n.extra()
	for _, m := range source.Map {
		known := slices.Contains(n.keys(), m.Key)
		if v, ok := x[m.Key]; ok {
			w.unknown(n, m.Key, v, known)
		} else if known {
			w.unchangedOr(n, before, m)
		}
	}
	for _, key := range n.keys() {
		if source.Get(key) == nil {
			w.newMember(n, before, key)
		}
	}
	w.extra(n, source)
}

// newMember writes a member that source does not have. That it is still missing is no new mistake:
// what was read can be written.
func (w *writer) newMember(n, before noun, key string) {
	problems := len(w.problems)
	n.writeMember(w, key, nil)
	if len(w.problems) == problems || before == nil {
		return
	}
	old := writer{buf: []byte{'{'}}
	before.writeMember(&old, key, nil)
	if len(old.problems) > 0 {
		w.problems = w.problems[:problems]
	}
}

// unchangedOr writes a member as the source has it, if it says the same as what was read from
// there, and else anew. Free-form members are Objects, which keep their order themselves.
func (w *writer) unchangedOr(n, before noun, m tree.Member) {
	start, problems := len(w.buf), len(w.problems)
	n.writeMember(w, m.Key, m.Value)
	if before == nil || m.Key == "Properties" || m.Key == "Metadata" || len(w.problems) > problems {
		return
	}
	old := writer{buf: append(w.spare[:0], w.buf[start-1])}
	before.writeMember(&old, m.Key, m.Value)
	w.spare = old.buf[:0]
	if string(old.buf[1:]) != string(w.buf[start:]) {
		return
	}
	w.buf = w.buf[:start]
	w.verbatim(m.Key, m.Value)
}

// verbatim writes a member as it was read.
func (w *writer) verbatim(key string, v *tree.Node) {
	w.key(key)
	w.buf = v.AppendJSON(w.buf)
	w.done()
}

// unknown writes a member of Extra. known says that it is the name of a field.
func (w *writer) unknown(n noun, key string, v any, known bool) {
	if known && w.wrote(n, key) {
		w.path = append(w.path, key)
		w.problem(errors.New("set both in its field and in Extra; set it once"))
		w.done()
		return
	}
	w.key(key)
	w.note(appendFree(w.buf, v, 0))
	w.done()
}

// extra writes the members that are unknown and not in source.
func (w *writer) extra(n noun, source *tree.Node) {
	x := n.extra()
	for _, key := range sortedKeys(x) {
		if source.Get(key) != nil {
			continue
		}
		w.unknown(n, key, x[key], slices.Contains(n.keys(), key))
	}
}

// wrote reports whether a known member of n is there.
func (w *writer) wrote(n noun, key string) bool {
	trial := writer{buf: []byte{'{'}}
	n.writeMember(&trial, key, nil)
	return len(trial.buf) > 1
}

// section writes one of the template's maps.
func section[T any](w *writer, name string, s *Section[T], source *tree.Node, body func(w *writer, name string, v T, source *tree.Node)) {
	if s.Len() == 0 {
		if source.Is(tree.Map) && len(source.Map) == 0 {
			w.verbatim(name, source)
		}
		return
	}
	w.open(name)
	sectionBody(w, s, source, body)
	w.close()
}

func sectionBody[T any](w *writer, s *Section[T], source *tree.Node, body func(w *writer, name string, v T, source *tree.Node)) {
	from := cursor{members: source.Members()}
	for i, name := range s.names.list {
		w.key(name)
		body(w, name, s.values[i], from.find(name))
		w.done()
		w.flush()
	}
}

// object writes the braces around the members of a noun.
func (w *writer) object(n noun, source *tree.Node) {
	w.buf = append(w.buf, '{')
	w.members(n, source)
	w.buf = append(w.buf, '}')
}
