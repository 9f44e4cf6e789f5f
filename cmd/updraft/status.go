package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

func newStatus() *cobra.Command {
	var c cloud
	cmd := &cobra.Command{
		Use:   "status STACK",
		Short: "Show the state of a stack",
		Long:  "Show the state of a stack, named by its name or ARN. Values of parameters are not shown.",
		Args:  oneStack,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := c.describe(cmd, args[0])
			if err != nil {
				return err
			}
			return c.view(cmd).status(d)
		},
	}
	c.flags(cmd)
	return cmd
}

func (c *cloud) describe(cmd *cobra.Command, name string) (*executor.Description, error) {
	client, err := c.connect(cmd.Context())
	if err != nil {
		return nil, err
	}
	d, err := client.Describe(cmd.Context(), name)
	if err != nil {
		return nil, c.inWords(err, "")
	}
	return d, nil
}

func (v view) status(d *executor.Description) error {
	if v.json {
		return v.encode(struct {
			Stack      string            `json:"stack"`
			StackID    string            `json:"stackId"`
			ParentID   string            `json:"parentId,omitempty"`
			Status     stack.Status      `json:"status"`
			Reason     string            `json:"reason,omitempty"`
			Text       string            `json:"description,omitempty"`
			Created    time.Time         `json:"created"`
			Updated    time.Time         `json:"updated,omitzero"`
			Deleted    time.Time         `json:"deleted,omitzero"`
			Protection bool              `json:"terminationProtection"`
			RoleARN    string            `json:"roleArn,omitempty"`
			Drift      string            `json:"drift,omitempty"`
			Tags       map[string]string `json:"tags"`
			Outputs    map[string]string `json:"outputs"`
		}{d.StackName, d.StackID, d.ParentID, d.Status, d.Reason, d.Text, d.Created, d.Updated, d.Deleted, d.TerminationProtection, d.RoleARN, d.Drift, d.Tags, d.Outputs})
	}
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-12s %s\n", name, value)
		}
	}
	when := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Local().Format(time.DateTime)
	}
	line("stack", d.StackName)
	line("status", string(d.Status))
	line("reason", d.Reason)
	line("description", d.Text)
	line("created", when(d.Created))
	line("updated", when(d.Updated))
	line("deleted", when(d.Deleted))
	if d.TerminationProtection {
		line("protection", "on")
	}
	line("role", d.RoleARN)
	line("drift", d.Drift)
	for _, key := range slices.Sorted(maps.Keys(d.Tags)) {
		line("tag", key+"="+d.Tags[key])
	}
	line("id", d.StackID)
	_, err := io.WriteString(v.out, b.String())
	return err
}
