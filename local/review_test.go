package local_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

// The CDK reads the template of a stack before it executes the change set that creates it.
func TestAStackInReviewHasNoTemplate(t *testing.T) {
	api := client(localtest.New(t))
	_, err := api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
		StackName: aws.String("work"), ChangeSetName: aws.String("set"), ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: aws.String(topic1),
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := api.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: aws.String("work")})
	if err != nil || out.TemplateBody != nil {
		t.Errorf("got %v, %v", aws.ToString(out.TemplateBody), err)
	}
}
