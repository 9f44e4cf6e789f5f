package stack_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

const typed = `{"Resources":{"Jobs":{"Type":"AWS::SQS::Queue","Properties":{"RedrivePolicy":{"n":1},"QueueName":{"Ref":"X"},"New":"1"},"DependsOn":"T"},` +
	`"Bad":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"x","RedrivePolicy":[{"a":1},{"Fn::If":["C",1,2]}]}},"T":{"Type":"AWS::SNS::Topic"}}}`

func TestAs(t *testing.T) {
	tpl := parse(t, typed)
	q, err := stack.As[queue](tpl, "Jobs")
	if err != nil {
		t.Fatal(err)
	}
	if q.QueueName != fn.Ref("X") || q.Extra["New"] != "1" {
		t.Errorf("read %+v", q)
	}
	q.QueueName = "jobs"
	tpl.Output("O", stack.Output{Value: q.Ref()})
	if again, err := stack.As[queue](tpl, "Jobs"); again != q || err != nil {
		t.Errorf("a second time: %v, %v", again, err)
	}
	if _, err := stack.As[queue](tpl, "Bad"); err != nil {
		t.Error(err)
	}
	want := strings.Replace(typed, `{"RedrivePolicy":{"n":1},"QueueName":{"Ref":"X"},"New":"1"}`, `{"QueueName":"jobs","RedrivePolicy":{"n":1},"New":"1"}`, 1)
	want = strings.TrimSuffix(want, "}") + `,"Outputs":{"O":{"Value":{"Ref":"Jobs"}}}}`
	if diff := cmp.Diff(want, minified(t, tpl)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for id, want := range map[string]string{"Nowhere": "is not in the template", "T": "its type is AWS::SNS::Topic, not AWS::SQS::Queue"} {
		if q, err := stack.As[queue](tpl, id); q != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v; want %q", id, q, err, want)
		}
	}
}

func TestForEachCondition(t *testing.T) {
	tpl := &stack.Template{}
	tpl.ForEachCondition("Is", "Env", []fn.String{"dev", "prod"}, map[string]fn.Condition{"Is${Env}": fn.Equals(fn.Ref("E"), fn.Ref("Env"))})
	tpl.ForEachCondition("Is", "Env", nil, nil)
	_, err := tpl.Minified()
	if err == nil || !strings.Contains(err.Error(), `"Fn::ForEach::Is" stands twice`) {
		t.Errorf("got %v", err)
	}
	one := &stack.Template{}
	one.ForEachCondition("Is", "Env", []fn.String{"dev"}, map[string]fn.Condition{"Is${Env}": fn.Not("X")})
	want := `{"Conditions":{"Fn::ForEach::Is":["Env",["dev"],{"Is${Env}":{"Fn::Not":[{"Condition":"X"}]}}]}}`
	if got := minified(t, one); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	body := one.ForEachResource("Rs", "N", []fn.String{"a"})
	stack.Add(body, "R${N}", &queue{QueueName: (&queue{}).Ref()})
	one.Resources.Set("Fn::ForEach::None", &stack.Resource{Loop: &stack.Loop{}})
	_, err = one.Minified()
	for _, want := range []string{"Resources.Fn::ForEach::Rs.R${N}.Properties.QueueName: a Ref to a resource that was not added", "Resources.Fn::ForEach::None: a loop without a body"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in %v", want, err)
		}
	}
}

func TestFieldAndExtra(t *testing.T) {
	tpl := parse(t, `{"Resources":{"A":{"Type":"T","DependsOn":{"Fn::If":["C","a","b"]}}},"Transform":null}`)
	a, _ := tpl.Resources.Get("A")
	a.DependsOn = []string{"B"}
	tpl.Transforms = []string{"X"}
	_, err := tpl.Minified()
	for _, want := range []string{"Resources.A.DependsOn: set both in its field and in Extra; set it once", "Transform: set both"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in %v", want, err)
		}
	}
	delete(a.Extra, "DependsOn")
	delete(tpl.Extra, "Transform")
	if got, want := minified(t, tpl), `{"Resources":{"A":{"Type":"T","DependsOn":["B"]}},"Transform":"X"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnObjectThatHoldsItself(t *testing.T) {
	o := &stack.Object{}
	o.Set("self", []any{o, 1})
	tpl := &stack.Template{Metadata: o}
	if _, err := tpl.JSON(); err == nil || !strings.Contains(err.Error(), "levels deep") {
		t.Errorf("got %.100v", err)
	}
}

func TestNilInASection(t *testing.T) {
	tpl := &stack.Template{}
	tpl.Parameters.Set("P", nil)
	tpl.Rules.Set("R", nil)
	tpl.Hooks.Set("H", nil)
	tpl.Mappings.Set("M", nil)
	tpl.Resources.Set("A", nil)
	tpl.Outputs.Set("O", nil)
	tpl.Sort()
	_, err := tpl.JSON()
	for _, want := range []string{"Parameters.P", "Rules.R", "Hooks.H", "Resources.A", "Outputs.O"} {
		if err == nil || !strings.Contains(err.Error(), want+": nil in place of a value") {
			t.Errorf("missing %q in %v", want, err)
		}
	}
	if _, err := stack.As[queue](tpl, "A"); err == nil {
		t.Error("As gives a resource that is nil")
	}
}

func TestDiffWithNothing(t *testing.T) {
	tpl := parse(t, `{"Resources":{"A":{"Type":"T"}}}`)
	if cs, err := stack.Diff(nil, tpl, nil); err != nil || cs.Effect("A") != stack.Creates {
		t.Errorf("got %v, %v", cs, err)
	}
	if cs, err := stack.Diff(tpl, nil, nil); err != nil || cs.Effect("A") != stack.Deletes {
		t.Errorf("got %v, %v", cs, err)
	}
}
