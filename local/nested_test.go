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

// nestedTemplates puts templates into a bucket and returns a function that gives their URL.
func nestedTemplates(t *testing.T, cloud *local.Cloud, templates map[string]string) func(string) string {
	t.Helper()
	send(t, cloud, "PUT", "http://cloudformation.local/nest", "")
	for name, body := range templates {
		send(t, cloud, "PUT", "http://cloudformation.local/nest/"+name, body)
	}
	return func(name string) string { return "https://nest.s3.amazonaws.com/" + name }
}

func nestOf(url, parameters, rest string) string {
	return `{"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "` + url + `", "Parameters": {` + parameters + `}}` + rest + `}`
}

const leaf = `{"Parameters": {"Label": {"Type": "String"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Label"}}}},
	"Outputs": {"Label": {"Value": {"Fn::Sub": "<${T.DisplayName}>"}}}}`

// trunk nests a branch, which nests a leaf, and has a queue that waits for the branch.
func trunk(url func(string) string, label, delay string) string {
	return `{"Resources": {"Branch": ` + nestOf(url("branch"), `"Label": "`+label+`"`, "") + `,
		"Q": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": ` + delay + `, "QueueName": {"Fn::Select": [0, {"Fn::Split": ["<", {"Fn::Join": ["", ["jobs", {"Fn::GetAtt": ["Branch", "Outputs.Label"]}]]}]}]}}}},
		"Outputs": {"Id": {"Value": {"Ref": "Branch"}}, "Label": {"Value": {"Fn::GetAtt": ["Branch", "Outputs.Label"]}}}}`
}

func forest(t *testing.T) (*local.Cloud, func(string) string) {
	t.Helper()
	cloud := localtest.New(t)
	url := nestedTemplates(t, cloud, map[string]string{"leaf": leaf})
	send(t, cloud, "PUT", "http://cloudformation.local/nest/branch", `{"Parameters": {"Label": {"Type": "String"}}, "Resources": {"Leaf": `+
		nestOf(url("leaf"), `"Label": {"Fn::Sub": "a ${Label}"}`, "")+`}, "Outputs": {"Label": {"Value": {"Fn::GetAtt": "Leaf.Outputs.Label"}}}}`)
	return cloud, url
}

func TestNestedStacks(t *testing.T) {
	cloud, url := forest(t)
	api := client(cloud)
	s := create(t, api, "work", trunk(url, "one", "1"))
	if s.StackStatus != types.StackStatusCreateComplete {
		t.Fatalf("%q", lines(t, api, "work"))
	}
	equal(t, "<a one>", aws.ToString(s.Outputs[1].OutputValue))
	branch := describe(t, api, aws.ToString(s.Outputs[0].OutputValue))
	equal(t, aws.ToString(s.StackId), aws.ToString(branch.ParentId))
	equal(t, true, strings.HasPrefix(aws.ToString(branch.StackName), "work-Branch-"))
	out, err := api.ListStacks(t.Context(), &cloudformation.ListStacksInput{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, 3, len(out.StackSummaries))
	equal(t, aws.ToString(s.StackId), aws.ToString(out.StackSummaries[0].RootId))

	s = update(t, api, "work", trunk(url, "two", "2"))
	equal(t, types.StackStatusUpdateComplete, s.StackStatus)
	equal(t, "<a two>", aws.ToString(s.Outputs[1].OutputValue))
	equal(t, types.StackStatusUpdateComplete, describe(t, api, *branch.StackId).StackStatus)
	// Nothing changes, yet CloudFormation looks into the nested stack.
	events := len(lines(t, api, *branch.StackId))
	equal(t, types.StackStatusUpdateComplete, update(t, api, "work", trunk(url, "two", "2")).StackStatus)
	equal(t, events+5, len(lines(t, api, *branch.StackId))) // for the stack that is nested in it

	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackStatusDeleteComplete, describe(t, api, *branch.StackId).StackStatus)
	left, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	if err != nil || len(left.Stacks) != 0 {
		t.Errorf("%v stacks are left, %v", left.Stacks, err)
	}
}

func TestANestedStackThatFailsIsDeleted(t *testing.T) {
	cloud, url := forest(t)
	cloud.Fail(local.Fault{LogicalID: "T", Action: local.Create, Reason: "no topics today"})
	api := client(cloud)
	s := create(t, api, "work", trunk(url, "one", "1"))
	equal(t, types.StackStatusRollbackComplete, s.StackStatus)
	var told string
	for _, line := range lines(t, api, "work") {
		if strings.HasPrefix(line, "Branch CREATE_FAILED") {
			told = line
		}
	}
	wantIn(t, told, "Branch CREATE_FAILED: Embedded stack arn:aws:cloudformation:us-east-1:123456789012:stack/work-Branch-", " was not successfully created: The following resource(s) failed to create: [Leaf]. ")
}

func TestNestedStacksRollBackWithTheOuterOne(t *testing.T) {
	cloud, url := forest(t)
	api := client(cloud)
	s := create(t, api, "work", trunk(url, "one", "1"))
	branch := aws.ToString(s.Outputs[0].OutputValue)
	for _, fault := range []local.Fault{
		{LogicalID: "Q", Action: local.Update, Reason: "no", Times: 1}, // after the nested update has gone well
		{LogicalID: "T", Action: local.Update, Reason: "no", Times: 1}, // in the innermost stack
	} {
		cloud.Fail(fault)
		s = update(t, api, "work", trunk(url, "two", "2"))
		if s.StackStatus != types.StackStatusUpdateRollbackComplete {
			t.Fatalf("%s: %q\n%q", s.StackStatus, lines(t, api, "work"), lines(t, api, branch))
		}
		equal(t, "<a one>", aws.ToString(s.Outputs[1].OutputValue))
		inner := describe(t, api, branch)
		equal(t, types.StackStatusUpdateRollbackComplete, inner.StackStatus)
		equal(t, "<a one>", aws.ToString(inner.Outputs[0].OutputValue))
	}
	equal(t, types.StackStatusUpdateComplete, update(t, api, "work", trunk(url, "two", "2")).StackStatus)
	equal(t, "<a two>", aws.ToString(describe(t, api, branch).Outputs[0].OutputValue))
}

func TestNestedStacksThatCannotBe(t *testing.T) {
	cloud, url := forest(t)
	api := client(cloud)
	for name, tt := range map[string]struct{ template, want string }{
		"missing":   {resources(`"S": ` + nestOf(url("none"), "", "")), "S CREATE_FAILED: S3 error: The specified key does not exist."},
		"parameter": {resources(`"S": ` + nestOf(url("leaf"), "", "")), "S CREATE_FAILED: Parameters: [Label] must have values"},
		"list":      {resources(`"S": ` + nestOf(url("leaf"), `"Label": ["a"]`, "")), "#/Parameters/Label: expected type: String, found: JSONArray"},
	} {
		equal(t, types.StackStatusRollbackComplete, create(t, api, name, tt.template).StackStatus)
		wantIn(t, strings.Join(lines(t, api, name), "\n"), tt.want)
	}
	_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("x"), TemplateBody: aws.String(`{"Resources": {"S": ` + nestOf(url("leaf"), "", "") + `}, "Outputs": {"O": {"Value": {"Fn::GetAtt": ["S", "Label"]}}}}`)})
	refusedWith(t, err, "ValidationError", "Template error: resource S does not support attribute type Label in Fn::GetAtt")
}
