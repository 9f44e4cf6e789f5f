package local_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

func named(name, label string) string {
	return `"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "` + name + `", "DisplayName": "` + label + `"}}, ` + queue
}

func statement(effect, action, resource, condition string) string {
	return `{"Effect": "` + effect + `", "Action": "` + action + `", "Principal": "*", "Resource": "` + resource + `"` + condition + `}`
}

func TestStackPoliciesAreEnforced(t *testing.T) {
	allowAll := statement("Allow", "Update:*", "*", "")
	onlyTopics := `, "Condition": {"StringEquals": {"ResourceType": ["AWS::SNS::Topic"]}}`
	for _, tt := range []struct{ name, policy, template, want string }{
		{"empty", `{}`, named("t", "b"), ""},
		{"deny", `{"Statement": [` + statement("Deny", "Update:*", "*", "") + `]}`, named("t", "b"),
			"Action denied by stack policy: Statement [#1] does not allow [Update:Modify] for resource [LogicalResourceId/T]"},
		{"deny beats allow", `{"Statement": [` + allowAll + `,` + statement("Deny", "Update:Replace", "LogicalResourceId/T", "") + `]}`, named("other", "b"),
			"Action denied by stack policy: Statement [#2] does not allow [Update:Replace] for resource [LogicalResourceId/T]"},
		{"other action", `{"Statement": [` + allowAll + `,` + statement("Deny", "Update:Replace", "LogicalResourceId/T", "") + `]}`, named("t", "b"), ""},
		{"type", `{"Statement": [` + allowAll + `,` + statement("Deny", "Update:Delete", "*", onlyTopics) + `]}`, queue,
			"Action denied by stack policy: Statement [#2] does not allow [Update:Delete] for resource [LogicalResourceId/T]"},
		{"not allowed", `{"Statement": [` + statement("Allow", "Update:*", "LogicalResourceId/Q", "") + `]}`, named("t", "b"),
			"Action denied by stack policy: no statement allows [Update:Modify] for resource [LogicalResourceId/T]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			api := client(localtest.New(t))
			create(t, api, "work", resources(named("t", "a")))
			if _, err := api.SetStackPolicy(t.Context(), &cloudformation.SetStackPolicyInput{StackName: aws.String("work"), StackPolicyBody: &tt.policy}); err != nil {
				t.Fatal(err)
			}
			s := update(t, api, "work", resources(tt.template))
			if tt.want == "" {
				equal(t, types.StackStatusUpdateComplete, s.StackStatus)
				return
			}
			equal(t, types.StackStatusUpdateRollbackComplete, s.StackStatus)
			equal(t, true, contains(lines(t, api, "work"), "T UPDATE_FAILED: "+tt.want))
			// A roll-back is not held up, and the policy of one update holds for that one only.
			_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{
				StackName: aws.String("work"), TemplateBody: aws.String(resources(tt.template)), StackPolicyDuringUpdateBody: aws.String(`{"Statement": [` + allowAll + `]}`),
			})
			if err != nil {
				t.Fatal(err)
			}
			equal(t, types.StackStatusUpdateComplete, describe(t, api, "work").StackStatus)
			out, err := api.GetStackPolicy(t.Context(), &cloudformation.GetStackPolicyInput{StackName: aws.String("work")})
			if err != nil {
				t.Fatal(err)
			}
			equal(t, tt.policy, aws.ToString(out.StackPolicyBody))
		})
	}
}

func TestStackPoliciesAreChecked(t *testing.T) {
	api := client(localtest.New(t))
	for _, policy := range []string{
		`x`, `[]`, `{"Effect": "Allow"}`, `{"Statement": ["x"]}`,
		`{"Statement": [` + statement("Perhaps", "Update:*", "*", "") + `]}`,
		`{"Statement": [` + statement("Deny", "Delete:*", "*", "") + `]}`,
		`{"Statement": [{"Effect": "Deny", "Action": "Update:*", "Principal": "me", "Resource": "*"}]}`,
		`{"Statement": [` + statement("Deny", "Update:*", "*", `, "Condition": {"Bool": {"x": "y"}}`) + `]}`,
	} {
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{
			StackName: aws.String("work"), TemplateBody: aws.String(resources(queue)), StackPolicyBody: &policy,
		})
		refusedWith(t, err, "ValidationError", "Error validating stack policy: Invalid stack policy")
	}
}

func contains(list []string, want string) bool {
	for _, s := range list {
		if s == want {
			return true
		}
	}
	return false
}
