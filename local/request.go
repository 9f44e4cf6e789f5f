package local

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/query"
)

// The APIs that the cloud answers, by the version that their requests name.
const (
	versionCloudFormation = "2010-05-15"
	versionSTS            = "2011-06-15"
)

var namespaces = map[string]string{
	versionCloudFormation: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
	versionSTS:            "https://sts.amazonaws.com/doc/2011-06-15/",
}

// A call is a request that is being answered.
type call struct {
	cloud   *Cloud
	region  *region
	request *query.Request
	// settle is a deployment that the call set going.
	settle *deployment
}

// ServeHTTP answers one request of the AWS Query protocol.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, body := c.answer(r)
	for name, values := range headers() {
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client is gone if this fails
}

// RoundTrip answers one request without a network. It implements [http.RoundTripper].
//
// # Errors
//
// The cause of the request's context if that ends first; [http.ErrServerClosed] after Close.
func (c *Cloud) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := context.Cause(r.Context()); err != nil {
		return nil, err
	}
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return nil, http.ErrServerClosed
	}
	status, body := c.answer(r)
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        headers(),
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       r,
	}, nil
}

// headers are those of every answer. Clients tell the server's time from them, and that it is the
// embedded cloud.
func headers() http.Header {
	return http.Header{
		"Content-Type": {"text/xml"},
		"Date":         {time.Now().UTC().Format(http.TimeFormat)},
		"Server":       {"updraft"},
	}
}

// answer is what both ways share: an HTTP status and a document.
func (c *Cloud) answer(r *http.Request) (status int, body []byte) {
	request, err := query.Read(r)
	if err != nil {
		return c.refuse("", malformed(err))
	}
	result, err := c.do(r, request)
	if err != nil {
		return c.refuse(request.Version, err)
	}
	c.mu.Lock()
	id := c.uuid()
	c.mu.Unlock()
	response := query.Response{Action: request.Action, Namespace: namespaces[request.Version], Result: result, RequestID: id}
	body, err = response.XML()
	if err != nil {
		return c.refuse(request.Version, err)
	}
	return http.StatusOK, body
}

// do looks the operation up, performs it, and lets what it began come to rest if that takes no time.
func (c *Cloud) do(r *http.Request, request *query.Request) (any, error) {
	perform, err := lookup(request)
	if err != nil {
		return nil, err
	}
	call := &call{cloud: c, request: request}
	result, err := call.perform(c.placeOf(r), perform)
	if call.settle != nil {
		call.settle.settled(r.Context())
	}
	return result, err
}

// perform does what an operation does, with the cloud's lock held.
func (c *call) perform(at place, do operation) (any, error) {
	c.cloud.mu.Lock()
	defer c.cloud.mu.Unlock()
	if c.cloud.closed {
		return nil, &query.Error{Code: "ServiceUnavailable", Message: "the embedded cloud is closed", Status: http.StatusServiceUnavailable}
	}
	c.cloud.start()
	c.region = c.cloud.at(at)
	return do(c)
}

// refuse makes an error document.
func (c *Cloud) refuse(version string, err error) (status int, body []byte) {
	c.mu.Lock()
	c.start()
	id := c.uuid()
	c.mu.Unlock()
	known, ok := errors.AsType[*query.Error](err)
	if !ok {
		known = &query.Error{Code: "InternalFailure", Message: err.Error(), Status: http.StatusInternalServerError}
	}
	namespace := namespaces[version]
	if namespace == "" {
		namespace = namespaces[versionCloudFormation]
	}
	return known.HTTPStatus(), known.XML(namespace, id)
}

func malformed(err error) error {
	if errors.Is(err, query.ErrTooLarge) {
		return &query.Error{Code: "RequestEntityTooLarge", Message: err.Error(), Status: http.StatusRequestEntityTooLarge}
	}
	return &query.Error{Code: "MalformedInput", Message: err.Error()}
}

// placeOf reads the account and region of a request from its signature, in the header
//
//	Authorization: AWS4-HMAC-SHA256 Credential=KEY/20260102/us-east-1/cloudformation/aws4_request, …
//
// or in the query of a presigned request.
func (c *Cloud) placeOf(r *http.Request) place {
	region, account := c.defaults()
	credential := r.URL.Query().Get("X-Amz-Credential")
	if _, after, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(after, ",")
	}
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if len(parts) != 5 {
		return place{account, region}
	}
	if isAccount(parts[0]) {
		account = parts[0]
	}
	if parts[2] != "" {
		region = parts[2]
	}
	return place{account, region}
}

func isAccount(key string) bool {
	return len(key) == 12 && strings.Trim(key, digits) == ""
}
