package waiter_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A hundred waits that are told what happens, two seconds late, and otherwise look once a minute.
func TestWaitsThatAreWokenCostLittleMoreThanOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 100
		f, q, starts, ends := flockOf(n, 5, 1)
		p := &waiter.Poller{API: q, MinInterval: time.Minute, MaxInterval: time.Minute, SweepAbove: -1}
		late := make([]time.Duration, n)
		var all sync.WaitGroup
		for i := range n {
			id := arn(fmt.Sprint("s", i))
			all.Go(func() {
				time.Sleep(ends[i] + 2*time.Second)
				p.Wake(id)
			})
			all.Go(func() {
				time.Sleep(starts[i])
				got, err := p.Wait(t.Context(), waiter.Target{Stack: id, Operation: waiter.Update, Since: f.began.Add(starts[i] - 1)})
				if late[i] = time.Since(f.began) - ends[i]; err != nil || got.Outcome != waiter.Succeeded {
					t.Errorf("stack %d: got %v, %v", i, got, err)
				}
			})
		}
		all.Wait()
		slices.Sort(late)
		each := float64(f.calls["DescribeStacks"]) / n
		t.Logf("p50 %s, p95 %s, %.1f calls a stack", late[n/2], late[n*95/100], each)
		if late[n*95/100] > 5*time.Second || each > 8 { // a call a minute, and one at the end
			t.Errorf("p95 %s and %.1f calls a stack, want at most 5s and 8", late[n*95/100], each)
		}
	})
}

func TestWakeFindsAWaitByTheNameThatItWasGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.add("jobs", step{status: stack.UpdateInProgress}, step{at: 10 * time.Second, status: stack.UpdateComplete})
		p := &waiter.Poller{API: f, MinInterval: time.Hour}
		go func() {
			time.Sleep(11 * time.Second)
			p.Wake("arn:of:nobody")
			p.Wake(arn("jobs"))
		}()
		var seen []stack.Status
		for e, err := range p.Events(t.Context(), "jobs", nil) {
			if err != nil {
				t.Fatal(err)
			}
			seen = append(seen, e.Status)
		}
		if _, err := p.Wait(t.Context(), waiter.Target{Stack: "jobs", Operation: waiter.Update}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(f.began); took > 12*time.Second || len(seen) != 2 {
			t.Errorf("it took %s and gave %v, want 11s and two events", took, seen)
		}
	})
}

func TestMakeRoomSlowsReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := func(room bool) int {
			f := newFake()
			f.add("jobs", step{status: stack.UpdateInProgress}, step{at: 20 * time.Second, status: stack.UpdateComplete})
			p := &waiter.Poller{API: f, MinInterval: time.Millisecond, MaxInterval: time.Millisecond, Rate: 10}
			p.Poll(t.Context(), func(context.Context) (bool, error) { return true, nil })
			go func() {
				for range 20 {
					time.Sleep(time.Second)
					if room {
						p.MakeRoom()
					}
				}
			}()
			if _, err := p.Wait(t.Context(), waiter.Target{Stack: "jobs", Operation: waiter.Update}); err != nil {
				t.Fatal(err)
			}
			return f.calls["DescribeStacks"]
		}
		if slow, quick := calls(true), calls(false); slow*3 > quick {
			t.Errorf("%d calls with room for others and %d without", slow, quick)
		}
	})
}

