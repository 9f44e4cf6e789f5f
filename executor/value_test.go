package executor_test

import (
	"strings"
	"testing"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

const declared = `
Parameters:
  Count: {Type: Number, MinValue: 1, MaxValue: 10}
  Sizes: {Type: List<Number>}
  Size: {Type: String, AllowedValues: [small, large], ConstraintDescription: choose small or large}
  Name: {Type: String, MinLength: 2, MaxLength: 4, AllowedPattern: "[a-z]*"}
  Secret: {Type: String, NoEcho: true, MinLength: 20}
  Ami: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"}
Resources: {T: {Type: AWS::SNS::Topic}}
`

func TestValuesAreHeldAgainstTheirDeclarations(t *testing.T) {
	good := map[string]string{"Count": "3", "Sizes": "1, 2.5", "Size": "small", "Name": "abc", "Secret": strings.Repeat("x", 20), "Ami": "/x"}
	for name, values := range map[string]map[string]string{
		"Count":  {"abc": "is no number", "0": "is less than MinValue, 1", "1e2": "is more than MaxValue, 10", "": "is no number", "0x5": "is no number"},
		"Sizes":  {"1,x": "is no number"},
		"Size":   {"medium": "is not one of the allowed values; choose small or large"},
		"Name":   {"a": "is shorter than MinLength, 2", "abcde": "is longer than MaxLength, 4", "ab1": "does not match AllowedPattern, [a-z]*"},
		"Secret": {"hunter2": "the value (not shown) is shorter than MinLength, 20"},
		"Ami":    {"anything": ""},
	} {
		for value, want := range values {
			f := newFake()
			s := &stack.Stack{Name: "jobs", Parameters: map[string]string{}}
			for k, v := range good {
				s.Parameters[k] = v
			}
			s.Parameters[name] = value
			_, err := f.client().Plan(t.Context(), s, &executor.Options{TemplateBody: []byte(declared)})
			switch {
			case want == "" && err != nil:
				t.Errorf("%s=%q: got %v", name, value, err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), "Parameters."+name+": ") || !strings.Contains(err.Error(), want) || len(f.calls) > 0):
				t.Errorf("%s=%q: got %v after %v, want %q", name, value, err, f.calls, want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a secret is told: %v", err)
			}
		}
	}
}

// Whatever is wrong is told in one message, before any call.
func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	f := newFake()
	s := &stack.Stack{
		Name: "9lives", Parameters: map[string]string{"Cuont": "1", "Count": "x"},
		Tags: map[string]string{"aws:team": "a", "": "b", "note": strings.Repeat("ä", 257)},
	}
	_, err := f.client().Deploy(t.Context(), s, &executor.Options{
		TemplateBody: []byte("Parameters: {Count: {Type: Number}, Unset: {Type: String}}\nResources:\n  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}\n  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Nobody}}\n"),
		Capabilities: nil, RoleARN: "deployer", NotificationARNs: []string{"me"}, OnStackFailure: "x", StackPolicyBody: "[]",
	})
	for _, want := range []string{
		"is no name for a stack", `Options.RoleARN is "deployer"`, `Options.NotificationARNs has "me"`, `Options.OnStackFailure is "x"`,
		"StackPolicyBody is no JSON object", `"Cuont", which the template does not have`, `"x" is no number`, "Nobody",
		"Parameters.Unset: the parameter has no value here", `the tag "aws:team" begins with aws:`, `the key of the tag "" has 0 characters`,
		`the value of the tag "note" has 257 characters`,
	} {
		if err == nil || strings.Count(err.Error(), want) != 1 {
			t.Errorf("%q should be told once in:\n%v", want, err)
		}
	}
	if len(f.calls) > 0 {
		t.Errorf("calls: %v", f.calls)
	}
}
