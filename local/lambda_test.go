package local_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// invoke invokes a function as Lambda's clients do, and returns the status, the kind of error and the body.
func invoke(t *testing.T, cloud *local.Cloud, method, path, kind string, body []byte) (status int, problem, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://cloudformation.local"+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=123456789012/20260102/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=x")
	r.Header.Set("X-Amz-Invocation-Type", kind)
	response, err := cloud.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("X-Amz-Function-Error") + response.Header.Get("X-Amzn-Errortype"), string(text)
}

func TestFunctionsAreInvoked(t *testing.T) {
	cloud := localtest.New(t)
	later := make(chan string, 1)
	cloud.Handle("echo", func(_ context.Context, p []byte) ([]byte, error) { return p, nil })
	cloud.Handle("arn:aws:lambda:us-east-1:123456789012:function:fails", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("oh") })
	cloud.Handle("panics", func(context.Context, []byte) ([]byte, error) { panic("oh") })
	cloud.Handle("later", func(_ context.Context, p []byte) ([]byte, error) {
		later <- string(p)
		return nil, errors.New("nobody is told")
	})
	create(t, client(cloud), "work", resources(`"F": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "code", "Role": "arn:aws:iam::123456789012:role/r", "Code": {"ZipFile": "x"}}}`))
	for _, tt := range []struct {
		method, id, kind string
		body             string
		status           int
		problem, answer  string
	}{
		{"POST", "echo", "", `{"a": 1}`, 200, "", `{"a": 1}`},
		{"POST", "echo", "RequestResponse", ``, 200, "", `null`},
		{"POST", "echo:live", "", `1`, 200, "", `1`},
		{"POST", "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aecho", "", `1`, 200, "", `1`},
		{"POST", "arn:aws:lambda:us-east-1:123456789012:function:echo:7", "", `1`, 200, "", `1`},
		{"POST", "123456789012:function:echo", "", `1`, 200, "", `1`},
		{"POST", "fails", "", `1`, 200, "Unhandled", `{"errorMessage":"oh","errorType":"errors.errorString"}`},
		{"POST", "panics", "", `1`, 200, "Unhandled", `the function panicked: oh`},
		{"POST", "later", "Event", `"x"`, 202, "", ``},
		{"POST", "echo", "DryRun", `1`, 204, "", ``},
		{"POST", "none", "", `1`, 404, "ResourceNotFoundException", `Function not found: arn:aws:lambda:us-east-1:123456789012:function:none`},
		{"POST", "code", "", `1`, 501, "UnknownOperationException", `the embedded cloud runs no code of a template`},
		{"POST", "echo", "", strings.Repeat("x", 6<<20+1), 413, "RequestTooLargeException", `Request must be smaller`},
		{"GET", "echo", "", ``, 501, "UnknownOperationException", `the operation Invoke of Lambda only`},
	} {
		status, problem, answer := invoke(t, cloud, tt.method, "/2015-03-31/functions/"+tt.id+"/invocations", tt.kind, []byte(tt.body))
		if status != tt.status || problem != tt.problem || !strings.Contains(answer, tt.answer) {
			t.Errorf("%s %s: %d %s %s", tt.id, tt.kind, status, problem, answer)
		}
	}
	equal(t, `"x"`, <-later)
}

func TestOtherOperationsOfLambdaAreRefused(t *testing.T) {
	cloud := localtest.New(t)
	status, problem, answer := invoke(t, cloud, "GET", "/2015-03-31/functions/", "", nil)
	equal(t, 501, status)
	equal(t, "UnknownOperationException", problem)
	wantIn(t, answer, "the operation Invoke of Lambda only")
}
