package local

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/query"
)

// The APIs that the cloud answers, by the version that their requests name.
const (
	versionCloudFormation = "2010-05-15"
	versionSTS            = "2011-06-15"
	versionIAM            = "2010-05-08"
	versionSNS            = "2010-03-31"
	versionEC2            = "2016-11-15"
	versionAutoScaling    = "2011-01-01"
	versionSQS            = "2012-11-05"
)

var namespaces = map[string]string{
	versionCloudFormation: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
	versionSTS:            "https://sts.amazonaws.com/doc/2011-06-15/",
	versionIAM:            "https://iam.amazonaws.com/doc/2010-05-08/",
	versionSNS:            "http://sns.amazonaws.com/doc/2010-03-31/",
	versionEC2:            "http://ec2.amazonaws.com/doc/2016-11-15/",
	versionAutoScaling:    "http://autoscaling.amazonaws.com/doc/2011-01-01/",
	versionSQS:            "http://queue.amazonaws.com/doc/2012-11-05/",
}

// A call is a request that is being answered.
type call struct {
	cloud   *Cloud
	region  *region
	request *query.Request
	// endpoint is the URL at which the caller reaches the cloud.
	endpoint string
	// path is the path of the request's URL: SQS takes the URL of a queue for its endpoint.
	path string
	// key is the access key that the request is signed with, "" if it is not signed.
	key string
	// settle is a deployment that the call set going.
	settle *deployment
	// settleSet is an operation on a stack set that the call set going.
	settleSet *setRun
}

// ServeHTTP answers one request.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out := c.answer(r)
	for name, values := range out.headers() {
		w.Header()[name] = values
	}
	w.WriteHeader(out.status)
	_, _ = w.Write(out.body) // the client is gone if this fails
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
	out := c.answer(r)
	return &http.Response{
		Status: http.StatusText(out.status), StatusCode: out.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        out.headers(),
		Body:          io.NopCloser(bytes.NewReader(out.body)),
		ContentLength: int64(len(out.body)),
		Request:       r,
	}, nil
}

// headers are those of an answer. Clients tell the server's time from them, and that it is the
// embedded cloud.
func (out *reply) headers() http.Header {
	h := http.Header{
		"Content-Type": {"text/xml"},
		"Date":         {time.Now().UTC().Format(http.TimeFormat)},
		"Server":       {"updraft"},
	}
	maps.Copy(h, out.header)
	return h
}

// answerQuery answers a request of the AWS Query protocol.
func (c *Cloud) answerQuery(r *http.Request) *reply {
	request, err := query.Read(r)
	if err != nil {
		return c.refuse("", malformed(err))
	}
	result, err := c.do(r, request)
	inJSON := request.Version == versionCloudFormation && request.WantsJSON()
	if err != nil && inJSON {
		return c.refuseInJSON(err)
	}
	if err != nil {
		return c.refuse(request.Version, err)
	}
	c.mu.Lock()
	id := c.uuid()
	c.mu.Unlock()
	if request.Version == versionSQS {
		return sqsReply(request.Action, result, id)
	}
	response := query.Response{Action: request.Action, Namespace: namespaces[request.Version], Result: result, RequestID: id}
	if request.Version == versionEC2 {
		response.Dialect = query.EC2
	}
	write, header := response.XML, http.Header(nil)
	if inJSON {
		write, header = response.JSON, asJSON()
	}
	body, err := write()
	if err != nil {
		return c.refuse(request.Version, err)
	}
	return &reply{status: http.StatusOK, header: header, body: body}
}

func asJSON() http.Header { return http.Header{"Content-Type": {"application/json"}} }

// refuseInJSON makes an error document for those who asked for JSON.
func (c *Cloud) refuseInJSON(err error) *reply {
	c.mu.Lock()
	c.start()
	id := c.uuid()
	c.mu.Unlock()
	known := asQueryError(err)
	return &reply{status: known.HTTPStatus(), header: asJSON(), body: known.JSON(id)}
}

// asQueryError is an error as it is told.
func asQueryError(err error) *query.Error {
	if known, ok := errors.AsType[*query.Error](err); ok {
		return known
	}
	return &query.Error{Code: "InternalFailure", Message: err.Error(), Status: http.StatusInternalServerError}
}

// do looks the operation up, performs it, and lets what it began come to rest if that takes no time.
func (c *Cloud) do(r *http.Request, request *query.Request) (any, error) {
	perform, err := lookup(request)
	if err != nil {
		return nil, err
	}
	call := &call{cloud: c, request: request, endpoint: endpointOf(r), path: r.URL.Path}
	if scope := scopeOf(r); len(scope) == 5 {
		call.key = scope[0]
	}
	result, err := patiently(r.Context(), func() (any, error) { return call.perform(c.placeOf(r), perform) })
	if call.settle != nil {
		call.settle.settled(r.Context())
	}
	if call.settleSet != nil {
		call.settleSet.settled(r.Context())
	}
	return result, err
}

// perform does what an operation does, with the cloud's lock held.
func (c *call) perform(at place, do operation) (any, error) {
	region, err := c.cloud.enter(at)
	if err != nil {
		return nil, err
	}
	defer c.cloud.mu.Unlock()
	c.region, c.cloud.endpoint = region, c.endpoint
	c.cloud.endpoints[strings.TrimPrefix(strings.TrimPrefix(c.endpoint, "https://"), "http://")] = true
	return do(c)
}

// refuse makes an error document.
func (c *Cloud) refuse(version string, err error) *reply {
	c.mu.Lock()
	c.start()
	id := c.uuid()
	c.mu.Unlock()
	known := asQueryError(err)
	if version == versionEC2 {
		return &reply{status: known.HTTPStatus(), body: known.EC2XML(id)}
	}
	namespace := namespaces[version]
	if namespace == "" {
		namespace = namespaces[versionCloudFormation]
	}
	return &reply{status: known.HTTPStatus(), body: known.XML(namespace, id)}
}

func malformed(err error) error {
	if errors.Is(err, query.ErrTooLarge) {
		return &query.Error{Code: "RequestEntityTooLarge", Message: err.Error(), Status: http.StatusRequestEntityTooLarge}
	}
	return &query.Error{Code: "MalformedInput", Message: err.Error()}
}
