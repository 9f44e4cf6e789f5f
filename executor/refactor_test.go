package executor_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// refactors is a fake with refactors, each of whose steps takes a minute of the clock.
type refactors struct {
	*fake
	made    []*cloudformation.CreateStackRefactorInput
	created []time.Time
	begun   map[int]time.Time
	ran     int
	invalid string // why a refactor cannot be made
	ends    types.StackRefactorExecutionStatus
}

func newRefactors() *refactors {
	return &refactors{fake: newFake(), begun: map[int]time.Time{}, ends: types.StackRefactorExecutionStatusExecuteComplete}
}

func (f *refactors) client() *executor.Client { return &executor.Client{API: f} }

func (f *refactors) CreateStackRefactor(ctx context.Context, in *cloudformation.CreateStackRefactorInput, _ ...opt) (*cloudformation.CreateStackRefactorOutput, error) {
	done, err := f.begin(ctx, "CreateStackRefactor")
	if err != nil {
		return nil, err
	}
	defer done()
	f.made, f.created = append(f.made, in), append(f.created, time.Now())
	return &cloudformation.CreateStackRefactorOutput{StackRefactorId: aws.String(fmt.Sprint(len(f.made) - 1))}, nil
}

func (f *refactors) status(i int) (types.StackRefactorStatus, types.StackRefactorExecutionStatus) {
	began, executed := f.begun[i]
	switch {
	case time.Since(f.created[i]) < time.Minute:
		return types.StackRefactorStatusCreateInProgress, types.StackRefactorExecutionStatusUnavailable
	case f.invalid != "":
		return types.StackRefactorStatusCreateFailed, types.StackRefactorExecutionStatusUnavailable
	case !executed:
		return types.StackRefactorStatusCreateComplete, types.StackRefactorExecutionStatusAvailable
	case time.Since(began) < time.Minute:
		return types.StackRefactorStatusCreateComplete, types.StackRefactorExecutionStatusExecuteInProgress
	}
	return types.StackRefactorStatusCreateComplete, f.ends
}

func (f *refactors) DescribeStackRefactor(ctx context.Context, in *cloudformation.DescribeStackRefactorInput, _ ...opt) (*cloudformation.DescribeStackRefactorOutput, error) {
	done, err := f.begin(ctx, "DescribeStackRefactor")
	if err != nil {
		return nil, err
	}
	defer done()
	var i int
	if _, err := fmt.Sscan(*in.StackRefactorId, &i); err != nil || i >= len(f.made) {
		return nil, &types.StackRefactorNotFoundException{Message: aws.String("no such refactor")}
	}
	status, executed := f.status(i)
	return &cloudformation.DescribeStackRefactorOutput{StackRefactorId: in.StackRefactorId, Status: status, ExecutionStatus: executed, StatusReason: &f.invalid, StackIds: []string{"arn:aws:cloudformation:x:1:stack/one/1"}}, nil
}

func (f *refactors) ListStackRefactors(ctx context.Context, _ *cloudformation.ListStackRefactorsInput, _ ...opt) (*cloudformation.ListStackRefactorsOutput, error) {
	done, err := f.begin(ctx, "ListStackRefactors")
	if err != nil {
		return nil, err
	}
	defer done()
	out := &cloudformation.ListStackRefactorsOutput{}
	for i, in := range f.made {
		status, executed := f.status(i)
		out.StackRefactorSummaries = append(out.StackRefactorSummaries, types.StackRefactorSummary{StackRefactorId: aws.String(fmt.Sprint(i)), Description: in.Description, Status: status, ExecutionStatus: executed})
	}
	return out, nil
}

func (f *refactors) ListStackRefactorActions(ctx context.Context, in *cloudformation.ListStackRefactorActionsInput, _ ...opt) (*cloudformation.ListStackRefactorActionsOutput, error) {
	done, err := f.begin(ctx, "ListStackRefactorActions")
	if err != nil {
		return nil, err
	}
	defer done()
	out := &cloudformation.ListStackRefactorActionsOutput{}
	if in.NextToken == nil {
		out.NextToken = aws.String("more")
		return out, nil
	}
	for _, m := range f.made[0].ResourceMappings {
		out.StackRefactorActions = append(out.StackRefactorActions, types.StackRefactorAction{
			Action: types.StackRefactorActionTypeMove, Entity: types.StackRefactorActionEntityResource, PhysicalResourceId: aws.String("topic-1"), ResourceMapping: &m,
		})
	}
	return out, nil
}

func (f *refactors) ExecuteStackRefactor(ctx context.Context, in *cloudformation.ExecuteStackRefactorInput, _ ...opt) (*cloudformation.ExecuteStackRefactorOutput, error) {
	done, err := f.begin(ctx, "ExecuteStackRefactor")
	if err != nil {
		return nil, err
	}
	defer done()
	var i int
	fmt.Sscan(*in.StackRefactorId, &i)
	if _, again := f.begun[i]; again {
		return nil, refuse("ValidationError", "the refactor is in EXECUTE_IN_PROGRESS")
	}
	f.begun[i], f.ran = time.Now(), f.ran+1
	return &cloudformation.ExecuteStackRefactorOutput{}, f.answer("ExecuteStackRefactor")
}

