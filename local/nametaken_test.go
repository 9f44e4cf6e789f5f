package local_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

func TestANameThatIsTakenFailsTheCreation(t *testing.T) {
	const handler = `Resource handler returned message: "Resource of type 'AWS::SQS::Queue' with identifier 'jobs' already exists\." \(RequestToken: [-0-9a-f]{36}, HandlerErrorCode: AlreadyExists\)`
	for _, tt := range []struct{ name, resource, policy, want string }{
		{"a bucket of another stack", `"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files"}`, "Delete", "files already exists in stack arn:.*:stack/first/.*"},
		{"a bucket of nobody", `"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files"}`, "Retain", "files already exists"},
		{"a queue of another stack", `"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}`, "Delete", "https://sqs.*/jobs already exists in stack arn:.*:stack/first/.*"},
		{"a queue of nobody", `"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}`, "Retain", handler},
		{"a secret", `"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "key"}`, "Delete", "arn:.*:secret:key-.* already exists in stack arn:.*"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			api := client(localtest.New(t))
			template := resources(`"R": {` + tt.resource + `, "DeletionPolicy": "` + tt.policy + `"}`)
			first := create(t, api, "first", template)
			if tt.policy == "Retain" {
				if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: first.StackId}); err != nil {
					t.Fatal(err)
				}
			}
			s := create(t, api, "second", template)
			equal(t, types.StackStatusRollbackComplete, s.StackStatus)
			got := lines(t, api, "second")
			if !regexp.MustCompile(`(?m)^R CREATE_FAILED: ` + tt.want + `$`).MatchString(strings.Join(got, "\n")) {
				t.Errorf("got %q", got)
			}
			// What the first stack has is not touched by the roll-back of the second.
			if tt.policy == "Delete" {
				equal(t, types.StackStatusUpdateComplete, update(t, api, "first", strings.Replace(template, `"DeletionPolicy"`, `"Metadata": {"a": "b"}, "DeletionPolicy"`, 1)).StackStatus)
			}
		})
	}
}
