package executor_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

func TestDeployCreatesThenUpdatesThenChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		c := f.client()
		s := topic("jobs")
		created, err := c.Deploy(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := &executor.Result{
			StackName: "jobs", StackID: *f.live["jobs"].StackId, Operation: waiter.Create, Status: stack.CreateComplete,
			Outputs: map[string]string{"Out": "value of jobs"}, Exports: map[string]string{"jobs-out": "value of jobs"},
		}
		if d := cmp.Diff(want, created); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		s.Template.Description = "another topic"
		updated, err := c.Deploy(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if updated.Operation != waiter.Update || updated.Status != stack.UpdateComplete || updated.Unchanged {
			t.Errorf("the second deployment: got %+v, want an update", updated)
		}
		again, err := c.Deploy(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !again.Unchanged || again.Outputs["Out"] == "" {
			t.Errorf("the third deployment: got %+v, want it unchanged, with outputs", again)
		}
		if n := len(f.live["jobs"].sets); n != 1 {
			t.Errorf("%d change sets are left, want only the one that ran", n)
		}
	})
}
