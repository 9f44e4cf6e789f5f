package executor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// A document is a template as it is sent, and as it reads.
type document struct {
	body   []byte
	format string // "json" or "yaml"
	root   *tree.Node
}

// documentOf returns what is to be sent for a stack, and the stack with a template: the text that the
// caller has is read if there is none.
func documentOf(s *stack.Stack, text []byte) (document, *stack.Stack, error) {
	d := document{format: "json"}
	if text != nil && s.Template == nil {
		t, err := stack.Parse(text)
		if err != nil {
			return d, s, syntaxProblem(s.Name, err)
		}
		read := *s
		read.Template = t
		s = &read
	}
	body, err := s.Template.Minified()
	if err != nil {
		return d, s, fmt.Errorf("stack %s: %w", s.Name, err)
	}
	if d.root, err = tree.Parse(body); err != nil {
		return d, s, fmt.Errorf("stack %s: reading its template: %w", s.Name, err)
	}
	var compact bytes.Buffer
	switch {
	case text == nil:
		d.body = body
	case json.Compact(&compact, text) == nil:
		d.body = compact.Bytes()
	default:
		d.body, d.format = text, "yaml"
	}
	return d, s, nil
}

func syntaxProblem(stackName string, err error) error {
	d := stack.Diagnostic{Code: "syntax", Stack: stackName, Summary: "the template cannot be read: " + err.Error(), Cure: "correct it there"}
	if at, ok := errors.AsType[*stack.SyntaxError](err); ok {
		d.Line, d.Column = at.Line, at.Column
	}
	return stack.Diagnostics{d}
}

// A declared parameter is one that a template has.
type declared struct {
	name       string
	hasDefault bool
	noEcho     bool
}

// parameters yields the parameters that the template has, in order.
func (d document) parameters() iter.Seq[declared] {
	return func(yield func(declared) bool) {
		for _, m := range d.root.Get("Parameters").Members() {
			p := declared{name: m.Key, hasDefault: m.Value.Get("Default") != nil, noEcho: strings.EqualFold(m.Value.Get("NoEcho").Str(), "true")}
			if !yield(p) {
				return
			}
		}
	}
}

// contains reports whether a member of that name is anywhere in a document.
func contains(n *tree.Node, member string) bool {
	for _, m := range n.Members() {
		if m.Key == member || contains(m.Value, member) {
			return true
		}
	}
	for _, item := range n.Items() {
		if contains(item, member) {
			return true
		}
	}
	return false
}
