package executor_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// clientOf returns a client of an embedded cloud, in the pace that suits one.
func clientOf(cloud *local.Cloud) *executor.Client {
	api := cloudformation.NewFromConfig(cloud.Config())
	return &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond, MaxInterval: 10 * time.Millisecond}}
}

// exporter is a stack that exports its topic as NAME-topic.
func exporter(name string) *stack.Stack {
	t := &stack.Template{}
	topic := stack.Add(t, "Topic", &stack.Untyped{Type: "AWS::SNS::Topic"})
	_ = topic
	t.Export("Topic", fn.StackName+"-topic", stack.Output{Value: fn.RefOf[fn.String]("Topic")})
	return &stack.Stack{Name: name, Template: t}
}

// importer is a stack with a parameter of which the topic's name is made, and an import for each
// name.
func importer(name string, exports ...string) *stack.Stack {
	t := &stack.Template{}
	stack.Add(t, "Topic", &stack.Untyped{Type: "AWS::SNS::Topic"})
	for i, e := range exports {
		t.Output(fmt.Sprint("Out", i), stack.Output{Value: fn.ImportValue(fn.String(e))})
	}
	return &stack.Stack{Name: name, Template: t}
}

func TestTheWholeLifeOnTheEmbeddedCloud(t *testing.T) {
	c := clientOf(localtest.New(t))
	ctx := t.Context()
	s := exporter("jobs")
	p, err := c.Plan(ctx, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Changes) != 1 || p.Changes[0].LogicalID != "Topic" || p.Changes[0].Action != "Add" || p.Operation != waiter.Create {
		t.Errorf("plan: got %+v", p)
	}
	run, err := c.Apply(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for e, err := range run.Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, e.LogicalID+" "+string(e.Status))
	}
	if len(seen) < 4 || seen[0] != "jobs CREATE_IN_PROGRESS" || seen[len(seen)-1] != "jobs CREATE_COMPLETE" {
		t.Errorf("events: got %q", seen)
	}
	result, err := run.Wait(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if result.Outputs["Topic"] == "" || result.Exports["jobs-topic"] != result.Outputs["Topic"] {
		t.Errorf("outputs: got %v, exports %v", result.Outputs, result.Exports)
	}
	again, err := c.Deploy(ctx, s, nil)
	if err != nil || !again.Unchanged || again.Outputs["Topic"] == "" {
		t.Errorf("once more: got %+v, %v, want it unchanged", again, err)
	}
	attached, err := c.Attach(ctx, "jobs", run.Token)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := attached.Wait(ctx); err != nil || r.Operation != waiter.Create {
		t.Errorf("attached: got %+v, %v", r, err)
	}
	if _, err := c.Delete(ctx, "jobs", nil); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Delete(ctx, "jobs", nil); err != nil || !r.Unchanged {
		t.Errorf("deleted again: got %+v, %v, want it unchanged", r, err)
	}
}

func TestAFailedCreationRollsBackAndTellsTheCause(t *testing.T) {
	cloud := localtest.New(t)
	cloud.Fail(local.Fault{LogicalID: "Topic", Reason: "the limit of topics is exceeded", Times: 1})
	c := clientOf(cloud)
	ctx := t.Context()
	_, err := c.Deploy(ctx, exporter("jobs"), nil)
	failed, ok := errors.AsType[*executor.OperationError](err)
	if !ok {
		t.Fatalf("got %v, want an OperationError", err)
	}
	if failed.Status != stack.RollbackComplete || failed.Failures[0].Event.LogicalID != "Topic" || !strings.Contains(err.Error(), "limit of topics") {
		t.Errorf("got %+v", err)
	}
	_, err = c.Deploy(ctx, exporter("jobs"), nil)
	if state, ok := errors.AsType[*executor.StateError](err); !ok || state.Status != stack.RollbackComplete {
		t.Errorf("after it: got %v, want a StateError", err)
	}
	if _, err := c.Deploy(ctx, exporter("jobs"), &executor.Options{ReplaceFailed: true}); err != nil {
		t.Errorf("replaced: %v", err)
	}
}

