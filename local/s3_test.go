package local_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/updraft-go/updraft/local/localtest"
)

// The SDK's own client, with buckets in the host and in the path.
func TestS3ThroughTheSDK(t *testing.T) {
	cloud := localtest.New(t)
	for name, byPath := range map[string]bool{"by-path": true, "by-host": false} {
		api := s3.NewFromConfig(cloud.Config(), func(o *s3.Options) { o.UsePathStyle = byPath })
		bucket := aws.String(name)
		if _, err := api.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}); err != nil {
			t.Fatal(err)
		}
		if _, err := api.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: aws.String("a b/ü"), Body: strings.NewReader("hello")}); err != nil {
			t.Fatal(err)
		}
		out, err := api.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: aws.String("a b/ü")})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(out.Body)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "hello", string(body))
		list, err := api.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: bucket})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "a b/ü", aws.ToString(list.Contents[0].Key))
		_, err = api.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: aws.String("none")})
		if _, ok := errors.AsType[*types.NoSuchKey](err); !ok {
			t.Errorf("got %v, want NoSuchKey", err)
		}
	}
}
