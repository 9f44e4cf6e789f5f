package executor_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

func TestEdge17Capabilities(t *testing.T) {
	role := func(name string) *stack.Stack {
		s := topic("jobs")
		stack.Add(s.Template, "Role", &stack.Untyped{Type: "AWS::IAM::Role", Properties: map[string]any{name: "x"}})
		return s
	}
	macro := topic("jobs")
	macro.Template.Transforms = []string{"AWS::LanguageExtensions"}
	iam, named, expand := types.CapabilityCapabilityIam, types.CapabilityCapabilityNamedIam, types.CapabilityCapabilityAutoExpand
	for _, test := range []struct {
		name    string
		stack   *stack.Stack
		granted []types.Capability
		want    []types.Capability
		err     string
	}{
		{"none are needed", topic("jobs"), nil, nil, ""},
		{"a role", role("Path"), nil, []types.Capability{iam}, ""},
		{"a role with a name", role("RoleName"), nil, []types.Capability{named}, ""},
		{"a macro", macro, nil, []types.Capability{named, expand}, ""},
		{"more than was granted", role("RoleName"), []types.Capability{iam}, nil, "CAPABILITY_NAMED_IAM, which was not granted"},
		{"nothing was granted", role("Path"), []types.Capability{}, nil, "CAPABILITY_IAM, which was not granted"},
		{"one includes the other", role("Path"), []types.Capability{named}, []types.Capability{named}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				_, err := f.client().Deploy(t.Context(), test.stack, &executor.Options{Capabilities: test.granted, SkipValidation: true})
				if test.err != "" {
					if err == nil || !strings.Contains(err.Error(), test.err) || len(f.calls) > 0 {
						t.Errorf("got %v after %d calls, want %q and no call", err, len(f.calls), test.err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(test.want, f.sets[0].Capabilities); d != "" {
					t.Errorf("(-want +got)\n%s", d)
				}
			})
		})
	}
}

func TestParameters(t *testing.T) {
	parametrised := func(values map[string]string) *stack.Stack {
		s := topic("jobs")
		s.Template.Parameter("KeyPair", stack.Parameter{})
		s.Template.Parameter("Secret", stack.Parameter{NoEcho: true})
		s.Template.Parameter("Size", stack.Parameter{Default: "small"})
		s.Parameters = values
		return s
	}
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		c := f.client()
		_, err := c.Deploy(t.Context(), parametrised(map[string]string{"Keypair": "x"}), nil)
		if err == nil || !strings.Contains(err.Error(), "Keypair") || !strings.Contains(err.Error(), "KeyPair") || len(f.calls) > 0 {
			t.Errorf("an unknown parameter: got %v after %v", err, f.calls)
		}
		_, err = c.Deploy(t.Context(), parametrised(nil), nil)
		if err == nil || !strings.Contains(err.Error(), "Parameters.KeyPair") || !strings.Contains(err.Error(), "Parameters.Secret") || strings.Contains(err.Error(), "Size") || len(f.sets) > 0 {
			t.Errorf("missing parameters: got %v after %d change sets", err, len(f.sets))
		}
		if _, err = c.Deploy(t.Context(), parametrised(map[string]string{"KeyPair": "k", "Secret": "hunter2"}), nil); err != nil {
			t.Fatal(err)
		}
		s := parametrised(map[string]string{"Size": "large"})
		s.Template.Parameter("New", stack.Parameter{Default: "n"})
		if _, err = c.Deploy(t.Context(), s, nil); err != nil {
			t.Fatal(err)
		}
		want := []types.Parameter{
			{ParameterKey: aws.String("KeyPair"), UsePreviousValue: aws.Bool(true)},
			{ParameterKey: aws.String("Secret"), UsePreviousValue: aws.Bool(true)},
			{ParameterKey: aws.String("Size"), ParameterValue: aws.String("large")},
		}
		if d := cmp.Diff(want, f.sets[1].Parameters, cmp.Comparer(func(a, b types.Parameter) bool {
			return *a.ParameterKey == *b.ParameterKey && aws.ToString(a.ParameterValue) == aws.ToString(b.ParameterValue) && aws.ToBool(a.UsePreviousValue) == aws.ToBool(b.UsePreviousValue)
		})); d != "" {
			t.Errorf("on an update (-want +got)\n%s", d)
		}
	})
}

type store map[string]int

func (s store) Upload(_ context.Context, key string, template []byte) (string, error) {
	s[key] = len(template)
	return "https://example.com/" + key, nil
}

func TestEdge23LargeTemplates(t *testing.T) {
	large := func(bytes int) *stack.Stack {
		s := topic("jobs")
		s.Template.Metadata = map[string]any{"Text": strings.Repeat("é", bytes/2)} // two bytes each
		return s
	}
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		c := f.client()
		skip := &executor.Options{SkipValidation: true}
		_, err := c.Deploy(t.Context(), large(52_000), skip)
		if err == nil || !strings.Contains(err.Error(), "Uploader") || len(f.calls) > 0 {
			t.Errorf("without an uploader: got %v after %v", err, f.calls)
		}
		stored := store{}
		c.Uploader = stored
		if _, err := c.Deploy(t.Context(), large(52_000), skip); err != nil {
			t.Error(err)
		}
		if in := f.sets[0]; in.TemplateBody != nil || !strings.HasPrefix(aws.ToString(in.TemplateURL), "https://example.com/jobs/") || len(stored) != 1 {
			t.Errorf("sent %v, stored %v", aws.ToString(in.TemplateURL), stored)
		}
		if _, err = c.Deploy(t.Context(), large(1_100_000), skip); err == nil || !strings.Contains(err.Error(), "1048576") {
			t.Errorf("over the limit: got %v", err)
		}
		if _, err = c.Deploy(t.Context(), large(1_100_000), nil); err == nil || strings.Count(err.Error(), "1048576") != 1 {
			t.Errorf("over the limit, and validated: got %v", err)
		}
	})
}

func TestABadNameIsToldBeforeAnyCall(t *testing.T) {
	f := newFake()
	for _, s := range []*stack.Stack{topic("9lives"), topic(""), {Name: "jobs"}, nil} {
		if _, err := f.client().Deploy(t.Context(), s, nil); err == nil || len(f.calls) > 0 {
			t.Errorf("got %v after %v", err, f.calls)
		}
	}
	bad := topic("jobs")
	stack.Add(bad.Template, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"X": fn.RefOf[fn.String]("Nobody")}})
	if _, err := f.client().Deploy(t.Context(), bad, nil); err == nil || len(f.calls) > 0 {
		t.Errorf("a template that does not validate: got %v after %v", err, f.calls)
	}
}
