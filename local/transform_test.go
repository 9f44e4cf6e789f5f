package local_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// processed creates a stack of a template and returns what its transforms made of it.
func processed(t *testing.T, cloud *local.Cloud, template string, parameters ...string) string {
	t.Helper()
	api := client(cloud)
	_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("work"), TemplateBody: &template, Parameters: params(parameters...),
		Capabilities: []types.Capability{types.CapabilityCapabilityAutoExpand},
	})
	if err != nil {
		t.Fatal(err)
	}
	if s := describe(t, api, "work"); s.StackStatus != types.StackStatusCreateComplete {
		t.Fatalf("%s: %q", s.StackStatus, lines(t, api, "work"))
	}
	out, err := api.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: aws.String("work"), TemplateStage: types.TemplateStageProcessed})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.TemplateBody)
}

func TestLanguageExtensions(t *testing.T) {
	const head = `{"Transform": "AWS::LanguageExtensions", "Parameters": {"Names": {"Type": "CommaDelimitedList", "Default": "a,b-c"}}, "Mappings": {"M": {"k": {"v": "w"}}}, `
	for _, tt := range []struct{ name, rest, want string }{
		{"loop over a parameter", `"Resources": {"Fn::ForEach::Queues": ["Name", {"Ref": "Names"}, {"Q&{Name}": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "${Name}-jobs"}}}}]}}`,
			`"Resources":{"Qa":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"a-jobs"}},"Qbc":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"b-c-jobs"}}}`},
		{"loops in loops", `"Resources": {"Fn::ForEach::X": ["A", ["1", "2"], {"Fn::ForEach::Y": ["B", ["x"], {"Q${A}${B}": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "B"}}}}]}]}}`,
			`"Resources":{"Q1x":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"x"}},"Q2x":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"x"}}}`},
		{"length", `"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": {"Fn::Length": {"Ref": "Names"}}}}}}`, `"DelaySeconds":2`},
		{"json", `"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::ToJsonString": {"a": [1]}}}}}}`, `"DisplayName":"{\"a\":[1]}"`},
		{"json of a resource", `"Resources": {"Q": {"Type": "AWS::SQS::Queue"}, "T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::ToJsonString": {"a": {"Ref": "Q"}}}}}}}`, `{"Fn::ToJsonString":{"a":{"Ref":"Q"}}}`},
		{"default", `"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::FindInMap": ["M", "no", "v", {"DefaultValue": "d"}]}}}}}`, `"DisplayName":"d"`},
	} {
		t.Run(tt.name, func(t *testing.T) { wantIn(t, processed(t, localtest.New(t), head+tt.rest), tt.want) })
	}
}

func TestInclude(t *testing.T) {
	cloud := localtest.New(t)
	send(t, cloud, "PUT", "http://cloudformation.local/parts", "")
	send(t, cloud, "PUT", "http://cloudformation.local/parts/queue.yaml", "DelaySeconds: 3\nQueueName: !Ref Name\n")
	template := `{"Parameters": {"Name": {"Type": "String"}, "Bucket": {"Type": "String"}},
		"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 9, "Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": {"Fn::Sub": "s3://${Bucket}/queue.yaml"}}}}}}}`
	wantIn(t, processed(t, cloud, template, "Name", "jobs", "Bucket", "parts"), `{"VisibilityTimeout":9,"DelaySeconds":3,"QueueName":{"Ref":"Name"}}`)
	wantIn(t, ask(t, cloud, "AmazonSQS.GetQueueAttributes", `{"QueueUrl": "jobs", "AttributeNames": ["All"]}`), `"DelaySeconds":"3"`)
}

func TestTransformsThatFail(t *testing.T) {
	api := client(localtest.New(t))
	template := resources(`"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://none/x"}}}}`)
	_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: &template})
	refusedWith(t, err, "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_AUTO_EXPAND]")
	_, err = api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: &template, Capabilities: []types.Capability{types.CapabilityCapabilityAutoExpand}})
	if err != nil {
		t.Fatal(err)
	}
	const why = "Transform AWS::Include failed with: S3 bucket [none] does not exist."
	equal(t, []string{
		"work CREATE_IN_PROGRESS: User Initiated",
		"work ROLLBACK_IN_PROGRESS: " + why + " Rollback requested by user.",
		"work ROLLBACK_COMPLETE",
	}, lines(t, api, "work"))
	_, err = api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{StackName: aws.String("other"), ChangeSetName: aws.String("set"), ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: &template})
	if err != nil {
		t.Fatal(err)
	}
	set, err := api.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{StackName: aws.String("other"), ChangeSetName: aws.String("set")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, why, aws.ToString(set.StatusReason))
	for name, body := range map[string]string{
		"layout": `{"Transform": "AWS::LanguageExtensions", "Resources": {"Fn::ForEach::X": ["A", "b"]}}`,
		"huge":   hugeLoops(),
		"macro":  `{"Transform": ["Mine"], "Resources": {` + queue + `}}`,
	} {
		create(t, api, name, body)
		equal(t, types.StackStatusRollbackComplete, describe(t, api, name).StackStatus)
	}
}

func TestPoliciesMayBeFunctions(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	template := `{"Parameters": {"Keep": {"Type": "String"}}, "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}, "DeletionPolicy": {"Ref": "Keep"}}}}`
	_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: &template, Parameters: params("Keep", "Perhaps")})
	refusedWith(t, err, "ValidationError", `Template error: Unrecognized DeletionPolicy "Perhaps" for resource Q`)
	create(t, api, "work", template, "Keep", "Retain")
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
	wantIn(t, ask(t, cloud, "AmazonSQS.GetQueueUrl", `{"QueueName": "jobs"}`), "/jobs")
}

// hugeLoops is a small template of loops in loops that would make a hundred million resources.
func hugeLoops() string {
	return `{"Transform": "AWS::LanguageExtensions", "Parameters": {"L": {"Type": "CommaDelimitedList", "Default": "` + strings.Repeat("x,", 9_999) + `x"}}, "Resources": {"Fn::ForEach::A": ["A", {"Ref": "L"}, {"Fn::ForEach::B": ["B", {"Ref": "L"}, {"Q${A}${B}": {"Type": "AWS::SQS::Queue", "Metadata": {"a": [1, 2, 3]}}}]}]}}`
}
