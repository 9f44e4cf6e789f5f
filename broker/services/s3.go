package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/resources/s3"
	"github.com/updraft-go/updraft/stack"
)

// S3 is a private, encrypted bucket, in the plans plain and versioned. A binding may read and write its
// objects or, with the scope read, read them. A bucket that holds objects cannot be deprovisioned: it
// has to be emptied first.
func S3() *broker.Service {
	bucket, objects := fn.GetAtt("Bucket", "Arn"), fn.GetAtt("Bucket", "Arn")+"/*"
	list := policy.Statement{Action: []fn.String{"s3:ListBucket", "s3:GetBucketLocation"}, Resource: []fn.String{bucket}}
	grant := func(actions ...fn.String) policy.Document {
		return policy.Document{Version: policy.Version, Statement: []policy.Statement{list, {Action: actions, Resource: []fn.String{objects}}}}
	}
	return &broker.Service{
		Name: "s3", DisplayName: "Amazon S3", Description: "A bucket of Amazon S3", ProviderName: provider,
		LongDescription:  "A bucket for files of any size. It is private and encrypted.",
		DocumentationURL: "https://docs.aws.amazon.com/s3/", Tags: []string{"AWS", "S3", "storage"},
		Plans: []broker.Plan{
			{Name: "plain", DisplayName: "Plain", Description: "A private bucket", Cost: "https://aws.amazon.com/s3/pricing/"},
			{Name: "versioned", DisplayName: "Versioned", Description: "A private bucket that keeps what is overwritten or deleted", Cost: "https://aws.amazon.com/s3/pricing/"},
		},
		Template:      bucketTemplate,
		PlanUpdatable: true,
		Bindings: broker.Bindings{Keypair: true, Policies: []broker.Policy{
			{Name: "write", Document: grant("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")},
			{Name: "read", Document: grant("s3:GetObject")},
		}},
	}
}

func bucketTemplate(plan string) (*stack.Template, error) {
	t := &stack.Template{Description: "a bucket of a service broker"}
	bucket := &s3.Bucket{
		BucketEncryption: &s3.Bucket_BucketEncryption{ServerSideEncryptionConfiguration: []s3.Bucket_ServerSideEncryptionRule{{
			ServerSideEncryptionByDefault: &s3.Bucket_ServerSideEncryptionByDefault{SSEAlgorithm: "AES256"},
		}}},
		PublicAccessBlockConfiguration: &s3.Bucket_PublicAccessBlockConfiguration{
			BlockPublicAcls: fn.True, BlockPublicPolicy: fn.True, IgnorePublicAcls: fn.True, RestrictPublicBuckets: fn.True,
		},
	}
	if plan == "versioned" {
		bucket.VersioningConfiguration = &s3.Bucket_VersioningConfiguration{Status: "Enabled"}
	}
	stack.Add(t, "Bucket", bucket)
	t.Output("BucketName", stack.Output{Description: "Name of the bucket", Value: bucket.Ref()})
	t.Output("BucketARN", stack.Output{Description: "ARN of the bucket", Value: bucket.AttrArn()})
	t.Output("BucketDomainName", stack.Output{Description: "Host name of the bucket", Value: bucket.AttrRegionalDomainName()})
	return t, nil
}
