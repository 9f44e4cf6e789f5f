package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// inWords is an error of the executor with what can be done next as a command line. file is the
// template, "" if there is none.
func (c *cloud) inWords(err error, file string) error {
	if ds, ok := errors.AsType[stack.Diagnostics](err); ok {
		return diagnosed(ds, file)
	}
	if e, ok := errors.AsType[*executor.DetachedError](err); ok {
		token := ""
		if e.Token != "" {
			token = " --token " + e.Token
		}
		return &worded{err, fmt.Sprintf("stack %s: no longer waiting for its %s, which goes on; to wait for it again:\n  updraft watch %s%s%s", e.StackName, e.Operation, nameOf(e), token, c.again())}
	}
	if e, ok := errors.AsType[*executor.BusyError](err); ok {
		since := ""
		if !e.Since.IsZero() {
			since = " since " + e.Since.UTC().Format(time.RFC3339)
		}
		return &worded{err, fmt.Sprintf("stack %s: another operation is running on it: %s%s; wait for it with --wait, or watch it with:\n  updraft watch %s%s", e.Stack, e.Status, since, e.Stack, c.again())}
	}
	if e, ok := errors.AsType[*executor.OperationError](err); ok {
		ended, next := "ended in", c.next(e.StackName, e.Status)
		if !e.Status.Rests() {
			ended, next = "has failed, and the stack is in", fmt.Sprintf("; to wait for the end:\n  updraft watch %s%s", e.StackName, c.again())
		}
		return &worded{err, strings.TrimSuffix(fmt.Sprintf("stack %s: its %s %s %s: %s", e.StackName, e.Operation, ended, e.Status, e.Why()), ".") + next}
	}
	if e, ok := errors.AsType[*executor.StateError](err); ok {
		if next := c.next(e.Stack, e.Status); next != "" {
			return &worded{err, fmt.Sprintf("stack %s: it is in %s%s", e.Stack, e.Status, next)}
		}
	}
	return err
}

// A worded error is another one in the words of the command line.
type worded struct {
	error
	text string
}

func (e *worded) Error() string { return e.text }
func (e *worded) Unwrap() error { return e.error }

// nameOf is what the stack can be found by, even when its name is gone.
func nameOf(e *executor.DetachedError) string {
	if e.Operation == waiter.Delete {
		return e.StackID
	}
	return e.StackName
}

// next says what can be done with a stack in this state, "" if anything can.
func (c *cloud) next(name string, s stack.Status) string {
	remove := fmt.Sprintf("updraft delete %s%s", name, c.again())
	switch s {
	case stack.RollbackComplete:
		return "; it can only be deleted: deploy it with --replace-failed, or give\n  " + remove
	case stack.RollbackFailed:
		return "; it can only be deleted: look at what is left in it, then give\n  " + remove
	case stack.CreateFailed, stack.UpdateFailed:
		return "; what was made is still there: roll it back with updraft rollback, deploy it with --recover to do both, with --disable-rollback to go on from there, or give\n  " + remove
	case stack.UpdateRollbackFailed:
		return "; cure what stopped the roll-back, then give updraft rollback, or deploy it with --recover"
	case stack.DeleteFailed:
		return "; cure what stopped the deletion and give the same again, with --retain-resource ID for what is to be kept, or with --force"
	}
	return ""
}

// diagnosed is findings about a template file, each with its place and a cure in flags.
func diagnosed(ds stack.Diagnostics, file string) error {
	var lines []string
	for _, d := range ds {
		if d.Severity != stack.SeverityError {
			continue
		}
		text := ""
		switch {
		case file != "" && d.Line > 0:
			text = fmt.Sprintf("%s:%d:%d: ", file, d.Line, d.Column)
		case file != "":
			text = file + ": "
		}
		name, ofParameter := strings.CutPrefix(d.Path, "Parameters.")
		switch {
		case d.Code == "missing-parameter" && ofParameter:
			d.Cure = "give --parameter " + name + "=VALUE"
		case d.Code == "asset" && strings.Contains(d.Cure, "Uploader"):
			d.Cure = "give --bucket, where they can be stored"
		case d.Code == "template-size" && strings.Contains(d.Cure, "Uploader"):
			d.Cure = "give --bucket, where it can be stored for CloudFormation to read, or divide it into several stacks"
		case d.Code == "capability":
			d.Cure = "give it with --capability if you trust the template"
		}
		d.Stack = ""
		lines = append(lines, text+d.String())
	}
	return &worded{ds, strings.Join(lines, "\n")}
}

// cancelInWords says why nothing was cancelled.
func (c *cloud) cancelInWords(err error) error {
	e, ok := errors.AsType[*executor.StateError](err)
	if ok && e.Status == stack.CreateInProgress {
		return &worded{err, fmt.Sprintf("stack %s: it is in %s; a creation is cancelled by deleting the stack: give --delete-created if that is wanted", e.Stack, e.Status)}
	}
	return err
}

// cancelled reports whether an operation ended as one does that was cancelled.
func cancelled(err error) (stack.Status, bool) {
	e, ok := errors.AsType[*executor.OperationError](err)
	if !ok {
		return "", false
	}
	return e.Status, e.Status == stack.UpdateRollbackComplete || e.Status == stack.DeleteComplete
}
