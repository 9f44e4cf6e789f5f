package local_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// operations are the operations on a stack as DescribeEvents tells them, the newest first.
func operations(t *testing.T, api *cloudformation.Client, in *cloudformation.DescribeEventsInput) []string {
	t.Helper()
	out, err := api.DescribeEvents(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range out.OperationEvents {
		if e.EventType == types.EventTypeStackEvent {
			list = append(list, string(e.OperationType)+" "+string(e.OperationStatus))
		} else if e.EventType == types.EventTypeProvisioningError {
			list = append(list, "  "+*e.LogicalResourceId+": "+*e.ResourceStatusReason)
		}
	}
	return list
}

func TestEventsAreOfOperations(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	made, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(topic)})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, []string{"CREATE_STACK SUCCEEDED"}, operations(t, api, &cloudformation.DescribeEventsInput{OperationId: made.OperationId}))
	cloud.Fail(local.Fault{LogicalID: "New", Action: local.Create, Reason: "no", Times: 1})
	update(t, api, "work", resources(`"New": {"Type": "AWS::SQS::Queue"}`))
	set, err := api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{StackName: aws.String("work"), ChangeSetName: aws.String("same"), TemplateBody: aws.String(topic)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
	of := &cloudformation.DescribeEventsInput{StackName: made.StackId}
	equal(t, []string{"DELETE_STACK SUCCEEDED", "CREATE_CHANGESET FAILED", "ROLLBACK SUCCEEDED", "UPDATE_STACK FAILED", "  New: no", "CREATE_STACK SUCCEEDED"}, operations(t, api, of))
	of.Filters = &types.EventFilter{FailedEvents: aws.Bool(true)}
	equal(t, []string{"  New: no"}, operations(t, api, of))
	equal(t, []string{"CREATE_CHANGESET FAILED"}, operations(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: set.Id}))
	for want, in := range map[string]*cloudformation.DescribeEventsInput{
		"One of ChangeSetName, OperationId or StackName must be specified": {},
		"Operation [x] does not exist":                                     {OperationId: aws.String("x")},
		"Stack [x] does not exist":                                         {StackName: aws.String("x")},
	} {
		_, err := api.DescribeEvents(t.Context(), in)
		refusedWith(t, err, "ValidationError", want)
	}
}
