package local

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
)

// typeBucket is the resource type of a bucket.
const typeBucket = "AWS::S3::Bucket"

// An s3Error is an error as S3 tells it.
type s3Error struct {
	XMLName    xml.Name `xml:"Error"`
	Code       string
	Message    string
	BucketName string `xml:",omitempty"`
	Key        string `xml:",omitempty"`
	status     int
}

func (e *s3Error) Error() string { return e.Code + ": " + e.Message }

func noBucket(name string) error {
	return &s3Error{Code: "NoSuchBucket", Message: "The specified bucket does not exist", BucketName: name, status: http.StatusNotFound}
}

func noKey(key string) error {
	return &s3Error{Code: "NoSuchKey", Message: "The specified key does not exist.", Key: key, status: http.StatusNotFound}
}

// An s3Call is a request for a bucket or an object.
type s3Call struct {
	*http.Request
	region      *region
	bucket, key string
}

// answerS3 answers a request of S3: buckets and objects, by path or by host.
func (c *Cloud) answerS3(r *http.Request) *reply {
	body, err := readObject(r)
	if err != nil {
		return s3Refusal(err)
	}
	region, err := c.enter(c.placeOf(r))
	if err != nil {
		return s3Refusal(err)
	}
	defer c.mu.Unlock()
	call := &s3Call{Request: r, region: region}
	call.bucket, call.key = objectOf(hostOf(r), r.URL.Path)
	if isSlot(call.bucket) {
		return c.answerSlot(call, body)
	}
	out, err := call.perform(body)
	if err != nil {
		return s3Refusal(err)
	}
	return out
}

// perform does what a request asks for.
func (c *s3Call) perform(body []byte) (*reply, error) {
	for name := range c.URL.Query() {
		if part := bucketParts[name]; part != nil && c.Method == http.MethodGet && c.key == "" {
			return c.describe(part)
		}
		if s3Subresources[name] {
			return nil, c.notEmulated()
		}
	}
	switch {
	case c.bucket == "" && c.Method == http.MethodGet:
		return c.listBuckets()
	case c.key == "":
		return c.onBucket()
	}
	return c.onObject(body)
}

// s3Subresources are the names in the query of a request that make it another operation.
var s3Subresources = map[string]bool{
	"accelerate": true, "acl": true, "analytics": true, "cors": true, "delete": true, "encryption": true, "intelligent-tiering": true,
	"inventory": true, "lifecycle": true, "legal-hold": true, "location": true, "logging": true, "metrics": true, "notification": true, "object-lock": true,
	"ownershipControls": true, "policy": true, "policyStatus": true, "publicAccessBlock": true, "replication": true,
	"requestPayment": true, "restore": true, "retention": true, "select": true, "tagging": true, "torrent": true, "uploadId": true,
	"uploads": true, "versioning": true, "versions": true, "website": true,
}

func (c *s3Call) notEmulated() error {
	return &s3Error{Code: "NotImplemented", status: http.StatusNotImplemented,
		Message: fmt.Sprintf("the embedded cloud does not answer %s with %q of S3; the documentation of package local lists what it answers", c.Method, c.URL.RawQuery)}
}

// objectOf finds out which bucket and key a request is for: by its host, or by its path.
func objectOf(host, path string) (bucket, key string) {
	path = strings.TrimPrefix(path, "/")
	if bucket = bucketOfHost(host); bucket != "" {
		return bucket, path
	}
	bucket, key, _ = strings.Cut(path, "/")
	return bucket, key
}

// bucketOfHost is the bucket in a host such as bucket.s3.us-east-1.amazonaws.com or
// bucket.localhost:4566, "" if the host names none.
func bucketOfHost(host string) string {
	name, _, _ := strings.Cut(host, ":")
	for _, mark := range []string{".s3.", ".s3-"} {
		if i := strings.Index(name, mark); i > 0 {
			return name[:i]
		}
	}
	for _, suffix := range []string{".localhost", "." + localHost} {
		if bucket, ok := strings.CutSuffix(name, suffix); ok {
			return bucket
		}
	}
	return ""
}

func s3Refusal(err error) *reply {
	known, ok := errors.AsType[*s3Error](err)
	if other, is := errors.AsType[*query.Error](err); is {
		known, ok = &s3Error{Code: other.Code, Message: other.Message, status: other.HTTPStatus()}, true
	}
	if !ok {
		known = &s3Error{Code: "InternalError", Message: err.Error(), status: http.StatusInternalServerError}
	}
	out := s3Document(known)
	out.status = known.status
	return out
}

// s3Document is an answer that is XML.
func s3Document(v any) *reply {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(v); err != nil {
		return &reply{status: http.StatusInternalServerError}
	}
	return &reply{status: http.StatusOK, header: http.Header{"Content-Type": {"application/xml"}}, body: b.Bytes()}
}
