package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func newOutputs() *cobra.Command {
	var c cloud
	cmd := &cobra.Command{
		Use:   "outputs STACK [NAME]",
		Short: "Show the outputs of a stack",
		Long:  "Show the outputs of a stack, named by its name or ARN; with NAME, only the value of that output.",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 || len(args) == 2 {
				return nil
			}
			return wrongUse("outputs takes one stack, and perhaps the name of an output, and was given %d arguments", len(args))
		},
		RunE: func(cmd *cobra.Command, args []string) error { return c.outputs(cmd, args) },
	}
	c.flags(cmd)
	return cmd
}

func (c *cloud) outputs(cmd *cobra.Command, args []string) error {
	d, err := c.describe(cmd, args[0])
	if err != nil {
		return err
	}
	v := c.view(cmd)
	var text strings.Builder
	switch {
	case len(args) == 2:
		value, ok := d.Outputs[args[1]]
		if !ok {
			return fmt.Errorf("stack %s: it has no output %s; it has %s", d.StackName, args[1], orNone(slices.Sorted(maps.Keys(d.Outputs))))
		}
		if v.json {
			return v.encode(value)
		}
		text.WriteString(value + "\n")
	case v.json:
		return v.encode(d.Outputs)
	default:
		writeOutputs(&text, "", d.Outputs)
	}
	_, err = io.WriteString(v.out, text.String())
	return err
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
