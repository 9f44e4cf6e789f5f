package local_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

func TestADriftAwareChangeSetBringsResourcesBack(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	template := aws.String(resources(`"Q": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 5}}, "T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "news"}}, "S": {"Type": "AWS::SNS::Topic"}`))
	create(t, api, "work", *template)
	was := physical(t, api, "work")
	if err := cloud.Change("work", "Q", map[string]any{"DelaySeconds": 9}); err != nil {
		t.Fatal(err)
	}
	if err := cloud.Change("work", "T", nil); err != nil {
		t.Fatal(err)
	}
	plain := changes(t, api, &cloudformation.CreateChangeSetInput{TemplateBody: template})
	equal(t, types.ChangeSetStatusFailed, plain.Status) // an ordinary change set sees no drift
	if _, err := api.DeleteChangeSet(t.Context(), &cloudformation.DeleteChangeSetInput{ChangeSetName: plain.ChangeSetId}); err != nil {
		t.Fatal(err)
	}
	set := changes(t, api, &cloudformation.CreateChangeSetInput{TemplateBody: template, DeploymentMode: types.DeploymentModeRevertDrift})
	equal(t, types.DeploymentModeRevertDrift, set.DeploymentMode)
	equal(t, types.StackDriftStatusDrifted, set.StackDriftStatus)
	equal(t, 2, len(set.Changes))
	q, topic := set.Changes[0].ResourceChange, set.Changes[1].ResourceChange
	equal(t, types.ChangeActionModify, q.Action)
	equal(t, types.StackResourceDriftStatusModified, q.ResourceDriftStatus)
	equal(t, types.ChangeActionAdd, topic.Action)
	equal(t, types.StackResourceDriftStatusDeleted, topic.ResourceDriftStatus)
	equal(t, types.StackStatusUpdateComplete, execute(t, api).StackStatus)
	equal(t, was, physical(t, api, "work"))
	if _, err := api.DetectStackDrift(t.Context(), &cloudformation.DetectStackDriftInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackDriftStatusInSync, describe(t, api, "work").DriftInformation.StackDriftStatus)
	_, err := api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{StackName: aws.String("new"), ChangeSetName: aws.String("set"), ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: template, DeploymentMode: types.DeploymentModeRevertDrift})
	refusedWith(t, err, "ValidationError", "DeploymentMode REVERT_DRIFT can only be specified when ChangeSetType is UPDATE")
}
