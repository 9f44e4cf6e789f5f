package stack_test

import (
	"strings"
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// giver has the output VPC; taker a parameter of that name.
func giver() *stack.Stack { return &stack.Stack{Name: "giver", Template: cluster()} }

func taker() *stack.Template {
	t := &stack.Template{}
	p := t.Parameter("VPC", stack.Parameter{Default: "none"})
	stack.Add(t, "Q", &queue{QueueName: p.Ref()})
	return t
}

func TestWeakReferences(t *testing.T) {
	g := giver()
	b, err := fn.Append(nil, g.Output("VPC").Weak())
	if want := `{"Fn::GetStackOutput":{"StackName":"giver","OutputName":"VPC"}}`; err != nil || string(b) != want {
		t.Errorf("got %s, %v; want %s", b, err, want)
	}
	for _, tt := range []struct {
		ref  stack.OutputRef
		want string
	}{
		{g.Output("Vpc"), `stack giver has no output "Vpc"`},
		{stack.OutputRef{Name: "VPC"}, `the output "VPC" of no stack`},
	} {
		if _, err := fn.Append(nil, tt.ref.Weak()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want an error with %q", err, tt.want)
		}
	}
	tpl := &stack.Template{}
	stack.Add(tpl, "Q", &queue{QueueName: g.Output("VPC").Weak()})
	graph, err := stack.NewGraph([]*stack.Stack{{Name: "weak", Template: tpl}, g}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(graph.Stacks()); got != "giver weak" {
		t.Errorf("order %s, want giver weak", got)
	}
}

func TestInputsPutAStackBehindThoseThatGive(t *testing.T) {
	g := giver()
	set := []*stack.Stack{{Name: "taker", Template: taker(), Inputs: map[string]stack.OutputRef{"VPC": g.Output("VPC")}}, g}
	graph, err := stack.NewGraph(set, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(graph.Stacks()); got != "giver taker" {
		t.Errorf("order %s, want giver taker", got)
	}
	for _, tt := range []struct {
		name  string
		stack *stack.Stack
		want  string
	}{
		{"no such output", &stack.Stack{Name: "x", Template: taker(), Inputs: map[string]stack.OutputRef{"VPC": g.Output("Nope")}}, `stack x: Parameters.VPC: stack giver has no output "Nope"`},
		{"no such parameter", &stack.Stack{Name: "x", Template: taker(), Inputs: map[string]stack.OutputRef{"Vpc": g.Output("VPC")}}, `Inputs gives a value for "Vpc", which the template does not have`},
		{"given twice", &stack.Stack{Name: "x", Template: taker(), Parameters: map[string]string{"VPC": "a"}, Inputs: map[string]stack.OutputRef{"VPC": g.Output("VPC")}}, "one in Inputs; give one of them"},
	} {
		if _, err := stack.NewGraph([]*stack.Stack{tt.stack, g}, nil); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, err, tt.want)
		}
	}
}
