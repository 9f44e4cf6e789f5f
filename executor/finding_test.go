package executor_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

const (
	invalidSet    = "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information."
	invalidDirect = "Validation failed with 2 error(s). Call DescribeEvents to retrieve the full list of issues with resource and property details, resolve each error, then retry the operation."
)

// wrong is what validation has against a queue.
func wrong(id string) types.OperationEvent {
	return types.OperationEvent{
		EventType: types.EventTypeValidationError, LogicalResourceId: &id, ResourceType: aws.String("AWS::SQS::Queue"), ValidationName: aws.String("PROPERTY_VALIDATION"),
		ValidationPath: aws.String("/Resources/" + id + "/Properties/X"), ValidationStatusReason: aws.String("no such property"), ValidationFailureMode: types.HookFailureModeFail,
	}
}

// found is wrong as a finding.
func found(nested, id string) executor.Finding {
	return executor.Finding{
		Name: "PROPERTY_VALIDATION", Nested: nested, LogicalID: id, Type: "AWS::SQS::Queue", Path: "/Resources/" + id + "/Properties/X", Reason: "no such property", Blocks: true,
	}
}

// nest puts a change set beside those of the test, and returns the change that it is nested in another
// one for.
func (f *fake) nest(id string, changes []types.Change, status types.ChangeSetStatus, reason string) types.Change {
	s := f.put("jobs-"+id, stack.ReviewInProgress)
	set := &cloudformation.DescribeChangeSetOutput{
		ChangeSetId: aws.String(*s.StackId + "/set"), ChangeSetName: aws.String("set-" + id), StackId: s.StackId, StackName: s.StackName,
		Status: status, StatusReason: &reason, Changes: changes,
	}
	s.sets["set"] = set
	return types.Change{ResourceChange: &types.ResourceChange{
		Action: types.ChangeActionAdd, LogicalResourceId: &id, ResourceType: aws.String("AWS::CloudFormation::Stack"), ChangeSetId: set.ChangeSetId,
	}}
}

func nestedFailed(c types.Change) string {
	return "Nested change set " + *c.ResourceChange.ChangeSetId + " was not successfully created: Currently in FAILED."
}

func TestFindingsInNestedChangeSets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		warning := wrong("Old")
		warning.ValidationFailureMode = types.HookFailureModeWarn
		inner := f.nest("Inner", nil, types.ChangeSetStatusFailed, invalidSet)
		child := f.nest("Child", []types.Change{inner}, types.ChangeSetStatusFailed, nestedFailed(inner))
		other := f.nest("Other", nil, types.ChangeSetStatusFailed, invalidSet)
		f.tells = map[string][]types.OperationEvent{
			*child.ResourceChange.ChangeSetId: {warning}, *inner.ResourceChange.ChangeSetId: {wrong("Queue")}, *other.ResourceChange.ChangeSetId: {wrong("Q")},
		}
		f.changes, f.invalid = []types.Change{child, other}, nestedFailed(child)
		_, err := f.client().Deploy(t.Context(), topic("jobs"), &executor.Options{IncludeNestedStacks: true})
		invalid, ok := errors.AsType[*executor.ValidationError](err)
		if !ok {
			t.Fatalf("got %v, want a ValidationError", err)
		}
		old := found("Child", "Old")
		old.Blocks = false
		if d := cmp.Diff([]executor.Finding{found("Child/Inner", "Queue"), found("Other", "Q"), old}, invalid.Findings); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		want := "stack jobs: its change set did not pass validation:\n" +
			"  Child/Inner/Queue (/Resources/Queue/Properties/X): no such property [PROPERTY_VALIDATION]\n" +
			"  Other/Q (/Resources/Q/Properties/X): no such property [PROPERTY_VALIDATION]"
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
		if want := "Child/Inner: " + invalidSet + "; Other: " + invalidSet; invalid.Reason != want {
			t.Errorf("the reason: got %q, want %q", invalid.Reason, want)
		}
	})
}

func TestFindingsOfARootAndOfWhatIsNestedInIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		child := f.nest("Child", nil, types.ChangeSetStatusFailed, invalidSet)
		hook := types.OperationEvent{
			EventType: types.EventTypeHookInvocationError, LogicalResourceId: aws.String("T"), HookType: aws.String("Acme::Guard::Topics"),
			HookStatusReason: aws.String("topics must be encrypted"), HookFailureMode: types.HookFailureModeFail,
		}
		f.tells = map[string][]types.OperationEvent{*child.ResourceChange.ChangeSetId: {hook}}
		f.changes, f.invalid = []types.Change{child}, nestedFailed(child)
		opts := &executor.Options{IncludeNestedStacks: true}
		_, err := f.client().Deploy(t.Context(), topic("jobs"), opts)
		stopped, ok := errors.AsType[*executor.HookError](err)
		if !ok || len(stopped.Failures) != 1 || stopped.Failures[0].String() != "Child/T: topics must be encrypted [Acme::Guard::Topics]" {
			t.Errorf("a hook: got %v", err)
		}
		f.found, f.invalid = []types.OperationEvent{wrong("R")}, invalidSet
		_, err = f.client().Deploy(t.Context(), topic("other"), opts)
		invalid, ok := errors.AsType[*executor.ValidationError](err)
		if !ok || len(invalid.Findings) != 2 || invalid.Findings[0] != found("", "R") || invalid.Findings[1].Nested != "Child" || invalid.Reason != invalidSet {
			t.Errorf("got %+v, %v", invalid, err)
		}
	})
}

