package stack

import (
	"errors"
	"sort"
	"strings"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// open and close write the braces of an object that is a member.
func (w *writer) open(key string) {
	w.key(key)
	w.buf = append(w.buf, '{')
}

func (w *writer) close() {
	w.buf = append(w.buf, '}')
	w.done()
}

// key writes a key; done says that its value was written.
func (w *writer) key(key string) {
	if w.buf[len(w.buf)-1] != '{' {
		w.buf = append(w.buf, ',')
	}
	w.path = append(w.path, key)
	w.note(fn.AppendKey(w.buf, key))
}

func (w *writer) done() { w.path = w.path[:len(w.path)-1] }

func (w *writer) note(buf []byte, err error) {
	w.buf = buf
	if err != nil {
		w.problem(err)
	}
}

// value writes a member, unless v is nil.
func (w *writer) value(key string, v any) {
	if v == nil {
		return
	}
	w.key(key)
	w.note(fn.Append(w.buf, v))
	w.done()
}

func (w *writer) scalar(key string, present bool, v any) {
	if present {
		w.value(key, v)
	}
}

// string writes a text, unless it is absent.
func (w *writer) string(key string, v fn.String) {
	if v == "" {
		return
	}
	w.key(key)
	w.note(fn.AppendText(w.buf, v))
	w.done()
}

// text writes a literal, unless it is empty.
func (w *writer) text(key, v string) {
	if _, ok := fn.String(v).Literal(); !ok {
		w.path = append(w.path, key)
		w.problem(errors.New("an expression where CloudFormation takes only literal text"))
		w.done()
		return
	}
	w.string(key, fn.String(v))
}

// problem notes what cannot be written at the current path.
func (w *writer) problem(err error) {
	for _, e := range flatten(err) {
		path := strings.Join(w.path, ".")
		var at *fn.ValueError
		if errors.As(e, &at) {
			if e = at.Err; strings.HasPrefix(at.Path, "[") {
				path += at.Path
			} else if at.Path != "" {
				path += "." + at.Path
			}
		}
		path = strings.ReplaceAll(path, "\x00", "") // a key may hold an expression
		summary, cure, _ := strings.Cut(e.Error(), "; ")
		w.problems = append(w.problems, Diagnostic{Code: "value", Path: path, Summary: summary, Cure: cure})
	}
}

func flatten(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}

func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] }) // slices.Sort is compiled anew for each package
	return keys
}
