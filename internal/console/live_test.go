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
		s := &flightScreen{screen: screen{out: &out, width: 80}, height: 6, name: "jobs", size: Size{Own: 4}, began: time.Now()}
		take := func(e stack.Event) {
			t.Helper()
			if err := s.take(e); err != nil {
				t.Fatal(err)
			}
		}
		take(stack.Event{LogicalID: "A", Type: "T", Status: stack.CreateInProgress, Time: time.Now()})
		take(stack.Event{LogicalID: "In", Type: "S", Status: stack.CreateInProgress, Time: time.Now()})
		take(stack.Event{LogicalID: "B", Path: "In", Type: "T", Status: stack.CreateInProgress, Time: time.Now()})
		for _, id := range []string{"C", "D"} {
			take(stack.Event{LogicalID: id, Type: "T", Status: stack.CreateInProgress, Time: time.Now()})
		}
		time.Sleep(1500 * time.Millisecond)
		take(stack.Event{LogicalID: "A", Type: "T", Status: stack.CreateComplete, Time: time.Now()})
		const want = green + "CREATE_COMPLETE" + plain + " A (T) in 1.5s\n" +
			"jobs  ████░░░░░░░░░░░░░░░░  1/5     1.5s  \n" +
			"  CREATE_IN_PROGRESS  In (S)  1.5s\n" +
			"    CREATE_IN_PROGRESS  B (T)  1.5s\n" +
			"  CREATE_IN_PROGRESS  C (T)  1.5s\n" +
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

// What is in a nested stack stands behind it, and makes the whole larger.
func TestNestedStacksInTheDrawing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		s := &flightScreen{screen: screen{out: &out, width: 80}, height: 20, name: "app", size: Size{Own: 3}, began: time.Now()}
		for _, e := range []stack.Event{
			{LogicalID: "In", Type: "S", Status: stack.CreateInProgress},
			{LogicalID: "Q", Type: "T", Status: stack.CreateInProgress},
			{LogicalID: "X", Path: "Gone", Type: "T", Status: stack.CreateInProgress},
			{LogicalID: "Deep", Path: "In", Type: "S", Status: stack.CreateInProgress},
			{LogicalID: "A", Path: "In/Deep", Type: "T", Status: stack.CreateInProgress},
			{LogicalID: "B", Path: "In", Type: "T", Status: stack.CreateInProgress},
			{LogicalID: "Q", Type: "T", Status: stack.CreateComplete},
		} {
			if err := s.take(e); err != nil {
				t.Fatal(err)
			}
		}
		out.Reset()
		s.drawn = 0
		if err := s.draw(); err != nil {
			t.Fatal(err)
		}
		const want = "app  ██░░░░░░░░░░░░░░░░░░  1/7       0s  \n" +
			"  CREATE_IN_PROGRESS  In (S)  0s\n" +
			"    CREATE_IN_PROGRESS  Deep (S)  0s\n" +
			"      CREATE_IN_PROGRESS  A (T)  0s\n" +
			"    CREATE_IN_PROGRESS  B (T)  0s\n" +
			"    CREATE_IN_PROGRESS  X (T)  0s\n"
		if out.String() != want {
			t.Errorf("got\n%s\nwant\n%s", out.String(), want)
		}
	})
}
