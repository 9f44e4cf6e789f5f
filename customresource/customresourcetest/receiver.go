// Package customresourcetest is for tests of custom resources: a strict fake of where their responses
// go.
package customresourcetest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/updraft-go/updraft/customresource"
)

// A Receiver is where response URLs lead. It is stricter than the clouds are: what these would take
// and then find unusable is refused at once. It is an [http.Handler], and an [http.RoundTripper] that
// needs no network. The zero value is ready, and safe for concurrent use.
type Receiver struct {
	// URL is where the receiver is served. If empty, http://responses.local, which an HTTP client
	// reaches whose Transport is the Receiver.
	URL string

	mu       sync.Mutex
	events   map[string]*customresource.Event
	received []Received
}

// Received is something that was sent to a [Receiver].
type Received struct {
	// Event is what it answers, nil if the URL was none of the receiver's.
	Event *customresource.Event
	// Response is what was sent, nil if it could not be read; Body is it as it came.
	Response *customresource.Response
	Body     []byte
	// Refusal is what was wrong with it, "" if nothing was.
	Refusal string
}

// Open gives an event a URL, of its dialect, that takes one response and expires.
func (r *Receiver) Open(e *customresource.Event, expires time.Duration) *customresource.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.events == nil {
		r.events = map[string]*customresource.Event{}
	}
	opened := *e
	base := r.URL
	if base == "" {
		base = "http://responses.local"
	}
	path := "/" + strconv.Itoa(len(r.events)) + "/" + url.PathEscape(e.RequestID)
	until := strconv.FormatInt(time.Now().Add(expires).UnixMilli(), 10)
	opened.ResponseURL = customresource.Secret(base + path + "?Expires=" + until + "&Signature=" + sign(path, until))
	kept := opened
	r.events[path] = &kept
	return &opened
}

func sign(path, until string) string {
	m := hmac.New(sha256.New, []byte("receiver"))
	_, _ = io.WriteString(m, path+"\n"+until) // a hash does not fail
	return hex.EncodeToString(m.Sum(nil))
}

// Received returns all that was sent, in the order in which it came.
func (r *Receiver) Received() []Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Received(nil), r.received...)
}

// RoundTrip answers a request without a network.
func (r *Receiver) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	if request.Body != nil {
		defer request.Body.Close()
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, request)
	return w.Result(), nil
}

// ServeHTTP takes a response.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.Body == nil {
		request.Body = http.NoBody
	}
	body, err := io.ReadAll(io.LimitReader(request.Body, 1<<20))
	r.mu.Lock()
	defer r.mu.Unlock()
	got := Received{Event: r.events[request.URL.EscapedPath()], Body: body}
	status := http.StatusOK
	switch {
	case err != nil:
		status, got.Refusal = http.StatusBadRequest, "the body cannot be read"
	case got.Event == nil:
		status, got.Refusal = http.StatusNotFound, "there is no such URL"
	default:
		status, got.Refusal = r.check(request, &got)
	}
	r.received = append(r.received, got)
	if status != http.StatusOK {
		http.Error(w, got.Refusal, status)
	}
}

// check holds what was sent to the rules of its dialect.
func (r *Receiver) check(request *http.Request, got *Received) (status int, refusal string) {
	e, q := got.Event, request.URL.Query()
	until, err := strconv.ParseInt(q.Get("Expires"), 10, 64)
	switch {
	case q.Get("Signature") != sign(request.URL.EscapedPath(), q.Get("Expires")) || err != nil:
		return http.StatusForbidden, "SignatureDoesNotMatch"
	case time.Now().UnixMilli() > until:
		return http.StatusForbidden, "Request has expired"
	case request.Method != e.Dialect.Method():
		return http.StatusForbidden, "the method is " + request.Method + ", and must be " + e.Dialect.Method()
	case request.ContentLength != int64(len(got.Body)):
		return http.StatusLengthRequired, "there must be a Content-Length, that of the body"
	}
	if refusal := checkHeader(e.Dialect, request.Header); refusal != "" {
		return http.StatusForbidden, refusal
	}
	got.Response, err = customresource.ParseResponse(e, got.Body)
	switch {
	case err != nil:
		return http.StatusBadRequest, err.Error()
	case !keepsID(e, got.Response):
		return http.StatusBadRequest, "the PhysicalResourceId must be that of the request"
	case got.Response.NoEcho && e.Dialect == customresource.ROS:
		return http.StatusBadRequest, "ROS knows no NoEcho"
	}
	return http.StatusOK, ""
}

// keepsID reports whether a response has the physical ID of its request, where it must.
func keepsID(e *customresource.Event, r *customresource.Response) bool {
	switch {
	case e.RequestType == customresource.Create || e.PhysicalResourceID == "" || r.PhysicalResourceID == e.PhysicalResourceID:
		return true
	case r.Status == customresource.Failed:
		return r.PhysicalResourceID == "" && e.Dialect == customresource.ROS
	}
	return e.RequestType == customresource.Update && e.Dialect.Replaces()
}

// checkHeader holds headers to what the dialect wants.
func checkHeader(d customresource.Dialect, h http.Header) string {
	media, date := h.Get("Content-Type"), h.Get("Date")
	_, err := time.Parse(http.TimeFormat, date)
	switch {
	case d == customresource.AWS && media != "":
		return fmt.Sprintf("SignatureDoesNotMatch: the Content-Type is %q, and the URL was signed for none", media)
	case d == customresource.ROS && !strings.EqualFold(media, "application/json"):
		return fmt.Sprintf("the Content-Type is %q, and must be application/json", media)
	case d == customresource.ROS && err != nil:
		return fmt.Sprintf("the Date is %q, and must be a time in GMT as HTTP has it", date)
	}
	return ""
}
