package signal_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/signal"
)

// transport answers in the place of a network.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}}
}

func through(f transport) *signal.Options { return &signal.Options{Client: &http.Client{Transport: f}} }

var ready = signal.Signal{Status: signal.Success, Reason: "up <&> running", UniqueID: "web-1", Data: "10.0.0.1"}

func TestWhatGoesOverTheWire(t *testing.T) {
	calls := 0
	err := signal.Send(t.Context(), parsed(t, handleURL), ready, through(func(r *http.Request) (*http.Response, error) {
		calls++
		if r.Method != "PUT" || r.URL.String() != handleURL || len(r.Header.Values("Content-Type")) != 0 {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		// Heat wants exactly these four members.
		if got, err := signal.Decode(text, signal.Strict); err != nil || got != ready || r.ContentLength != int64(len(text)) {
			t.Errorf("%s: %v", text, err)
		}
		return answer(200, ""), nil
	}))
	if err != nil || calls != 1 {
		t.Errorf("%v, %d calls", err, calls)
	}
}

func TestWhatMayPassIsTriedAgain(t *testing.T) {
	lost := errors.New("connection reset")
	for _, tt := range []struct {
		name    string
		answers []any // a status or an error
		want    string
	}{
		{"at once", []any{200}, ""},
		{"late", []any{503, lost, 500, 200}, ""},
		{"never", []any{500, 500, 500, 500, 502}, "given up after 5 attempts: HTTP status 502"},
		{"no network", []any{lost, lost, lost, lost, lost}, "given up after 5 attempts: connection reset"},
		{"refused", []any{503, 403}, "HTTP status 403"},
		{"gone", []any{404}, "the handle is gone"},
		{"redirected to nowhere", []any{304}, "HTTP status 304"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				err := signal.Send(t.Context(), parsed(t, handleURL), ready, through(func(*http.Request) (*http.Response, error) {
					calls++
					switch a := tt.answers[calls-1].(type) {
					case int:
						return answer(a, ""), nil
					case error:
						return nil, a
					}
					return nil, nil
				}))
				if calls != len(tt.answers) {
					t.Errorf("%d calls, want %d", calls, len(tt.answers))
				}
				if got := fmt.Sprint(err); tt.want == "" && err != nil || !strings.Contains(got, tt.want) {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			})
		})
	}
}

func TestPausesGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		o := through(func(*http.Request) (*http.Response, error) {
			at = append(at, time.Since(start))
			return answer(500, ""), nil
		})
		o.Attempts, o.Pause = 9, 2*time.Second
		if err := signal.Send(t.Context(), parsed(t, handleURL), ready, o); err == nil {
			t.Error("no error")
		}
		for i, about := range []time.Duration{2, 4, 8, 16, 32, 60, 60, 60} {
			if got := at[i+1] - at[i]; got < about*time.Second/2 || got > about*time.Second*3/2 {
				t.Errorf("pause %d is %v, want about %d s", i, got, about)
			}
		}
	})
}

func TestAContextEndsTheTrying(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("shutting down")
		ctx, cancel := context.WithTimeoutCause(t.Context(), 90*time.Millisecond, cause)
		defer cancel()
		err := signal.Send(ctx, parsed(t, handleURL), ready, through(func(*http.Request) (*http.Response, error) { return answer(503, ""), nil }))
		if _, refused := errors.AsType[*signal.RefusedError](err); !errors.Is(err, cause) || !refused {
			t.Errorf("got %v", err)
		}
	})
}

func TestNothingWrongIsSent(t *testing.T) {
	never := through(func(*http.Request) (*http.Response, error) {
		t.Error("it was sent")
		return answer(200, ""), nil
	})
	if err := signal.Send(t.Context(), parsed(t, handleURL), signal.Signal{}, never); !errors.Is(err, signal.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	if err := signal.Send(t.Context(), signal.Handle{}, ready, never); !errors.Is(err, signal.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestNoErrorHoldsTheSecret(t *testing.T) {
	for name, f := range map[string]transport{
		"S3's": func(*http.Request) (*http.Response, error) {
			return answer(403, "<Error><Code>SignatureDoesNotMatch</Code><Message>"+secret+" is not it</Message><SignatureProvided>"+secret+"</SignatureProvided></Error>"), nil
		},
		"a network's": func(r *http.Request) (*http.Response, error) { return nil, fmt.Errorf("dial %s", r.URL) },
		"a redirect's": func(r *http.Request) (*http.Response, error) {
			a := answer(307, "")
			a.Header.Set("Location", "http://[broken?"+r.URL.RawQuery)
			return a, nil
		},
	} {
		o := through(f)
		o.Attempts = 1
		err := signal.Send(t.Context(), parsed(t, handleURL), ready, o)
		if err == nil || strings.Contains(fmt.Sprintf("%+v %#v", err, err), secret) {
			t.Errorf("%s: %+v", name, err)
		}
	}
}

func TestWhatAnAnswerSays(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want signal.RefusedError
	}{
		"S3":    {"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", signal.RefusedError{StatusCode: 403, Code: "AccessDenied", Message: "Request has expired"}},
		"Heat":  {"<ErrorResponse><Error><Message>The request failed</Message><Code>InternalFailure</Code><Type>Server</Type></Error></ErrorResponse>", signal.RefusedError{StatusCode: 403, Code: "InternalFailure", Message: "The request failed"}},
		"text":  {"go away", signal.RefusedError{StatusCode: 403}},
		"torn":  {"<Error><Code>Acc", signal.RefusedError{StatusCode: 403}},
		"large": {strings.Repeat("<a>", 1<<20), signal.RefusedError{StatusCode: 403}},
	} {
		err := signal.Send(t.Context(), parsed(t, handleURL), ready, through(func(*http.Request) (*http.Response, error) { return answer(403, tt.body), nil }))
		got, ok := errors.AsType[*signal.RefusedError](err)
		if !ok {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tt.want, *got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}