// pair is two stacks, of which the second has what the first has lost.
func pair() []*stack.Stack {
	one, two := topic("one"), topic("two")
	stack.Add(two.Template, "Moved", &stack.Untyped{Type: "AWS::SNS::Topic"})
	return []*stack.Stack{one, two}
}

var moved = executor.Move{From: executor.ResourcePlace{Stack: "one", LogicalID: "Old"}, To: executor.ResourcePlace{Stack: "two", LogicalID: "Moved"}}

func TestAResourceMovesToAnotherStack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newRefactors()
		f.lost = func(call string, n int) bool { return call == "ExecuteStackRefactor" && n == 1 }
		opts := &executor.RefactorOptions{Moves: []executor.Move{moved}, CreateStacks: true, Description: "split"}
		r, err := f.client().Refactor(t.Context(), pair(), opts)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range r.Actions {
			got = append(got, a.String())
		}
		if d := cmp.Diff([]string{"MOVE one/Old → two/Moved (topic-1)"}, got); d != "" {
			t.Errorf("actions (-want +got)\n%s", d)
		}
		if in := f.made[0]; len(in.StackDefinitions) != 2 || !aws.ToBool(in.EnableStackCreation) || !strings.HasPrefix(*in.Description, "split updraft-refactor-") || f.ran != 1 {
			t.Errorf("got %+v, executed %d times", in, f.ran)
		}
	})
}

// Wherever the first call stops, the same call goes on, and nothing is executed twice.
func TestARefactorGoesOnAfterACrash(t *testing.T) {
	for _, after := range []time.Duration{30 * time.Second, 90 * time.Second, time.Hour} {
		t.Run(after.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newRefactors()
				opts := &executor.RefactorOptions{Moves: []executor.Move{moved}, DeploymentID: "build-7"}
				ctx, die := context.WithTimeout(t.Context(), after)
				defer die()
				_, err := f.client().Refactor(ctx, pair(), opts)
				if after == 90*time.Second && !errors.Is(err, executor.ErrDetached) {
					t.Errorf("got %v, want ErrDetached", err)
				}
				r, err := f.client().Refactor(t.Context(), pair(), opts)
				if err != nil || len(f.made) != 1 || f.ran != 1 {
					t.Errorf("got %v, with %d refactors and %d executions", err, len(f.made), f.ran)
				}
				again, err := f.client().AttachRefactor(t.Context(), r.ID)
				if err != nil || again.Wait(t.Context()) != nil || len(again.Actions) != 1 {
					t.Errorf("attached: %+v, %v", again, err)
				}
			})
		})
	}
}

func TestARefactorThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newRefactors()
		f.invalid = "Stack Refactor does not support AWS::X::Y"
		_, err := f.client().Refactor(t.Context(), pair(), nil)
		if refused, ok := errors.AsType[*executor.RefusedError](err); !ok || refused.Reason != f.invalid {
			t.Errorf("planned: got %v", err)
		}
		f = newRefactors()
		f.ends = types.StackRefactorExecutionStatusRollbackComplete
		opts := &executor.RefactorOptions{DeploymentID: "build-7"}
		_, err = f.client().Refactor(t.Context(), pair(), opts)
		if failed, ok := errors.AsType[*executor.RefactorError](err); !ok || err.Error() != "stacks one, two: their refactoring ended in ROLLBACK_COMPLETE" || len(failed.Stacks) != 2 {
			t.Errorf("executed: got %v", err)
		}
		f.ends = types.StackRefactorExecutionStatusExecuteComplete
		f.made[0].Description = aws.String("was that of another")
		if _, err = f.client().Refactor(t.Context(), pair(), opts); err != nil || len(f.made) != 2 {
			t.Errorf("once more: %v, %d refactors", err, len(f.made))
		}
	})
}

func TestMovesThatCannotBeMeantAreToldBeforeAnyCall(t *testing.T) {
	f := newRefactors()
	place := func(s, id string) executor.ResourcePlace { return executor.ResourcePlace{Stack: s, LogicalID: id} }
	_, err := f.client().PlanRefactor(t.Context(), pair(), &executor.RefactorOptions{Moves: []executor.Move{
		{From: place("one", "R"), To: place("two", "Moved")},
		{From: place("one", "Old"), To: place("two", "Nowhere")},
		{From: place("three", "R"), To: place("two", "R")},
		{From: place("two", "R"), To: place("two", "R")},
	}})
	for _, want := range []string{
		"one/R → two/Moved: the new template of one still has R", "the new template of two has no Nowhere",
		`the stack "three" takes no part`, "two/R → two/R: it goes nowhere",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in: %v", want, err)
		}
	}
	if _, err := f.client().PlanRefactor(t.Context(), nil, nil); err == nil {
		t.Error("no stack: got no error")
	}
	twice := append(pair(), topic("one"))
	if _, err := f.client().PlanRefactor(t.Context(), twice, nil); err == nil || !strings.Contains(err.Error(), "two stacks of the refactor have this name") {
		t.Errorf("got %v", err)
	}
	if len(f.calls) > 0 {
		t.Errorf("calls: %v", f.calls)
	}
}
