package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/internal/console"
	"github.com/updraft-go/updraft/stack"
)

// A view shows what the commands do: as text, or as JSON, one document on a line.
type view struct {
	out     io.Writer
	json    bool
	decided bool // wait only until the outcome is certain
}

func (c *cloud) view(cmd *cobra.Command) view { return view{out: cmd.OutOrStdout(), json: c.json} }

func (v view) encode(doc any) error { return json.NewEncoder(v.out).Encode(doc) }

// A changeDoc is a change as JSON.
type changeDoc struct {
	Action       string        `json:"action"`
	LogicalID    string        `json:"logicalId"`
	PhysicalID   string        `json:"physicalId,omitempty"`
	Type         string        `json:"resourceType"`
	Replacement  string        `json:"replacement,omitempty"`
	PolicyAction string        `json:"policyAction,omitempty"`
	Properties   []propertyDoc `json:"properties,omitempty"`
	Nested       []changeDoc   `json:"nested,omitempty"`
}

type propertyDoc struct {
	Path     string `json:"path"`
	Replaces string `json:"requiresRecreation,omitempty"`
	Source   string `json:"source,omitempty"`
	Cause    string `json:"cause,omitempty"`
	Before   string `json:"before,omitempty"`
	After    string `json:"after,omitempty"`
}

func changeDocs(changes []executor.Change) []changeDoc {
	docs := make([]changeDoc, 0, len(changes))
	for _, c := range changes {
		doc := changeDoc{
			Action: string(c.Action), LogicalID: c.LogicalID, PhysicalID: c.PhysicalID, Type: c.Type,
			Replacement: string(c.Replacement), PolicyAction: string(c.PolicyAction),
		}
		for _, p := range c.Properties {
			doc.Properties = append(doc.Properties, propertyDoc{p.Path, string(p.Replaces), string(p.Source), p.Cause, p.Before, p.After})
		}
		if c.Nested != nil {
			doc.Nested = changeDocs(c.Nested)
		}
		docs = append(docs, doc)
	}
	return docs
}

// plan shows what would change.
func (v view) plan(p *executor.Plan) error {
	if v.json {
		return v.encode(struct {
			Type      string      `json:"type"`
			Stack     string      `json:"stack"`
			StackID   string      `json:"stackId"`
			Operation string      `json:"operation"`
			Unchanged bool        `json:"unchanged"`
			Direct    bool        `json:"direct,omitempty"`
			Changes   []changeDoc `json:"changes"`
			Warnings  []string    `json:"warnings,omitempty"`
		}{"plan", p.StackName, p.StackID, p.Operation.String(), p.Unchanged, p.Direct, changeDocs(p.Changes), warnings(p)})
	}
	var b strings.Builder
	switch {
	case p.Unchanged:
		fmt.Fprintf(&b, "%s: nothing to change\n", p.StackName)
	case p.Direct:
		fmt.Fprintf(&b, "%s: %s, without a change set\n", p.StackName, p.Operation)
	default:
		fmt.Fprintf(&b, "%s: %s, %d changes\n", p.StackName, p.Operation, count(p.Changes))
	}
	writeChanges(&b, "  ", p.Changes)
	for _, w := range warnings(p) {
		fmt.Fprintf(&b, "  warning: %s\n", w)
	}
	_, err := io.WriteString(v.out, b.String())
	return err
}

// warnings are what was found in the template, here and by CloudFormation.
func warnings(p *executor.Plan) []string {
	var list []string
	for _, w := range p.Warnings {
		w.Stack = ""
		list = append(list, w.String())
	}
	for _, f := range p.Findings {
		list = append(list, f.String())
	}
	return list
}

// sign is how the action of a change is drawn.
func sign(action string) string {
	switch action {
	case "Add":
		return "+"
	case "Remove":
		return "-"
	case "Modify":
		return "~"
	}
	return "*"
}

