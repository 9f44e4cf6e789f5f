package stack

import (
	"bytes"
	"sync"
)

// A scratch is memory for a document that is written only to be indented.
type scratch struct{ body, indented []byte }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// JSON returns the template as indented JSON, for people to read.
//
// # Errors
//
// [Diagnostics]: every value that cannot be written, with its path, and every mistake in the calls
// that filled the template. It does not check what package validate checks.
func (t *Template) JSON() ([]byte, error) {
	m := scratches.Get().(*scratch)
	defer scratches.Put(m)
	body, err := t.write(m.body[:0])
	if err != nil {
		return nil, err
	}
	m.body = body
	m.indented = appendIndented(m.indented[:0], body)
	return bytes.Clone(m.indented), nil
}

// Minified returns the template as JSON without white space: what is sent to CloudFormation. Errors
// are those of [Template.JSON].
func (t *Template) Minified() ([]byte, error) {
	return t.write(make([]byte, 0, t.sizeHint()))
}

// sizeHint guesses how long the document is.
func (t *Template) sizeHint() int { return 512 * (t.Resources.Len() + 1) }

// write appends the document to buf.
func (t *Template) write(buf []byte) ([]byte, error) {
	w := writer{buf: append(buf, '{'), problems: t.problems[:len(t.problems):len(t.problems)]}
	w.members(&document{t}, t.source)
	w.buf = append(w.buf, '}')
	if err := w.problems.Err(); err != nil {
		return nil, err
	}
	return w.buf, nil
}

// MarshalJSON makes a Template usable with encoding/json. It returns what [Template.Minified] does.
func (t *Template) MarshalJSON() ([]byte, error) { return t.Minified() }

// writer puts the document together and collects what cannot be written.
type writer struct {
	buf      []byte
	problems Diagnostics
	path     []string
	spare    []byte // memory to compare in
}
