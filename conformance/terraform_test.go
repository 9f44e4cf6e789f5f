package conformance

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
)

// TestCallsAsOfTerraform makes the calls that Terraform's resource for stacks makes: directly, without change
// sets or waiters, each with a token, and polls by the stack's ID.
func TestCallsAsOfTerraform(t *testing.T) {
	api := goClient(t)
	p := &poller{T: t, api: api}
	ctx := t.Context()
	delay := func(value string) []types.Parameter {
		return []types.Parameter{{ParameterKey: aws.String("Delay"), ParameterValue: aws.String(value)}}
	}
	create := &cloudformation.CreateStackInput{
		StackName: aws.String("work"), TemplateBody: aws.String(jobs), ClientRequestToken: aws.String("terraform-1"),
		Parameters: delay("1"), OnFailure: types.OnFailureRollback, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("jobs")}},
	}
	made, err := api.CreateStack(ctx, create)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := api.CreateStack(ctx, create); err != nil || *again.StackId != *made.StackId {
		t.Errorf("the same call again: %v, %v", again, err)
	}
	p.id = *made.StackId
	described := p.until(types.StackStatusCreateComplete)
	if len(described.Outputs) == 0 || len(described.Tags) != 1 || *described.Parameters[0].ParameterValue != "1" {
		t.Errorf("got %+v", described)
	}
	template, err := api.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &p.id, TemplateStage: types.TemplateStageOriginal})
	if err != nil || *template.TemplateBody != jobs {
		t.Errorf("the template is %v, %v", template, err)
	}

	update := &cloudformation.UpdateStackInput{StackName: &p.id, TemplateBody: aws.String(jobs), ClientRequestToken: aws.String("terraform-2"), Parameters: delay("2"), Tags: create.Tags}
	if _, err := api.UpdateStack(ctx, update); err != nil {
		t.Fatal(err)
	}
	p.until(types.StackStatusUpdateComplete)
	update.ClientRequestToken = aws.String("terraform-3")
	_, err = api.UpdateStack(ctx, update)
	if refused, ok := errors.AsType[smithy.APIError](err); !ok || refused.ErrorCode() != "ValidationError" || refused.ErrorMessage() != "No updates are to be performed." {
		t.Errorf("an update that changes nothing: %v", err)
	}

	if _, err := api.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: aws.String("work"), ClientRequestToken: aws.String("terraform-4")}); err != nil {
		t.Fatal(err)
	}
	p.until(types.StackStatusDeleteComplete)
	_, err = api.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String("work")})
	if err == nil || !strings.Contains(err.Error(), "Stack with id work does not exist") {
		t.Errorf("by its name the deleted stack is %v", err)
	}
}

// poller asks for a stack, by its ID, until it is done.
type poller struct {
	*testing.T
	api *cloudformation.Client
	id  string
}

func (p *poller) until(status types.StackStatus) types.Stack {
	p.Helper()
	for {
		out, err := p.api.DescribeStacks(p.Context(), &cloudformation.DescribeStacksInput{StackName: &p.id})
		if err != nil {
			p.Fatal(err)
		}
		s := out.Stacks[0]
		if !strings.HasSuffix(string(s.StackStatus), "_IN_PROGRESS") {
			if s.StackStatus != status {
				p.Fatalf("%s, want %s", s.StackStatus, status)
			}
			return s
		}
		time.Sleep(10 * time.Millisecond)
	}
}
