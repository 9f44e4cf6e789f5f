package executor_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// Outputs of one stack become parameters of another, in a set and alone.
func TestInputsAreHandedOver(t *testing.T) {
	api := cloudformation.NewFromConfig(localtest.New(t).Config())
	c := &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1}}
	queue := func(name fn.String) *stack.Template {
		tpl := &stack.Template{}
		q := stack.Add(tpl, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": name}})
		tpl.Output("Name", stack.Output{Value: q.GetAtt("QueueName")})
		return tpl
	}
	giver := &stack.Stack{Name: "giver", Template: queue("first")}
	parent := &stack.Template{}
	from := parent.Parameter("From", stack.Parameter{})
	stack.Add(parent, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": from.Ref() + "-second"}})
	parent.Output("Name", stack.Output{Value: fn.GetAtt("Q", "QueueName")})
	taker := &stack.Stack{Name: "taker", Template: parent, Inputs: map[string]stack.OutputRef{"From": giver.Output("Name")}}

	if _, err := c.Deploy(t.Context(), taker, nil); err == nil || !strings.Contains(err.Error(), `the deployed stack giver has no output "Name"; deploy that stack first`) {
		t.Errorf("alone and too early: %v", err)
	}
	result, err := c.DeployAll(t.Context(), []*stack.Stack{taker, giver}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := result.Stack("taker"); r.Result.Outputs["Name"] != "first-second" {
		t.Errorf("outputs %v, want first-second", r.Result.Outputs)
	}
	giver.Template = queue("third")
	if _, err := c.Deploy(t.Context(), giver, nil); err != nil {
		t.Fatal(err)
	}
	alone, err := c.Deploy(t.Context(), taker, nil)
	if err != nil {
		t.Fatal(err)
	}
	if alone.Outputs["Name"] != "third-second" {
		t.Errorf("outputs %v, want third-second", alone.Outputs)
	}
}

func TestAnInputOfNoStack(t *testing.T) {
	f := newFake()
	s := topic("a")
	s.Template.Parameter("From", stack.Parameter{})
	s.Inputs = map[string]stack.OutputRef{"From": {Name: "Name"}}
	_, err := f.client().Deploy(t.Context(), s, nil)
	if want := `stack a: Parameters.From: a reference to the output "Name" of no stack; `; err == nil || !strings.HasPrefix(err.Error(), want) || len(f.calls) > 0 {
		t.Errorf("got %v after %v, want %s", err, f.calls, want)
	}
}

// A client without an API is told, not a nil pointer.
func TestAClientWithoutAnAPI(t *testing.T) {
	c := &executor.Client{}
	far := stack.Environment{Region: "eu-west-1", Account: "123456789012"}
	for name, call := range map[string]func() error{
		"Deploy":           func() error { _, err := c.Deploy(t.Context(), topic("a"), nil); return err },
		"Plan":             func() error { _, err := c.Plan(t.Context(), topic("a"), nil); return err },
		"Delete":           func() error { _, err := c.Delete(t.Context(), "a", nil); return err },
		"Describe":         func() error { _, err := c.Describe(t.Context(), "a"); return err },
		"Attach":           func() error { _, err := c.Attach(t.Context(), "a", ""); return err },
		"DetectDrift":      func() error { _, err := c.DetectDrift(t.Context(), "a", nil); return err },
		"Rollback":         func() error { _, err := c.Rollback(t.Context(), "a", nil); return err },
		"ContinueRollback": func() error { _, err := c.ContinueRollback(t.Context(), "a", nil); return err },
		"AttachRefactor":   func() error { _, err := c.AttachRefactor(t.Context(), "a"); return err },
		"PlanRefactor":     func() error { _, err := c.PlanRefactor(t.Context(), chain(), nil); return err },
		"DeployAll":        func() error { _, err := c.DeployAll(t.Context(), chain(), nil); return err },
		"DeleteAll":        func() error { _, err := c.DeleteAll(t.Context(), chain(), nil); return err },
		"PlanAll":          func() error { _, err := c.PlanAll(t.Context(), chain(), nil); return err },
		"another place": func() error {
			s := topic("a")
			s.Environment = far
			_, err := newFake().client().DeployAll(t.Context(), []*stack.Stack{s}, &executor.GraphOptions{Clients: map[stack.Environment]*executor.Client{far: {}}})
			return err
		},
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), "the client has no API to call; set Client.API") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestNoPlan(t *testing.T) {
	f := newFake()
	if _, err := f.client().Apply(t.Context(), nil); err == nil || !strings.HasPrefix(err.Error(), "there is no plan to apply") || len(f.calls) > 0 {
		t.Errorf("got %v after %v", err, f.calls)
	}
}
