package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/executor"
)

func newDrift() *cobra.Command {
	var c cloud
	var opts executor.DriftOptions
	cmd := &cobra.Command{
		Use:   "drift STACK",
		Short: "Show what was changed behind a stack's back",
		Long: `Have CloudFormation compare a stack, named by its name or ARN, with what is there, and show what differs.
The exit code is 1 if something does. To put it back, deploy with --revert-drift.`,
		Args: oneStack,
		RunE: func(cmd *cobra.Command, args []string) error { return c.drift(cmd, args[0], &opts) },
	}
	c.flags(cmd)
	cmd.Flags().StringArrayVar(&opts.LogicalIDs, "resource", nil, "logical `ID` of a resource to look at; may be repeated (all)")
	cmd.Flags().BoolVar(&opts.Last, "last", false, "show what was found when it was looked for last, without looking anew")
	cmd.Flags().BoolVar(&opts.PropertyValues, "values", false, "show what properties are to be and what they are; they may hold secrets")
	return cmd
}

func (c *cloud) drift(cmd *cobra.Command, name string, opts *executor.DriftOptions) error {
	client, err := c.connect(cmd.Context())
	if err != nil {
		return err
	}
	d, err := client.DetectDrift(cmd.Context(), name, opts)
	if err != nil {
		return c.inWords(err, "")
	}
	if err := c.view(cmd).drift(d); err != nil {
		return err
	}
	if n := len(d.Drifted()); n > 0 {
		return fmt.Errorf("stack %s: %d resources have drifted", d.StackName, n)
	}
	return nil
}

// A driftDoc is a resource that has drifted, as JSON.
type driftDoc struct {
	LogicalID   string          `json:"logicalId"`
	PhysicalID  string          `json:"physicalId,omitempty"`
	Type        string          `json:"resourceType"`
	Status      string          `json:"status"`
	Differences []differenceDoc `json:"differences,omitempty"`
}

type differenceDoc struct {
	Path     string `json:"path"`
	Type     string `json:"type"`
	Expected string `json:"expected,omitempty"`
	Actual   string `json:"actual,omitempty"`
}

func (v view) drift(d *executor.Drift) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", d.StackName, d.Status)
	if d.Incomplete != "" {
		fmt.Fprintf(&b, "  not everything was looked at: %s\n", d.Incomplete)
	}
	docs := []driftDoc{}
	for _, r := range d.Drifted() {
		doc := driftDoc{LogicalID: r.LogicalID, PhysicalID: r.PhysicalID, Type: r.Type, Status: string(r.Status)}
		fmt.Fprintf(&b, "  %s %s (%s)\n", r.Status, r.LogicalID, r.Type)
		for _, p := range r.Differences {
			doc.Differences = append(doc.Differences, differenceDoc{p.Path, string(p.Type), p.Expected, p.Actual})
			fmt.Fprintf(&b, "      %s %s%s\n", p.Type, p.Path, values(executor.PropertyChange{Before: p.Expected, After: p.Actual}))
		}
		docs = append(docs, doc)
	}
	if v.json {
		return v.encode(struct {
			Stack      string     `json:"stack"`
			StackID    string     `json:"stackId"`
			Status     string     `json:"status"`
			Incomplete string     `json:"incomplete,omitempty"`
			Drifted    []driftDoc `json:"drifted"`
		}{d.StackName, d.StackID, string(d.Status), d.Incomplete, docs})
	}
	_, err := io.WriteString(v.out, b.String())
	return err
}
