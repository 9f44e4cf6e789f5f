package executor_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

func TestATemplateFileIsSentAsItIs(t *testing.T) {
	const yaml = "# a comment\nParameters:\n  Name: {Type: String}\n  Size: {Type: Number, Default: 3}\nResources:\n  R: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name}}\n"
	const json = "{\n  \"Resources\": {\"R\": {\"Type\": \"AWS::SNS::Topic\", \"Properties\": {\"X\": 1e2}}}\n}\n"
	for _, test := range []struct{ name, text, want, err string }{
		{"YAML", yaml, yaml, ""},
		{"JSON is minified", json, `{"Resources":{"R":{"Type":"AWS::SNS::Topic","Properties":{"X":1e2}}}}`, ""},
		{"bad JSON", `{"Resources": {"R": ]}}`, "", "line 1, column 21"},
		{"bad YAML", "Resources:\n\t- x", "", "line 2"},
		{"no template", "hello: world", "", "no resources"},
		{"nothing", "", "", "empty"},
		{"a macro in YAML", "Resources:\n  R:\n    Type: AWS::SNS::Topic\n    Fn::Transform: {Name: M}\n", "", "CAPABILITY_NAMED_IAM and CAPABILITY_AUTO_EXPAND"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				s := &stack.Stack{Name: "jobs"}
				if test.name == "YAML" {
					s.Parameters = map[string]string{"Name": "n"}
				}
				_, err := f.client().Deploy(t.Context(), s, &executor.Options{TemplateBody: []byte(test.text), Capabilities: []types.Capability{}})
				if test.err != "" {
					if err == nil || !strings.Contains(err.Error(), test.err) || len(f.calls) > 0 {
						t.Errorf("got %v after %v, want %q", err, f.calls, test.err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if got := *f.sets[0].TemplateBody; got != test.want {
					t.Errorf("sent %q", got)
				}
			})
		})
	}
}

func TestIntents(t *testing.T) {
	s := topic("jobs")
	for _, p := range []struct {
		name string
		p    stack.Parameter
	}{{"Set", stack.Parameter{}}, {"Kept", stack.Parameter{Default: "d"}}, {"Reset", stack.Parameter{Default: "d"}}, {"New", stack.Parameter{Default: "d"}}} {
		s.Template.Parameter(p.name, p.p)
	}
	s.Parameters = map[string]string{"Set": "v"}
	intents := func(of map[string]executor.Intent) *executor.Options { return &executor.Options{Parameters: of} }
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.put("jobs", stack.UpdateComplete).Parameters = []types.Parameter{{ParameterKey: aws.String("Kept")}, {ParameterKey: aws.String("Reset")}, {ParameterKey: aws.String("Set")}}
		_, err := f.client().Deploy(t.Context(), s, intents(map[string]executor.Intent{"Kept": executor.UsePreviousValue, "Reset": executor.UseDefault}))
		if err != nil {
			t.Fatal(err)
		}
		want := []types.Parameter{{ParameterKey: aws.String("Set"), ParameterValue: aws.String("v")}, {ParameterKey: aws.String("Kept"), UsePreviousValue: aws.Bool(true)}}
		if d := cmp.Diff(want, f.sets[0].Parameters, cmpopts.IgnoreUnexported(types.Parameter{})); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		for name, test := range map[string]struct {
			intents map[string]executor.Intent
			want    string
		}{
			"no previous value": {map[string]executor.Intent{"New": executor.UsePreviousValue}, "Parameters.New: the previous value"},
			"both":              {map[string]executor.Intent{"Set": executor.UseDefault}, "both a value and an intent"},
			"unknown":           {map[string]executor.Intent{"Nev": executor.UseDefault}, "did you mean New?"},
		} {
			if _, err := f.client().Deploy(t.Context(), s, intents(test.intents)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})
}

