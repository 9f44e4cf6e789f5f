package stack_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/tree"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

func parse(t *testing.T, data string) *stack.Template {
	t.Helper()
	tpl, err := stack.Parse([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

func minified(t *testing.T, tpl *stack.Template) string {
	t.Helper()
	out, err := tpl.Minified()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func odd(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("testdata/odd.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// compact is a document without its white space, with everything else as it was.
func compact(t *testing.T, data string) string {
	t.Helper()
	n, err := tree.Parse([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return n.JSON()
}

func TestWhatWasNotChangedIsWrittenAsItWasRead(t *testing.T) {
	in := odd(t)
	got := minified(t, parse(t, in))
	if diff := cmp.Diff(strings.Split(compact(t, in), ","), strings.Split(got, ",")); diff != "" {
		t.Errorf("(-read +written):\n%s", diff)
	}
}

func TestWhatWasReadIsInTheFields(t *testing.T) {
	tpl := parse(t, odd(t))
	jobs, _ := tpl.Resources.Get("Jobs")
	count, _ := tpl.Parameters.Get("Count")
	secret, _ := tpl.Parameters.Get("Secret")
	number, _ := tpl.Outputs.Get("Number")
	sizes, _ := tpl.Mappings.Get("Sizes")
	also, _ := tpl.Conditions.Get("Also")
	queues, _ := tpl.Resources.Get("Fn::ForEach::Queues")
	rule, _ := tpl.Rules.Get("R")
	properties := jobs.Properties.(*stack.Object)
	got := map[string]any{
		"version": tpl.FormatVersion, "description": tpl.Description, "transform": tpl.Transforms[0],
		"depends": jobs.DependsOn, "policy": jobs.CreationPolicy.ResourceSignal.Timeout, "timeout": properties.At("VisibilityTimeout"),
		"delay": properties.At("DelaySeconds"), "ratio": properties.At("Ratio"), "fifo": properties.At("Fifo"),
		"default": count.Default, "min": count.MinValue, "allowed": count.AllowedValues, "noecho": secret.NoEcho,
		"empty": secret.Default == fn.Empty, "value": number.Value, "size": sizes["x"]["n"], "also": also,
		"loop": queues.Loop.Identifier, "elements": queues.Loop.Collection, "body": queues.Loop.Body.Resources.Len(),
		"assert": rule.Assertions[0].AssertDescription, "extra": len(tpl.Extra),
	}
	want := map[string]any{
		"version": "2010-09-09", "description": "odd", "transform": "AWS::LanguageExtensions",
		"depends": []string{"Other"}, "policy": fn.String("PT5M"), "timeout": "22",
		"delay": json.Number("22"), "ratio": json.Number("1.50"), "fifo": true,
		"default": fn.String("3"), "min": fn.Double("1"), "allowed": []string{"3", "4", "5"}, "noecho": true,
		"empty": true, "value": fn.String("5"), "size": json.Number("3"), "also": fn.Condition("Prod"),
		"loop": "Name", "elements": []fn.String{"a", "b"}, "body": 2,
		"assert": fn.String("d"), "extra": 2,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatWasReadCanBeChanged(t *testing.T) {
	tpl := parse(t, `{"Resources": {
		"B": {"Properties": {"Z": "1", "A": [{"K": 1}]}, "Type": "T::T::T", "DependsOn": "C", "DeletionPolicy": "Retain"},
		"C": {"Type": "T::T::T"}},
		"Parameters": {"P": {"NoEcho": "true", "Type": "String", "AllowedValues": [1, 2]}, "Q": {"Type": "String"}},
		"Mappings": {"M": {"z": {"k": 1, "a": 2}, "b": {"k": "x"}}},
		"Transform": "X", "Outputs": {}}`)
	b, _ := tpl.Resources.Get("B")
	p := b.Properties.(*stack.Object)
	p.Set("Z", fn.StackName+"-x")
	p.Set("New", fn.Int(3))
	p.At("A").([]any)[0].(*stack.Object).Delete("K")
	b.DependsOn = nil
	b.DeletionPolicy = stack.Snapshot
	b.Condition = "Yes"
	tpl.Resources.Delete("C")
	stack.Add(tpl, "D", &queue{QueueName: "d"})
	par, _ := tpl.Parameters.Get("P")
	par.NoEcho = false
	par.AllowedValues = append(par.AllowedValues, "3")
	tpl.Parameters.Delete("Q")
	m, _ := tpl.Mappings.Get("M")
	m["z"]["new"] = "n"
	delete(m, "b")
	tpl.Transforms = append(tpl.Transforms, "Y")
	tpl.Condition("Yes", fn.Equals("a", "a"))
	tpl.Output("O", stack.Output{Value: "v"})
	want := `{"Resources":{"B":{"Properties":{"Z":{"Fn::Join":["",[{"Ref":"AWS::StackName"},"-x"]]},"A":[{}],"New":3},"Type":"T::T::T","DeletionPolicy":"Snapshot","Condition":"Yes"},` +
		`"D":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"d"}}},` +
		`"Parameters":{"P":{"Type":"String","AllowedValues":["1","2","3"]}},` +
		`"Mappings":{"M":{"z":{"k":1,"a":2,"new":"n"}}},` +
		`"Transform":["X","Y"],"Outputs":{"O":{"Value":"v"}},"Conditions":{"Yes":{"Fn::Equals":["a","a"]}}}`
	if diff := cmp.Diff(want, minified(t, tpl)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestASectionThatWasEmptiedIsNotWritten(t *testing.T) {
	tpl := parse(t, `{"Parameters": {"P": {"Type": "String"}}, "Resources": {"A": {"Type": "X", "Properties": {"k": 1}}}, "Outputs": {}}`)
	tpl.Parameters.Delete("P")
	a, _ := tpl.Resources.Get("A")
	a.Properties = nil
	if got, want := minified(t, tpl), `{"Resources":{"A":{"Type":"X"}},"Outputs":{}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestYAMLIsReadAsTheSameJSONIs(t *testing.T) {
	got := minified(t, parse(t, `
# a comment
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Port: {Type: Number, Default: 0080}
Resources:
  Q:
    Type: AWS::SQS::Queue
    DeletionPolicy: Retain
    Properties:
      QueueName: !Sub "${AWS::StackName}-q"
      Tags:
        - {Key: a, Value: !If [Prod, !Ref Port, !GetAtt X.Y]}
`))
	want := `{"AWSTemplateFormatVersion":"2010-09-09","Parameters":{"Port":{"Type":"Number","Default":"0080"}},` +
		`"Resources":{"Q":{"Type":"AWS::SQS::Queue","DeletionPolicy":"Retain","Properties":{"QueueName":{"Fn::Sub":"${AWS::StackName}-q"},` +
		`"Tags":[{"Key":"a","Value":{"Fn::If":["Prod",{"Ref":"Port"},{"Fn::GetAtt":["X","Y"]}]}}]}}}}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"nothing", "", "line 1, column 1: the document is empty"},
		{"a list", "- a", "line 1, column 1: a list where a template is to be"},
		{"a text", `"x"`, "a string where a template is to be"},
		{"a resource that is no map", "{\"Resources\": {\n\"A\": 1}}", "line 2, column 6: the resource A is a number; write a map"},
		{"a parameter that is no map", "Parameters:\n  P: String", "line 2, column 6: the parameter P is a string"},
		{"an output that is no map", "Outputs:\n  O: [1]", "the output O is a list"},
		{"a loop without a body", `{"Resources": {"Fn::ForEach::X": ["a", []]}}`, "column 34: Fn::ForEach::X without an identifier"},
		{"a key twice", "{\"Resources\": {\"A\": {},\n \"A\": {}}}", "line 2, column 2: the key \"A\" stands twice"},
		{"truncated", `{"Resources": {"A": {"Type": "x`, "line 1, column 32: a string that does not end"},
		{"NUL", `{"Description": "a\u0000b"}`, "line 1, column 17: text with a NUL"},
		{"NUL in a key", `{"Resources": {"A\u0000": {}}}`, "a key with a NUL"},
		{"a cycle", "Metadata: &a [*a]", "the anchor \"a\" holds itself"},
		{"a bomb", "Metadata:\n  a: &a [1,1,1,1,1,1,1,1,1,1]\n  b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n  c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n  d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n  e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n  f: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]", "more than 1000000 values"},
		{"a line break in a string", "{\"Description\": \"a\nb\"}", "line 1, column 19: the control character '\\n' inside a string"},
		{"a tab", "Resources:\n\tA: 1", "line 2"},
		{"not UTF-8", "{\"Description\": \"\xff\"}", "not valid UTF-8"},
		{"unknown tag", "Resources: !Reff x", "line 1, column 12: the tag !Reff"},
		{"binary", "\x00\x01\x02\xff", "line 1"},
		{"many braces", strings.Repeat("{", 4<<20), "line 1"},
		{"very many braces", strings.Repeat("{", 100<<20), "a document of 104857600 bytes"},
		{"deep", `{"Metadata":` + strings.Repeat(`{"a":`, 10_000), "nested more than 200 levels deep"},
	} {
		tpl, err := stack.Parse([]byte(tt.in))
		var at *stack.SyntaxError
		if tpl != nil || !errors.As(err, &at) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, %v; want a SyntaxError with %q", tt.name, tpl, err, tt.want)
		}
	}
}

func TestSloppyJSONIsYAML(t *testing.T) {
	if got, want := minified(t, parse(t, "{\"Resources\": {\"A\": {\"Type\": \"x\",},}, # why\n}")), `{"Resources":{"A":{"Type":"x"}}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
