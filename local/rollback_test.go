package local_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// A needs nothing, B needs A, C needs B.
const chain = `{"Parameters": {"Value": {"Type": "String", "Default": "one"}}, "Resources": {
	"A": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Value"}}},
	"B": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::Sub": "${A.TopicName} ${Value}"}}},
	"C": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Value"}}, "DependsOn": "B"}},
	"Outputs": {"Value": {"Value": {"Ref": "Value"}}}}`

func TestAFailedCreationIsRolledBackInReverse(t *testing.T) {
	cloud := localtest.New(t)
	cloud.Fail(local.Fault{LogicalID: "B", Action: local.Create, Reason: "no more topics"})
	api := client(cloud)
	s := create(t, api, "work", chain)
	equal(t, types.StackStatusRollbackComplete, s.StackStatus)
	equal(t, []string{
		"work CREATE_IN_PROGRESS: User Initiated",
		"A CREATE_IN_PROGRESS",
		"A CREATE_IN_PROGRESS: Resource creation Initiated",
		"A CREATE_COMPLETE",
		"B CREATE_IN_PROGRESS",
		"B CREATE_FAILED: no more topics",
		"work ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [B]. Rollback requested by user.",
		"A DELETE_IN_PROGRESS",
		"A DELETE_COMPLETE",
		"work ROLLBACK_COMPLETE",
	}, lines(t, api, "work"))
	_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(topic)})
	refusedWith(t, err, "ValidationError", "Stack:"+*s.StackId+" is in ROLLBACK_COMPLETE state and can not be updated.")
}

func TestWhatFollowsAFailedCreation(t *testing.T) {
	for _, tt := range []struct {
		name   string
		in     cloudformation.CreateStackInput
		status types.StackStatus
		reason string
	}{
		{"disabled", cloudformation.CreateStackInput{DisableRollback: aws.Bool(true)}, types.StackStatusCreateFailed, "The following resource(s) failed to create: [B]. "},
		{"nothing", cloudformation.CreateStackInput{OnFailure: types.OnFailureDoNothing}, types.StackStatusCreateFailed, "The following resource(s) failed to create: [B]. "},
		{"rollback", cloudformation.CreateStackInput{OnFailure: types.OnFailureRollback}, types.StackStatusRollbackComplete, ""},
		{"delete", cloudformation.CreateStackInput{OnFailure: types.OnFailureDelete}, types.StackStatusDeleteComplete, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cloud := localtest.New(t)
			cloud.Fail(local.Fault{LogicalID: "B", Reason: "no", Times: 1})
			api := client(cloud)
			tt.in.StackName, tt.in.TemplateBody = aws.String("work"), aws.String(chain)
			out, err := api.CreateStack(t.Context(), &tt.in)
			if err != nil {
				t.Fatal(err)
			}
			s := describe(t, api, *out.StackId)
			equal(t, tt.status, s.StackStatus)
			equal(t, tt.reason, aws.ToString(s.StackStatusReason))
		})
	}
}

// What is being made when another resource fails is cancelled.
func TestTheOthersAreCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Minute}
		defer cloud.Close()
		cloud.Fail(local.Fault{LogicalID: "Slow", Delay: time.Hour, Action: local.Create}, local.Fault{LogicalID: "Bad", Reason: "no"})
		api := client(cloud)
		create(t, api, "work", `{"Resources": {"Slow": {"Type": "AWS::SQS::Queue"}, "Bad": {"Type": "AWS::SNS::Topic"}}}`)
		time.Sleep(3 * time.Minute)
		equal(t, []string{
			"work CREATE_IN_PROGRESS: User Initiated",
			"Slow CREATE_IN_PROGRESS",
			"Slow CREATE_IN_PROGRESS: Resource creation Initiated",
			"Bad CREATE_IN_PROGRESS",
			"Bad CREATE_FAILED: no",
			"Slow CREATE_FAILED: Resource creation cancelled",
			"work ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Bad]. Rollback requested by user.",
			"Slow DELETE_IN_PROGRESS",
			"Slow DELETE_COMPLETE",
			"work ROLLBACK_COMPLETE",
		}, lines(t, api, "work"))
	})
}

