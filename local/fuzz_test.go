package local_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/local"
)

// post sends a form as no client of AWS's would, and returns the status.
func post(t *testing.T, cloud *local.Cloud, form url.Values) int {
	t.Helper()
	form.Set("Version", "2010-05-15")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://cloudformation.local", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := cloud.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode
}

// Whatever is sent as a template is deployed or refused: there is no panic, no fault of the cloud's
// own, and nothing that never comes to rest.
func FuzzTemplate(f *testing.F) {
	for _, body := range []string{
		topic, chain, provided, resources(queue), `{"Resources": {"a": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}}}`,
		"Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Condition: C\nConditions:\n  C: !Equals [!Ref 'AWS::Region', x]\n",
		`{"Parameters": {"P": {"Type": "List<Number>", "Default": "1,2"}}, "Resources": {"Q": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::Select": [1, {"Ref": "P"}]}}}}, "Outputs": {"O": {"Value": {"Fn::Join": [",", {"Ref": "P"}]}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-x"}}}}}`,
		`{"Mappings": {"M": {"a": {"b": ["x"]}}}, "Resources": {"Q": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Fn::FindInMap": ["M", "a", "b"]}, "Tags": [{"Fn::If": ["N", {"Key": "a", "Value": "b"}, {"Ref": "AWS::NoValue"}]}]}}}, "Conditions": {"N": {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}}}`,
		`{"Transform": "AWS::LanguageExtensions", "Resources": {"Fn::ForEach::X": ["A", ["x", "y"], {"Q${A}": {"Type": "AWS::SQS::Queue", "DeletionPolicy": {"Fn::If": ["N", "Retain", "Delete"]}, "Properties": {"DelaySeconds": {"Fn::Length": [1, 2]}}}}]}, "Conditions": {"N": {"Fn::Equals": ["a", "b"]}}}`,
		resources(`"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}}}`),
		resources(`"S": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://b.s3.amazonaws.com/k", "Parameters": {"A": 1}}}, "X": {"Type": "Custom::X", "Properties": {"ServiceToken": "t"}}`),
		resources(`"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "{{resolve:ssm:x:1}}"}, "CreationPolicy": {"ResourceSignal": {"Count": 0, "Timeout": "PT1S"}}}`),
		waiting("0"), `{"Resources": []}`, `{"Resources": {"Q": null}}`, `[]`, `{`, "\x00", `{"Resources": {"Q": {"Type": {"Ref": "X"}}}}`, `{"Outputs": {"O": 1}, "Resources": {"Q": {"Type": "AWS::SQS::Queue", "DependsOn": {"a": 1}}}}`,
	} {
		f.Add(body, topic)
		f.Add(topic, body)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		cloud := &local.Cloud{Seed: 1}
		for _, form := range []url.Values{
			{"Action": {"CreateStack"}, "StackName": {"s"}, "TemplateBody": {first}, "Capabilities.member.1": {"CAPABILITY_NAMED_IAM"}, "Capabilities.member.2": {"CAPABILITY_AUTO_EXPAND"}},
			{"Action": {"CreateChangeSet"}, "StackName": {"s"}, "ChangeSetName": {"c"}, "TemplateBody": {second}, "Capabilities.member.1": {"CAPABILITY_NAMED_IAM"}, "Capabilities.member.2": {"CAPABILITY_AUTO_EXPAND"}},
			{"Action": {"DescribeChangeSet"}, "StackName": {"s"}, "ChangeSetName": {"c"}, "IncludePropertyValues": {"true"}},
			{"Action": {"ExecuteChangeSet"}, "StackName": {"s"}, "ChangeSetName": {"c"}},
			{"Action": {"DescribeStackEvents"}, "StackName": {"s"}},
			{"Action": {"DescribeStacks"}, "StackName": {"s"}},
			{"Action": {"GetTemplateSummary"}, "StackName": {"s"}},
			{"Action": {"ValidateTemplate"}, "TemplateBody": {second}},
			{"Action": {"DeleteStack"}, "StackName": {"s"}},
		} {
			if status := post(t, cloud, form); status >= 500 {
				t.Errorf("%s: status %d", form.Get("Action"), status)
			}
		}
		if err := cloud.Close(); err != nil {
			t.Error(err)
		}
	})
}
