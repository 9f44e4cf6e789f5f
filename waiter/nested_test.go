package waiter_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// family is a stack in which another one is nested, and in that a third; a fourth may not be read.
func family(f *fake) {
	nested := func(s *script, id string, at time.Duration, resource, physical, status string) {
		s.events = append(s.events, types.StackEvent{
			EventId: &id, StackId: aws.String(arn(s.name)), StackName: &s.name, LogicalResourceId: &resource, PhysicalResourceId: &physical,
			ResourceType: aws.String("AWS::CloudFormation::Stack"), ResourceStatus: types.ResourceStatus(status), Timestamp: aws.Time(f.began.Add(at)),
		})
	}
	root := f.add("jobs", step{status: stack.UpdateComplete, token: "theirs"},
		step{at: 10 * time.Second, status: stack.UpdateInProgress, token: "ours"}, step{at: 60 * time.Second, status: stack.UpdateComplete, token: "ours"})
	inner := f.add("inner", step{status: stack.CreateComplete}, step{at: 12 * time.Second, status: stack.UpdateInProgress}, step{at: 50 * time.Second, status: stack.UpdateComplete})
	deep := f.add("deep", step{at: 14 * time.Second, status: stack.CreateInProgress}, step{at: 40 * time.Second, status: stack.CreateComplete})
	nested(root, "n0", 11*time.Second, "Inner", "", "UPDATE_IN_PROGRESS") // it has no physical ID yet
	nested(root, "n1", 12*time.Second, "Inner", arn("inner"), "UPDATE_IN_PROGRESS")
	nested(root, "n2", 50*time.Second, "Inner", arn("inner"), "UPDATE_COMPLETE")
	nested(root, "n3", 51*time.Second, "Lost", arn("lost"), "DELETE_IN_PROGRESS")
	nested(inner, "n4", 14*time.Second, "Deep", arn("deep"), "CREATE_IN_PROGRESS")
	nested(inner, "n5", 40*time.Second, "Deep", arn("deep"), "CREATE_COMPLETE")
	inner.events = append(inner.events, event(inner, "old", f.began, "Old", "CREATE_COMPLETE", ""))
	deep.events = append(deep.events, event(deep, "q", f.began.Add(20*time.Second), "Q", "CREATE_COMPLETE", ""))
}

// 8: from the physical ID on, with the path that leads there, and without what cannot be read.
func TestEdge8EventsOfNestedStacks(t *testing.T) {
	for _, faults := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake()
			family(f)
			if faults {
				f.fault = func(call string, n int) error {
					if n%3 == 0 {
						return throttle()
					}
					return nil
				}
			}
			var got []string
			p := &waiter.Poller{API: f}
			for e, err := range p.Events(t.Context(), "jobs", &waiter.EventOptions{Token: "ours", Nested: true}) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, e.Path+": "+e.LogicalID+" "+string(e.Status))
			}
			want := []string{
				": jobs UPDATE_IN_PROGRESS", ": Inner UPDATE_IN_PROGRESS", ": Inner UPDATE_IN_PROGRESS",
				"Inner: inner UPDATE_IN_PROGRESS", "Inner: Deep CREATE_IN_PROGRESS", "Inner/Deep: deep CREATE_IN_PROGRESS",
				"Inner/Deep: Q CREATE_COMPLETE", "Inner/Deep: deep CREATE_COMPLETE", "Inner: Deep CREATE_COMPLETE",
				"Inner: inner UPDATE_COMPLETE", ": Inner UPDATE_COMPLETE", ": Lost DELETE_IN_PROGRESS", ": jobs UPDATE_COMPLETE",
			}
			if d := cmp.Diff(want, got); d != "" && !faults {
				t.Errorf("(-want +got)\n%s", d)
			}
			if len(got) != len(want) {
				t.Errorf("faults %v: %d events, want %d: %q", faults, len(got), len(want), got)
			}
		})
	}
}
