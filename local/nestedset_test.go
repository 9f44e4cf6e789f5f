package local_test

import (
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// described returns a change set by its ARN.
func described(t *testing.T, api *cloudformation.Client, id *string) *cloudformation.DescribeChangeSetOutput {
	t.Helper()
	out, err := api.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: id})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAChangeSetIncludesThoseOfNestedStacks(t *testing.T) {
	cloud, url := forest(t)
	api := client(cloud)
	root := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate, IncludeNestedStacks: aws.Bool(true), TemplateBody: aws.String(trunk(url, "one", "1"))})
	equal(t, types.ChangeSetStatusCreateComplete, root.Status)
	branch := described(t, api, root.Changes[0].ResourceChange.ChangeSetId)
	equal(t, true, regexp.MustCompile(`^set-Branch-[A-Z0-9]{12}$`).MatchString(*branch.ChangeSetName))
	equal(t, *root.ChangeSetId, *branch.ParentChangeSetId)
	equal(t, true, *branch.IncludeNestedStacks)
	leaf := described(t, api, branch.Changes[0].ResourceChange.ChangeSetId)
	equal(t, *branch.ChangeSetId, *leaf.ParentChangeSetId)
	equal(t, *root.ChangeSetId, *leaf.RootChangeSetId)
	equal(t, "AWS::SNS::Topic", *leaf.Changes[0].ResourceChange.ResourceType)
	_, err := api.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: leaf.ChangeSetId})
	refusedWith(t, err, "ValidationError", "ExecuteChangeSet can only be performed on the root change set ["+*root.ChangeSetId+"]")
	equal(t, types.StackStatusCreateComplete, execute(t, api).StackStatus)
	child := describe(t, api, *leaf.StackId)
	equal(t, types.StackStatusCreateComplete, child.StackStatus)
	equal(t, *leaf.ChangeSetId, *child.ChangeSetId)
	equal(t, types.ExecutionStatusExecuteComplete, described(t, api, leaf.ChangeSetId).ExecutionStatus)
}

func TestNestedStacksThatDoNotChangeAreLeftOut(t *testing.T) {
	cloud, url := forest(t)
	api := client(cloud)
	create(t, api, "work", trunk(url, "one", "1"))
	same := changes(t, api, &cloudformation.CreateChangeSetInput{IncludeNestedStacks: aws.Bool(true), TemplateBody: aws.String(trunk(url, "one", "1"))})
	equal(t, types.ChangeSetStatusFailed, same.Status)
	if _, err := api.DeleteChangeSet(t.Context(), &cloudformation.DeleteChangeSetInput{ChangeSetName: same.ChangeSetId}); err != nil {
		t.Fatal(err)
	}
	set := changes(t, api, &cloudformation.CreateChangeSetInput{IncludeNestedStacks: aws.Bool(true), TemplateBody: aws.String(trunk(url, "one", "2"))})
	equal(t, 1, len(set.Changes))
	equal(t, "Q", *set.Changes[0].ResourceChange.LogicalResourceId)
	equal(t, types.StackStatusUpdateComplete, execute(t, api).StackStatus)
}

func TestANestedChangeSetThatFailsFailsTheOuterOne(t *testing.T) {
	cloud, url := forest(t)
	api := client(cloud)
	root := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate, IncludeNestedStacks: aws.Bool(true),
		TemplateBody: aws.String(`{"Resources": {"Branch": ` + nestOf(url("branch"), `"Nothing": "x"`, "") + `, "Good": ` + nestOf(url("branch"), `"Label": "x"`, "") + `}}`)})
	equal(t, types.ChangeSetStatusFailed, root.Status)
	equal(t, types.ExecutionStatusUnavailable, root.ExecutionStatus)
	equal(t, true, regexp.MustCompile(`^Nested change set arn:aws:cloudformation:us-east-1:123456789012:changeSet/set-Branch-\w+/[-0-9a-f]+ was not successfully created: Currently in FAILED\.$`).MatchString(*root.StatusReason))
	if len(root.Changes) != 2 {
		t.Fatalf("it tells %d changes, want 2", len(root.Changes))
	}
	// The others are made nevertheless, and each tells of itself.
	for i, want := range []types.ChangeSetStatus{types.ChangeSetStatusFailed, types.ChangeSetStatusCreateComplete} {
		nested := described(t, api, root.Changes[i].ResourceChange.ChangeSetId)
		equal(t, want, nested.Status)
		operation := map[types.ChangeSetStatus]string{types.ChangeSetStatusFailed: "FAILED", types.ChangeSetStatusCreateComplete: "SUCCEEDED"}[want]
		equal(t, []string{"CREATE_CHANGESET " + operation}, operations(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: nested.ChangeSetId}))
	}
	if _, err := api.DeleteChangeSet(t.Context(), &cloudformation.DeleteChangeSetInput{ChangeSetName: root.ChangeSetId}); err != nil {
		t.Fatal(err)
	}
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
	left, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	if err != nil || len(left.Stacks) > 0 {
		t.Errorf("left: %v, %v", left.Stacks, err)
	}
}
