package stack

import (
	"fmt"
	"strings"
)

// A Severity says how bad a Diagnostic is.
type Severity int

const (
	// SeverityError is what CloudFormation would refuse.
	SeverityError Severity = iota
	// SeverityWarning is what it would accept and its user may regret.
	SeverityWarning
	// SeverityInfo is worth knowing.
	SeverityInfo
)

func (s Severity) String() string {
	switch s {
	case SeverityError:
		return "error"
	case SeverityWarning:
		return "warning"
	}
	return "info"
}

// A Diagnostic is one finding about a template or a set of stacks.
type Diagnostic struct {
	// Severity is SeverityError if it is zero.
	Severity Severity
	// Code names the rule; it stays the same over releases.
	Code string
	// Stack is the name of the stack, "" if the finding is about a template alone.
	Stack string
	// Path leads to the place, such as Resources.Jobs.Properties.VisibilityTimeout.
	Path string
	// Line and Column are the place in the source, from 1; 0 if there is no source.
	Line, Column int
	// Summary says what is wrong, with the value seen; Cure what to do about it.
	Summary, Cure string
}

func (d Diagnostic) String() string {
	var b strings.Builder
	if d.Stack != "" {
		fmt.Fprintf(&b, "stack %s: ", d.Stack)
	}
	if d.Path != "" {
		fmt.Fprintf(&b, "%s: ", d.Path)
	}
	b.WriteString(d.Summary)
	if d.Cure != "" {
		fmt.Fprintf(&b, "; %s", d.Cure)
	}
	return b.String()
}

// Diagnostics are findings. As an error they are those of severity error, one on a line.
type Diagnostics []Diagnostic

// Err returns the findings as an error if one of them is of severity error, else nil.
func (ds Diagnostics) Err() error {
	for _, d := range ds {
		if d.Severity == SeverityError {
			return ds
		}
	}
	return nil
}

func (ds Diagnostics) Error() string {
	var lines []string
	for _, d := range ds {
		if d.Severity == SeverityError {
			lines = append(lines, d.String())
		}
	}
	return strings.Join(lines, "\n")
}