func TestStackOf(t *testing.T) {
	const id = "arn:aws:cloudformation:eu-west-1:111122223333:stack/jobs/1"
	const note = "StackId='" + id + "'\nTimestamp='2026-01-02T03:04:05.678Z'\nEventId='x'\nLogicalResourceId='jobs'\nResourceStatus='CREATE_COMPLETE'\n"
	event := `{"source":"aws.cloudformation","detail-type":"CloudFormation Stack Status Change","detail":{"stack-id":"` + id + `","status-details":{"status":"CREATE_COMPLETE"}}}`
	envelope := func(s string) string {
		return fmt.Sprintf(`{"Type":"Notification","Subject":"AWS CloudFormation Notification","Message":%q}`, s)
	}
	for name, test := range map[string]struct{ message, want string }{
		"a notification":                    {note, id},
		"a notification in a queue":         {envelope(note), id},
		"an event":                          {event, id},
		"an event through a topic":          {envelope(event), id},
		"a topic behind a topic":            {envelope(envelope(note)), id},
		"another message":                   {"hello", ""},
		"JSON that is another message":      {`{"a":1}`, ""},
		"torn JSON":                         {event[:40], ""},
		"nothing":                           {"", ""},
		"a stack that is none":              {"StackId='jobs'", ""},
		"envelopes without end":             {envelope(envelope(envelope(envelope(note)))), ""},
		"an event of another kind of thing": {strings.ReplaceAll(event, ":stack/", ":stackset/"), ""},
	} {
		if got, ok := waiter.StackOf([]byte(test.message)); got != test.want || ok != (test.want != "") {
			t.Errorf("%s: got %q, %t", name, got, ok)
		}
	}
}

func TestStatusOf(t *testing.T) {
	const id = "arn:aws:cloudformation:eu-west-1:111122223333:stack/jobs/1"
	note := func(physicalID, status string) string {
		return "StackId='" + id + "'\nLogicalResourceId='jobs'\nPhysicalResourceId='" + physicalID + "'\nResourceStatus='" + status +
			"'\nResourceStatusReason='no\nPhysicalResourceId='" + id + "'\nResourceStatus='UPDATE_COMPLETE''\n"
	}
	event := func(more string) string {
		return `{"source":"aws.cloudformation","detail":{"stack-id":"` + id + `"` + more + `}}`
	}
	for name, test := range map[string]struct {
		message string
		want    stack.Status
	}{
		"a notification of the stack":               {note(id, "CREATE_COMPLETE"), stack.CreateComplete},
		"in an envelope":                            {fmt.Sprintf(`{"Type":"Notification","Message":%q}`, note(id, "CREATE_FAILED")), stack.CreateFailed},
		"of a resource, with a reason that lies":    {note("https://sqs/q", "CREATE_COMPLETE"), ""},
		"of a resource that has no physical ID":     {note("", "CREATE_IN_PROGRESS"), ""},
		"of a stack that is nested in it":           {note(strings.Replace(id, "jobs", "nested", 1), "CREATE_COMPLETE"), ""},
		"an event of the stack":                     {event(`,"status-details":{"status":"DELETE_COMPLETE"}`), stack.DeleteComplete},
		"an event of a resource":                    {event(`,"logical-resource-id":"Q","physical-resource-id":"","status-details":{"status":"DELETE_COMPLETE"}`), ""},
		"an event of drift, which has no status":    {event(`,"status-details":{"detection-status":"DETECTION_COMPLETE"}`), ""},
		"another message":                           {"hello", ""},
		"a notification that names no stack at all": {"ResourceStatus='CREATE_COMPLETE'", ""},
	} {
		got, status, ok := waiter.StatusOf([]byte(test.message))
		if status != test.want || ok != (test.want != "") || ok != (got == id) {
			t.Errorf("%s: got %q, %q, %t", name, got, status, ok)
		}
	}
}

func FuzzStackOf(f *testing.F) {
	f.Add([]byte("StackId='arn:aws:cloudformation:eu-west-1:1:stack/jobs/1'"))
	f.Add([]byte(`{"Message":"{\"detail\":{\"stack-id\":\"arn:aws:cloudformation:x:1:stack/a/1\"}}"}`))
	f.Fuzz(func(t *testing.T, message []byte) {
		id, ok := waiter.StackOf(message)
		if ok != strings.HasPrefix(id, "arn:") {
			t.Errorf("got %q, %t", id, ok)
		}
		if same, status, ok := waiter.StatusOf(message); ok && (same != id || status == "") {
			t.Errorf("the status is that of %q, %q, and the stack %q", same, status, id)
		}
	})
}
