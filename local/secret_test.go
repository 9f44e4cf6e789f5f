package local_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// A recorder keeps all that a cloud answers.
type recorder struct {
	cloud *local.Cloud
	all   bytes.Buffer
}

func (r *recorder) RoundTrip(q *http.Request) (*http.Response, error) {
	answer, err := r.cloud.RoundTrip(q)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	r.all.Write(body)
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return answer, nil
}

// What a NoEcho parameter says is in no answer, whatever it is composed into.
func TestSecretsAreNotTold(t *testing.T) {
	cloud := localtest.New(t)
	tap := &recorder{cloud: cloud}
	config := cloud.Config()
	config.HTTPClient = &http.Client{Transport: tap}
	api := cloudformation.NewFromConfig(config)
	const form = `{"Parameters": {"Password": {"Type": "String", "NoEcho": true, "Default": "hunter1"}}, "Resources": {
		"A": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::Sub": "x${Password}y"}}},
		"B": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Fn::Join": ["", ["a", {"Ref": "Password"}]]}}},
		"C": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": {"Ref": "Password"}, "Value": {"Fn::GetAtt": "B.Value"}}}}}`
	create(t, api, "work", form, "Password", "hunter2")
	for name, value := range map[string]string{"first": "hunter3", "second": "hunter4"} {
		set, err := api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
			StackName: aws.String("next"), ChangeSetName: &name, ChangeSetType: types.ChangeSetTypeCreate,
			TemplateBody: aws.String(form), Parameters: params("Password", value),
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = api.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: set.Id, IncludePropertyValues: aws.Bool(true)})
		if err != nil {
			t.Fatal(err)
		}
	}
	lines(t, api, "work")
	describe(t, api, "work")
	if _, err := api.GetTemplateSummary(t.Context(), &cloudformation.GetTemplateSummaryInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
	if i := strings.Index(tap.all.String(), "hunter"); i >= 0 {
		t.Errorf("a secret is told: …%s…", tap.all.String()[max(0, i-200):i+20])
	}
	if !strings.Contains(tap.all.String(), "****") {
		t.Error("nothing is masked")
	}
}
