package local_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

const (
	together = `{"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "news"}},
		"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Join": ["-", ["q", {"Fn::GetAtt": "Topic.TopicName"}]]}}}}}`
	topicAlone = `{"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "news"}}},
		"Outputs": {"Name": {"Value": {"Fn::GetAtt": "Topic.TopicName"}, "Export": {"Name": "topic-name"}}}}`
	queueAlone = `{"Resources": {"Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Join": ["-", ["q", {"Fn::ImportValue": "topic-name"}]]}}}}}`
)

func definitions(pairs ...string) []types.StackDefinition {
	var list []types.StackDefinition
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, types.StackDefinition{StackName: &pairs[i], TemplateBody: &pairs[i+1]})
	}
	return list
}

// refactor makes a stack refactor and describes it.
func refactor(t *testing.T, api *cloudformation.Client, in *cloudformation.CreateStackRefactorInput) *cloudformation.DescribeStackRefactorOutput {
	t.Helper()
	made, err := api.CreateStackRefactor(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := api.DescribeStackRefactor(t.Context(), &cloudformation.DescribeStackRefactorInput{StackRefactorId: made.StackRefactorId})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// physical are the physical IDs of a stack by logical ID.
func physical(t *testing.T, api *cloudformation.Client, name string) map[string]string {
	t.Helper()
	out, err := api.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: &name})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for _, r := range out.StackResources {
		ids[*r.LogicalResourceId] = *r.PhysicalResourceId
	}
	return ids
}

func TestARefactorMovesAResourceIntoANewStack(t *testing.T) {
	api := client(localtest.New(t))
	create(t, api, "work", together)
	was := physical(t, api, "work")
	f := refactor(t, api, &cloudformation.CreateStackRefactorInput{StackDefinitions: definitions("work", topicAlone, "queues", queueAlone), EnableStackCreation: aws.Bool(true)})
	equal(t, types.StackRefactorStatusCreateComplete, f.Status)
	equal(t, types.StackRefactorExecutionStatusAvailable, f.ExecutionStatus)
	actions, err := api.ListStackRefactorActions(t.Context(), &cloudformation.ListStackRefactorActionsInput{StackRefactorId: f.StackRefactorId})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, 2, len(actions.StackRefactorActions))
	move := actions.StackRefactorActions[1]
	equal(t, types.StackRefactorActionTypeMove, move.Action)
	equal(t, was["Queue"], *move.PhysicalResourceId)
	equal(t, types.StackRefactorDetectionAuto, move.Detection)
	equal(t, "Jobs", *move.ResourceMapping.Destination.LogicalResourceId)
	if _, err := api.ExecuteStackRefactor(t.Context(), &cloudformation.ExecuteStackRefactorInput{StackRefactorId: f.StackRefactorId}); err != nil {
		t.Fatal(err)
	}
	f, err = api.DescribeStackRefactor(t.Context(), &cloudformation.DescribeStackRefactorInput{StackRefactorId: f.StackRefactorId})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackRefactorExecutionStatusExecuteComplete, f.ExecutionStatus)
	equal(t, map[string]string{"Topic": was["Topic"]}, physical(t, api, "work"))
	equal(t, map[string]string{"Jobs": was["Queue"]}, physical(t, api, "queues"))
	equal(t, types.StackStatusUpdateComplete, describe(t, api, "work").StackStatus)
	equal(t, types.StackStatusCreateComplete, describe(t, api, "queues").StackStatus)
	// The new stack is like any other: what it imports holds.
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackStatusUpdateComplete, describe(t, api, "work").StackStatus)
	list, err := api.ListStackRefactors(t.Context(), &cloudformation.ListStackRefactorsInput{})
	if err != nil || len(list.StackRefactorSummaries) != 1 {
		t.Errorf("got %v, %v", list, err)
	}
}

