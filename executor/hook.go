package executor

import (
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/stack"
)

// A HookFailure is what a hook has against a resource.
type HookFailure struct {
	// Hook is the hook's type; LogicalID and Type name the resource, "" if it is about the whole.
	Hook, LogicalID, Type string
	// Nested leads to the nested stack that the resource is in, as in a [Finding].
	Nested string
	// Reason is what the hook says.
	Reason string
}

func (f HookFailure) String() string {
	where := strings.Trim(f.Nested+"/"+f.LogicalID, "/")
	return strings.TrimPrefix(fmt.Sprintf("%s: %s [%s]", where, f.Reason, f.Hook), ": ")
}

// A HookError says that hooks did not let a deployment pass: before it began, behind it is a
// [*ValidationError], and nothing was changed; or when it ran, then it is behind an [*OperationError].
// [errors.AsType] finds each.
type HookError struct {
	// Stack is the stack's name.
	Stack string
	// Failures are what the hooks have against it.
	Failures []HookFailure

	cause error
}

func (e *HookError) Error() string {
	if e.cause != nil {
		return e.cause.Error()
	}
	var lines []string
	for _, f := range e.Failures {
		lines = append(lines, f.String())
	}
	return fmt.Sprintf("stack %s: hooks did not let it pass: %s", e.Stack, strings.Join(lines, "; "))
}

// Unwrap returns the [*ValidationError], or nil.
func (e *HookError) Unwrap() error { return e.cause }

// hooked returns the error of a change set that did not pass: a [*HookError] if all that blocks it are
// hooks.
func hooked(e *ValidationError) error {
	h := &HookError{Stack: e.Stack, cause: e}
	for _, f := range e.Findings {
		if f.Blocks && !f.Hook {
			return e
		}
		if f.Blocks {
			h.Failures = append(h.Failures, HookFailure{f.Name, f.LogicalID, f.Type, f.Nested, f.Reason})
		}
	}
	if len(h.Failures) == 0 {
		return e
	}
	return h
}

// hooksOf returns what hooks had against the resources of an operation.
func hooksOf(events []stack.Event) []HookFailure {
	var list []HookFailure
	for _, e := range events {
		if e.Hook.Failed() && !e.Hook.Warns {
			list = append(list, HookFailure{e.Hook.Type, e.LogicalID, e.Type, e.Path, e.Hook.Reason})
		}
	}
	return list
}

// told adds to the reason of a resource that failed for hooks what these said.
func told(f Failure, hooks []HookFailure) Failure {
	if !hookStopped(f.Event.Reason) {
		return f
	}
	for _, h := range hooks {
		if h.LogicalID == f.Event.LogicalID && h.Reason != "" && !strings.Contains(f.Event.Reason, h.Reason) {
			f.Event.Reason = strings.TrimSuffix(f.Event.Reason, ".") + "; " + h.Hook + ": " + h.Reason
		}
	}
	return f
}
