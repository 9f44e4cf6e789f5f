package stack_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// effect stands for what a schema knows.
func effect(_ string, path ...string) stack.Effect {
	switch path[0] {
	case "QueueName":
		return stack.Replaces
	case "Tags":
		return stack.UpdatesInPlace
	}
	return stack.MayReplace
}

const before = `{"Description": "a", "Parameters": {"P": {"Type": "String", "NoEcho": true, "Default": "s3cret"}, "Q": {"Type": "String", "Default": "x"}},
	"Resources": {
	"Jobs": {"Type": "AWS::SQS::Queue", "DependsOn": "X", "Properties": {"QueueName": "a", "Delay": "22", "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": {"Fn::GetAtt": "X.Arn"}}]}},
	"Gone": {"Type": "AWS::SNS::Topic"},
	"Kept": {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain"},
	"Other": {"Type": "AWS::SNS::Topic", "Metadata": {"a": 1}}},
	"Outputs": {"O": {"Value": {"Ref": "Jobs"}}}}`

const after = `{"Description": "b", "Parameters": {"Q": {"Default": "x", "Type": "String"}, "P": {"Type": "String", "NoEcho": "true", "Default": "0ther"},
	"N": {"Type": "String", "NoEcho": true, "Default": "n3w"}},
	"Resources": {
	"Jobs": {"Properties": {"Tags": [{"Key": "a", "Value": "2"}, {"Key": "b", "Value": {"Fn::GetAtt": ["X", "Arn"]}}, {"Key": "c", "Value": ""}], "QueueName": {"Ref": "Q"}, "Delay": 22}, "Type": "AWS::SQS::Queue", "DependsOn": ["X"]},
	"New": {"Type": "AWS::SQS::Queue", "Properties": {"Delay": 1}},
	"Other": {"Type": "AWS::SNS::Subscription", "Metadata": {"a": 2}}},
	"Outputs": {"O": {"Value": {"Ref": "New"}}}}`

func diff(t *testing.T, a, b string) stack.Changes {
	t.Helper()
	cs, err := stack.Diff(parse(t, a), parse(t, b), &stack.DiffOptions{Effect: effect})
	if err != nil {
		t.Fatal(err)
	}
	return cs
}

func TestDiff(t *testing.T) {
	var got []string
	for _, c := range diff(t, before, after) {
		got = append(got, fmt.Sprintf("%s %s %s -> %s: %s", c.Kind, c.Path, c.Before, c.After, c.Effect))
	}
	want := []string{
		`modified Description "a" -> "b": no effect`,
		`modified Parameters.P.Default "****" -> "****": no effect`,
		`added Parameters.N  -> {"Type":"String","NoEcho":true,"Default":"****"}: no effect`,
		`modified Resources.Jobs.Properties.Tags[0].Value "1" -> "2": updates in place`,
		`added Resources.Jobs.Properties.Tags[2]  -> {"Key":"c","Value":""}: updates in place`,
		`modified Resources.Jobs.Properties.QueueName "a" -> {"Ref":"Q"}: replaces`,
		`added Resources.New  -> {"Type":"AWS::SQS::Queue","Properties":{"Delay":1}}: creates`,
		`modified Resources.Other.Type "AWS::SNS::Topic" -> "AWS::SNS::Subscription": replaces`,
		`modified Resources.Other.Metadata.a 1 -> 2: no effect`,
		`removed Resources.Gone {"Type":"AWS::SNS::Topic"} -> : deletes`,
		`removed Resources.Kept {"Type":"AWS::SNS::Topic","DeletionPolicy":"Retain"} -> : keeps`,
		`modified Outputs.O.Value {"Ref":"Jobs"} -> {"Ref":"New"}: no effect`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDiffText(t *testing.T) {
	cs := diff(t, before, after)
	want := `~ Description: "a" -> "b"
~ Parameters.P.Default: "****" -> "****"
+ Parameters.N: {"Type":"String","NoEcho":true,"Default":"****"}
~ Jobs (AWS::SQS::Queue): replaces
    ~ Properties.Tags[0].Value: "1" -> "2"
    + Properties.Tags[2]: {"Key":"c","Value":""}
    ~ Properties.QueueName: "a" -> {"Ref":"Q"} (replaces)
+ New (AWS::SQS::Queue): creates
~ Other (AWS::SNS::Subscription): replaces
    ~ Type: "AWS::SNS::Topic" -> "AWS::SNS::Subscription"
    ~ Metadata.a: 1 -> 2
- Gone (AWS::SNS::Topic): deletes
- Kept (AWS::SNS::Topic): keeps
~ Outputs.O.Value: {"Ref":"Jobs"} -> {"Ref":"New"}
`
	if diff := cmp.Diff(want, cs.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if text := cs.Text(true); !strings.Contains(text, "\x1b[32m+ New") {
		t.Errorf("no colour in %q", text)
	}
	for _, secret := range []string{"s3cret", "0ther", "n3w"} {
		if strings.Contains(fmt.Sprintf("%+v", cs), secret) {
			t.Errorf("%s is shown", secret)
		}
	}
}

func TestDiffOfTheSame(t *testing.T) {
	in := odd(t)
	if cs := diff(t, in, in); len(cs) > 0 {
		t.Errorf("changes: %v", cs)
	}
}

func TestDiffWithoutASchema(t *testing.T) {
	a, b := &stack.Template{}, &stack.Template{}
	stack.Add(a, "Q", &queue{QueueName: "a"})
	stack.Add(b, "Q", &queue{QueueName: "a" + fn.Region})
	cs, err := stack.Diff(a, b, nil)
	if err != nil || len(cs) != 1 || cs.Effect("Q") != stack.UnknownEffect {
		t.Errorf("got %+v, %v", cs, err)
	}
}