func TestWarningsOfNestedChangeSetsAreInThePlan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		warning := wrong("Old")
		warning.ValidationFailureMode = types.HookFailureModeWarn
		child := f.nest("Child", nil, types.ChangeSetStatusCreateComplete, "")
		f.changes = []types.Change{child}
		f.tells = map[string][]types.OperationEvent{*child.ResourceChange.ChangeSetId: {warning}}
		p, err := f.client().Plan(t.Context(), topic("jobs"), &executor.Options{IncludeNestedStacks: true})
		if err != nil {
			t.Fatal(err)
		}
		want := found("Child", "Old")
		want.Blocks = false
		if d := cmp.Diff([]executor.Finding{want}, p.Findings); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
	})
}

// The root has failed as soon as one nested change set has; the others may still be being made.
func TestNestedChangeSetsThatAreStillMadeAreWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		late := f.nest("Late", nil, types.ChangeSetStatusCreateInProgress, "")
		stuck := f.nest("Stuck", nil, types.ChangeSetStatusCreatePending, "")
		set := f.live["jobs-Late"].sets["set"]
		f.fault = func(call string, n int) error {
			if call == "DescribeChangeSet" && n == 4 { // 1 was of the root
				set.Status, set.StatusReason = types.ChangeSetStatusFailed, aws.String(invalidSet)
				f.tells = map[string][]types.OperationEvent{*set.ChangeSetId: {wrong("Q")}}
			}
			return nil
		}
		f.changes, f.invalid = []types.Change{stuck, late}, nestedFailed(late)
		began := time.Now()
		_, err := f.client().Deploy(t.Context(), topic("jobs"), &executor.Options{IncludeNestedStacks: true})
		invalid, ok := errors.AsType[*executor.ValidationError](err)
		if !ok || len(invalid.Findings) != 1 || invalid.Findings[0] != found("Late", "Q") || invalid.Reason != "Late: "+invalidSet {
			t.Errorf("got %+v, %v", invalid, err)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("one that is never made was waited for %s", took)
		}
	})
}

func TestANestedChangeSetThatFailsOtherwise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		child := f.nest("Child", nil, types.ChangeSetStatusFailed, "Parameters: [Size] must have values")
		steady := f.nest("Steady", nil, types.ChangeSetStatusFailed, "The submitted information didn't contain changes.")
		f.changes, f.invalid = []types.Change{child, steady}, nestedFailed(child)
		_, err := f.client().Deploy(t.Context(), topic("jobs"), &executor.Options{IncludeNestedStacks: true})
		if want := "stack jobs: its change set was refused: Child: Parameters: [Size] must have values"; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if n := f.counts["DescribeEvents"]; n > 0 {
			t.Errorf("%d reads of events, want none", n)
		}
		f.fault = func(call string, n int) error {
			if call == "DescribeEvents" || call == "DescribeChangeSet" && n > 4 {
				return refuse("AccessDenied", "you may not")
			}
			return nil
		}
		f.counts = map[string]int{"DescribeChangeSet": 3} // the next one is of the root
		_, err = f.client().Deploy(t.Context(), topic("other"), &executor.Options{IncludeNestedStacks: true})
		if want := "stack other: its change set was refused: " + nestedFailed(child); err == nil || err.Error() != want {
			t.Errorf("unreadable: got %v, want %s", err, want)
		}
	})
}

// rejected deploys without a change set what is not valid.
func rejected(t *testing.T, f *fake) *executor.OperationError {
	t.Helper()
	f.invalid = invalidDirect
	_, err := f.client().Deploy(t.Context(), topic("jobs"), &executor.Options{Direct: true})
	failed, ok := errors.AsType[*executor.OperationError](err)
	if !ok {
		t.Fatalf("got %v, want an OperationError", err)
	}
	return failed
}

