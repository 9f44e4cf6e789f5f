package console

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// A terminal shows the stack with its bar, and below it what is under way, indented by nesting.
func TestTheDrawing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		s := &flightScreen{screen: screen{out: &out, width: 80}, height: 6, name: "jobs", total: 4, began: time.Now()}
		take := func(e stack.Event) {
			t.Helper()
			if err := s.take(e); err != nil {
				t.Fatal(err)
			}
		}
		take(stack.Event{LogicalID: "A", Type: "T", Status: stack.CreateInProgress, Time: time.Now()})
		take(stack.Event{LogicalID: "B", Path: "In", Type: "T", Status: stack.CreateInProgress, Time: time.Now()})
		for _, id := range []string{"C", "D", "E"} {
			take(stack.Event{LogicalID: id, Type: "T", Status: stack.CreateInProgress, Time: time.Now()})
		}
		time.Sleep(1500 * time.Millisecond)
		take(stack.Event{LogicalID: "A", Type: "T", Status: stack.CreateComplete, Time: time.Now()})
		const want = green + "CREATE_COMPLETE" + plain + " A (T) in 1.5s\n" +
			"jobs  █████░░░░░░░░░░░░░░░  1/4     1.5s  \n" +
			"    CREATE_IN_PROGRESS  B (T)  1.5s\n" +
			"  CREATE_IN_PROGRESS  C (T)  1.5s\n" +
			"  CREATE_IN_PROGRESS  D (T)  1.5s\n" +
			"  and 1 more\n"
		if out.String() != want {
			t.Errorf("got\n%s", out.String())
		}
		out.Reset()
		if err := s.finish(); err != nil || out.String() != strings.Repeat(lineUp+clearLine, 5) || s.draw() != nil || s.drawn != 0 {
			t.Errorf("the drawing is left: %v, %q", err, out.String())
		}
	})
}
