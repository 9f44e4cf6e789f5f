package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// live draws one line for each stack under way, below the lines of those that have ended.
type live struct {
	screen
	names int // the longest name's length
	board board
}

func followLive(ctx context.Context, out io.Writer, width int, stacks []*stack.Stack, run *executor.GraphRun) error {
	l := &live{screen: screen{out: out, width: width}}
	for _, s := range stacks {
		l.names = max(l.names, len(s.Label()))
	}
	stop := l.tick(l.draw)
	defer stop()
	for e, err := range run.Events(ctx) {
		if err == nil {
			err = l.take(e)
		}
		if err != nil {
			return errors.Join(err, l.finish())
		}
	}
	return l.finish()
}

// finish takes the drawing away for good.
func (l *live) finish() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.board.active = nil
	return l.erase()
}

// take shows one event. What it changes in a line under way is drawn at the next tick.
func (l *live) take(e executor.GraphEvent) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e.Stage {
	case executor.StageStarted:
		l.board.start(e)
		return nil
	case executor.StageEvent:
		if p := l.board.find(e.Stack); p != nil {
			p.note(e.Event)
		}
		return nil
	}
	p := l.board.end(e.Stack)
	if err := l.erase(); err != nil {
		return err
	}
	color := green
	switch {
	case e.Stage == executor.StageFailed:
		color = red
	case e.Stage == executor.StageSkipped || e.Result != nil && e.Result.Unchanged:
		color = yellow
	}
	if _, err := fmt.Fprintf(l.out, "%s%-*s%s  %s\n", color, l.names, e.Stack.Label(), plain, verdict(e, p)); err != nil {
		return err
	}
	return l.draw()
}

func (l *live) draw() error {
	var lines []string
	for _, p := range l.board.active {
		lines = append(lines, fmt.Sprintf("%-*s  %s  %6s  %s %s", l.names, p.stack.Label(), bar(len(p.done), p.total()),
			round(time.Since(p.started)).Truncate(100*time.Millisecond), p.last.LogicalID, p.last.Status))
	}
	return l.screen.draw(lines)
}
