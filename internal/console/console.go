// Package console shows on a terminal, or in a log, what a set of stacks is doing.
package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// Follow shows the events of a run of stacks until it ends: live where out is a terminal, else as
// plain lines, one for each resource that has come to an end.
//
// # Errors
//
// The cause of ctx if it ends first; the run goes on then.
func Follow(ctx context.Context, out io.Writer, stacks []*stack.Stack, run *executor.GraphRun) error {
	if width, _, ok := terminal(out); ok {
		return followLive(ctx, out, width, stacks, run)
	}
	return followPlain(ctx, out, run)
}

// progress counts what has happened in one stack.
type progress struct {
	stack   *stack.Stack
	started time.Time
	done    map[string]bool // logical IDs that have come to an end
	last    stack.Event
}

// total is how many resources there are to be done, at least.
func (p *progress) total() int { return max(p.stack.Template.Resources.Len(), len(p.done)) }

// note takes an event in and reports whether a resource came to its end with it.
func (p *progress) note(e stack.Event) bool {
	if e.OfStack() {
		return false
	}
	p.last = e
	if !e.Status.Rests() {
		return false
	}
	p.done[e.LogicalID] = true
	return true
}

// board holds the progress of the stacks under way, in the order in which they began.
type board struct{ active []*progress }

func (b *board) find(s *stack.Stack) *progress {
	for _, p := range b.active {
		if p.stack == s {
			return p
		}
	}
	return nil
}

func (b *board) start(e executor.GraphEvent) {
	b.active = append(b.active, &progress{stack: e.Stack, started: e.Time, done: map[string]bool{}})
}

func (b *board) end(s *stack.Stack) *progress {
	for i, p := range b.active {
		if p.stack == s {
			b.active = append(b.active[:i:i], b.active[i+1:]...)
			return p
		}
	}
	return &progress{stack: s}
}

// verdict is the line about a stack that has come to its end.
func verdict(e executor.GraphEvent, p *progress) string {
	switch e.Stage {
	case executor.StageDone:
		if e.Result.Unchanged {
			return "unchanged"
		}
		text := string(e.Result.Status)
		if !p.started.IsZero() {
			text += fmt.Sprintf(" in %s", round(e.Time.Sub(p.started)))
		}
		return text
	case executor.StageSkipped:
		var skipped *executor.SkippedError
		if errors.As(e.Err, &skipped) {
			return "skipped, since " + skipped.For + " did not succeed"
		}
	}
	// The line already says whose error it is.
	return "failed: " + strings.TrimPrefix(e.Err.Error(), "stack "+e.Stack.Label()+": ")
}

func round(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(100 * time.Millisecond)
}

func followPlain(ctx context.Context, out io.Writer, run *executor.GraphRun) error {
	var b board
	for e, err := range run.Events(ctx) {
		if err != nil {
			return err
		}
		line := ""
		switch e.Stage {
		case executor.StageStarted:
			b.start(e)
			continue
		case executor.StageEvent:
			if p := b.find(e.Stack); p == nil || !p.note(e.Event) {
				continue
			}
			line = fmt.Sprintf("%s %s (%s)%s", e.Event.Status, e.Event.LogicalID, e.Event.Type, because(e.Event))
		default:
			line = verdict(e, b.end(e.Stack))
		}
		if _, err := fmt.Fprintf(out, "%s: %s\n", e.Stack.Label(), line); err != nil {
			return err
		}
	}
	return nil
}

// because is the reason of a failure.
func because(e stack.Event) string {
	if e.Reason == "" || !e.Status.Failed() {
		return ""
	}
	return ": " + strings.TrimSpace(e.Reason)
}
