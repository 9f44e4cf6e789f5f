package stack

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// object writes braces around what body writes.
func (w *writer) object(body func()) {
	w.buf = append(w.buf, '{')
	body()
	w.buf = append(w.buf, '}')
}

// member writes a key, and body its value.
func (w *writer) member(key string, body func()) {
	if last := w.buf[len(w.buf)-1]; last != '{' {
		w.buf = append(w.buf, ',')
	}
	w.path = append(w.path, key)
	var err error
	if w.buf, err = fn.Append(w.buf, key); err != nil {
		w.problem(err)
	}
	w.buf = append(w.buf, ':')
	body()
	w.path = w.path[:len(w.path)-1]
}

// value writes a member, unless v is nil.
func (w *writer) value(key string, v any) {
	if v == nil {
		return
	}
	w.member(key, func() {
		var err error
		if w.buf, err = fn.Append(w.buf, v); err != nil {
			w.problem(err)
		}
	})
}

func (w *writer) scalar(key string, present bool, v any) {
	if present {
		w.value(key, v)
	}
}

func (w *writer) string(key string, v fn.String) { w.scalar(key, v != "", v) }

// text writes a literal.
func (w *writer) text(key, v string) {
	if v == "" {
		return
	}
	if strings.Contains(v, "\x00") {
		w.path = append(w.path, key)
		w.problem(errors.New("an expression where CloudFormation takes only literal text"))
		w.path = w.path[:len(w.path)-1]
		return
	}
	w.value(key, v)
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
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// indent puts white space into compact JSON: two spaces a level.
func indent(src []byte) []byte {
	out := make([]byte, 0, 2*len(src))
	depth := 0
	newline := func() {
		out = append(out, '\n')
		for range depth {
			out = append(out, ' ', ' ')
		}
	}
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '"':
			end := stringEnd(src, i)
			out = append(out, src[i:end]...)
			i = end - 1
		case '{', '[':
			out = append(out, c)
			if src[i+1] == c+2 { // the closing one
				out = append(out, c+2)
				i++
				continue
			}
			depth++
			newline()
		case '}', ']':
			depth--
			newline()
			out = append(out, c)
		case ',':
			out = append(out, c)
			newline()
		case ':':
			out = append(out, c, ' ')
		default:
			out = append(out, c)
		}
	}
	return append(out, '\n')
}

// stringEnd returns the index after the string that begins at i.
func stringEnd(src []byte, i int) int {
	for i++; ; {
		q := bytes.IndexByte(src[i:], '"')
		end := i + q
		escapes := 0
		for k := end - 1; src[k] == '\\'; k-- {
			escapes++
		}
		if escapes%2 == 0 {
			return end + 1
		}
		i = end + 1
	}
}