func TestAFailedUpdateIsRolledBack(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	create(t, api, "work", chain)
	before := len(lines(t, api, "work"))
	cloud.Fail(local.Fault{LogicalID: "B", Action: local.Update, Reason: "no", Times: 1})
	s := update(t, api, "work", `{"Parameters": {"Value": {"Type": "String"}}, "Resources": {
		"A": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Value"}}},
		"B": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::Sub": "${A.TopicName} ${Value}"}}},
		"D": {"Type": "AWS::SNS::Topic"}},
		"Outputs": {"Value": {"Value": {"Ref": "Value"}}}}`, "Value", "two")
	equal(t, types.StackStatusUpdateRollbackComplete, s.StackStatus)
	equal(t, "one", *s.Outputs[0].OutputValue)
	equal(t, "one", *s.Parameters[0].ParameterValue)
	equal(t, []string{
		"work UPDATE_IN_PROGRESS: User Initiated",
		"A UPDATE_IN_PROGRESS",
		"D CREATE_IN_PROGRESS",
		"D CREATE_IN_PROGRESS: Resource creation Initiated",
		"A UPDATE_COMPLETE",
		"B UPDATE_IN_PROGRESS",
		"D CREATE_COMPLETE",
		"B UPDATE_FAILED: no",
		"work UPDATE_ROLLBACK_IN_PROGRESS: The following resource(s) failed to update: [B]. ",
		"A UPDATE_IN_PROGRESS",
		"A UPDATE_COMPLETE",
		"B UPDATE_IN_PROGRESS",
		"B UPDATE_COMPLETE",
		"work UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
		"D DELETE_IN_PROGRESS",
		"D DELETE_COMPLETE",
		"work UPDATE_ROLLBACK_COMPLETE",
	}, lines(t, api, "work")[before:])
	s = update(t, api, "work", chain, "Value", "three")
	equal(t, types.StackStatusUpdateComplete, s.StackStatus)
}

// A replacement that fails later gives way to the resource that it was to replace.
func TestAReplacementIsRolledBack(t *testing.T) {
	const form = `{"Parameters": {"Name": {"Type": "String"}}, "Resources": {
		"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}}},
		"B": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "A"}}}},
		"Outputs": {"A": {"Value": {"Ref": "A"}}}}`
	cloud := localtest.New(t)
	api := client(cloud)
	create(t, api, "work", form, "Name", "one")
	before := len(lines(t, api, "work"))
	cloud.Fail(local.Fault{LogicalID: "B", Action: local.Update, Reason: "no", Times: 1})
	s := update(t, api, "work", form, "Name", "two")
	equal(t, types.StackStatusUpdateRollbackComplete, s.StackStatus)
	equal(t, "arn:aws:sns:us-east-1:123456789012:one", *s.Outputs[0].OutputValue)
	equal(t, []string{
		"work UPDATE_IN_PROGRESS: User Initiated",
		"A UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.",
		"A UPDATE_IN_PROGRESS: Resource creation Initiated",
		"A UPDATE_COMPLETE",
		"B UPDATE_IN_PROGRESS",
		"B UPDATE_FAILED: no",
		"work UPDATE_ROLLBACK_IN_PROGRESS: The following resource(s) failed to update: [B]. ",
		"A UPDATE_IN_PROGRESS",
		"A UPDATE_COMPLETE",
		"B UPDATE_IN_PROGRESS",
		"B UPDATE_COMPLETE",
		"work UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
		"A DELETE_IN_PROGRESS",
		"A DELETE_COMPLETE",
		"work UPDATE_ROLLBACK_COMPLETE",
	}, lines(t, api, "work")[before:])
	s = update(t, api, "work", form, "Name", "three")
	equal(t, "arn:aws:sns:us-east-1:123456789012:three", *s.Outputs[0].OutputValue)
}

func TestADeletionThatFailsCanBeRepeated(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	id := *create(t, api, "work", chain).StackId
	cloud.Fail(local.Fault{LogicalID: "B", Action: local.Delete, Reason: "still in use"})
	remove := func(retain ...string) types.Stack {
		t.Helper()
		if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: &id, RetainResources: retain}); err != nil {
			t.Fatal(err)
		}
		return describe(t, api, id)
	}
	s := remove()
	equal(t, types.StackStatusDeleteFailed, s.StackStatus)
	equal(t, "The following resource(s) failed to delete: [B]. ", *s.StackStatusReason)
	before := len(lines(t, api, id))
	equal(t, types.StackStatusDeleteComplete, remove("B").StackStatus)
	equal(t, []string{
		"work DELETE_IN_PROGRESS: User Initiated", "B DELETE_SKIPPED", "A DELETE_IN_PROGRESS", "A DELETE_COMPLETE", "work DELETE_COMPLETE",
	}, lines(t, api, id)[before:])
}

func TestCancellingAnUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Minute}
		defer cloud.Close()
		api := client(cloud)
		create(t, api, "work", chain)
		time.Sleep(10 * time.Minute)
		s := update(t, api, "work", chain, "Value", "two")
		equal(t, types.StackStatusUpdateInProgress, s.StackStatus)
		_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: s.StackId, TemplateBody: aws.String(topic)})
		refusedWith(t, err, "ValidationError", "Stack:"+*s.StackId+" is in UPDATE_IN_PROGRESS state and can not be updated.")
		if _, err := api.CancelUpdateStack(t.Context(), &cloudformation.CancelUpdateStackInput{StackName: s.StackId, ClientRequestToken: aws.String("stop")}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		s = describe(t, api, "work")
		equal(t, types.StackStatusUpdateRollbackComplete, s.StackStatus)
		_, err = api.CancelUpdateStack(t.Context(), &cloudformation.CancelUpdateStackInput{StackName: s.StackId})
		refusedWith(t, err, "ValidationError", "CancelUpdateStack cannot be called from current stack status")
	})
}

// A stack can be deleted while it is being created, and no sooner than its resources can be.
func TestDeletingWhatIsBeingCreated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Minute}
		defer cloud.Close()
		api := client(cloud)
		id := *create(t, api, "work", chain).StackId
		time.Sleep(90 * time.Second)
		if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: &id}); err != nil {
			t.Fatal(err)
		}
		equal(t, types.StackStatusDeleteInProgress, describe(t, api, id).StackStatus)
		time.Sleep(5 * time.Minute)
		equal(t, types.StackStatusDeleteComplete, describe(t, api, id).StackStatus)
	})
}

func TestACreationThatTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Hour}
		defer cloud.Close()
		api := client(cloud)
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(topic), TimeoutInMinutes: aws.Int32(5)})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Hour)
		equal(t, types.StackStatusRollbackComplete, describe(t, api, "work").StackStatus)
		equal(t, "work ROLLBACK_IN_PROGRESS: Stack creation time exceeded the specified timeout. Rollback requested by user.", lines(t, api, "work")[4])
	})
}

// A stack whose failed creation was left as it was is completed by an update.
func TestAFailedCreationIsCompletedByAnUpdate(t *testing.T) {
	cloud := localtest.New(t)
	cloud.Fail(local.Fault{LogicalID: "B", Reason: "no", Times: 1})
	api := client(cloud)
	_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(chain), DisableRollback: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	before := len(lines(t, api, "work"))
	_, err = api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(chain), DisableRollback: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackStatusUpdateComplete, describe(t, api, "work").StackStatus)
	equal(t, []string{
		"work UPDATE_IN_PROGRESS: User Initiated",
		"B CREATE_IN_PROGRESS",
		"B CREATE_IN_PROGRESS: Resource creation Initiated",
		"B CREATE_COMPLETE",
		"C CREATE_IN_PROGRESS",
		"C CREATE_IN_PROGRESS: Resource creation Initiated",
		"C CREATE_COMPLETE",
		"work UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
		"work UPDATE_COMPLETE",
	}, lines(t, api, "work")[before:])
}

// The time limit of a creation does not touch the roll-back.
func TestTheTimeoutIsOverWhenTheRollbackBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: 4 * time.Minute}
		defer cloud.Close()
		cloud.Fail(local.Fault{LogicalID: "B", Reason: "no"}, local.Fault{Action: local.Delete, Delay: time.Hour})
		api := client(cloud)
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(chain), TimeoutInMinutes: aws.Int32(10)})
		if err != nil {
			t.Fatal(err)
		}
		settle()
		equal(t, types.StackStatusRollbackComplete, describe(t, api, "work").StackStatus)
	})
}
