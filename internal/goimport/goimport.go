// Package goimport turns a template into the Go program that builds it: the program that a person
// would have written with packages stack, intrinsics, policy and resources.
//
// What the program writes equals the template that it was made of, by value: keys may be in another
// order, a scalar may be spelled as its property's type is (the text "22" in the place of a number
// becomes 22), a DependsOn of one name may be a list or not, and an attribute that was named "A.B"
// becomes ["A","B"]. What the builders cannot say is carried verbatim; what is no template is refused.
package goimport

import (
	"errors"
	"fmt"
	"go/token"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// Options say how the program is called. The zero value, and nil, give a package named infra with
// a function Template.
type Options struct {
	// Package is the name of the package. If it is "", main for a whole program, else infra.
	Package string
	// Func is the name of the function that returns the template. If it is "", template in a whole
	// program, else Template.
	Func string
	// Main adds a function main that writes the template's JSON to standard output.
	Main bool
}

// withDefaults fills what was not said, and checks what was.
func (o *Options) withDefaults() (Options, error) {
	var opts Options
	if o != nil {
		opts = *o
	}
	if opts.Package == "" {
		opts.Package = "infra"
		if opts.Main {
			opts.Package = "main"
		}
	}
	if opts.Func == "" {
		opts.Func = "Template"
		if opts.Main {
			opts.Func = "template"
		}
	}
	switch {
	case !token.IsIdentifier(opts.Package) || opts.Package == "_":
		return opts, &OptionError{fmt.Sprintf("%q cannot be the name of a package; give a Go identifier", opts.Package)}
	case !token.IsIdentifier(opts.Func) || opts.Func == "_" || opts.Func == "init":
		return opts, &OptionError{fmt.Sprintf("%q cannot be the name of the function; give a Go identifier", opts.Func)}
	case opts.Main && opts.Package != "main":
		return opts, &OptionError{fmt.Sprintf("a whole program is in the package main, not %s; leave the package out", opts.Package)}
	case opts.Main && opts.Func == "main":
		return opts, &OptionError{"the function cannot be main in a whole program, which has one already; give another name"}
	case taken(opts.Func):
		return opts, &OptionError{fmt.Sprintf("the function cannot be %s, which the program needs for itself; give another name", opts.Func)}
	}
	return opts, nil
}

// An OptionError is an option that cannot be followed.
type OptionError struct{ message string }

func (e *OptionError) Error() string { return e.message }

// An Error is a place in the template for which there is no Go code.
type Error struct {
	Line, Column int // from 1
	// Path leads to the place, such as Resources.Queue.Type.
	Path string
	// Message says what is there, and what to do about it.
	Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s: %s", e.Line, e.Column, e.Path, e.Message)
}

// Program returns the Go source that builds the template doc, formatted. opts may be nil.
//
// # Errors
//
// An [*OptionError], or every [*Error] in the template, joined. The source is then nil.
func Program(doc *tree.Node, opts *Options) ([]byte, error) {
	o, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	im := newImporter(o, doc)
	if im.packages[o.Func] != "" {
		return nil, &OptionError{fmt.Sprintf("the function cannot be %s, the name of a package that the program imports; give another name", o.Func)}
	}
	im.template(doc)
	if len(im.errs) > 0 {
		return nil, errors.Join(im.errs...)
	}
	im.repeat()
	return im.render()
}

// importer holds what is known of the template while its program is made.
type importer struct {
	opts Options
	errs []error

	names       *namer
	packages    map[string]string  // import paths by the names of packages
	symbols     map[string]*symbol // by logical ID: parameters and resources
	mapped      map[string]*symbol // by name: mappings
	tests       map[string]*symbol // by name: conditions
	tried       map[attempt]result // what became of each value
	head        *code              // the template literal
	description string             // of the template
	stmts       []*stmt
	constants   []constant // long texts, declared beside the function
	bodies      []string   // the variables of the loops inside which we are
	subject     string     // what the value under way belongs to, for the names of constants
}

// A symbol is something of the template that other parts may refer to.
type symbol struct {
	id       string // as the template calls it
	name     string // as the program calls it
	kind     symbolKind
	typ      goType // of its Ref
	resource *resourceType
	declared bool // its statement stands before the one under way
}

type symbolKind int

const (
	parameterSymbol symbolKind = iota
	resourceSymbol
	mappingSymbol
	conditionSymbol
	loopSymbol
	functionSymbol
)

func (im *importer) fail(n *tree.Node, path, format string, args ...any) {
	e := &Error{Path: path, Message: fmt.Sprintf(format, args...)}
	if n != nil {
		e.Line, e.Column = n.Line, n.Column
	}
	im.errs = append(im.errs, e)
}

// checkText refuses what text in Go would mean something else: a NUL byte.
func (im *importer) checkText(n *tree.Node, path string) {
	if n == nil {
		return
	}
	if strings.Contains(n.Text, "\x00") {
		im.fail(n, path, "a text with a NUL character, which CloudFormation does not take; remove it")
	}
	for _, e := range n.List {
		im.checkText(e, path)
	}
	for _, m := range n.Map {
		if strings.Contains(m.Key, "\x00") {
			im.fail(m.Value, path, "a key with a NUL character, which CloudFormation does not take; remove it")
		}
		im.checkText(m.Value, join(path, m.Key))
	}
}

func join(path, step string) string {
	if path == "" {
		return step
	}
	return path + "." + step
}
