package stack

import (
	"bytes"
	"errors"
	"sync"

	fn "github.com/updraft-go/updraft/intrinsics"
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
	w.template(t)
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
}

func (w *writer) template(t *Template) {
	w.text("AWSTemplateFormatVersion", t.FormatVersion)
	w.text("Description", t.Description)
	w.value("Metadata", t.Metadata)
	switch len(t.Transforms) {
	case 0:
	case 1:
		w.text("Transform", t.Transforms[0])
	default:
		w.value("Transform", t.Transforms)
	}
	writeSection(w, "Parameters", &t.Parameters, (*writer).parameter)
	writeSection(w, "Mappings", &t.Mappings, func(w *writer, m Mapping) {
		for _, k := range sortedKeys(m) {
			w.value(k, m[k])
		}
	})
	w.conditions(&t.Conditions)
	writeSection(w, "Resources", &t.Resources, (*writer).resource)
	writeSection(w, "Outputs", &t.Outputs, (*writer).output)
}

// writeSection writes a section of objects, if it is not empty.
func writeSection[T any](w *writer, name string, s *Section[T], body func(*writer, T)) {
	if s.Len() == 0 {
		return
	}
	w.open(name)
	for name, v := range s.All() {
		w.open(name)
		body(w, v)
		w.close()
	}
	w.close()
}

func (w *writer) conditions(s *Section[fn.Condition]) {
	if s.Len() == 0 {
		return
	}
	w.open("Conditions")
	for name, test := range s.All() {
		w.value(name, test)
	}
	w.close()
}

func (w *writer) parameter(p *Parameter) {
	w.text("Type", p.Type)
	w.text("Description", p.Description)
	w.string("Default", p.Default)
	if p.AllowedValues != nil {
		w.value("AllowedValues", p.AllowedValues)
	}
	w.text("AllowedPattern", p.AllowedPattern)
	w.scalar("MinLength", p.MinLength != "", p.MinLength)
	w.scalar("MaxLength", p.MaxLength != "", p.MaxLength)
	w.scalar("MinValue", p.MinValue != "", p.MinValue)
	w.scalar("MaxValue", p.MaxValue != "", p.MaxValue)
	w.text("ConstraintDescription", p.ConstraintDescription)
	w.scalar("NoEcho", p.NoEcho, p.NoEcho)
}

func (w *writer) resource(r *Resource) {
	w.text("Type", r.Type)
	w.text("Condition", string(r.Condition))
	if len(r.DependsOn) > 0 {
		w.dependsOn(r.DependsOn)
	}
	w.value("Metadata", r.Metadata)
	if r.CreationPolicy != nil {
		w.value("CreationPolicy", r.CreationPolicy)
	}
	if r.UpdatePolicy != nil {
		w.value("UpdatePolicy", r.UpdatePolicy)
	}
	w.string("DeletionPolicy", r.DeletionPolicy)
	w.string("UpdateReplacePolicy", r.UpdateReplacePolicy)
	w.properties(r.Properties)
}

// properties leaves out an object that has none.
func (w *writer) properties(v any) {
	if v == nil {
		return
	}
	start := len(w.buf)
	w.value("Properties", v)
	if bytes.HasSuffix(w.buf[start:], []byte(`"Properties":{}`)) {
		w.buf = w.buf[:start]
	}
}

func (w *writer) dependsOn(ids []string) {
	for _, id := range ids {
		if id == "" {
			w.path = append(w.path, "DependsOn")
			w.problem(errors.New("a resource that was not added to a template; add it with stack.Add first"))
			w.done()
		}
	}
	w.value("DependsOn", ids)
}

func (w *writer) output(o *Output) {
	w.text("Description", o.Description)
	w.text("Condition", string(o.Condition))
	if o.Value == "" {
		w.problem(errors.New("an output without a value; set Value, to fn.Empty if it is to be empty"))
	}
	w.string("Value", o.Value)
	if o.Export != "" {
		w.open("Export")
		w.string("Name", o.Export)
		w.close()
	}
}