func writeChanges(b *strings.Builder, indent string, changes []executor.Change) {
	for _, c := range changes {
		fmt.Fprintf(b, "%s%s %s (%s)%s\n", indent, sign(string(c.Action)), c.LogicalID, c.Type, consequence(c))
		for _, p := range c.Properties {
			cause := ""
			if p.Cause != "" {
				cause = ", for " + p.Cause
			}
			fmt.Fprintf(b, "%s    %s%s%s\n", indent, p.Path, cause, values(p))
		}
		writeChanges(b, indent+"    ", c.Nested)
	}
}

func values(p executor.PropertyChange) string {
	if p.Before == "" && p.After == "" {
		return ""
	}
	return fmt.Sprintf(": %s → %s", p.Before, p.After)
}

// consequence is what becomes of a resource that is there.
func consequence(c executor.Change) string {
	var parts []string
	switch c.Replacement {
	case "True":
		parts = append(parts, "is replaced")
	case "Conditional":
		parts = append(parts, "may be replaced")
	}
	if c.PolicyAction != "" && c.PolicyAction != "Delete" {
		parts = append(parts, string(c.PolicyAction))
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

// lateEvents is how long events are listened to when the operation has ended.
const lateEvents = 5 * time.Second

// follow shows a run until its end, and returns what came of it. Only the wait knows that: the events
// are there to be looked at.
func (v view) follow(ctx context.Context, run *executor.Run, size console.Size) (*executor.Result, error) {
	listening, stop := context.WithCancel(ctx)
	defer stop()
	var shown sync.WaitGroup
	shown.Go(func() {
		if v.json {
			_ = console.WatchJSON(listening, v.out, run)
		} else {
			_ = console.Watch(listening, v.out, run.StackName, size, run)
		}
	})
	wait := run.Wait
	if v.decided {
		wait = run.Decide
	}
	result, err := wait(ctx)
	if v.decided { // the stack may still move, and so the events go on
		stop()
	}
	late := time.AfterFunc(lateEvents, stop)
	defer late.Stop()
	shown.Wait()
	return result, err
}

// result shows what came of an operation that succeeded.
func (v view) result(r *executor.Result) error {
	if v.json {
		return v.encode(struct {
			Type      string            `json:"type"`
			Stack     string            `json:"stack"`
			StackID   string            `json:"stackId,omitempty"`
			Operation string            `json:"operation"`
			Status    stack.Status      `json:"status"`
			Unchanged bool              `json:"unchanged"`
			Outputs   map[string]string `json:"outputs"`
			Leaked    []string          `json:"leaked,omitempty"`
			Later     []string          `json:"stabilizing,omitempty"`
		}{"result", r.StackName, r.StackID, r.Operation.String(), r.Status, r.Unchanged, r.Outputs, leaks(r), r.Stabilizing})
	}
	var b strings.Builder
	if r.Unchanged {
		fmt.Fprintf(&b, "%s: unchanged, %s\n", r.StackName, r.Status)
	} else {
		fmt.Fprintf(&b, "%s: %s\n", r.StackName, r.Status)
	}
	for _, leak := range leaks(r) {
		fmt.Fprintf(&b, "  could not be deleted and is no longer in the stack: %s\n", leak)
	}
	if len(r.Stabilizing) > 0 {
		fmt.Fprintf(&b, "  may become ready to be used only later: %s\n", strings.Join(r.Stabilizing, ", "))
	}
	writeOutputs(&b, "  ", r.Outputs)
	_, err := io.WriteString(v.out, b.String())
	return err
}

func leaks(r *executor.Result) []string {
	var list []string
	for _, l := range r.Leaked {
		list = append(list, fmt.Sprintf("%s (%s)", l, l.Event.PhysicalID))
	}
	return list
}

func writeOutputs(b *strings.Builder, indent string, outputs map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		fmt.Fprintf(b, "%s%s = %s\n", indent, name, outputs[name])
	}
}
