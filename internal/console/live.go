package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

const (
	barWidth  = 20
	refresh   = 100 * time.Millisecond
	clearLine = "\r\x1b[2K"
	lineUp    = "\x1b[1A"
	green     = "\x1b[32m"
	red       = "\x1b[31m"
	yellow    = "\x1b[33m"
	plain     = "\x1b[0m"
)

// live draws one line for each stack under way, below the lines of those that have ended.
type live struct {
	out   io.Writer
	width int // of the terminal
	names int // the longest name's length

	mu    sync.Mutex
	board board
	drawn int // lines of the last drawing
}

func followLive(ctx context.Context, out io.Writer, width int, stacks []*stack.Stack, run *executor.GraphRun) error {
	l := &live{out: out, width: width}
	for _, s := range stacks {
		l.names = max(l.names, len(s.Name))
	}
	stop := l.tick()
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

// tick keeps the elapsed times moving until stop is called, which waits for the last drawing.
func (l *live) tick() (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		t := time.NewTicker(refresh)
		defer t.Stop()
		for {
			select {
			case <-done:
				return
			case <-t.C:
				l.mu.Lock()
				err := l.draw()
				l.mu.Unlock()
				if err != nil {
					return // the next event meets it too, and tells
				}
			}
		}
	}()
	return func() { close(done); <-ended }
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
	if _, err := fmt.Fprintf(l.out, "%s%-*s%s  %s\n", color, l.names, e.Stack.Name, plain, verdict(e, p)); err != nil {
		return err
	}
	return l.draw()
}

// erase takes the last drawing away.
func (l *live) erase() error {
	_, err := io.WriteString(l.out, strings.Repeat(lineUp+clearLine, l.drawn))
	l.drawn = 0
	return err
}

func (l *live) draw() error {
	if err := l.erase(); err != nil {
		return err
	}
	var b strings.Builder
	for _, p := range l.board.active {
		filled := barWidth * len(p.done) / max(p.total(), 1)
		line := fmt.Sprintf("%-*s  %s%s %2d/%-2d  %6s  %s %s", l.names, p.stack.Name,
			strings.Repeat("█", filled), strings.Repeat("░", barWidth-filled), len(p.done), p.total(),
			round(time.Since(p.started)).Truncate(100*time.Millisecond), p.last.LogicalID, p.last.Status)
		b.WriteString(cut(line, l.width) + "\n")
	}
	l.drawn = len(l.board.active)
	_, err := io.WriteString(l.out, b.String())
	return err
}

// cut shortens a line so that it does not wrap.
func cut(line string, width int) string {
	if utf8.RuneCountInString(line) < width || width < 2 {
		return line
	}
	return string([]rune(line)[:width-1])
}
