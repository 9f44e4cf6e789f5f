package waiter_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A status that a new SDK brings must get a row in the table.
func TestEveryStatusOfTheSDKHasARow(t *testing.T) {
	rows := waiter.Rows()
	for _, s := range types.StackStatus("").Values() {
		if !rows[stack.Status(s)] {
			t.Errorf("%s has no row", s)
		}
		delete(rows, stack.Status(s))
	}
	for s := range rows {
		t.Errorf("%s has a row, but the SDK does not have it", s)
	}
}

func TestEdge10NoStatusSpinsForEver(t *testing.T) {
	for _, op := range ops {
		for _, s := range types.StackStatus("").Values() {
			status := stack.Status(s)
			outcome := waiter.Classify(op, status)
			if !status.Rests() && (outcome == waiter.Failed || outcome == waiter.Succeeded && op != waiter.Create) {
				t.Errorf("%s, %s: got %s, but the stack still moves", op, status, outcome)
			}
			if status.Rests() && (outcome == waiter.Failing || outcome == waiter.Succeeding) {
				t.Errorf("%s, %s: got %s, but the stack rests", op, status, outcome)
			}
		}
	}
}

var ops = []waiter.Operation{waiter.Any, waiter.Create, waiter.Update, waiter.Delete, waiter.Rollback, waiter.Import}

func TestClassify(t *testing.T) {
	for _, test := range []struct {
		op     waiter.Operation
		status stack.Status
		want   waiter.Outcome
	}{
		{waiter.Create, stack.CreateComplete, waiter.Succeeded},
		{waiter.Create, stack.RollbackInProgress, waiter.Failing},
		{waiter.Create, stack.RollbackComplete, waiter.Failed},
		{waiter.Create, stack.ReviewInProgress, waiter.Pending},
		{waiter.Update, stack.UpdateCompleteCleanupInProgress, waiter.Succeeding},
		{waiter.Update, stack.UpdateRollbackComplete, waiter.Failed},
		{waiter.Update, stack.CreateComplete, waiter.Pending},
		{waiter.Update, stack.DeleteComplete, waiter.Unexpected},
		{waiter.Delete, stack.UpdateComplete, waiter.Failed},
		{waiter.Delete, "", waiter.Succeeded},
		{waiter.Rollback, stack.UpdateRollbackComplete, waiter.Succeeded},
		{waiter.Import, stack.ImportRollbackComplete, waiter.Failed},
		{waiter.Create, "", waiter.Unexpected},
		{waiter.Update, "PAUSE_IN_PROGRESS", waiter.Pending},
		{waiter.Update, "PAUSE_FAILED", waiter.Failed},
		{waiter.Update, "PAUSE_ROLLBACK_COMPLETE", waiter.Failed},
		{waiter.Update, "PAUSE_COMPLETE", waiter.Unexpected},
		{waiter.Operation(99), stack.CreateComplete, waiter.Succeeded},
	} {
		t.Run(fmt.Sprintf("%s/%s", test.op, test.status), func(t *testing.T) {
			if got := waiter.Classify(test.op, test.status); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func FuzzClassify(f *testing.F) {
	f.Add(1, "CREATE_COMPLETE")
	f.Fuzz(func(t *testing.T, op int, status string) {
		outcome := waiter.Classify(waiter.Operation(op), stack.Status(status))
		if outcome < waiter.Pending || outcome > waiter.Unexpected {
			t.Errorf("got %d", outcome)
		}
	})
}
