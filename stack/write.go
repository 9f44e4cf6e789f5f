package stack

// JSON returns the template as indented JSON, for people to read.
//
// # Errors
//
// [Diagnostics]: every value that cannot be written, with its path, and every mistake in the calls
// that filled the template. It does not check what package validate checks.
func (t *Template) JSON() ([]byte, error) {
	body, err := t.Minified()
	if err != nil {
		return nil, err
	}
	return appendIndented(make([]byte, 0, 3*len(body)), body), nil
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
