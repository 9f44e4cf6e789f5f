// Package validate finds in a template, before the network is touched, what CloudFormation would
// refuse. It reports everything at once, each finding with its path and a cure.
//
//	if err := validate.Template(t).Err(); err != nil { … }
//
// What depends on a value that is known only when a stack is deployed is not judged. [Rules] lists
// what is checked. A finding is left out by its code: with [Suppress], with [Options], or by the
// Metadata of a resource or of the whole template:
//
//	Metadata: {Updraft: {Ignore: [secret-plain]}}
//
// [Document] checks files, and tells what is only worth knowing too; templates that a program builds
// are checked for errors and warnings.
package validate

import (
	"bytes"
	"errors"
	"slices"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
	"github.com/updraft-go/updraft/stack"
)

// Template checks one template.
func Template(t *stack.Template) stack.Diagnostics {
	doc, size, ds := document(t)
	if doc == nil {
		return ds
	}
	return run(doc, size, false)
}

// Stack checks a stack: its template, and the parameters that it is given. A parameter that is not
// given is no finding, since the deployed stack may have a value for it.
func Stack(s *stack.Stack) stack.Diagnostics {
	if s == nil || s.Template == nil {
		return stack.Diagnostics{{Code: "stack-template", Summary: "the stack has no template", Cure: "set Template"}}
	}
	doc, size, ds := document(s.Template)
	if doc != nil {
		ds = append(run(doc, size, false), givenParameters(doc, s)...)
	}
	for i := range ds {
		ds[i].Stack = s.Name
	}
	return ds
}

// Stacks checks a set of stacks that are deployed together: each of them, and what is between them
// (exports, imports, cycles). env may be nil: see [stack.NewGraph].
func Stacks(stacks []*stack.Stack, env *stack.Environment) stack.Diagnostics {
	var ds stack.Diagnostics
	for _, s := range stacks {
		ds = append(ds, Stack(s)...)
	}
	if ds.Err() != nil {
		return ds
	}
	if _, err := stack.NewGraph(stacks, env); err != nil {
		if between, ok := err.(stack.Diagnostics); ok {
			return append(ds, between...)
		}
		return append(ds, stack.Diagnostic{Code: "graph", Summary: err.Error()})
	}
	return ds
}

// Options change how documents are checked.
type Options struct {
	// Ignore lists the codes of rules whose findings are left out. One that leaves nothing out is a
	// finding itself. If nil, nothing is left out.
	Ignore []string
}

// Document checks a template that is written in JSON or YAML. Its findings say their places in the
// source, and are in their order. A document that cannot be read is one finding. opts may be nil.
func Document(data []byte, opts *Options) stack.Diagnostics {
	var ds stack.Diagnostics
	if doc, err := parse(data); err != nil {
		ds = stack.Diagnostics{syntax(err)}
	} else {
		ds = run(doc, len(data), true)
	}
	if opts != nil && len(opts.Ignore) > 0 {
		ds = Suppress(ds, slices.Compact(slices.Sorted(slices.Values(opts.Ignore)))...)
	}
	return ds
}

// parse reads JSON, or else YAML.
func parse(data []byte) (*tree.Node, error) {
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '{' {
		doc, err := tree.Parse(data)
		if err == nil {
			return doc, nil
		}
		if doc, yamlErr := yaml.Parse(data); yamlErr == nil {
			return doc, nil // a flow mapping of YAML
		}
		return nil, err
	}
	return yaml.Parse(data)
}

func syntax(err error) stack.Diagnostic {
	d := stack.Diagnostic{Code: "syntax", Summary: err.Error(), Cure: "correct the text"}
	if at, ok := errors.AsType[*tree.SyntaxError](err); ok {
		d.Line, d.Column, d.Summary = at.Line, at.Column, at.Message
	}
	return d
}

// document writes the template and reads it back as CloudFormation will.
func document(t *stack.Template) (doc *tree.Node, size int, ds stack.Diagnostics) {
	body, err := t.Minified()
	if err != nil {
		if ds, ok := errors.AsType[stack.Diagnostics](err); ok {
			return nil, 0, ds
		}
		return nil, 0, stack.Diagnostics{{Code: "syntax", Summary: err.Error()}}
	}
	doc, err = tree.Parse(body)
	if err != nil {
		return nil, 0, stack.Diagnostics{syntax(err)}
	}
	return doc, len(body), nil
}

// run runs the rules on a document of that many bytes. Its places are told if they are those of a
// source.
func run(doc *tree.Node, size int, located bool) stack.Diagnostics {
	c := newChecker(doc, located)
	c.size(size)
	return c.check()
}
