package stack_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// environment is the first part of a stack's name, as the ECS chapter names its exports.
var environment = fn.Select(0, fn.Split("-", fn.StackName))

func cluster() *stack.Template {
	t := &stack.Template{}
	stack.Add(t, "C", &queue{})
	t.Export("VPC", fn.Sub("${AWS::StackName}-vpc-id", nil), stack.Output{Value: "vpc"})
	return t
}

func balancer() *stack.Template {
	t := &stack.Template{}
	stack.Add(t, "LB", &queue{QueueName: fn.ImportValue(fn.Join("-", environment, "cluster-vpc-id"))})
	t.Export("TG", fn.StackName+"-target-group", stack.Output{Value: "tg"})
	return t
}

func service() *stack.Template {
	t := &stack.Template{}
	stack.Add(t, "S", &queue{
		QueueName:     fn.ImportValue(fn.Join("-", environment, "alb-target-group")),
		RedrivePolicy: map[string]any{"x": fn.ImportValue(environment + "-cluster-vpc-id")},
	})
	return t
}

func names(stacks []*stack.Stack) string {
	var out []string
	for _, s := range stacks {
		out = append(out, s.Name)
	}
	return strings.Join(out, " ")
}

func TestGraphFindsTheOrderFromTheNamesOfExports(t *testing.T) {
	sv, alb, cl := service(), balancer(), cluster()
	set := []*stack.Stack{
		{Name: "production-service", Template: sv},
		{Name: "staging-service", Template: sv},
		{Name: "staging-alb", Template: alb},
		{Name: "staging-cluster", Template: cl},
		{Name: "production-alb", Template: alb},
		{Name: "production-cluster", Template: cl},
	}
	g, err := stack.NewGraph(set, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "staging-cluster production-cluster staging-alb production-alb production-service staging-service"
	order := names(g.Stacks())
	for _, pair := range [][2]string{{"staging-cluster", "staging-alb"}, {"staging-alb", "staging-service"}, {"production-cluster", "production-alb"}, {"production-alb", "production-service"}} {
		if strings.Index(order, pair[0]) > strings.Index(order, pair[1]) {
			t.Errorf("%s after %s in %s (want something like %s)", pair[0], pair[1], order, want)
		}
	}
	if got := names(g.Needs(set[1])); got != "staging-alb staging-cluster" {
		t.Errorf("staging-service needs %q", got)
	}
	if got := names(g.NeededBy(set[3])); got != "staging-service staging-alb" {
		t.Errorf("staging-cluster is needed by %q", got)
	}
	if len(g.External()) != 0 {
		t.Errorf("external imports: %v", g.External())
	}
	if names, known := g.Exports(set[3]); !known || len(names) != 1 || names[0] != "staging-cluster-vpc-id" {
		t.Errorf("staging-cluster exports %v, %v", names, known)
	}
	if names, known := g.Imports(set[2]); !known || len(names) != 1 || names[0] != "staging-cluster-vpc-id" {
		t.Errorf("staging-alb imports %v, %v", names, known)
	}
}

func TestGraphTellsWhatIsNotInTheSet(t *testing.T) {
	set := []*stack.Stack{{Name: "staging-alb", Template: balancer()}}
	g, err := stack.NewGraph(set, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []stack.Import{{Stack: set[0], Name: "staging-cluster-vpc-id", Path: "Resources.LB.Properties.QueueName"}}
	if diff := cmp.Diff(want, g.External(), cmp.Comparer(func(a, b *stack.Stack) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestGraphRefuses(t *testing.T) {
	imports := func(name fn.String, export fn.String) *stack.Template {
		t := &stack.Template{}
		stack.Add(t, "A", &queue{QueueName: fn.ImportValue(name)})
		t.Export("E", export, stack.Output{Value: "x"})
		return t
	}
	a := &stack.Stack{Name: "a", Template: imports("b", "a")}
	b := &stack.Stack{Name: "b", Template: imports("c", "b")}
	c := &stack.Stack{Name: "c", Template: imports("b", "c")}
	broken := &stack.Template{}
	stack.Add(broken, "Q", &queue{QueueName: (&queue{}).Ref()})
	for _, tt := range []struct {
		name string
		set  []*stack.Stack
		want string
	}{
		{"a cycle", []*stack.Stack{a, b, c}, "in a circle: b → c → b; move"},
		{"two exports of one name", []*stack.Stack{{Name: "x", Template: cluster(), DependsOn: nil}, {Name: "y", Template: imports("z", "x-vpc-id")}},
			`stack y: Outputs.E.Export.Name: the export "x-vpc-id" is also exported by stack x`},
		{"one name twice", []*stack.Stack{{Name: "x", Template: cluster()}, {Name: "x", Template: cluster()}}, "stack x: two stacks of the set have this name"},
		{"a bad name", []*stack.Stack{{Name: "9_x", Template: cluster()}}, `"9_x" is no name for a stack`},
		{"no template", []*stack.Stack{{Name: "x"}}, "has no template; set Template"},
		{"its own export", []*stack.Stack{{Name: "x", Template: imports("me", "me")}}, `imports its own export "me"`},
		{"a stranger", []*stack.Stack{{Name: "x", Template: cluster(), DependsOn: []*stack.Stack{a}}}, "DependsOn names the stack a, which is not in the set"},
		{"itself", func() []*stack.Stack {
			s := &stack.Stack{Name: "x", Template: cluster()}
			s.DependsOn = []*stack.Stack{s}
			return []*stack.Stack{s}
		}(), "in a circle: x → x"},
		{"a template that cannot be written", []*stack.Stack{{Name: "x", Template: broken}}, "stack x: Resources.Q.Properties.QueueName: a Ref"},
	} {
		g, err := stack.NewGraph(tt.set, nil)
		if g != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, %v; want an error with %q", tt.name, g, err, tt.want)
		}
	}
}

func TestConditionsDecideWhatIsImported(t *testing.T) {
	tpl := &stack.Template{}
	env := tpl.Parameter("Env", stack.Parameter{Default: "dev"})
	prod := tpl.Condition("Prod", fn.Equals(env.Ref(), "prod"))
	stack.Add(tpl, "A", &queue{QueueName: fn.If(prod, fn.ImportValue("arm"), "x")})
	stack.Add(tpl, "B", &queue{QueueName: fn.ImportValue("resource")}, stack.Attributes{Condition: prod})
	tpl.Output("C", stack.Output{Value: fn.ImportValue("output"), Condition: prod})
	for env, want := range map[string]int{"dev": 0, "prod": 3} {
		g, err := stack.NewGraph([]*stack.Stack{{Name: "x", Template: tpl, Parameters: map[string]string{"Env": env}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(g.External()); got != want {
			t.Errorf("%s: %d imports, want %d", env, got, want)
		}
	}
}

func TestExportHandles(t *testing.T) {
	repo := &stack.Template{}
	name := repo.Parameter("RepoName", stack.Parameter{})
	fixed := repo.Export("Fixed", "fixed-name", stack.Output{Value: "x"})
	named := repo.Export("Named", fn.Join("-", name.Ref(), "repo"), stack.Output{Value: name.Ref()})
	ecr := &stack.Stack{Name: "ecr", Template: repo, Parameters: map[string]string{"RepoName": "helloworld"}}

	write := func(s fn.String) string {
		b, err := fn.Append(nil, s)
		if err != nil {
			return err.Error()
		}
		return string(b)
	}
	for _, tt := range []struct{ got, want string }{
		{write(fixed.Import()), `{"Fn::ImportValue":"fixed-name"}`},
		{write(named.ImportFrom(ecr)), `{"Fn::ImportValue":"helloworld-repo"}`},
		{write(named.Import()), "use ImportFrom with that stack"},
		{write(named.ImportFrom(&stack.Stack{Name: "other", Template: cluster()})), "stack other does not have the template that exports Named"},
		{write(named.ImportFrom(&stack.Stack{Name: "ecr", Template: repo})), "depends on RepoName, which is known only when it is deployed"},
	} {
		if !strings.Contains(tt.got, tt.want) {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}
