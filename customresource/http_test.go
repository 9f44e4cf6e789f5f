package customresource_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/customresourcetest"
)

func post(h http.Handler, header http.Header, body string) *http.Response {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	for name, values := range header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func read(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// A ServiceToken web[sync]:… of ROS takes the answer to its request as the response.
func TestTheAnswerIsTheResponse(t *testing.T) {
	e := rosEvent("Create", `{"Name": "n"}`)
	e.ResponseURL = ""
	h := &customresource.Handler[Props]{Provider: &thing{}}
	got := post(h, nil, string(payload(t, e)))
	equal(t, http.StatusOK, got.StatusCode)
	equal(t, "application/json", got.Header.Get("Content-Type"))
	var r res
	if err := json.Unmarshal([]byte(read(t, got)), &r); err != nil {
		t.Fatal(err)
	}
	equal(t, customresource.Success, r.Status)
}

// ROS waits for ten seconds, so there is an answer before.
func TestTheAnswerComesInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := rosEvent("Create", `{"Name": "n"}`)
		e.ResponseURL = ""
		begun := time.Now()
		h := &customresource.Handler[Props]{Provider: &slow{takes: time.Minute}, Again: func(context.Context, []byte) error { panic("there is no time for another run") }}
		wantIn(t, read(t, post(h, nil, string(payload(t, e)))), "FAILED", "time limit is too short")
		if took := time.Since(begun); took >= 10*time.Second {
			t.Error(took)
		}
	})
}

func TestHTTPRequestsAreAnsweredBeforeTheWorkIsDone(t *testing.T) {
	for _, tt := range []struct {
		name   string
		header http.Header
		wait   bool
		took   time.Duration
		status customresource.Status
	}{
		{"an endpoint", nil, false, 0, customresource.Success},
		{"an endpoint that waits", nil, true, time.Minute, customresource.Success},
		{"Function Compute", http.Header{"X-Fc-Request-Id": {"1"}, "X-Fc-Control-Path": {"/invoke"}}, false, time.Minute, customresource.Success},
		{"Function Compute with all the time", http.Header{"X-Fc-Request-Id": {"1"}, "X-Fc-Function-Timeout": {"10000000000"}}, false, time.Minute, customresource.Success},
		{"Function Compute with little time", http.Header{"X-Fc-Request-Id": {"1"}, "X-Fc-Function-Timeout": {"10"}}, false, 9 * time.Second, customresource.Failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				receiver := &customresourcetest.Receiver{}
				th := &thing{create: func(context.Context, *request) (*result, error) { time.Sleep(time.Minute); return nil, nil }}
				h := &customresource.Handler[Props]{Provider: th, Client: &http.Client{Transport: receiver}, Wait: tt.wait}
				begun := time.Now()
				equal(t, http.StatusOK, post(h, tt.header, string(payload(t, receiver.Open(rosEvent("Create", `{}`), time.Hour)))).StatusCode)
				equal(t, tt.took, time.Since(begun))
				short, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				equal(t, tt.took == 0, h.Drain(short) != nil)
				if err := h.Drain(t.Context()); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Hour)
				got := receiver.Received()
				equal(t, 1, len(got))
				equal(t, tt.status, got[0].Response.Status)
			})
		})
	}
}

func TestHTTPRequestsThatAreRefused(t *testing.T) {
	h := &customresource.Handler[Props]{Provider: &thing{}}
	equal(t, http.StatusBadRequest, post(h, nil, "nonsense").StatusCode)
	equal(t, http.StatusRequestEntityTooLarge, post(h, nil, strings.Repeat(" ", 5<<20)).StatusCode)
	equal(t, http.StatusOK, post(h, http.Header{"X-Fc-Control-Path": {"/initialize"}}, "").StatusCode)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	equal(t, http.StatusMethodNotAllowed, w.Code)
	equal(t, http.MethodPost, w.Result().Header.Get("Allow"))
	// A response that cannot be delivered is an error for who delivers the event.
	waits := &customresource.Handler[Props]{Provider: &thing{}, Wait: true, Client: &http.Client{Transport: &customresourcetest.Receiver{}}}
	got := post(waits, nil, string(payload(t, awsEvent("Create", `{}`))))
	equal(t, http.StatusBadGateway, got.StatusCode)
	wantIn(t, read(t, got), "it was answered 404 Not Found")
}

// Who sends an event may hang up before the response is there.
func TestASenderThatHangsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		receiver := &customresourcetest.Receiver{}
		th := &thing{create: func(ctx context.Context, _ *request) (*result, error) {
			select {
			case <-time.After(time.Minute):
				return nil, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}}
		h := &customresource.Handler[Props]{Provider: th, Client: &http.Client{Transport: receiver}, Wait: true}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(string(payload(t, receiver.Open(rosEvent("Create", `{}`), time.Hour)))))
		h.ServeHTTP(httptest.NewRecorder(), r)
		equal(t, customresource.Success, receiver.Received()[0].Response.Status)
	})
}
