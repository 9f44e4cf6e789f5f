package executor_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/executor/bucket"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
)

// 8: the events of a nested stack come with those of its parent, and its failure is the cause.
func TestEdge8NestedStacksOnTheEmbeddedCloud(t *testing.T) {
	cloud := localtest.New(t)
	c := clientOf(cloud)
	ctx := t.Context()
	store := &stack.Template{}
	stack.Add(store, "Bucket", &stack.Untyped{Type: "AWS::S3::Bucket", Properties: map[string]any{"BucketName": "templates"}})
	if _, err := c.Deploy(ctx, &stack.Stack{Name: "store", Template: store}, nil); err != nil {
		t.Fatal(err)
	}
	storage := s3.NewFromConfig(cloud.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	up := &bucket.Uploader{API: storage, Bucket: "templates", Region: local.DefaultRegion}
	url, err := up.Upload(ctx, "inner.json", []byte(`{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	outer := &stack.Template{}
	stack.Add(outer, "Inner", &stack.Untyped{Type: "AWS::CloudFormation::Stack", Properties: map[string]any{"TemplateURL": url}})
	p, err := c.Plan(ctx, &stack.Stack{Name: "outer", Template: outer}, nil)
	if err != nil {
		t.Fatal(err)
	}
	run, err := c.Apply(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for e, err := range run.Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, e.Path+":"+e.LogicalID+" "+string(e.Status))
	}
	if last := seen[len(seen)-1]; !slices.Contains(seen, "Inner:Topic CREATE_COMPLETE") || last != ":outer CREATE_COMPLETE" {
		t.Errorf("got %q", seen)
	}
	cloud.Fail(local.Fault{LogicalID: "Topic", Reason: "no more topics"})
	_, err = c.Deploy(ctx, &stack.Stack{Name: "second", Template: outer}, nil)
	failed, ok := errors.AsType[*executor.OperationError](err)
	if !ok || strings.Join(failed.Failures[0].Path, "/") != "Inner/Topic" || !strings.Contains(err.Error(), "no more topics") {
		t.Errorf("got %v, want the cause within", err)
	}
}
