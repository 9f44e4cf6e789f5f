package local_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

const (
	notValid  = "Validation failed with 1 error(s). Call DescribeEvents to retrieve the full list of issues with resource and property details, resolve each error, then retry the operation."
	redQueue  = `"Red": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}`
	redReason = "FAIL PROPERTY_VALIDATION /Resources/Red/Properties #: extraneous key [Colour] is not permitted"
)

func TestAStackIsValidatedBeforeItIsCreated(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   cloudformation.CreateStackInput
		want []string
	}{
		{"rolled back", cloudformation.CreateStackInput{}, []string{"ROLLBACK_IN_PROGRESS: " + notValid + " Rollback requested by user.", "ROLLBACK_COMPLETE"}},
		{"left", cloudformation.CreateStackInput{DisableRollback: aws.Bool(true)}, []string{"CREATE_FAILED: " + notValid}},
		{"deleted", cloudformation.CreateStackInput{OnFailure: types.OnFailureDelete}, []string{"DELETE_IN_PROGRESS: " + notValid + " Delete requested by user.", "DELETE_COMPLETE"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			api := client(foreseeing(t))
			tt.in.StackName, tt.in.TemplateBody = aws.String("work"), aws.String(resources(redQueue+", "+queue))
			out, err := api.CreateStack(t.Context(), &tt.in)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"work CREATE_IN_PROGRESS: User Initiated"}
			for _, w := range tt.want {
				want = append(want, "work "+w)
			}
			equal(t, want, lines(t, api, *out.StackId))
			of := &cloudformation.DescribeEventsInput{OperationId: out.OperationId}
			equal(t, []string{redReason}, findings(t, api, of))
			equal(t, []string{"CREATE_STACK FAILED"}, operations(t, api, of))
		})
	}
}

func TestAnUpdateIsValidatedBeforeItBegins(t *testing.T) {
	api := client(foreseeing(t))
	create(t, api, "work", resources(queue))
	in := &cloudformation.UpdateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(resources(redQueue))}
	out, err := api.UpdateStack(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, []string{redReason}, findings(t, api, &cloudformation.DescribeEventsInput{OperationId: out.OperationId}))
	equal(t, []string{
		"work UPDATE_IN_PROGRESS: User Initiated", "work UPDATE_ROLLBACK_IN_PROGRESS: " + notValid,
		"work UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "work UPDATE_ROLLBACK_COMPLETE",
	}, lines(t, api, "work")[5:])
	equal(t, types.StackStatusUpdateComplete, update(t, api, "work", resources(queue+`, "New": {"Type": "AWS::SQS::Queue"}`)).StackStatus)

	in.DisableRollback = aws.Bool(true)
	if _, err := api.UpdateStack(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	s := describe(t, api, "work")
	equal(t, types.StackStatusUpdateFailed, s.StackStatus)
	equal(t, notValid, aws.ToString(s.StackStatusReason))
}

func TestStacksThatAreNotValidated(t *testing.T) {
	cloud := foreseeing(t)
	api := client(cloud)
	in := &cloudformation.CreateStackInput{StackName: aws.String("disabled"), TemplateBody: aws.String(resources(redQueue)), DisableValidation: aws.Bool(true)}
	if _, err := api.CreateStack(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	const late = "Red CREATE_FAILED: Properties validation failed for resource Red with message:\n#: extraneous key [Colour] is not permitted"
	equal(t, late, lines(t, api, "disabled")[2])
	create(t, api, "updated", resources(queue))
	if _, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("updated"), TemplateBody: in.TemplateBody, DisableValidation: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	equal(t, late, lines(t, api, "updated")[7])

	// Only change sets tell warnings.
	create(t, api, "full", resources(`"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files"}}`))
	send(t, cloud, "PUT", "http://cloudformation.local/files/a", "x")
	equal(t, types.StackStatusUpdateComplete, update(t, api, "full", resources(queue)).StackStatus)
	equal(t, 0, len(findings(t, api, &cloudformation.DescribeEventsInput{StackName: aws.String("full")})))

	api = client(localtest.New(t))
	create(t, api, "work", resources(redQueue))
	equal(t, late, lines(t, api, "work")[2])
}
