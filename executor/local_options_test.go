package executor_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
)

func TestAFileWithItsSettingsOnTheEmbeddedCloud(t *testing.T) {
	c := clientOf(localtest.New(t))
	ctx := t.Context()
	const text = "# kept\nParameters: {Name: {Type: String, Default: d}}\nResources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}\n"
	const policy = `{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}`
	opts := &executor.Options{TemplateBody: []byte(text), StackPolicyBody: policy, TerminationProtection: aws.Bool(true)}
	s := &stack.Stack{Name: "jobs", Parameters: map[string]string{"Name": "n"}}
	if _, err := c.Deploy(ctx, s, opts); err != nil {
		t.Fatal(err)
	}
	api := c.API.(*cloudformation.Client)
	name := &cloudformation.GetTemplateInput{StackName: aws.String("jobs")}
	if out, err := api.GetTemplate(ctx, name); err != nil || *out.TemplateBody != text {
		t.Errorf("the template: got %v, %v", out, err)
	}
	if out, err := api.GetStackPolicy(ctx, &cloudformation.GetStackPolicyInput{StackName: aws.String("jobs")}); err != nil || aws.ToString(out.StackPolicyBody) != policy {
		t.Errorf("the policy: got %v, %v", out, err)
	}
	d, err := c.Describe(ctx, "jobs")
	if err != nil || !d.TerminationProtection || d.Status != stack.CreateComplete {
		t.Errorf("the stack: got %+v, %v", d, err)
	}
	s.Parameters = nil
	if r, err := c.Deploy(ctx, s, opts); err != nil || !r.Unchanged {
		t.Errorf("the previous value: got %+v, %v", r, err)
	}
	opts.Parameters = map[string]executor.Intent{"Name": executor.UseDefault}
	if r, err := c.Deploy(ctx, s, opts); err != nil || r.Unchanged {
		t.Errorf("the default: got %+v, %v", r, err)
	}
	if _, err := c.Delete(ctx, "jobs", nil); err == nil || !strings.Contains(err.Error(), "termination protection is on") {
		t.Errorf("deletion: got %v", err)
	}
	if _, err := c.Delete(ctx, "jobs", &executor.DeleteOptions{DisableTerminationProtection: true}); err != nil {
		t.Errorf("deletion: got %v", err)
	}
}

func TestAnUpdateIsCancelledOnTheEmbeddedCloud(t *testing.T) {
	cloud := localtest.New(t)
	c := clientOf(cloud)
	ctx := t.Context()
	s := exporter("jobs")
	if _, err := c.Deploy(ctx, s, nil); err != nil {
		t.Fatal(err)
	}
	cloud.Delay = 500 * time.Millisecond
	stack.Add(s.Template, "More", &stack.Untyped{Type: "AWS::SNS::Topic"})
	p, err := c.Plan(ctx, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	run, err := c.Apply(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	other, err := c.Attach(ctx, "jobs", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Cancel(ctx, nil); err != nil {
		t.Fatal(err)
	}
	for _, r := range []*executor.Run{run, other} {
		_, err := r.Wait(ctx)
		if failed, ok := errors.AsType[*executor.OperationError](err); !ok || failed.Status != stack.UpdateRollbackComplete {
			t.Errorf("got %v, want it rolled back", err)
		}
	}
}
