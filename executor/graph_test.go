package executor_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// chain is a set: b needs a, c needs b, and d needs nobody.
func chain() []*stack.Stack {
	a, b, c, d := topic("a"), topic("b"), topic("c"), topic("d")
	b.DependsOn = []*stack.Stack{a}
	c.DependsOn = []*stack.Stack{b}
	return []*stack.Stack{c, b, a, d}
}

func TestAStackWaitsOnlyForWhatItNeeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		began := time.Now()
		run, err := f.client().StartDeploy(t.Context(), chain(), nil)
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]map[executor.Stage]time.Duration{}
		events := 0
		for e, err := range run.Events(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Stage == executor.StageEvent {
				events++
				continue
			}
			if at[e.Stack.Name] == nil {
				at[e.Stack.Name] = map[executor.Stage]time.Duration{}
			}
			at[e.Stack.Name][e.Stage] = e.Time.Sub(began)
		}
		if at["d"][executor.StageStarted] != 0 || at["a"][executor.StageStarted] != 0 {
			t.Errorf("a and d did not start at once: %v", at)
		}
		for _, pair := range []string{"ab", "bc"} {
			if done, started := at[pair[:1]][executor.StageDone], at[pair[1:]][executor.StageStarted]; started != done || done == 0 {
				t.Errorf("%s started at %s, %s was done at %s", pair[1:], started, pair[:1], done)
			}
		}
		if events != 4*3 {
			t.Errorf("%d events, want three of each stack", events)
		}
		if result, err := run.Wait(t.Context()); err != nil || len(result.Stacks) != 4 {
			t.Errorf("got %+v, %v", result, err)
		}
	})
}

func TestEdge30AFailureSkipsOnlyWhatNeedsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.fails["a"] = "limit exceeded"
		result, err := f.client().DeployAll(t.Context(), chain(), nil)
		failed, ok := errors.AsType[*executor.GraphError](err)
		if !ok || len(failed.Failures) != 1 || len(failed.Skipped) != 2 {
			t.Fatalf("got %v, want one failure and two that are skipped", err)
		}
		if !strings.HasPrefix(err.Error(), "stack a: its create ended in ROLLBACK_COMPLETE: R (AWS::SNS::Topic): limit exceeded") ||
			!strings.HasSuffix(err.Error(), "; skipped: b (for a), c (for a)") {
			t.Errorf("got %q", err)
		}
		if _, ok := errors.AsType[*executor.OperationError](err); !ok {
			t.Error("the OperationError is not in it")
		}
		if d, _ := result.Stack("d"); d.Err != nil || d.Result.Status != stack.CreateComplete {
			t.Errorf("d: got %+v", d)
		}
		if c, _ := result.Stack("c"); c.Err == nil || c.Err.Error() != "stack c: skipped, since stack a did not succeed" {
			t.Errorf("c: got %v", c.Err)
		}
	})
}

func TestConcurrencyIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		began := time.Now()
		set := []*stack.Stack{topic("a"), topic("b"), topic("c"), topic("d")}
		if _, err := f.client().DeployAll(t.Context(), set, &executor.GraphOptions{Concurrency: 2}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 2*time.Minute || took > 3*time.Minute {
			t.Errorf("it took %s, want two rounds of a minute", took)
		}
	})
}

func TestDeletionGoesInReverse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		for _, s := range []string{"a", "b", "c"} {
			f.put(s, stack.CreateComplete)
		}
		f.fails["delete b"] = "the bucket is not empty"
		result, err := f.client().DeleteAll(t.Context(), chain(), nil)
		if err == nil || !strings.HasSuffix(err.Error(), "; skipped: a (for b)") {
			t.Errorf("got %v", err)
		}
		if d := cmp.Diff([]string{"c", "b", "d", "a"}, names(result)); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		if d, _ := result.Stack("d"); d.Err != nil || !d.Result.Unchanged {
			t.Errorf("d, which is not there: got %+v", d)
		}
	})
}

func TestASetIsLeftToItselfWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		result, err := f.client().DeployAll(ctx, chain(), nil)
		if !errors.Is(err, executor.ErrDetached) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		a, _ := result.Stack("a")
		if detached, ok := errors.AsType[*executor.DetachedError](a.Err); !ok || detached.Token == "" {
			t.Errorf("a: got %v", a.Err)
		}
		if b, _ := result.Stack("b"); b.Err == nil || len(f.runs) != 2 {
			t.Errorf("b: got %v, and %d stacks were started", b.Err, len(f.runs))
		}
		time.Sleep(time.Hour)
		if r, err := f.client().Deploy(t.Context(), topic("a"), nil); err != nil || !r.Unchanged {
			t.Errorf("a was not left to itself: %+v, %v", r, err)
		}
	})
}

// The run goes on under its own context, so there is nothing to wait for.
func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, err := newFake().client().StartDeploy(t.Context(), chain(), nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := run.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("it took %s, want the second that it was given", took)
		}
		if result, err := run.Wait(t.Context()); err != nil || len(result.Stacks) != 4 {
			t.Errorf("the run did not go on: %+v, %v", result, err)
		}
	})
}

func TestASetIsCheckedWholeBeforeTheFirstCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		set := chain()
		set[0].Parameters = map[string]string{"Nobody": "x"}
		set[3].Template.Parameter("Needed", stack.Parameter{})
		_, err := f.client().DeployAll(t.Context(), set, nil)
		if err == nil || !strings.Contains(err.Error(), "Nobody") || len(f.calls) > 0 {
			t.Errorf("got %v after %v", err, f.calls)
		}
		set[0].Parameters = nil
		_, err = f.client().DeployAll(t.Context(), set, nil)
		if err == nil || !strings.Contains(err.Error(), "Parameters.Needed") || len(f.sets) > 0 {
			t.Errorf("got %v after %v", err, f.calls)
		}
		set[2].DependsOn = []*stack.Stack{set[0]}
		calls := len(f.calls)
		if _, err := f.client().DeployAll(t.Context(), set, nil); err == nil || !strings.Contains(err.Error(), "circle") || len(f.calls) > calls {
			t.Errorf("a cycle: got %v", err)
		}
	})
}

// Stacks that are no longer waited for have not failed, and the error does not say so.
func TestGraphErrorTellsFailedFromDetached(t *testing.T) {
	named := func(name string) *stack.Stack { return &stack.Stack{Name: name} }
	err := &executor.GraphError{
		Failures: []executor.StackResult{
			{Stack: named("a"), Err: errors.New("stack a: broken")},
			{Stack: named("b"), Err: &executor.DetachedError{StackName: "b"}},
			{Stack: named("c"), Err: errors.New("stack c: broken")},
		},
		Skipped: []executor.StackResult{{Stack: named("d"), Err: &executor.SkippedError{Stack: "d", For: "a"}}},
	}
	if got, want := err.Error(), "stack a: broken; also failed: c; also no longer waited for: b; skipped: d (for a)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
