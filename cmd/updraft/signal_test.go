package main

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

func TestSignals(t *testing.T) {
	cloud, url := served(t)
	api := cloudformation.NewFromConfig(cloud.Config())
	template := `{"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
		"Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "600"}},
		"Queue": {"Type": "AWS::SQS::Queue", "CreationPolicy": {"ResourceSignal": {}}}}, "Outputs": {"Data": {"Value": {"Fn::GetAtt": "Wait.Data"}}}}`
	cloud.Endpoint = url
	if _, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("web"), TemplateBody: &template}); err != nil {
		t.Fatal(err)
	}
	found, err := api.DescribeStackResource(t.Context(), &cloudformation.DescribeStackResourceInput{StackName: aws.String("web"), LogicalResourceId: aws.String("Handle")})
	if err != nil {
		t.Fatal(err)
	}
	handle := aws.ToString(found.StackResourceDetail.PhysicalResourceId)
	code, out, errs := updraft(t, "", "signal", "-e", "0", "-i", "a", "-d", "10.0.0.1", handle)
	if code != 0 || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	has(t, "the answer", out, "signaled successfully with SUCCESS")
	code, _, errs = updraft(t, "", "signal", "-i", "a", handle+"0")
	if code != 1 {
		t.Errorf("exit %d for an altered URL", code)
	}
	has(t, "the refusal", errs, "updraft: signal http://127.0.0.1:", "?…: HTTP status 403: SignatureDoesNotMatch: ")
	if code, _, errs = updraft(t, "", "signal", "--stack", "web", "--resource", "Queue", "-i", "a", "--url", url); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	code, _, errs = updraft(t, "", "watch", "web", "--endpoint", url)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	_, out, _ = updraft(t, "", "outputs", "web", "--endpoint", url)
	has(t, "the outputs", out, `{"a":"10.0.0.1"}`)
	code, _, errs = updraft(t, "", "signal", "--stack", "web", "--resource", "Queue", "-i", "a", "--url", url)
	if code != 1 {
		t.Errorf("exit %d for a signal after the end", code)
	}
	has(t, "the refusal", errs, "is in CREATE_COMPLETE state and cannot be signaled")
	if code, _, _ = updraft(t, "", "signal", "--nonsense"); code != 2 {
		t.Errorf("exit %d for an unknown flag", code)
	}
}
