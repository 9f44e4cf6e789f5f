package main

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/cfnstack"
	"github.com/updraft-go/updraft/local"
)

const outer = `
Resources:
  Inner:
    Type: Custom::Stack
    Properties:
      ServiceToken: arn:aws:lambda:us-east-1:123456789012:function:aws-stack
      RegionId: eu-west-1
      Stack:
        Name: inner
        Template: |
          Resources:
            B: {Type: AWS::S3::Bucket, Properties: {BucketName: made-inside}}
          Outputs:
            Arn: {Value: !GetAtt B.Arn}
Outputs:
  Arn: {Value: !GetAtt Inner.Arn}
`

// The function on the embedded cloud, where it may run for two minutes and a bucket takes ten: it is
// started again by Lambda's Invoke until the inner stack is complete.
func TestTheFunctionGoesOnForLongerThanOneRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: 10 * time.Minute}
		defer cloud.Close()
		cfg := cloud.Config()
		h := &customresource.Handler[cfnstack.Properties]{
			Provider: &cfnstack.Provider{Config: &cfg}, Client: &http.Client{Transport: cloud}, Again: invoke(cfg, "aws-stack"),
		}
		var runs atomic.Int32
		cloud.Handle("aws-stack", func(ctx context.Context, payload []byte) ([]byte, error) {
			runs.Add(1)
			ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
			defer cancel()
			return h.Invoke(ctx, payload)
		})
		api := cloudformation.NewFromConfig(cfg)
		if _, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("outer"), TemplateBody: aws.String(outer)}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Minute) // of the bubble
		out, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("outer")})
		if err != nil {
			t.Fatal(err)
		}
		s := out.Stacks[0]
		if len(s.Outputs) != 1 || !strings.HasSuffix(*s.Outputs[0].OutputValue, "made-inside") {
			t.Errorf("%s %s %+v", s.StackStatus, aws.ToString(s.StackStatusReason), s.Outputs)
		}
		if n := runs.Load(); n < 5 || n > 7 {
			t.Errorf("%d runs", n)
		}
	})
}
