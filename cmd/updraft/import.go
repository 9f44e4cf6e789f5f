package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/internal/goimport"
)

// newImport turns a template into a Go program.
func newImport() *cobra.Command {
	var opts goimport.Options
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Write the Go program that builds a template",
		Long: `Write the Go program that builds a template, to standard output. FILE is JSON or YAML; - is
standard input.

What the program writes equals the template by value: keys may stand in another order, and a scalar
may be spelled as its property's type is ("22" where a number belongs becomes 22). Functions that this
version does not know are carried verbatim, unknown types and properties untyped, with a comment.`,
		Example: `  updraft import --package network --func VPC vpc.yaml > vpc.go
  updraft import --main stack.json > main.go && go run main.go > stack-again.json`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return importFile(cmd, args[0], &opts) },
	}
	cmd.Flags().StringVar(&opts.Package, "package", "", "name of the package (infra, or main with --main)")
	cmd.Flags().StringVar(&opts.Func, "func", "", "name of the function that returns the template (Template, or template with --main)")
	cmd.Flags().BoolVar(&opts.Main, "main", false, "write a whole program, which writes the template's JSON to standard output")
	return cmd
}

func importFile(cmd *cobra.Command, file string, opts *goimport.Options) error {
	s, err := readSource(cmd, file)
	if err != nil {
		return err
	}
	program, err := goimport.Program(s.doc, opts)
	var option *goimport.OptionError
	if errors.As(err, &option) {
		return &exitError{code: 2, err: err}
	}
	if err != nil {
		return s.refuseAll(err)
	}
	_, err = cmd.OutOrStdout().Write(program)
	return err
}

// refuseAll is every place in the file for which there is no program, one on a line.
func (s *source) refuseAll(err error) error {
	var all interface{ Unwrap() []error }
	if !errors.As(err, &all) {
		return s.refuse(err)
	}
	var lines []error
	for _, e := range all.Unwrap() {
		var at *goimport.Error
		if errors.As(e, &at) {
			e = fmt.Errorf("%s:%d:%d: %s: %s", s.name, at.Line, at.Column, at.Path, at.Message)
		}
		lines = append(lines, e)
	}
	return &exitError{code: 1, err: errors.Join(lines...)}
}
