package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

// maxSource is how long a template file may be. CloudFormation takes 1 MB.
const maxSource = 32 << 20

// source is a template file that was read, as a document.
type source struct {
	name string // as messages call it
	json bool   // it is JSON, not YAML
	doc  *tree.Node
}

// oneFile takes one argument: a file, or - for standard input.
func oneFile(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	return &exitError{code: 2, err: fmt.Errorf("%s takes one template file, or - for standard input, and was given %d", cmd.Name(), len(args))}
}

// readSource reads a template file; - is standard input. It is JSON if it begins with a brace, else
// YAML.
func readSource(cmd *cobra.Command, file string) (*source, error) {
	s := &source{name: file}
	data, err := readAll(cmd, s)
	if err != nil {
		return nil, &exitError{code: 2, err: err}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	s.json = bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{"))
	parse := yaml.Parse
	if s.json {
		parse = tree.Parse
	}
	if s.doc, err = parse(data); err != nil {
		return nil, s.refuse(err)
	}
	return s, nil
}

// readAll reads the file that s names.
func readAll(cmd *cobra.Command, s *source) ([]byte, error) {
	in := cmd.InOrStdin()
	if s.name == "-" {
		s.name = "standard input"
	} else {
		f, err := os.Open(s.name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxSource+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	if len(data) > maxSource {
		return nil, fmt.Errorf("%s is longer than %d MB, which no template is; CloudFormation takes 1 MB", s.name, maxSource>>20)
	}
	return data, nil
}

// refuse is what is wrong with the file, with its place.
func (s *source) refuse(err error) error {
	var at *tree.SyntaxError
	if errors.As(err, &at) {
		return &exitError{code: 1, err: fmt.Errorf("%s:%d:%d: %s", s.name, at.Line, at.Column, at.Message)}
	}
	return &exitError{code: 1, err: fmt.Errorf("%s: %w", s.name, err)}
}