func TestARefactorRenamesByItsMappings(t *testing.T) {
	api := client(localtest.New(t))
	create(t, api, "work", resources(`"A": {"Type": "AWS::SNS::Topic"}, "B": {"Type": "AWS::SNS::Topic"}`))
	was := physical(t, api, "work")
	at := func(id string) *types.ResourceLocation {
		return &types.ResourceLocation{StackName: aws.String("work"), LogicalResourceId: &id}
	}
	f := refactor(t, api, &cloudformation.CreateStackRefactorInput{
		StackDefinitions: definitions("work", resources(`"C": {"Type": "AWS::SNS::Topic"}, "D": {"Type": "AWS::SNS::Topic"}`)),
		ResourceMappings: []types.ResourceMapping{{Source: at("A"), Destination: at("D")}, {Source: at("B"), Destination: at("C")}},
	})
	equal(t, "", aws.ToString(f.StatusReason))
	if _, err := api.ExecuteStackRefactor(t.Context(), &cloudformation.ExecuteStackRefactorInput{StackRefactorId: f.StackRefactorId}); err != nil {
		t.Fatal(err)
	}
	equal(t, map[string]string{"C": was["B"], "D": was["A"]}, physical(t, api, "work"))
	_, err := api.ExecuteStackRefactor(t.Context(), &cloudformation.ExecuteStackRefactorInput{StackRefactorId: f.StackRefactorId})
	refusedWith(t, err, "ValidationError", "Stack refactor "+*f.StackRefactorId+" cannot be executed in its current execution status of [EXECUTE_COMPLETE]")
}

func TestARefactorChangesNothing(t *testing.T) {
	api := client(localtest.New(t))
	create(t, api, "work", together)
	for want, list := range map[string][]types.StackDefinition{
		"Stack Refactor does not support deleting resources. Affected resources of stack work: [Queue]":  definitions("work", topicAlone),
		"Stack Refactor does not support creating resources. Affected resources of stack work: [More]":   definitions("work", together[:len(together)-2]+`, "More": {"Type": "AWS::SNS::Topic"}}}`),
		"Stack Refactor does not support modifying resources. Affected resources of stack work: [Topic]": definitions("work", `{"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "other"}}, "Queue": {"Type": "AWS::SQS::Queue"}}}`),
	} {
		f := refactor(t, api, &cloudformation.CreateStackRefactorInput{StackDefinitions: list})
		equal(t, types.StackRefactorStatusCreateFailed, f.Status)
		equal(t, types.StackRefactorExecutionStatusUnavailable, f.ExecutionStatus)
		equal(t, want, aws.ToString(f.StatusReason))
	}
	_, err := api.CreateStackRefactor(t.Context(), &cloudformation.CreateStackRefactorInput{StackDefinitions: definitions("work", topicAlone, "queues", queueAlone)})
	refusedWith(t, err, "ValidationError", "Stack with id queues does not exist")
	_, err = api.DescribeStackRefactor(t.Context(), &cloudformation.DescribeStackRefactorInput{StackRefactorId: aws.String("none")})
	refusedWith(t, err, "StackRefactorNotFoundException", "Stack refactor none does not exist")
}

// What only shows when the resources have moved brings everything back.
func TestARefactorThatGoesWrongIsRolledBack(t *testing.T) {
	api := client(localtest.New(t))
	create(t, api, "work", together)
	was := physical(t, api, "work")
	other := `{"Resources": {"Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Join": ["-", ["other", {"Fn::ImportValue": "topic-name"}]]}}}}}`
	f := refactor(t, api, &cloudformation.CreateStackRefactorInput{StackDefinitions: definitions("work", topicAlone, "queues", other), EnableStackCreation: aws.Bool(true)})
	equal(t, types.StackRefactorExecutionStatusAvailable, f.ExecutionStatus)
	if _, err := api.ExecuteStackRefactor(t.Context(), &cloudformation.ExecuteStackRefactorInput{StackRefactorId: f.StackRefactorId}); err != nil {
		t.Fatal(err)
	}
	f, err := api.DescribeStackRefactor(t.Context(), &cloudformation.DescribeStackRefactorInput{StackRefactorId: f.StackRefactorId})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackRefactorExecutionStatusRollbackComplete, f.ExecutionStatus)
	equal(t, "Stack Refactor does not support modifying resources. Affected resources of stack queues: [Jobs]", aws.ToString(f.ExecutionStatusReason))
	equal(t, was, physical(t, api, "work"))
	equal(t, types.StackStatusUpdateRollbackComplete, describe(t, api, "work").StackStatus)
}
