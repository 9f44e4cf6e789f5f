package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// A Run is an operation on one stack, as far as it is shown. *executor.Run is one.
type Run interface {
	Events(context.Context) iter.Seq2[stack.Event, error]
}

// A Size is how many resources an operation is about; 0 is unknown.
type Size struct {
	// Own are those of the stack itself; All are those and what is known of stacks nested in it.
	Own, All int
}

// of estimates the size of the whole by what was seen of it: nested stacks turn out larger on the way.
func (s Size) of(f *flights) int {
	if s.Own == 0 {
		return 0
	}
	own, all := 0, len(f.done)
	for k := range f.done {
		if !strings.Contains(k, "/") {
			own++
		}
	}
	for _, u := range f.under {
		if f.done[key(u.event)] {
			continue // for the second time, as in a roll-back
		}
		if all++; u.event.Path == "" {
			own++
		}
	}
	return max(s.All, all+max(0, s.Own-own))
}

// Watch shows the events of an operation on one stack until it ends: live where out is a terminal,
// else as plain lines, one for each resource that has come to an end.
//
// # Errors
//
// The cause of ctx if it ends first, or what ends the stream of events; the operation goes on then.
func Watch(ctx context.Context, out io.Writer, name string, size Size, run Run) error {
	if width, height, ok := terminal(out); ok {
		return watchLive(ctx, &flightScreen{screen: screen{out: out, width: width}, height: height, name: name, size: size}, run)
	}
	var f flights
	for e, err := range run.Events(ctx) {
		if err != nil {
			return err
		}
		line := f.note(e, time.Now())
		if line == "" {
			continue
		}
		if _, err := fmt.Fprintf(out, "%s: %s\n", name, line); err != nil {
			return err
		}
	}
	return nil
}

// WatchJSON writes the events as JSON, one on a line. The physical IDs and reasons are CloudFormation's
// own; values of parameters are in none of them.
func WatchJSON(ctx context.Context, out io.Writer, run Run) error {
	encoder := json.NewEncoder(out)
	for e, err := range run.Events(ctx) {
		if err != nil {
			return err
		}
		err := encoder.Encode(struct {
			Type         string       `json:"type"`
			Time         time.Time    `json:"time"`
			Stack        string       `json:"stack"`
			Path         string       `json:"path,omitempty"`
			LogicalID    string       `json:"logicalId"`
			PhysicalID   string       `json:"physicalId,omitempty"`
			ResourceType string       `json:"resourceType"`
			Status       stack.Status `json:"status"`
			Reason       string       `json:"reason,omitempty"`
			Token        string       `json:"token,omitempty"`
		}{"event", e.Time, e.StackName, e.Path, e.LogicalID, e.PhysicalID, e.Type, e.Status, e.Reason, e.Token})
		if err != nil {
			return err
		}
	}
	return nil
}

// A flight is one resource that something is being done to.
type flight struct {
	event stack.Event
	began time.Time // by this machine's clock
}

// flights are the resources under way, in the order in which they began, and those that are done.
type flights struct {
	under []flight
	done  map[string]bool
}

// key names a resource among those of the stack and of all that are nested in it.
func key(e stack.Event) string { return strings.TrimPrefix(e.Path+"/"+e.LogicalID, "/") }

// note takes an event in at a time, and returns the line about a resource that has come to its end,
// "" if none has.
func (f *flights) note(e stack.Event, now time.Time) string {
	if e.OfStack() {
		return ""
	}
	if f.done == nil {
		f.done = map[string]bool{}
	}
	at := slices.IndexFunc(f.under, func(u flight) bool { return key(u.event) == key(e) })
	if !e.Status.Rests() {
		if at < 0 {
			f.under = append(f.under, flight{e, now})
		} else {
			f.under[at].event.Status = e.Status // with the first event's time, for the end
		}
		return ""
	}
	f.done[key(e)] = true
	took := ""
	if at >= 0 {
		if d := e.Time.Sub(f.under[at].event.Time); d > 0 {
			took = fmt.Sprintf(" in %s", round(d))
		}
		f.under = slices.Delete(f.under, at, at+1)
	}
	return fmt.Sprintf("%s %s (%s)%s%s", e.Status, key(e), e.Type, took, because(e))
}

// nested returns the resources under way, those of a nested stack behind it.
func (f *flights) nested() []flight {
	var list []flight
	taken := map[string]bool{}
	var visit func(path string)
	visit = func(path string) {
		for _, u := range f.under {
			if k := key(u.event); u.event.Path == path && !taken[k] {
				taken[k] = true
				list = append(list, u)
				visit(k)
			}
		}
	}
	visit("")
	for _, u := range f.under { // in a nested stack of which nothing is told
		if !taken[key(u.event)] {
			visit(u.event.Path)
		}
	}
	return list
}

// flightScreen shows the resources of one stack: those that are done stay, those under way are drawn
// below, those of nested stacks indented.
type flightScreen struct {
	screen
	height  int // of the terminal
	name    string
	size    Size
	began   time.Time
	last    stack.Event // of the stack itself
	flights flights
}

func watchLive(ctx context.Context, s *flightScreen, run Run) error {
	s.began = time.Now()
	stop := s.tick(s.draw)
	defer stop()
	for e, err := range run.Events(ctx) {
		if err == nil {
			err = s.take(e)
		}
		if err != nil {
			return errors.Join(err, s.finish())
		}
	}
	return s.finish()
}

// finish takes the drawing away for good.
func (s *flightScreen) finish() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flights.under, s.name = nil, ""
	return s.erase()
}

func (s *flightScreen) take(e stack.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.OfStack() && e.Path == "" {
		s.last = e
		return nil
	}
	line := s.flights.note(e, time.Now())
	if line == "" {
		return nil
	}
	if err := s.erase(); err != nil {
		return err
	}
	color := green
	if e.Status.Failed() {
		color = red
	}
	status, rest, _ := strings.Cut(line, " ")
	if _, err := fmt.Fprintf(s.out, "%s%s%s %s\n", color, status, plain, rest); err != nil {
		return err
	}
	return s.draw()
}

// draw draws a line for the stack and one for each resource under way, as many as there is room for.
func (s *flightScreen) draw() error {
	if s.name == "" {
		return nil
	}
	lines := []string{fmt.Sprintf("%s  %s  %6s  %s", s.name, bar(len(s.flights.done), s.size.of(&s.flights)), since(s.began), s.last.Status)}
	room := max(1, s.height-3)
	for i, f := range s.flights.nested() {
		if i == room {
			lines = append(lines, fmt.Sprintf("  and %d more", len(s.flights.under)-i))
			break
		}
		indent := strings.Repeat("  ", strings.Count(key(f.event), "/")+1)
		lines = append(lines, fmt.Sprintf("%s%s  %s (%s)  %s", indent, f.event.Status, f.event.LogicalID, f.event.Type, since(f.began)))
	}
	return s.screen.draw(lines)
}

func since(t time.Time) time.Duration { return time.Since(t).Truncate(100 * time.Millisecond) }
