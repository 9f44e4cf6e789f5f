package bucket_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/updraft-go/updraft/broker/bucket"
	"github.com/updraft-go/updraft/local/localtest"
)

const template = `
Description: a topic
Metadata:
  AWS::ServiceBroker::Specification: {Name: NAME, ServicePlans: {only: {}}}
Resources:
  Topic: {Type: AWS::SNS::Topic}
`

func TestTemplatesInABucket(t *testing.T) {
	api := s3.NewFromConfig(localtest.New(t).Config(), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := api.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("services")}); err != nil {
		t.Fatal(err)
	}
	put := func(key, body string) {
		t.Helper()
		if _, err := api.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("services"), Key: &key, Body: strings.NewReader(body)}); err != nil {
			t.Fatal(err)
		}
	}
	put("templates/latest/sns-main.yaml", strings.Replace(template, "NAME", "sns", 1))
	put("templates/latest/bad-main.yaml", "Resources: [")
	put("templates/latest/README.md", "no template")
	put("templates/old/sns-main.yaml", strings.Replace(template, "NAME", "old", 1))

	source := &bucket.Source{API: api, Bucket: "services", Prefix: "templates/latest/"}
	services, err := source.Services(t.Context())
	if len(services) != 1 || services[0].Name != "sns" || err == nil || !strings.Contains(err.Error(), "s3://services/templates/latest/bad-main.yaml: ") {
		t.Fatalf("services %v, %v", services, err)
	}
	put("templates/latest/bad-main.yaml", strings.Replace(template, "NAME", "mended", 1))
	again, err := source.Services(t.Context())
	if err != nil || len(again) != 2 || again[1] != services[0] {
		t.Errorf("after it was mended: %v, %v; what has not changed is to be read once", again, err)
	}
	source = &bucket.Source{API: api, Bucket: "nothing"}
	if services, err := source.Services(t.Context()); services != nil || err == nil || !strings.Contains(err.Error(), "bucket nothing: ") {
		t.Errorf("a bucket that is not there: %v, %v", services, err)
	}
}
