package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheStory runs the whole program and holds what it prints.
func TestTheStory(t *testing.T) {
	var stdout, stderr strings.Builder
	if code := run(t.Context(), nil, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	want := `deploying the stack multicloud to Alibaba Cloud, for the bucket "first-bucket"
  CREATE_COMPLETE: AwsMyBucketArn = arn:aws:s3:::first-bucket
  on AWS: stack-by-ros CREATE_COMPLETE
deploying the stack multicloud to Alibaba Cloud, for the bucket "second-bucket"
  UPDATE_COMPLETE: AwsMyBucketArn = arn:aws:s3:::second-bucket
  on AWS: stack-by-ros UPDATE_COMPLETE
deploying the stack multicloud to Alibaba Cloud, for the bucket "taken-bucket"
  on AWS: stack-by-ros UPDATE_ROLLBACK_COMPLETE
  as it should be, that failed: stack multicloud: ROLLBACK_COMPLETE: AwsStack: stack stack-by-ros: its update ended in UPDATE_ROLLBACK_COMPLETE: MyBucket (AWS::S3::Bucket): taken-bucket already exists
deleting the stack multicloud
  on AWS: no stack
`
	if diff := cmp.Diff(want, stdout.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTheTemplateIsPrinted(t *testing.T) {
	var stdout, stderr strings.Builder
	if code := run(t.Context(), []string{"-synth"}, &stdout, &stderr); code != 0 || !strings.Contains(stdout.String(), "Type: ALIYUN::ROS::CustomResource") {
		t.Errorf("exit code %d: %s%s", code, &stdout, &stderr)
	}
	if code := run(t.Context(), []string{"-no-such"}, &stdout, &stderr); code != 2 {
		t.Errorf("exit code %d for a flag that is not there", code)
	}
}
