// Package bucket stores in an S3 bucket the templates that are too large to be sent in a request, and
// assets.
//
//	c.Uploader = &bucket.Uploader{API: s3.NewFromConfig(cfg), Bucket: "templates-of-ours", Region: cfg.Region}
//
// It is a package of its own so that who deploys small templates needs no S3 client.
package bucket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// API is what an [Uploader] needs of S3. *s3.Client is one.
type API interface {
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// An Uploader stores templates in a bucket. API, Bucket and Region must be set. It is safe for
// concurrent use, and an executor.Uploader.
type Uploader struct {
	// API is where the bucket is written. It is required.
	API API
	// Bucket is the bucket's name. It is required, and must exist.
	Bucket string
	// Region is the region of the bucket. It is required, unless BaseURL is set.
	Region string
	// Prefix is put before the keys, as in "templates/". "" is nothing.
	Prefix string
	// ExpectedOwner is the ID of the account that the bucket must belong to: a bucket of that name in
	// another account is refused. "" takes any, so set it if the name could be guessed.
	ExpectedOwner string
	// BaseURL is where CloudFormation reads the bucket, for an endpoint other than AWS. "" is AWS.
	BaseURL string
}

// Upload stores a template or an asset, unless it is there already, since the key is made of its content, and
// returns its URL.
func (u *Uploader) Upload(ctx context.Context, key string, template []byte) (string, error) {
	if u.Bucket == "" || u.Region == "" && u.BaseURL == "" {
		return "", errors.New("bucket: an Uploader needs a Bucket and its Region; set them")
	}
	key = u.Prefix + key
	head, err := u.API.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &u.Bucket, Key: &key, ExpectedBucketOwner: some(u.ExpectedOwner)})
	if err == nil && aws.ToInt64(head.ContentLength) == int64(len(template)) {
		return u.url(key, head.VersionId), nil
	}
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	// Whether it is missing, or may not be read, only writing it can tell.
	put, err := u.API.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &u.Bucket, Key: &key, ExpectedBucketOwner: some(u.ExpectedOwner), Body: bytes.NewReader(template),
		ContentType: aws.String(contentType(key)), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	if err != nil {
		return "", u.explain(ctx, key, err)
	}
	return u.url(key, put.VersionId), nil
}

func contentType(key string) string {
	switch path.Ext(key) {
	case ".yaml":
		return "application/yaml"
	case ".json":
		return "application/json"
	case ".zip":
		return "application/zip"
	}
	return "application/octet-stream"
}

// url is where CloudFormation reads the object: the path style serves names with dots, too.
func (u *Uploader) url(key string, version *string) string {
	base := u.BaseURL
	if base == "" {
		base = "https://s3." + u.Region + "." + domain(u.Region)
	}
	address := strings.TrimSuffix(base, "/") + "/" + u.Bucket
	for part := range strings.SplitSeq(key, "/") {
		address += "/" + url.PathEscape(part)
	}
	if v := aws.ToString(version); v != "" && v != "null" { // which is what an unversioned object has
		address += "?versionId=" + url.QueryEscape(v)
	}
	return address
}

// domain is that of the partition that a region belongs to.
//
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
func domain(region string) string {
	for _, p := range []struct{ prefix, domain string }{
		{"cn-", "amazonaws.com.cn"}, {"us-iso-", "c2s.ic.gov"}, {"us-isob-", "sc2s.sgov.gov"},
		{"eu-isoe-", "cloud.adc-e.uk"}, {"us-isof-", "csp.hci.ic.gov"}, {"eusc-", "amazonaws.eu"},
	} {
		if strings.HasPrefix(region, p.prefix) {
			return p.domain
		}
	}
	return "amazonaws.com"
}

// explain says what failed, and what to do about it.
func (u *Uploader) explain(ctx context.Context, key string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	where := fmt.Sprintf("bucket %s: storing %s", u.Bucket, key)
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return fmt.Errorf("%s: %w", where, err)
	}
	cure := ""
	switch api.ErrorCode() {
	case "NoSuchBucket":
		cure = "; create it, or name one that exists"
	case "AccessDenied", "Forbidden":
		cure = "; grant s3:PutObject on it"
		if u.ExpectedOwner != "" {
			cure += ", and check that it belongs to the account " + u.ExpectedOwner
		}
	case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
		cure = "; it is in another region than " + u.Region + ", set its own"
	}
	return &uploadError{fmt.Sprintf("%s: %s: %s%s", where, api.ErrorCode(), api.ErrorMessage(), cure), err}
}

// An uploadError is an error in our words. What the SDK says, at length, is behind it.
type uploadError struct {
	text  string
	cause error
}

func (e *uploadError) Error() string { return e.text }
func (e *uploadError) Unwrap() error { return e.cause }

func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
