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

func TestAnUpdateReplacesWhatMustBeReplaced(t *testing.T) {
	api := client(localtest.New(t))
	create(t, api, "work", `{"Resources": {
		"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "one"}, "UpdateReplacePolicy": "Retain"},
		"B": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "two"}},
		"C": {"Type": "AWS::SNS::Topic"},
		"D": {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain"},
		"E": {"Type": "AWS::SNS::Topic"}}}`)
	before := len(lines(t, api, "work"))
	s := update(t, api, "work", `{"Resources": {
		"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "other"}},
		"B": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "another"}},
		"E": {"Type": "AWS::SNS::Topic"}}}`)
	equal(t, types.StackStatusUpdateComplete, s.StackStatus)
	equal(t, []string{
		"work UPDATE_IN_PROGRESS: User Initiated",
		"A UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.",
		"A UPDATE_IN_PROGRESS: Resource creation Initiated",
		"B UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.",
		"B UPDATE_IN_PROGRESS: Resource creation Initiated",
		"A UPDATE_COMPLETE",
		"B UPDATE_COMPLETE",
		"work UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
		"B DELETE_IN_PROGRESS",
		"A DELETE_SKIPPED",
		"D DELETE_SKIPPED",
		"C DELETE_IN_PROGRESS",
		"B DELETE_COMPLETE",
		"C DELETE_COMPLETE",
		"work UPDATE_COMPLETE",
	}, lines(t, api, "work")[before:])
}

func TestANamedResourceCannotBeReplacedUnderItsName(t *testing.T) {
	api := client(localtest.New(t))
	const form = `{"Parameters": {"Fifo": {"Type": "String"}}, "Resources": {
		"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "one.fifo", "FifoTopic": {"Ref": "Fifo"}}}}}`
	create(t, api, "work", form, "Fifo", "true")
	s := update(t, api, "work", form, "Fifo", "false")
	equal(t, types.StackStatusUpdateRollbackComplete, s.StackStatus)
	equal(t, "A UPDATE_FAILED: CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename one.fifo and update the stack again.", lines(t, api, "work")[7])
}

func TestNoUpdates(t *testing.T) {
	api := client(localtest.New(t))
	create(t, api, "work", topic)
	_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(topic + "\n")})
	refusedWith(t, err, "ValidationError", "No updates are to be performed.")
	_, err = api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("work"), UsePreviousTemplate: aws.Bool(true), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}})
	if err != nil {
		t.Error("tags are an update:", err)
	}
	equal(t, 1, len(describe(t, api, "work").Tags))
}

func TestALeftoverThatCannotBeDeletedDoesNotUndoAnUpdate(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	create(t, api, "work", `{"Resources": {"A": {"Type": "AWS::SNS::Topic"}, "B": {"Type": "AWS::SNS::Topic"}}}`)
	cloud.Fail(local.Fault{LogicalID: "B", Action: local.Delete, Reason: "in use"})
	s := update(t, api, "work", `{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}`)
	equal(t, types.StackStatusUpdateComplete, s.StackStatus)
	equal(t, "Update successful. One or more resources could not be deleted.", aws.ToString(s.StackStatusReason))
}

// Exports hold: they cannot be taken twice, nor changed or let go of while another stack imports them.
func TestExportsHold(t *testing.T) {
	api := client(localtest.New(t))
	const exporter = `{"Parameters": {"Value": {"Type": "String"}}, "Resources": {"A": {"Type": "AWS::SNS::Topic"}},
		"Outputs": {"Value": {"Value": {"Ref": "Value"}, "Export": {"Name": "shared"}}}}`
	const importer = `{"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::ImportValue": "shared"}}}}}`

	s := create(t, api, "early", importer)
	equal(t, types.StackStatusRollbackComplete, s.StackStatus)
	equal(t, "early ROLLBACK_IN_PROGRESS: No export named shared found. Rollback requested by user.", lines(t, api, "early")[1])

	create(t, api, "base", exporter, "Value", "one")
	s = create(t, api, "twin", exporter, "Value", "two")
	equal(t, types.StackStatusRollbackComplete, s.StackStatus)
	equal(t, "twin ROLLBACK_IN_PROGRESS: Export with name shared is already exported by stack base. Rollback requested by user.", lines(t, api, "twin")[4])

	_, err := api.ListImports(t.Context(), &cloudformation.ListImportsInput{ExportName: aws.String("shared")})
	refusedWith(t, err, "ValidationError", "Export 'shared' is not imported by any stack.")
	create(t, api, "first", importer)
	create(t, api, "second", importer)

	s = update(t, api, "base", exporter, "Value", "two")
	equal(t, types.StackStatusUpdateRollbackComplete, s.StackStatus)
	equal(t, "base UPDATE_ROLLBACK_IN_PROGRESS: Export shared cannot be updated as it is in use by first and second", lines(t, api, "base")[6])
	s = update(t, api, "base", `{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}`)
	equal(t, types.StackStatusUpdateRollbackComplete, s.StackStatus)

	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("base")}); err != nil {
		t.Fatal(err)
	}
	s = describe(t, api, "base")
	equal(t, types.StackStatusUpdateRollbackComplete, s.StackStatus)
	equal(t, "Export shared cannot be deleted as it is in use by first and second", aws.ToString(s.StackStatusReason))

	for _, name := range []string{"first", "second", "base"} {
		if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: &name}); err != nil {
			t.Fatal(err)
		}
	}
	out, err := api.ListExports(t.Context(), &cloudformation.ListExportsInput{})
	if err != nil || len(out.Exports) > 0 {
		t.Errorf("%v, %v", out, err)
	}
}

// An export is held from the moment in which a deployment reads it.
func TestAnExportIsHeldWhileItsImporterIsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		api := client(cloud)
		create(t, api, "base", topic)
		cloud.Fail(local.Fault{Stack: "user", Delay: time.Hour})
		s := create(t, api, "user", resources(`"A": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::ImportValue": "jobs-arn"}}}`))
		equal(t, types.StackStatusCreateInProgress, s.StackStatus)
		if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("base")}); err != nil {
			t.Fatal(err)
		}
		equal(t, "Export jobs-arn cannot be deleted as it is in use by user", aws.ToString(describe(t, api, "base").StackStatusReason))
	})
}
