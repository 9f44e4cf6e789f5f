package stack

// JSON returns the template as indented JSON, for people to read.
//
// # Errors
//
// [Diagnostics]: every value that cannot be written, with its path, and every mistake in the calls
// that filled the template. It does not check what package validate checks.
func (t *Template) JSON() ([]byte, error) {
	in := indenter{out: make([]byte, 0, t.sizeHint(1152))}
	rest, err := t.write(make([]byte, 0, 4096), &in)
	if err != nil {
		return nil, err
	}
	in.write(rest)
	return append(in.out, '\n'), nil
}

// Minified returns the template as JSON without white space: what is sent to CloudFormation. Errors
// are those of [Template.JSON].
func (t *Template) Minified() ([]byte, error) {
	return t.write(make([]byte, 0, t.sizeHint(512)), nil)
}

// sizeHint guesses how long the document is, by what a resource takes on average.
func (t *Template) sizeHint(resource int) int {
	if t == nil {
		return 0
	}
	return resource * (t.Resources.Len() + 1)
}

// write appends the document to buf, or gives all but the last part of it to in.
func (t *Template) write(buf []byte, in *indenter) ([]byte, error) {
	if t == nil {
		return nil, Diagnostics{{Code: "nil-template", Summary: "nil in place of a template", Cure: "make one, as in &stack.Template{}"}}
	}
	w := writer{buf: append(buf, '{'), in: in, problems: t.problems[:len(t.problems):len(t.problems)]}
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
	in       *indenter // takes what is in buf now and then; nil for a document without white space
	problems Diagnostics
	path     []string
	spare    []byte // memory to compare in
}

// flush gives what was written to the indenter, if there is one. The last brace stays: it tells what may
// follow.
func (w *writer) flush() {
	last := len(w.buf) - 1
	if w.in == nil || w.buf[last] != '}' {
		return
	}
	w.in.write(w.buf[:last])
	w.buf = append(w.buf[:0], '}')
}
