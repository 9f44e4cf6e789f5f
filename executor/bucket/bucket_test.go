package bucket_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/executor/bucket"
)

var _ executor.Uploader = (*bucket.Uploader)(nil)

// shelf is as much of S3 as an Uploader needs: one bucket with versions, of one owner.
type shelf struct {
	name, owner string
	versioned   bool

	mu      sync.Mutex
	objects map[string]string
	puts    []*http.Request
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fail := func(status int, code string) {
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			io.WriteString(w, "<Error><Code>"+code+"</Code><Message>no</Message></Error>")
		}
	}
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	owner := r.Header.Get("X-Amz-Expected-Bucket-Owner")
	switch {
	case name != s.name:
		fail(http.StatusNotFound, "NoSuchBucket")
		return
	case owner != "" && owner != s.owner:
		fail(http.StatusForbidden, "AccessDenied")
		return
	}
	if s.versioned {
		w.Header().Set("X-Amz-Version-Id", "v+1")
	}
	switch r.Method {
	case http.MethodHead:
		body, ok := s.objects[key]
		if !ok {
			fail(http.StatusNotFound, "")
			return
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	case http.MethodPut:
		body, err := io.ReadAll(r.Body)
		sum := sha256.Sum256(body)
		if err != nil || r.Header.Get("X-Amz-Checksum-Sha256") != base64.StdEncoding.EncodeToString(sum[:]) {
			fail(http.StatusBadRequest, "BadDigest")
			return
		}
		s.objects[key] = string(body)
		s.puts = append(s.puts, r)
	}
}

func (s *shelf) serve(t *testing.T) *bucket.Uploader {
	t.Helper()
	s.objects = map[string]string{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	api := s3.New(s3.Options{
		BaseEndpoint: aws.String(server.URL), Region: "eu-west-1", UsePathStyle: true, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	})
	return &bucket.Uploader{API: api, Bucket: "shelf", Region: "eu-west-1"}
}

// 23: a key made of the content, the owner checked, a regional URL with the version.
func TestEdge23Upload(t *testing.T) {
	s := &shelf{name: "shelf", owner: "111122223333", versioned: true}
	u := s.serve(t)
	u.Prefix, u.ExpectedOwner = "templates/", "111122223333"
	const want = "https://s3.eu-west-1.amazonaws.com/shelf/templates/jobs/abc%20d.json?versionId=v%2B1"
	for range 2 {
		got, err := u.Upload(t.Context(), "jobs/abc d.json", []byte(`{"Resources":{}}`))
		if err != nil || got != want {
			t.Fatalf("got %q, %v, want %q", got, err, want)
		}
	}
	if len(s.puts) != 1 || s.objects["templates/jobs/abc d.json"] != `{"Resources":{}}` || s.puts[0].Header.Get("Content-Type") != "application/json" {
		t.Errorf("%d uploads, %v; want one", len(s.puts), s.objects)
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*bucket.Uploader)
		want   string
	}{
		{"another owner", func(u *bucket.Uploader) { u.ExpectedOwner = "444455556666" }, "bucket shelf: storing k.json: AccessDenied: no; grant s3:PutObject on it, and check that it belongs to the account 444455556666"},
		{"no bucket", func(u *bucket.Uploader) { u.Bucket = "nowhere" }, "NoSuchBucket: no; create it"},
		{"no region", func(u *bucket.Uploader) { u.Region = "" }, "needs a Bucket and its Region"},
	} {
		s := &shelf{name: "shelf", owner: "111122223333"}
		u := s.serve(t)
		test.change(u)
		if _, err := u.Upload(t.Context(), "k.json", []byte("{}")); err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
}

func TestACancelledUploadYieldsTheCause(t *testing.T) {
	why := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if _, err := (&shelf{name: "shelf"}).serve(t).Upload(ctx, "k.json", nil); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}

func TestURLsOfPartitions(t *testing.T) {
	for region, want := range map[string]string{
		"us-east-1":      "https://s3.us-east-1.amazonaws.com/shelf/k.yaml",
		"cn-north-1":     "https://s3.cn-north-1.amazonaws.com.cn/shelf/k.yaml",
		"us-gov-west-1":  "https://s3.us-gov-west-1.amazonaws.com/shelf/k.yaml",
		"eusc-de-east-1": "https://s3.eusc-de-east-1.amazonaws.eu/shelf/k.yaml",
	} {
		u := (&shelf{name: "shelf"}).serve(t)
		u.Region = region
		if got, err := u.Upload(t.Context(), "k.yaml", []byte("a: b")); err != nil || got != want {
			t.Errorf("%s: got %q, %v", region, got, err)
		}
	}
	u := (&shelf{name: "shelf"}).serve(t)
	u.BaseURL = "http://127.0.0.1:4566/"
	if got, err := u.Upload(t.Context(), "k.yaml", []byte("a: b")); err != nil || got != "http://127.0.0.1:4566/shelf/k.yaml" {
		t.Errorf("an endpoint: got %q, %v", got, err)
	}
}
