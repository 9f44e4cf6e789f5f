package goformation_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation"
	"github.com/awslabs/goformation/v7/cloudformation/autoscaling"
	"github.com/awslabs/goformation/v7/cloudformation/sns"
	theirsqs "github.com/awslabs/goformation/v7/cloudformation/sqs"

	"github.com/updraft-go/updraft/interop/goformation"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// Each row is something that goformation carries wrongly or not at all, and that its own reader drops,
// evaluates, or leaves behind as base64.
func TestToRefuses(t *testing.T) {
	for name, c := range map[string]struct{ template, want string }{
		"rules":                         {`Rules: {R: {Assertions: [{Assert: {'Fn::Equals': [a, b]}}]}}`, "Rules: goformation has no section Rules"},
		"hooks":                         {`Hooks: {H: {Type: 'AWS::CodeDeploy::BlueGreen'}}`, "Hooks: goformation has no section Hooks"},
		"globals that it does not know": {`Globals: {StateMachine: {Tracing: a}}`, "Globals.StateMachine: goformation has no Globals for StateMachine"},
		"an expression in globals":      {`Globals: {Function: {Timeout: !Ref P}}`, "Globals.Function.Timeout: Ref, where"},
		"globals as a type":             {`Resources: {R: {Type: Function}}`, "Resources.R: goformation has no type Function"},
		"a section of tomorrow":         {`Tomorrow: {a: b}`, "Tomorrow: goformation has no section Tomorrow"},
		"a transform with parameters":   {`Transform: [{Name: AWS::Include, Parameters: {Location: a}}]`, "Transform: goformation does not carry"},
		"a loop of resources":           {`Resources: {'Fn::ForEach::Q': [A, [b], {'Q${A}': {Type: AWS::SQS::Queue}}]}`, "Resources.Fn::ForEach::Q: no Type"},
		"a loop of outputs":             {`Outputs: {'Fn::ForEach::Q': [A, [b], {'Q${A}': {Value: a}}]}`, "Outputs: Fn::ForEach::Q, where"},
		"a loop of properties":          {queue(`'Fn::ForEach::T': [A, [b], {x: y}]`), "Resources.Q.Properties.Fn::ForEach::T: goformation's sqs.Queue has no"},
		"a transform in properties":     {queue(`'Fn::Transform': {Name: M}`), "Resources.Q.Properties.Fn::Transform: goformation's sqs.Queue has no"},
		"a reference to a whole number": {queue(`DelaySeconds: !Ref P`), "Resources.Q.Properties.DelaySeconds: Ref, where goformation has room for a whole number only"},
		"a condition for a boolean":     {queue(`FifoQueue: !If [C, true, false]`), "Resources.Q.Properties.FifoQueue: Fn::If, where goformation has room for a boolean only"},
		"a list that is split":          {group(`VPCZoneIdentifier: !Split [',', !ImportValue s]`), "Resources.G.Properties.VPCZoneIdentifier: Fn::Split, where goformation has room for a list only"},
		"a list parameter":              {group(`VPCZoneIdentifier: !Ref Subnets`), "Resources.G.Properties.VPCZoneIdentifier: Ref, where goformation has room for a list only"},
		"tags that depend":              {queue(`Tags: !If [C, [{Key: a, Value: b}], !Ref AWS::NoValue]`), "Resources.Q.Properties.Tags: Fn::If, where goformation has room for a list only"},
		"a block that depends":          {group(`LaunchTemplate: !If [C, {Version: a}, !Ref AWS::NoValue]`), "Resources.G.Properties.LaunchTemplate: Fn::If, where goformation has room for an object only"},
		"a function of later":           {queue(`QueueName: {'Fn::ToJsonString': {a: b}}`), "Resources.Q.Properties.QueueName: goformation does not know Fn::ToJsonString"},
		"an output of another stack":    {queue(`QueueName: {'Fn::GetStackOutput': {StackName: a, OutputName: b}}`), "Resources.Q.Properties.QueueName: goformation does not know Fn::GetStackOutput"},
		"an unknown property":           {queue(`NewProperty: 5`), "Resources.Q.Properties.NewProperty: goformation's sqs.Queue has no NewProperty"},
		"an unknown type":               {`Resources: {R: {Type: AWS::Next::Thing}}`, "Resources.R: goformation has no type AWS::Next::Thing"},
		"a third-party type":            {`Resources: {R: {Type: MyOrg::My::Thing}}`, "Resources.R: goformation has no type MyOrg::My::Thing"},
		"a module":                      {`Resources: {R: {Type: 'My::A::B::MODULE'}}`, "Resources.R: goformation has no type My::A::B::MODULE"},
		"a policy of another type":      {`Resources: {R: {Type: AWS::SQS::Queue, UpdatePolicy: {AutoScalingScheduledAction: {IgnoreUnmodifiedGroupSizeProperties: true}}}}`, "Resources.R.UpdatePolicy: goformation's sqs.Queue has no UpdatePolicy"},
		"a new attribute":               {`Resources: {R: {Type: AWS::SQS::Queue, NewAttribute: a}}`, "Resources.R.NewAttribute: goformation's sqs.Queue has no NewAttribute"},
		"a policy that is false":        {`Resources: {R: {Type: AWS::AutoScaling::AutoScalingGroup, UpdatePolicy: {AutoScalingReplacingUpdate: {WillReplace: false}}, Properties: {MinSize: '1', MaxSize: '1'}}}`, "Resources.R.UpdatePolicy.AutoScalingReplacingUpdate.WillReplace: goformation drops false"},
		"more digits than a float64":    {`Metadata: {big: 123456789012345678}`, "Metadata.big: goformation writes 123456789012345680 for 123456789012345678"},
		"a version":                     {`{"Metadata":{"swagger":2.0}}`, "Metadata.swagger: goformation writes 2 for 2.0"},
		"a number beyond any":           {`{"Metadata":{"a":1e999}}`, "Metadata.a: 1e999 is more than"},
		"a required property":           {`Resources: {T: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: sqs}]}}}`, `Resources.T.Properties.Subscription[0].Endpoint: it is required and not there; goformation writes ""`},
		"a required document":           {`Resources: {R: {Type: AWS::IAM::Role}}`, `Resources.R.Properties.AssumeRolePolicyDocument: it is required`},
		"text that looks like base64":   {queue(`QueueName: eyJSZWYiOiAiWCJ9`), `Resources.Q.Properties.QueueName: text that is base64 of {"Ref":"X"}`},
		"a Ref among others":            {`Metadata: {Doc: {Ref: a, Other: b}}`, "Metadata.Doc.Ref: goformation evaluates"},
		"a null":                        {`Metadata: {a: null}`, "Metadata.a: a null"},
		"text for a list":               {queue(`Tags: a`), `Resources.Q.Properties.Tags: "a", where goformation has room for a list only`},
		"a word for a number":           {queue(`DelaySeconds: soon`), `Resources.Q.Properties.DelaySeconds: "soon", where goformation has room for a whole number only`},
		"an empty map that it drops":    {`Resources: {F: {Type: AWS::Lambda::Function, Properties: {Role: a, Code: {}, Environment: {Variables: {}}}}}`, "Resources.F.Properties.Environment.Variables: goformation drops {}"},
	} {
		t.Run(name, func(t *testing.T) {
			theirs, err := goformation.ToTemplate(parse(t, c.template))
			if err == nil || !strings.Contains(err.Error(), c.want) || theirs != nil {
				t.Fatalf("got %v, %v, want an error with %q", theirs, err, c.want)
			}
			var ds stack.Diagnostics
			if !errors.As(err, &ds) || ds[0].Path == "" || ds[0].Cure == "" {
				t.Errorf("got %#v, want diagnostics with a path and a cure", err)
			}
		})
	}
}

