package executor_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

func TestAFailureIsToldWhenItIsCertain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.took, f.fails["jobs"] = time.Hour, "limit exceeded"
		c := f.client()
		p, err := c.Plan(t.Context(), topic("jobs"), nil)
		if err != nil {
			t.Fatal(err)
		}
		run, err := c.Apply(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err = run.Decide(t.Context())
		failed, ok := errors.AsType[*executor.OperationError](err)
		if !ok || failed.Status != stack.RollbackInProgress || len(failed.Failures) == 0 {
			t.Fatalf("got %v, want an OperationError of a stack that rolls back", err)
		}
		if want := "stack jobs: its create has failed, and the stack is in ROLLBACK_IN_PROGRESS: R (AWS::SNS::Topic): limit exceeded"; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %q, want %q", err, want)
		}
		if took := time.Since(began); took > 31*time.Minute {
			t.Errorf("it was told after %s, and certain after half an hour", took)
		}
		if _, err = run.Wait(t.Context()); !strings.Contains(err.Error(), "ended in ROLLBACK_COMPLETE") {
			t.Errorf("then got %v, want the end", err)
		}
		if _, again := run.Decide(t.Context()); again != err {
			t.Errorf("when it has ended, got %v, want what Wait gives", again)
		}
	})
}
