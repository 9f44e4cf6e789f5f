package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

// newDiff compares two template files.
func newDiff() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff BEFORE AFTER",
		Short: "Show what changes from one template to another, without an account",
		Long: `Show what changes from one template file to another, and what that means for each resource: updated in
place, may be replaced, replaced, created, deleted. Only what has a meaning counts: not the order of keys,
nor whether a scalar is in quotes, nor how a function is spelled. Either may be JSON or YAML; - is standard
input. What NoEcho parameters hold is masked.

The exit code is 0 if nothing changes, 1 if something does, and 2 if a file is no template. To compare with
what is deployed, use plan.`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) != 2:
				return &exitError{code: 2, err: fmt.Errorf("diff takes two template files, and was given %d", len(args))}
			case args[0] == "-" && args[1] == "-":
				return &exitError{code: 2, err: errors.New("both templates cannot come from standard input; name a file for one of them")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return diffFiles(cmd, args[0], args[1], asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "tell the changes as a list of objects")
	return cmd
}

func diffFiles(cmd *cobra.Command, before, after string, asJSON bool) error {
	old, err := readTemplate(cmd, before)
	if err != nil {
		return err
	}
	fresh, err := readTemplate(cmd, after)
	if err != nil {
		return err
	}
	changes, err := validate.Diff(old, fresh)
	if err != nil {
		return &exitError{code: 2, err: err}
	}
	if asJSON {
		err = encode(cmd.OutOrStdout(), templateChanges(changes))
	} else {
		_, err = io.WriteString(cmd.OutOrStdout(), changes.Text(coloured(cmd.OutOrStdout())))
	}
	if err != nil || len(changes) == 0 {
		return err
	}
	if len(changes) == 1 {
		return errors.New("1 value changes")
	}
	return fmt.Errorf("%d values change", len(changes))
}

func readTemplate(cmd *cobra.Command, file string) (*stack.Template, error) {
	s := &source{name: file}
	data, err := readAll(cmd, s)
	if err != nil {
		return nil, &exitError{code: 2, err: err}
	}
	t, err := stack.Parse(data)
	if err != nil {
		return nil, &exitError{code: 2, err: fmt.Errorf("%s: %w", s.name, err)}
	}
	return t, nil
}

// A templateChange is a change of a template, as JSON.
type templateChange struct {
	Kind      string          `json:"kind"`
	Path      string          `json:"path"`
	LogicalID string          `json:"logicalId,omitempty"`
	Type      string          `json:"resourceType,omitempty"`
	Before    json.RawMessage `json:"before,omitempty"`
	After     json.RawMessage `json:"after,omitempty"`
	Effect    string          `json:"effect"`
}

func templateChanges(changes stack.Changes) []templateChange {
	docs := make([]templateChange, 0, len(changes))
	for _, c := range changes {
		docs = append(docs, templateChange{
			c.Kind.String(), c.Path, c.LogicalID, c.Type, json.RawMessage(c.Before), json.RawMessage(c.After), c.Effect.String(),
		})
	}
	return docs
}
