package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

// newConvert turns a template from JSON into YAML, or back.
func newConvert() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "convert FILE",
		Short: "Write a template as YAML or JSON",
		Long: `Write a template as YAML or JSON, to standard output: in the form that it does not have, unless
--to names one. FILE is JSON or YAML; - is standard input.

Nothing is lost but comments, anchors and white space: order and the digits of numbers stay. In YAML
functions have their short forms.`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			if to != "" && to != "json" && to != "yaml" {
				return &exitError{code: 2, err: fmt.Errorf("--to %s: a template is written as json or yaml", to)}
			}
			return convertFile(cmd, args[0], to)
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "json or yaml (the other than that of FILE)")
	return cmd
}

func convertFile(cmd *cobra.Command, file, to string) error {
	s, err := readSource(cmd, file)
	if err != nil {
		return err
	}
	if !s.doc.Is(tree.Map) {
		return s.refuse(&tree.SyntaxError{Line: s.doc.Line, Column: s.doc.Column, Message: fmt.Sprintf("a %s, where a template is a map of sections", s.doc.Kind)})
	}
	if to == "json" || to == "" && !s.json {
		_, err = cmd.OutOrStdout().Write(indented(s.doc))
		return err
	}
	_, err = cmd.OutOrStdout().Write(yaml.Append(nil, s.doc, false))
	return err
}

// indented is a document as JSON for people.
func indented(doc *tree.Node) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, doc.AppendJSON(nil), "", "  "); err != nil {
		return append(doc.AppendJSON(nil), '\n') // a document is well-formed
	}
	b.WriteByte('\n')
	return b.Bytes()
}