// 21: what excludes each other is told before any call.
func TestEdge21OptionsThatExcludeEachOther(t *testing.T) {
	for _, test := range []struct {
		opts executor.Options
		want string
	}{
		{executor.Options{DisableRollback: true, OnStackFailure: types.OnStackFailureDelete}, "exclude each other"},
		{executor.Options{OnStackFailure: "EXPLODE"}, "use ROLLBACK, DELETE or DO_NOTHING"},
		{executor.Options{Mode: "SLOW"}, "use STANDARD or EXPRESS"},
		{executor.Options{StackPolicyBody: "{"}, "no JSON"},
	} {
		f := newFake()
		if _, err := f.client().Deploy(t.Context(), topic("jobs"), &test.opts); err == nil || !strings.Contains(err.Error(), test.want) || len(f.calls) > 0 {
			t.Errorf("got %v after %v, want %q", err, f.calls, test.want)
		}
	}
}

func TestEdge21RollbackIsDisabledInOnePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		if _, err := f.client().Deploy(t.Context(), topic("a"), &executor.Options{DisableRollback: true}); err != nil {
			t.Fatal(err)
		}
		if f.sets[0].DeploymentConfig != nil || !aws.ToBool(f.runs[0].DisableRollback) {
			t.Error("standard: it belongs into ExecuteChangeSet")
		}
		if _, err := f.client().Deploy(t.Context(), topic("b"), &executor.Options{Mode: types.DeploymentConfigModeExpress}); err != nil {
			t.Fatal(err)
		}
		config := f.sets[1].DeploymentConfig
		if config == nil || config.Mode != types.DeploymentConfigModeExpress || config.DisableRollback == nil || *config.DisableRollback || f.runs[1].DisableRollback != nil {
			t.Errorf("express: got %+v", config)
		}
	})
}

func TestEdge20ReplacementWithoutRollbackIsToldBeforeItRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.put("jobs", stack.UpdateComplete)
		f.changes = []types.Change{{ResourceChange: &types.ResourceChange{Action: types.ChangeActionModify, LogicalResourceId: aws.String("R"), Replacement: types.ReplacementTrue, PolicyAction: types.PolicyActionReplaceAndDelete}}}
		_, err := f.client().Deploy(t.Context(), topic("jobs"), &executor.Options{DisableRollback: true})
		if _, ok := errors.AsType[*executor.RefusedError](err); !ok || !strings.Contains(err.Error(), "R would be replaced") || len(f.runs) > 0 || len(f.live["jobs"].sets) > 0 {
			t.Errorf("got %v", err)
		}
	})
}

func TestPolicyAndProtectionAreSetAtAGoodEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		c := f.client()
		opts := &executor.Options{StackPolicyBody: `{"Statement":[]}`, TerminationProtection: aws.Bool(true)}
		f.fails["bad"] = "limit exceeded"
		if _, err := c.Deploy(t.Context(), topic("bad"), opts); err == nil || len(f.policies)+len(f.protects) > 0 {
			t.Fatalf("a failure: got %v, %d policies", err, len(f.policies))
		}
		for range 2 { // the second time unchanged
			if _, err := c.Deploy(t.Context(), topic("jobs"), opts); err != nil {
				t.Fatal(err)
			}
		}
		if len(f.policies) != 2 || len(f.protects) != 1 || !*f.protects[0].EnableTerminationProtection {
			t.Errorf("%d policies, %d protections, want 2 and 1", len(f.policies), len(f.protects))
		}
		if _, err := c.Delete(t.Context(), "jobs", &executor.DeleteOptions{DisableTerminationProtection: true}); err != nil || f.live["jobs"] != nil {
			t.Errorf("deletion: %v", err)
		}
	})
}

func TestRollbackTriggersAreSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		config := &types.RollbackConfiguration{RollbackTriggers: []types.RollbackTrigger{{Arn: aws.String("arn:alarm"), Type: aws.String("AWS::CloudWatch::Alarm")}}}
		_, err := f.client().Deploy(t.Context(), topic("jobs"), &executor.Options{RollbackConfiguration: config, ImportExistingResources: true, OnStackFailure: types.OnStackFailureDelete, RoleARN: "arn:role"})
		in := f.sets[0]
		if err != nil || in.RollbackConfiguration != config || !aws.ToBool(in.ImportExistingResources) || in.OnStackFailure != types.OnStackFailureDelete || *in.RoleARN != "arn:role" {
			t.Errorf("got %+v, %v", in, err)
		}
	})
}

func TestForcedDeletionIsForDeleteFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := f.put("jobs", stack.UpdateComplete)
		force := &executor.DeleteOptions{Force: true}
		if _, err := f.client().Delete(t.Context(), "jobs", force); err == nil || len(f.deletes) > 0 {
			t.Errorf("got %v", err)
		}
		s.StackStatus = types.StackStatusDeleteFailed
		if _, err := f.client().Delete(t.Context(), "jobs", force); err != nil || f.deletes[0].DeletionMode != types.DeletionModeForceDeleteStack {
			t.Errorf("got %v", err)
		}
	})
}

func TestFindingsOfEarlyValidation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.found = []types.OperationEvent{
			{EventType: types.EventTypeStackEvent},
			{EventType: types.EventTypeValidationError, LogicalResourceId: aws.String("B"), ValidationName: aws.String("BUCKET_EMPTY"), ValidationStatusReason: aws.String("it is not empty"), ValidationFailureMode: types.HookFailureModeWarn},
		}
		p, err := f.client().Plan(t.Context(), topic("jobs"), nil)
		if err != nil {
			t.Fatal(err)
		}
		want := []executor.Finding{{Name: "BUCKET_EMPTY", LogicalID: "B", Reason: "it is not empty"}}
		if d := cmp.Diff(want, p.Findings); d != "" {
			t.Errorf("warnings (-want +got)\n%s", d)
		}
		f.invalid = "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]."
		f.found = append(f.found, types.OperationEvent{EventType: types.EventTypeValidationError, LogicalResourceId: aws.String("R"), ValidationName: aws.String("PROPERTY_VALIDATION"), ValidationPath: aws.String("/Resources/R/Properties/X"), ValidationStatusReason: aws.String("no such property"), ValidationFailureMode: types.HookFailureModeFail})
		_, err = f.client().Deploy(t.Context(), topic("other"), nil)
		invalid, ok := errors.AsType[*executor.ValidationError](err)
		if !ok || len(invalid.Findings) != 2 || !invalid.Findings[0].Blocks || !strings.HasSuffix(err.Error(), "R (/Resources/R/Properties/X): no such property [PROPERTY_VALIDATION]") {
			t.Errorf("got %v", err)
		}
	})
}

func TestPropertyValues(t *testing.T) {
	change := func(id, before, after string) types.Change {
		target := &types.ResourceTargetDefinition{Attribute: types.ResourceAttributeProperties, Name: aws.String("X")}
		if before != "" {
			target.BeforeValue, target.AfterValue, target.Path = &before, &after, aws.String("/Properties/X")
		}
		return types.Change{ResourceChange: &types.ResourceChange{Action: types.ChangeActionModify, LogicalResourceId: &id, Details: []types.ResourceChangeDetail{{Target: target}}}}
	}
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.put("jobs", stack.UpdateComplete)
		f.changes = []types.Change{change("A", "", ""), change("B", "", "")}
		f.valued = []types.Change{change("A", "1", "2")} // CloudFormation leaves B out
		p, err := f.client().Plan(t.Context(), topic("jobs"), &executor.Options{PropertyValues: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Changes) != 2 || p.Changes[0].Properties[0].Before != "1" || p.Changes[0].Properties[0].After != "2" || len(p.Changes[1].Properties) != 1 {
			t.Errorf("got %+v", p.Changes)
		}
		f.put("other", stack.UpdateComplete)
		if p, err = f.client().Plan(t.Context(), topic("other"), nil); err != nil || p.Changes[0].Properties[0].Before != "" {
			t.Errorf("without: got %+v, %v", p, err)
		}
	})
}

var _ executor.API = (*cloudformation.Client)(nil)
