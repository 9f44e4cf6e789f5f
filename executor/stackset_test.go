package executor_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

const (
	first  = "111122223333"
	second = "444455556666"
)

// guard is the stack of a set, with a parameter.
func guard(value string) *stack.Stack {
	s := topic("guard")
	s.Template.Parameter("Name", stack.Parameter{Default: "x"})
	s.Template.Parameter("Key", stack.Parameter{Default: "none", NoEcho: true})
	s.Parameters = map[string]string{"Name": value}
	return s
}

func TestAStackSetBecomesWhatItIsToBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSets()
		c := f.client()
		everywhere := []executor.StackSetTarget{{Accounts: []string{first, second}, Regions: []string{"eu-west-1", "us-east-1"}}}
		do := func(what string, s *stack.Stack, targets []executor.StackSetTarget, opts *executor.StackSetOptions, want ...string) *executor.StackSetResult {
			t.Helper()
			f.starts = nil
			r, err := c.Deploy(t.Context(), s, targets, opts)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if d := cmp.Diff(want, f.starts); d != "" {
				t.Errorf("%s: operations (-want +got)\n%s", what, d)
			}
			return r
		}
		r := do("new", guard("a"), everywhere, nil, "CREATE")
		if len(r.Instances) != 4 || r.Unchanged || r.Instances[0].Status != "CURRENT" || r.Instances[0].StackID == "" {
			t.Errorf("got %+v", r)
		}
		if r = do("the same", guard("a"), everywhere, nil); !r.Unchanged || len(r.Instances) != 4 {
			t.Errorf("got %+v", r)
		}
		do("another parameter", guard("b"), everywhere, nil, "UPDATE")
		everywhere[0].Regions = append(everywhere[0].Regions, "eu-north-1")
		do("another region", guard("b"), everywhere, nil, "CREATE")
		own := []executor.StackSetTarget{everywhere[0], {Accounts: []string{second}, Regions: []string{"eu-west-1"}, Parameters: map[string]string{"Name": "own"}}}
		do("a parameter of its own", guard("b"), own, nil, "UPDATE")
		do("the same", guard("b"), own, nil)
		if got := f.sets["guard"].instances[[2]string{second, "eu-west-1"}].ParameterOverrides; len(got) != 1 || aws.ToString(got[0].ParameterValue) != "own" {
			t.Errorf("got %+v", got)
		}
		less := []executor.StackSetTarget{{Accounts: []string{first}, Regions: []string{"eu-west-1"}}}
		do("less, kept", guard("b"), less, nil)
		r = do("less, pruned", guard("b"), less, &executor.StackSetOptions{Prune: true}, "DELETE", "DELETE")
		if len(r.Instances) != 1 || len(r.Operations) != 2 {
			t.Errorf("got %+v", r)
		}
		if _, err := c.Delete(t.Context(), "guard", nil); err != nil || len(f.sets) > 0 {
			t.Errorf("deleted: %v, %d are left", err, len(f.sets))
		}
		if r, err := c.Delete(t.Context(), "guard", nil); err != nil || !r.Unchanged {
			t.Errorf("deleted once more: %+v, %v", r, err)
		}
	})
}

func TestAStackSetOfOrganizationalUnits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSets()
		c := f.client()
		opts := &executor.StackSetOptions{PermissionModel: types.PermissionModelsServiceManaged, Prune: true, AutoDeployment: nil}
		targets := []executor.StackSetTarget{{OrganizationalUnits: []string{"ou-ab12-cdefgh34"}, Regions: []string{"eu-west-1"}}}
		for i := range 2 {
			r, err := c.Deploy(t.Context(), guard("a"), targets, opts)
			if err != nil || len(r.Instances) != 2 || r.Unchanged != (i == 1) {
				t.Fatalf("%d: got %+v, %v", i, r, err)
			}
		}
		if _, err := c.Delete(t.Context(), "guard", nil); err != nil {
			t.Error(err)
		}
	})
}

func TestAFailureInAStackSetSaysWhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSets()
		c := f.client()
		f.bad["us-east-1"] = "ResourceLogicalId:R: limit exceeded"
		targets := []executor.StackSetTarget{{Accounts: []string{first}, Regions: []string{"eu-west-1", "us-east-1"}}}
		_, err := c.Deploy(t.Context(), guard("a"), targets, &executor.StackSetOptions{DeploymentID: "build-7"})
		failed, ok := errors.AsType[*executor.StackSetError](err)
		if !ok || len(failed.Failures) != 1 || failed.Failures[0].Region != "us-east-1" {
			t.Fatalf("got %v", err)
		}
		if want := "stack set guard: its CREATE ended in FAILED: 111122223333, us-east-1: ResourceLogicalId:R: limit exceeded"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
		delete(f.bad, "us-east-1")
		r, err := c.Deploy(t.Context(), guard("a"), targets, &executor.StackSetOptions{DeploymentID: "build-7"})
		if err != nil || len(r.Instances) != 2 || r.Instances[1].Status != "CURRENT" {
			t.Errorf("tried anew: got %+v, %v", r, err)
		}
	})
}

func TestAStackSetInUseIsNamedOrWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSets()
		targets := []executor.StackSetTarget{{Accounts: []string{first}, Regions: []string{"eu-west-1"}}}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := f.client().Deploy(ctx, guard("a"), targets, nil)
		detached, ok := errors.AsType[*executor.StackSetDetachedError](err)
		if !ok || !errors.Is(err, executor.ErrDetached) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		_, err = f.client().Deploy(t.Context(), guard("b"), targets, nil)
		if busy, ok := errors.AsType[*executor.BusyError](err); !ok || busy.Token != detached.OperationID || !strings.Contains(err.Error(), "stack set guard: another operation is running on it: RUNNING") {
			t.Errorf("got %v", err)
		}
		if r, err := f.client().Deploy(t.Context(), guard("b"), targets, &executor.StackSetOptions{Busy: executor.BusyWait}); err != nil || len(r.Instances) != 1 {
			t.Errorf("waited: got %+v, %v", r, err)
		}
		if err := f.client().Wait(t.Context(), "guard", detached.OperationID); err != nil {
			t.Errorf("the operation that was left: %v", err)
		}
		if err := f.client().Wait(t.Context(), "guard", "nobody"); err == nil || errors.Is(err, executor.ErrDetached) {
			t.Errorf("an operation that is none: %v", err)
		}
	})
}

func TestEventsAndTheEndOfAStackSetsOperation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSets()
		c := f.client()
		targets := []executor.StackSetTarget{{Accounts: []string{first}, Regions: []string{"eu-west-1", "us-east-1"}}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.Deploy(ctx, guard("a"), targets, nil)
		detached, _ := errors.AsType[*executor.StackSetDetachedError](err)
		var got []string
		for e, err := range c.Events(t.Context(), "guard", detached.OperationID) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.Region+" "+string(e.Status))
		}
		if d := cmp.Diff([]string{"eu-west-1 RUNNING", "us-east-1 RUNNING", "eu-west-1 SUCCEEDED", "us-east-1 SUCCEEDED"}, got); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		for range c.Events(t.Context(), "guard", detached.OperationID) {
			break
		}
		if err := c.Stop(t.Context(), "guard", detached.OperationID); err == nil || !strings.Contains(err.Error(), "cannot be stopped") {
			t.Errorf("stopped too late: %v", err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = c.Deploy(short, guard("b"), targets, nil)
		detached, _ = errors.AsType[*executor.StackSetDetachedError](err)
		if err := c.Stop(t.Context(), "guard", detached.OperationID); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(t.Context(), "guard", detached.OperationID); err == nil || !strings.Contains(err.Error(), "its UPDATE ended in STOPPED") {
			t.Errorf("stopped: %v", err)
		}
	})
}

func TestBadTargetsAreToldBeforeAnyCall(t *testing.T) {
	f := newFakeSets()
	_, err := f.client().Deploy(t.Context(), guard("a"), []executor.StackSetTarget{
		{}, {Accounts: []string{"12"}, Regions: []string{"Ireland"}}, {OrganizationalUnits: []string{"sales"}, Regions: []string{"eu-west-1"}},
		{Accounts: []string{first}, Regions: []string{"us-gov-west-1"}, Parameters: map[string]string{"Nmae": "x"}},
	}, nil)
	for _, want := range []string{
		"target 0: it has no region", "target 0: it has no account", `"12" is no account`, `"Ireland" is no region`, `"sales" is no organizational unit`,
		"units are for a set that is SERVICE_MANAGED", `target 3 has a value for "Nmae"`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in: %v", want, err)
		}
	}
	if _, err := f.client().Delete(t.Context(), "9", nil); err == nil || len(f.calls) > 0 {
		t.Errorf("got %v after %v", err, f.calls)
	}
}

// Faults, lost answers and a deployer that dies: no operation is begun twice.
func TestStackSetsThroughFaultsAndCrashes(t *testing.T) {
	for seed := range uint64(50) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, seed))
				f := newFakeSets()
				f.fault = func(string, int) error {
					switch random.IntN(10) {
					case 0:
						return throttle()
					case 1:
						return &smithy.GenericAPIError{Code: "InternalFailure", Message: "oops", Fault: smithy.FaultServer}
					}
					return nil
				}
				f.lost = func(string, int) bool { return random.IntN(10) == 0 }
				targets := []executor.StackSetTarget{{Accounts: []string{first, second}, Regions: []string{"eu-west-1"}}, {Accounts: []string{first}, Regions: []string{"us-east-1"}}}
				for life := 0; ; life++ {
					if life == 100 {
						t.Fatal("it does not come to an end")
					}
					ctx, die := context.WithTimeout(t.Context(), time.Duration(random.Int64N(int64(90*time.Second))))
					r, err := f.client().Deploy(ctx, guard("a"), targets, &executor.StackSetOptions{DeploymentID: "build-7"})
					died := ctx.Err() != nil
					die()
					if err == nil {
						if len(r.Instances) != 3 {
							t.Errorf("got %+v", r)
						}
						break
					}
					if !died && !waiter.Transient(err) {
						t.Fatalf("life %d: %v", life, err)
					}
				}
				if d := cmp.Diff([]string{"CREATE", "CREATE"}, f.starts); d != "" {
					t.Errorf("operations (-want +got)\n%s", d)
				}
			})
		})
	}
}

// A value that is a secret cannot be compared, and must not be in the ID of an operation.
func TestSecretsOfAStackSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSets()
		targets := []executor.StackSetTarget{{Accounts: []string{first}, Regions: []string{"eu-west-1"}}}
		for _, key := range []string{"hunter2", "letmein", "letmein"} {
			s := guard("a")
			s.Parameters["Key"] = key
			if _, err := f.client().Deploy(t.Context(), s, targets, &executor.StackSetOptions{DeploymentID: "build-7"}); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff([]string{"CREATE", "UPDATE", "UPDATE"}, f.starts); d != "" {
			t.Errorf("operations (-want +got)\n%s", d)
		}
	})
}
