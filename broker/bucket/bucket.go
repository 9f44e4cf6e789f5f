// Package bucket is a source of services for a service broker: templates in an S3 bucket. It is a
// package of its own so that who does not need it does not link the S3 client.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/updraft-go/updraft/broker"
)

// API is what a Source needs of S3. *s3.Client is one.
type API interface {
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// DefaultSuffix ends the keys of templates in the bucket of the AWS Service Broker.
const DefaultSuffix = "-main.yaml"

// maxTemplate is the size of the largest template that CloudFormation takes, in bytes.
const maxTemplate = 1 << 20

// A Source is a [broker.Source] of templates in a bucket: see [broker.ParseService]. API and Bucket are
// required. An object that has not changed is read once. It is safe for concurrent use and must not
// be copied after its first use.
type Source struct {
	// API is S3.
	API API
	// Bucket is the name of the bucket.
	Bucket string
	// Prefix begins the keys of the templates, such as templates/latest/. "" is all keys.
	Prefix string
	// Suffix ends them. If "", [DefaultSuffix].
	Suffix string

	mu   sync.Mutex
	read map[string]known // by key
}

// A known object was read before.
type known struct {
	etag    string
	service *broker.Service
	err     error
}

// Services reads the templates. Objects that are no services are left out, and told in the error.
func (s *Source) Services(ctx context.Context) ([]*broker.Service, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	objects, err := s.list(ctx)
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", s.Bucket, err)
	}
	next := map[string]known{}
	var all []*broker.Service
	var problems []error
	for _, o := range objects {
		key, etag := aws.ToString(o.Key), aws.ToString(o.ETag)
		k, ok := s.read[key]
		if !ok || k.etag != etag {
			k = known{etag: etag}
			k.service, k.err = s.parse(ctx, key)
		}
		if k.err != nil {
			problems = append(problems, fmt.Errorf("s3://%s/%s: %w", s.Bucket, key, k.err))
			if ctx.Err() != nil {
				return nil, errors.Join(problems...)
			}
		} else {
			all = append(all, k.service)
			next[key] = k
		}
	}
	s.read = next
	return all, errors.Join(problems...)
}

func (s *Source) list(ctx context.Context) ([]types.Object, error) {
	suffix := s.Suffix
	if suffix == "" {
		suffix = DefaultSuffix
	}
	var all []types.Object
	in := &s3.ListObjectsV2Input{Bucket: &s.Bucket}
	if s.Prefix != "" {
		in.Prefix = &s.Prefix
	}
	for {
		out, err := s.API.ListObjectsV2(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, o := range out.Contents {
			if strings.HasSuffix(aws.ToString(o.Key), suffix) {
				all = append(all, o)
			}
		}
		if in.ContinuationToken = out.NextContinuationToken; in.ContinuationToken == nil {
			return all, nil
		}
	}
}

func (s *Source) parse(ctx context.Context, key string) (*broker.Service, error) {
	out, err := s.API.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.Bucket, Key: &key})
	if err != nil {
		return nil, err
	}
	defer out.Body.Close()
	data, err := io.ReadAll(io.LimitReader(out.Body, maxTemplate+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > maxTemplate:
		return nil, fmt.Errorf("it has more than %d bytes, which is too large for a template", maxTemplate)
	}
	return broker.ParseService(data)
}
