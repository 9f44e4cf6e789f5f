package main

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// An errorDoc is how a command ended badly, as the last document of --json. Its kind is a word to branch
// on; the message is what is told on standard error.
type errorDoc struct {
	Type     string       `json:"type"`
	Kind     string       `json:"kind"`
	Message  string       `json:"message"`
	Stack    string       `json:"stack,omitempty"`
	Status   stack.Status `json:"status,omitempty"`
	Token    string       `json:"token,omitempty"`
	Failures []failureDoc `json:"failures,omitempty"`
	Findings []string     `json:"findings,omitempty"`
}

type failureDoc struct {
	Path        []string `json:"path"`
	Type        string   `json:"resourceType"`
	PhysicalID  string   `json:"physicalId,omitempty"`
	Status      string   `json:"status,omitempty"` // of what validation found, none
	Reason      string   `json:"reason,omitempty"`
	Consequence bool     `json:"consequence,omitempty"`
}

// documented writes the error of a command that deals with stacks as JSON, if that is what it writes.
func documented(cmd *cobra.Command, out io.Writer, err error) {
	asked := cmd.Flags().Lookup("json")
	if asked == nil || asked.Value.String() != "true" || cmd.Flags().Lookup("endpoint") == nil {
		return
	}
	_ = json.NewEncoder(out).Encode(errorDocOf(err)) // which is told on standard error anyway
}

func errorDocOf(err error) errorDoc {
	doc := errorDoc{Type: "error", Kind: "other", Message: err.Error()}
	if e, ok := errors.AsType[*executor.OperationError](err); ok {
		doc.Kind, doc.Stack, doc.Status, doc.Token = "operation", e.StackName, e.Status, e.Token
		for _, f := range e.Failures {
			doc.Failures = append(doc.Failures, failureDoc{f.Path, f.Event.Type, f.Event.PhysicalID, string(f.Event.Status), f.Event.Reason, f.Consequence})
			if f.Finding != nil {
				doc.Findings = append(doc.Findings, f.Finding.String())
			}
		}
	} else if e, ok := errors.AsType[*executor.DetachedError](err); ok {
		doc.Kind, doc.Stack, doc.Token = "detached", e.StackName, e.Token
	} else if e, ok := errors.AsType[*executor.NotStartedError](err); ok {
		doc.Kind, doc.Stack = "not-started", e.StackName
	} else if e, ok := errors.AsType[*executor.BusyError](err); ok {
		doc.Kind, doc.Stack, doc.Status, doc.Token = "busy", e.Stack, e.Status, e.Token
	} else if e, ok := errors.AsType[*executor.StateError](err); ok {
		doc.Kind, doc.Stack, doc.Status = "state", e.Stack, e.Status
	} else if e, ok := errors.AsType[*executor.InUseError](err); ok {
		doc.Kind, doc.Stack, doc.Findings = "in-use", e.Stack, e.Importers
	} else if e, ok := errors.AsType[*executor.ValidationError](err); ok {
		doc.Kind, doc.Stack = "validation", e.Stack
		for _, f := range e.Findings {
			doc.Findings = append(doc.Findings, f.String())
		}
	} else if e, ok := errors.AsType[*executor.RefusedError](err); ok {
		doc.Kind, doc.Stack = "refused", e.Stack
	} else if ds, ok := errors.AsType[stack.Diagnostics](err); ok {
		doc.Kind = "template"
		for _, d := range ds {
			doc.Findings = append(doc.Findings, d.String())
		}
	} else if exit, ok := errors.AsType[*exitError](err); ok && exit.code == 2 {
		doc.Kind = "usage"
	}
	return doc
}
