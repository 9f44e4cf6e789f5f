package stack_test

import (
	"strings"
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// One set for two regions: names need to be unique, and imports reach, within one of them only.
func TestGraphOverRegions(t *testing.T) {
	far := stack.Environment{Region: "eu-west-1"}
	cl, alb := cluster(), balancer()
	set := []*stack.Stack{
		{Name: "staging-alb", Template: alb, Environment: far},
		{Name: "staging-alb", Template: alb},
		{Name: "staging-cluster", Template: cl, Environment: far},
		{Name: "staging-cluster", Template: cl},
	}
	g, err := stack.NewGraph(set, &stack.Environment{Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if needs := g.Needs(set[i]); len(needs) != 1 || needs[0] != set[i+2] {
			t.Errorf("%s needs %v", set[i].Label(), names(needs))
		}
	}
	g, err = stack.NewGraph(append(set[:1:1], set[3]), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Needs(set[0])) != 0 || len(g.External()) != 1 {
		t.Errorf("an import reaches another region: %v", names(g.Needs(set[0])))
	}
	twice := []*stack.Stack{{Name: "a", Template: cl, Environment: far}, {Name: "a", Template: cl}}
	if _, err := stack.NewGraph(twice, &far); err == nil || !strings.Contains(err.Error(), "or another Environment") {
		t.Errorf("two of a name in one region: got %v", err)
	}
}

func TestAWeakReferenceReachesAnotherRegion(t *testing.T) {
	gives := &stack.Stack{Name: "giver", Template: &stack.Template{}, Environment: stack.Environment{Region: "eu-west-1"}}
	stack.Add(gives.Template, "Q", &queue{})
	gives.Template.Output("Name", stack.Output{Value: "x"})
	near := *gives
	near.Environment = stack.Environment{}
	takes := &stack.Template{}
	stack.Add(takes, "Q", &queue{QueueName: gives.Output("Name").Weak()})
	takes.Output("Region", stack.Output{Value: fn.Region})
	taker := &stack.Stack{Name: "taker", Template: takes}
	g, err := stack.NewGraph([]*stack.Stack{taker, &near, gives}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if needs := g.Needs(taker); len(needs) != 1 || needs[0] != gives {
		t.Errorf("the stack needs %v", needs)
	}
}

func TestLabelsOfStacks(t *testing.T) {
	for want, e := range map[string]stack.Environment{
		"jobs": {}, "jobs (eu-west-1)": {Region: "eu-west-1"}, "jobs (111122223333)": {Account: "111122223333"},
		"jobs (111122223333, eu-west-1)": {Region: "eu-west-1", Account: "111122223333"},
	} {
		if got := (&stack.Stack{Name: "jobs", Environment: e}).Label(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
