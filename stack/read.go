package stack

import (
	"bytes"
	"fmt"

	fn "github.com/updraft-go/updraft/intrinsics"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

// maxDocument bounds what Parse reads: several times what CloudFormation takes, which is 1 MB.
const maxDocument = 4 << 20

// Parse reads a template: JSON if it begins with a brace, else YAML with the short forms of
// functions. The result can be changed and written again. What is not changed is written as it was
// read: in its order, with its spelling of numbers and booleans. The properties of resources, and
// all that is free-form, are [Object]s; functions elsewhere are values of package intrinsics. What
// is not understood stays, verbatim, in the Extra of where it stands.
//
// # Errors
//
// A [*SyntaxError], with its line and column: text that is neither JSON nor YAML, a key that stands
// twice, an unknown YAML tag, a resource, parameter or output that is no map, nesting deeper than
// 200 levels, aliases that unfold to more than a million values or 32 MB, more than 4 MB. The template is
// then nil.
func Parse(data []byte) (*Template, error) {
	n, err := parseTree(data)
	if err != nil {
		return nil, exported(err)
	}
	return fromTree(n)
}

func parseTree(data []byte) (*tree.Node, error) {
	if len(data) > maxDocument {
		return nil, &SyntaxError{Line: 1, Column: 1, Message: fmt.Sprintf("a document of %d bytes; CloudFormation takes 1 MB", len(data))}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if body := bytes.TrimLeft(data, " \t\r\n"); len(body) == 0 || body[0] != '{' {
		return yaml.Parse(data)
	}
	n, err := tree.Parse(data)
	if err == nil {
		return n, nil
	}
	// YAML writes maps in braces too, and takes JSON with trailing commas or comments. But it would
	// read a line break inside a string as a space.
	if !breaksString(data) {
		if n, yamlErr := yaml.Parse(data); yamlErr == nil {
			return n, nil
		}
	}
	return nil, err
}

// breaksString reports whether a text in double quotes goes over the end of its line.
func breaksString(data []byte) bool {
	quoted := false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted && c == '\n':
			return true
		}
	}
	return false
}

// fromTree makes a template of a document.
func fromTree(n *tree.Node) (*Template, error) {
	if n.Kind != tree.Map {
		return nil, syntaxAt(n, "a %s where a template is to be; begin with a section such as Resources", n.Kind)
	}
	if err := refuseNUL(n); err != nil {
		return nil, err
	}
	t := &Template{source: n}
	for _, m := range n.Map {
		if err := t.readSection(m); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// refuseNUL finds the one character that marks expressions.
func refuseNUL(n *tree.Node) error {
	if n.Kind == tree.String && hasNUL(n.Text) {
		return syntaxAt(n, "text with a NUL in it, which a template cannot hold; remove it")
	}
	for _, item := range n.List {
		if err := refuseNUL(item); err != nil {
			return err
		}
	}
	for i := range n.Map {
		m := &n.Map[i]
		if hasNUL(m.Key) {
			return syntaxAt(m.Value, "a key with a NUL in it, which a template cannot hold; remove it")
		}
		if err := refuseNUL(m.Value); err != nil {
			return err
		}
	}
	return nil
}

func (t *Template) readSection(m tree.Member) error {
	v := m.Value
	switch m.Key {
	case "AWSTemplateFormatVersion":
		if v.Kind == tree.String && v.Text != "" {
			t.FormatVersion = v.Text
			return nil
		}
	case "Description":
		if v.Kind == tree.String && v.Text != "" {
			t.Description = v.Text
			return nil
		}
	case "Metadata":
		if v.Kind != tree.Null {
			t.Metadata = freeOf(v)
			return nil
		}
	case "Globals":
		if v.Kind != tree.Null {
			t.Globals = freeOf(v)
			return nil
		}
	case "Transform":
		if ts, ok := transforms(v); ok {
			t.Transforms = ts
			return nil
		}
	default:
		if v.Kind == tree.Map {
			if known, err := t.readMaps(m.Key, v); known {
				return err
			}
		}
	}
	setExtra(&t.Extra, m)
	return nil
}

// readMaps reads the sections that are maps of named things.
func (t *Template) readMaps(section string, v *tree.Node) (known bool, err error) {
	switch section {
	case "Parameters":
		err = readInto(&t.Parameters, v, readParameter)
	case "Rules":
		err = readInto(&t.Rules, v, readRule)
	case "Mappings":
		err = readInto(&t.Mappings, v, readMapping)
	case "Conditions":
		err = readInto(&t.Conditions, v, readCondition)
	case "Resources":
		err = readInto(&t.Resources, v, readResource)
	case "Hooks":
		err = readInto(&t.Hooks, v, readHook)
	case "Outputs":
		err = readInto(&t.Outputs, v, readOutput)
	default:
		return false, nil
	}
	return true, err
}

func readInto[T any](s *Section[T], v *tree.Node, read func(tree.Member) (T, error)) error {
	s.grow(len(v.Map))
	for _, m := range v.Map {
		value, err := read(m)
		if err != nil {
			return err
		}
		s.add(m.Key, value)
	}
	return nil
}

// mapOf is what a parameter, resource or output must be.
func mapOf(what string, m tree.Member) error {
	if m.Value.Kind == tree.Map {
		return nil
	}
	return syntaxAt(m.Value, "the %s %s is a %s; write a map", what, m.Key, m.Value.Kind)
}

func transforms(v *tree.Node) ([]string, bool) {
	items := []*tree.Node{v}
	if v.Kind == tree.List {
		items = v.List
	}
	out := []string{}
	for _, item := range items {
		switch item.Kind {
		case tree.String:
			out = append(out, item.Text)
		case tree.Map:
			out = append(out, string(expressionOf[fn.String](item)))
		default:
			return nil, false
		}
	}
	return out, true
}

// setExtra keeps a member that is not understood.
func setExtra(x *fn.Extra, m tree.Member) {
	if *x == nil {
		*x = fn.Extra{}
	}
	(*x)[m.Key] = freeOf(m.Value)
}
