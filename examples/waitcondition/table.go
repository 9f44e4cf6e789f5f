package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/updraft-go/updraft/stack"
)

// A table shows events as Heat's clients do, each as it comes.
type table struct {
	out   io.Writer
	begun bool
}

// columns are the table's, with their widths.
var columns = []struct {
	name  string
	width int
}{{"resource_name", 13}, {"resource_status_reason", 82}, {"resource_status", 20}, {"event_time", 20}}

func (t *table) row(e stack.Event) {
	if !t.begun {
		t.begun = true
		t.rule()
		t.cells(columns[0].name, columns[1].name, columns[2].name, columns[3].name)
		t.rule()
	}
	reason := e.Reason
	if reason == "" {
		reason = "state changed"
	}
	t.cells(e.LogicalID, reason, string(e.Status), e.Time.UTC().Format("2006-01-02T15:04:05Z"))
}

func (t *table) cells(values ...string) {
	for i, c := range columns {
		fmt.Fprintf(t.out, "| %-*s ", c.width, values[i])
	}
	fmt.Fprintln(t.out, "|")
}

func (t *table) rule() {
	for _, c := range columns {
		fmt.Fprint(t.out, "+", strings.Repeat("-", c.width+2))
	}
	fmt.Fprintln(t.out, "+")
}

func (t *table) end() {
	if t.begun {
		t.rule()
	}
}