func TestFindingsOfAnOperationWithoutAChangeSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		warning := wrong("W")
		warning.ValidationFailureMode = types.HookFailureModeWarn
		f.put("jobs", stack.CreateComplete).op = aws.String("operation-1")
		f.tells = map[string][]types.OperationEvent{"operation-1": {{EventType: types.EventTypeStackEvent}, wrong("R"), warning, wrong("S")}}
		failed := rejected(t, f)
		if len(failed.Failures) != 2 || failed.Status != stack.UpdateRollbackComplete || failed.Reason != invalidDirect {
			t.Fatalf("got %+v", failed)
		}
		want := found("", "R")
		first := failed.Failures[0]
		if d := cmp.Diff(&want, first.Finding); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		if e := first.Event; len(first.Path) != 1 || first.Path[0] != "R" || e.LogicalID != "R" || e.Type != "AWS::SQS::Queue" || e.Reason != "no such property" || e.StackName != "jobs" || e.OfStack() {
			t.Errorf("the event: got %+v", first)
		}
		const text = "stack jobs: its update ended in UPDATE_ROLLBACK_COMPLETE: R (/Resources/R/Properties/X): no such property [PROPERTY_VALIDATION]; " +
			"S (/Resources/S/Properties/X): no such property [PROPERTY_VALIDATION]"
		if failed.Error() != text {
			t.Errorf("got %q, want %q", failed, text)
		}
		if len(f.asked) != 1 || aws.ToString(f.asked[0].OperationId) != "operation-1" || f.asked[0].StackName != nil {
			t.Errorf("asked %+v, want once, of the operation", f.asked)
		}
	})
}

// Where events tell no operation, those of the stack are read, with those of other operations on it.
func TestFindingsOfAnOperationThatIsNotTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := f.put("jobs", stack.CreateComplete)
		another, before := wrong("Another"), wrong("Before")
		another.ClientRequestToken, another.Timestamp = aws.String("theirs"), aws.Time(time.Now().Add(time.Second))
		before.Timestamp = aws.Time(time.Now().Add(-time.Second))
		now := wrong("Now")
		now.Timestamp = aws.Time(time.Now())
		f.tells = map[string][]types.OperationEvent{*s.StackId: {now, another, before}}
		if failed := rejected(t, f); len(failed.Failures) != 1 || failed.Failures[0].Path[0] != "Now" || len(f.asked) != 1 {
			t.Errorf("got %v after %d reads", failed, len(f.asked))
		}
	})
}

func TestFindingsThatCannotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.fault = func(call string, _ int) error {
			if call == "DescribeEvents" {
				return refuse("AccessDenied", "you may not")
			}
			return nil
		}
		failed := rejected(t, f)
		if want := "stack jobs: its create ended in ROLLBACK_COMPLETE: " + invalidDirect[:len(invalidDirect)-1] + "; it can only be deleted: call Delete, or deploy with Options.ReplaceFailed"; failed.Error() != want {
			t.Errorf("got %q, want %q", failed, want)
		}
	})
}

func TestEventsOfOperationsAreReadForValidationOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.fails["jobs"] = "limit exceeded"
		if _, err := f.client().Deploy(t.Context(), topic("jobs"), nil); err == nil || f.counts["DescribeEvents"] > 0 {
			t.Errorf("got %v after %d reads of events, want none", err, f.counts["DescribeEvents"])
		}
	})
}

// A nested stack may be validated before it begins, too.
func TestFindingsOfANestedStackThatDidNotBegin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		run, s := begun(t, f)
		now := time.Now()
		inner := f.put("jobs-Inner-1", stack.RollbackComplete)
		inner.op = aws.String("operation-2")
		f.tells = map[string][]types.OperationEvent{"operation-2": {wrong("Queue")}}
		f.event(inner, "jobs-Inner-1", *inner.StackId, "AWS::CloudFormation::Stack", "CREATE_IN_PROGRESS", "", nil, now)
		f.event(inner, "jobs-Inner-1", *inner.StackId, "AWS::CloudFormation::Stack", "CREATE_FAILED", invalidDirect, nil, now)
		f.event(s, "Inner", *inner.StackId, "AWS::CloudFormation::Stack", "CREATE_FAILED", "Embedded stack was not successfully created: "+invalidDirect, &run.Token, now)
		s.next = []step{{now, types.StackStatusUpdateRollbackComplete, "", &run.Token}}
		_, err := run.Wait(t.Context())
		const want = "stack jobs: its update ended in UPDATE_ROLLBACK_COMPLETE: Inner/Queue (/Resources/Queue/Properties/X): no such property [PROPERTY_VALIDATION]"
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if failed, ok := errors.AsType[*executor.OperationError](err); !ok || len(failed.Failures) != 2 || fmt.Sprint(failed.Failures[0].Path, failed.Failures[1].Path) != "[Inner Queue] [Inner]" {
			t.Errorf("got %+v", failed)
		}
	})
}
