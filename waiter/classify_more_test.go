package waiter_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/waiter"
)

// A status that a new SDK brings is not among these, and fails the test.
func TestEdge27EachVocabularyHasAClassifier(t *testing.T) {
	sets := map[types.StackSetOperationStatus]waiter.Outcome{
		"QUEUED": waiter.Pending, "RUNNING": waiter.Pending, "STOPPING": waiter.Failing,
		"SUCCEEDED": waiter.Succeeded, "FAILED": waiter.Failed, "STOPPED": waiter.Failed,
	}
	for _, s := range types.StackSetOperationStatus("").Values() {
		if want, ok := sets[s]; !ok || waiter.ClassifyStackSet(s) != want {
			t.Errorf("stack set %s: got %s, want %s (known: %t)", s, waiter.ClassifyStackSet(s), want, ok)
		}
	}
	refactors := map[types.StackRefactorExecutionStatus]waiter.Outcome{
		"UNAVAILABLE": waiter.Pending, "AVAILABLE": waiter.Pending, "OBSOLETE": waiter.Unexpected,
		"EXECUTE_IN_PROGRESS": waiter.Pending, "EXECUTE_COMPLETE": waiter.Succeeded, "EXECUTE_FAILED": waiter.Failed,
		"ROLLBACK_IN_PROGRESS": waiter.Failing, "ROLLBACK_COMPLETE": waiter.Failed, "ROLLBACK_FAILED": waiter.Failed,
	}
	for _, s := range types.StackRefactorExecutionStatus("").Values() {
		if want, ok := refactors[s]; !ok || waiter.ClassifyRefactor(s) != want {
			t.Errorf("refactor %s: got %s, want %s (known: %t)", s, waiter.ClassifyRefactor(s), want, ok)
		}
	}
	for status, want := range map[string]waiter.Outcome{"PAUSING": waiter.Pending, "DONE": waiter.Unexpected, "": waiter.Unexpected} {
		if got := waiter.ClassifyStackSet(types.StackSetOperationStatus(status)); got != want {
			t.Errorf("stack set %q: got %s, want %s", status, got, want)
		}
	}
	for status, want := range map[string]waiter.Outcome{"PAUSE_IN_PROGRESS": waiter.Pending, "PAUSE_FAILED": waiter.Failed, "DONE": waiter.Unexpected} {
		if got := waiter.ClassifyRefactor(types.StackRefactorExecutionStatus(status)); got != want {
			t.Errorf("refactor %q: got %s, want %s", status, got, want)
		}
	}
}