func queue(properties string) string {
	return "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {" + properties + "}}}"
}

func group(properties string) string {
	return "Resources: {G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: '1', MaxSize: '1', " + properties + "}}}"
}

// Its reader makes Not:["D"] and "map[Condition:E]" of these.
func TestConditionsThatAreNamedInOthers(t *testing.T) {
	ours := parse(t, `Conditions: {C: {'Fn::And': [!Not [!Condition D], {Condition: E}]}}`)
	theirs, err := goformation.ToTemplate(ours)
	if err != nil {
		t.Fatal(err)
	}
	again, err := goformation.FromTemplate(theirs)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := templateJSON(t, again), templateJSON(t, ours); !equalJSON(t, got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Its reader refuses text for a number, which CloudFormation takes.
func TestToScalarsOfAnotherSpelling(t *testing.T) {
	theirs, err := goformation.ToTemplate(parse(t, queue(`DelaySeconds: '5', FifoQueue: 'true', QueueName: 12`)))
	if err != nil {
		t.Fatal(err)
	}
	q, err := theirs.GetSQSQueueWithName("Q")
	if err != nil {
		t.Fatal(err)
	}
	if *q.DelaySeconds != 5 || !*q.FifoQueue || *q.QueueName != "12" {
		t.Errorf("got %d, %t, %q, want 5, true and 12", *q.DelaySeconds, *q.FifoQueue, *q.QueueName)
	}
}

func TestToResource(t *testing.T) {
	tpl := &stack.Template{}
	stack.Add(tpl, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": fn.StackName + "-q", "DelaySeconds": fn.Int(0)}},
		stack.Attributes{DependsOn: []string{"A"}})
	r, _ := tpl.Resources.Get("Q")
	q, err := goformation.ToResource[*theirsqs.Queue](r)
	if err != nil {
		t.Fatal(err)
	}
	if want := cloudformation.Join("", []string{cloudformation.Ref("AWS::StackName"), "-q"}); !sameExpression(t, *q.QueueName, want) {
		t.Errorf("got %s, want %s", *q.QueueName, want)
	}
	if *q.DelaySeconds != 0 || len(q.AWSCloudFormationDependsOn) != 1 {
		t.Errorf("got %d, %v, want 0 and one dependency", *q.DelaySeconds, q.AWSCloudFormationDependsOn)
	}

	_, err = goformation.ToResource[*sns.Topic](r)
	if err == nil || !strings.Contains(err.Error(), "a resource of type AWS::SQS::Queue is a *sqs.Queue") {
		t.Errorf("got %v, want an error that names both types", err)
	}
	stack.Add(tpl, "G", &stack.Untyped{Type: "AWS::AutoScaling::AutoScalingGroup", Properties: map[string]any{"Cooldown": fn.Int(1), "VPCZoneIdentifier": fn.Split(",", "a")}})
	r, _ = tpl.Resources.Get("G")
	_, err = goformation.ToResource[*autoscaling.AutoScalingGroup](r)
	if err == nil || !strings.Contains(err.Error(), "Properties.VPCZoneIdentifier: Fn::Split") || strings.Contains(err.Error(), "Resources.") {
		t.Errorf("got %v, want an error whose path begins at the resource", err)
	}
	if _, err = goformation.ToResource[*sns.Topic](nil); err == nil {
		t.Error("got no error for no resource")
	}
}

// sameExpression compares two expressions of goformation by what they are for us.
func sameExpression(t *testing.T, a, b string) bool {
	t.Helper()
	x, errX := value(t, a)
	y, errY := value(t, b)
	return errX == nil && errY == nil && equalJSON(t, x, y)
}

// Base64 inside of base64 would fill the memory.
func TestToFunctionsInFunctions(t *testing.T) {
	deep := strings.Repeat(`{"Fn::Base64":`, 150) + `"a"` + strings.Repeat("}", 150)
	_, err := goformation.ToTemplate(parse(t, `{"Outputs":{"A":{"Value":`+deep+`}}}`))
	if err == nil || !strings.Contains(err.Error(), "nest fewer functions") {
		t.Errorf("got %v, want an error that says what to do", err)
	}
}

// A template that cannot be written is an error here too.
func TestToWithAMistake(t *testing.T) {
	tpl := &stack.Template{}
	tpl.Output("A", stack.Output{})
	if _, err := goformation.ToTemplate(tpl); err == nil || !strings.Contains(err.Error(), "Outputs.A") {
		t.Errorf("got %v, want an error for the output", err)
	}
}