func TestASetOfStacksOnTheEmbeddedCloud(t *testing.T) {
	c := clientOf(localtest.New(t))
	ctx := t.Context()
	set := []*stack.Stack{importer("service", "vpc-topic", "cluster-topic"), exporter("cluster"), exporter("vpc")}
	set[1].DependsOn = []*stack.Stack{set[2]}
	result, err := c.DeployAll(ctx, set, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"vpc", "cluster", "service"}, names(result)); d != "" {
		t.Errorf("order: (-want +got)\n%s", d)
	}
	service, _ := result.Stack("service")
	vpc, _ := result.Stack("vpc")
	if service.Result.Outputs["Out0"] != vpc.Result.Outputs["Topic"] {
		t.Errorf("the import is %q, want %q", service.Result.Outputs["Out0"], vpc.Result.Outputs["Topic"])
	}
	_, err = c.Delete(ctx, "vpc", nil)
	if used, ok := errors.AsType[*executor.InUseError](err); !ok || used.Export != "vpc-topic" || !slices.Equal(used.Importers, []string{"service"}) {
		t.Errorf("deleting what is imported: got %v, want an InUseError", err)
	}
	run, err := c.StartDelete(ctx, set, nil)
	if err != nil {
		t.Fatal(err)
	}
	var done []string
	for e, err := range run.Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Stage == executor.StageDone {
			done = append(done, e.Stack.Name)
		}
	}
	if d := cmp.Diff([]string{"service", "cluster", "vpc"}, done); d != "" {
		t.Errorf("deleted in the order (-want +got)\n%s", d)
	}
	if _, err := run.Wait(ctx); err != nil {
		t.Error(err)
	}
}

func TestAPlanOfASetOnTheEmbeddedCloud(t *testing.T) {
	c := clientOf(localtest.New(t))
	ctx := t.Context()
	set := []*stack.Stack{importer("service", "vpc-topic"), exporter("vpc"), exporter("alone")}
	shape := func() string {
		t.Helper()
		g, err := c.PlanAll(ctx, set, nil)
		if err != nil {
			t.Fatal(err)
		}
		var text string
		for _, s := range g.Stacks {
			switch {
			case s.Plan == nil:
				text += s.Stack.Name + " after " + s.After[0].Name + "; "
			case s.Plan.Unchanged:
				text += s.Stack.Name + " unchanged; "
			default:
				text += fmt.Sprintf("%s %s %d; ", s.Stack.Name, s.Plan.Operation, len(s.Plan.Changes))
			}
		}
		if err := g.Discard(ctx); err != nil {
			t.Fatal(err)
		}
		return text
	}
	if got, want := shape(), "vpc create 1; alone create 1; service after vpc; "; got != want {
		t.Errorf("at first: got %q, want %q", got, want)
	}
	if _, err := c.Describe(ctx, "vpc"); err == nil {
		t.Error("a plan left a stack")
	}
	if _, err := c.Deploy(ctx, set[1], nil); err != nil {
		t.Fatal(err)
	}
	if got, want := shape(), "vpc unchanged; alone create 1; service create 1; "; got != want {
		t.Errorf("then: got %q, want %q", got, want)
	}
}

func TestAnImportThatNobodyExports(t *testing.T) {
	c := clientOf(localtest.New(t))
	if _, err := c.Deploy(t.Context(), exporter("vpc"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.DeployAll(t.Context(), []*stack.Stack{importer("a", "vpc-topic")}, nil); err != nil {
		t.Errorf("an export that is there: %v", err)
	}
	_, err := c.DeployAll(t.Context(), []*stack.Stack{exporter("first"), importer("b", "vcp-topic")}, nil)
	if ds, ok := err.(stack.Diagnostics); !ok || ds[0].Code != "missing-export" || !strings.Contains(err.Error(), "did you mean vpc-topic?") {
		t.Errorf("got %v, want a missing export", err)
	}
	if r, err := c.Delete(t.Context(), "first", nil); err != nil || !r.Unchanged {
		t.Errorf("a stack was deployed before the check: %+v, %v", r, err)
	}
}

func names(g *executor.GraphResult) []string {
	var list []string
	for _, s := range g.Stacks {
		list = append(list, s.Stack.Name)
	}
	return list
}

func TestADeploymentThatIsDoneIsNotRepeated(t *testing.T) {
	c := clientOf(localtest.New(t))
	ctx := t.Context()
	opts := &executor.Options{DeploymentID: "build-7"}
	for range 2 {
		r, err := c.Deploy(ctx, exporter("jobs"), opts)
		if err != nil || r.Operation != waiter.Create || r.Unchanged {
			t.Fatalf("got %+v, %v", r, err)
		}
	}
	for range 2 {
		r, err := c.Deploy(ctx, exporter("jobs"), &executor.Options{DeploymentID: "build-8"})
		if err != nil || !r.Unchanged {
			t.Fatalf("another: got %+v, %v", r, err)
		}
	}
}
