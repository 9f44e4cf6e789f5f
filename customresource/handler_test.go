package customresource_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/customresourcetest"
)

var (
	dialects = []customresource.Dialect{customresource.AWS, customresource.ROS}
	errNo    = errors.New("no")
)

type res = customresource.Response

// Which physical ID a failure has decides what a later Delete destroys.
func TestPhysicalIDsOfFailures(t *testing.T) {
	fails := func(r *result) func(context.Context, *request) (*result, error) {
		return func(context.Context, *request) (*result, error) { return r, errNo }
	}
	panics := func(context.Context, *request) (*result, error) { panic("oh") }
	for _, d := range dialects {
		made := eventOf(d, "Create", `{}`).MakePhysicalID(d.MaxPhysicalID())
		for _, tt := range []struct {
			name     string
			event    *customresource.Event
			provider *thing
			want     func(id string) bool
		}{
			{"nothing was created", eventOf(d, "Create", `{}`), &thing{create: fails(nil)}, customresource.NeverCreated},
			{"a part was created", eventOf(d, "Create", `{}`), &thing{create: fails(&result{PhysicalID: "part"})}, is("part")},
			{"the creation panicked", eventOf(d, "Create", `{}`), &thing{create: panics}, is(made)},
			{"properties are wrong", eventOf(d, "Create", `{"Size": "x"}`), &thing{}, customresource.NeverCreated},
			{"an update failed", eventOf(d, "Update", `{}`), &thing{update: fails(&result{PhysicalID: "new"})}, is("thing-1")},
			{"an update panicked", eventOf(d, "Update", `{}`), &thing{update: panics}, is("thing-1")},
			{"an update has wrong properties", eventOf(d, "Update", `{"Size": "x"}`), &thing{}, is("thing-1")},
			{"a deletion failed", eventOf(d, "Delete", `{}`), &thing{delete: func(context.Context, *request) error { return errNo }}, is("thing-1")},
			{"the type is none", eventOf(d, "Destroy", `{}`), &thing{}, is("thing-1")},
		} {
			t.Run(d.String()+" "+tt.name, func(t *testing.T) {
				got := send(t, tt.provider, tt.event).Response
				equal(t, customresource.Failed, got.Status)
				if !tt.want(got.PhysicalResourceID) {
					t.Errorf("the ID is %s", got.PhysicalResourceID)
				}
			})
		}
	}
}

func is(want string) func(string) bool { return func(id string) bool { return id == want } }

func TestPhysicalIDsOfSuccesses(t *testing.T) {
	for _, d := range dialects {
		equal(t, eventOf(d, "Create", `{}`).MakePhysicalID(255), send(t, &thing{}, eventOf(d, "Create", `{}`)).Response.PhysicalResourceID)
		equal(t, "thing-1", send(t, &thing{}, eventOf(d, "Update", `{}`)).Response.PhysicalResourceID)
		equal(t, "thing-1", send(t, &thing{}, eventOf(d, "Delete", `{}`)).Response.PhysicalResourceID)
	}
}

func TestWhatWasNeverCreatedIsNotDeleted(t *testing.T) {
	for _, d := range dialects {
		th := &thing{create: func(context.Context, *request) (*result, error) { return nil, errNo }}
		failed := send(t, th, eventOf(d, "Create", `{}`)).Response
		e := eventOf(d, "Delete", `{"Size": "what was wrong"}`)
		for _, id := range []string{failed.PhysicalResourceID, ""} {
			e.PhysicalResourceID = id
			got := send(t, th, e).Response
			equal(t, customresource.Success, got.Status)
			equal(t, true, customresource.NeverCreated(got.PhysicalResourceID))
		}
		equal(t, []string{"Create   "}, th.asked)
	}
}

// A stack must be able to roll back from, and to get rid of, what could not be read.
func TestPropertiesThatWereWrongBefore(t *testing.T) {
	var invalid []error
	th := &thing{
		update: func(_ context.Context, r *request) (*result, error) {
			invalid = append(invalid, r.Invalid)
			return nil, nil
		},
		delete: func(_ context.Context, r *request) error { invalid = append(invalid, r.Invalid); return nil },
	}
	back := awsEvent("Update", `{"Name": "good"}`)
	back.OldResourceProperties = json.RawMessage(`{"Name": "bad", "Size": "x"}`)
	equal(t, customresource.Success, send(t, th, back).Response.Status)
	equal(t, customresource.Success, send(t, th, awsEvent("Delete", `{"Name": "bad", "Sise": 3}`)).Response.Status)
	equal(t, []string{"Update good bad thing-1", "Delete bad  thing-1"}, th.asked)
	equal(t, "[property Size: its text of 1 characters is no int property Sise: there is no such property; there are Any, Labels, Name, Nested, On, Password, Ratio, Raw, Size, Tags, kind-of]", fmt.Sprint(invalid))
}

func TestResponsesThatAreTooLarge(t *testing.T) {
	for _, d := range dialects {
		t.Run(d.String(), func(t *testing.T) {
			long := strings.Repeat("ärger\n\x01<", 2000)
			got := send(t, &thing{create: func(context.Context, *request) (*result, error) { return nil, errors.New(long) }}, eventOf(d, "Create", `{}`))
			if n := len(got.Body); n > 4096 || n < 4085 {
				t.Errorf("%d bytes", n)
			}
			if r := got.Response.Reason; !strings.HasSuffix(r, "…") || !strings.HasPrefix(long, strings.TrimSuffix(r, "…")) {
				t.Errorf("the reason is torn: %q", r)
			}
			got = send(t, &thing{create: func(context.Context, *request) (*result, error) {
				return &result{PhysicalID: "made", Data: map[string]string{"Small": "x", "Big": strings.Repeat("y", 4000)}}, nil
			}}, eventOf(d, "Create", `{}`))
			equal(t, customresource.Failed, got.Response.Status)
			equal(t, "made", got.Response.PhysicalResourceID)
			wantIn(t, got.Response.Reason, "the response is too large", "Big (4002 bytes), Small (3 bytes)", "return less, or the name of where it is kept")
		})
	}
	// The largest data that fits is whole.
	for n := 3700; n < 3900; n++ {
		r := res{Status: customresource.Success, PhysicalResourceID: "p", StackID: "s", RequestID: "r", LogicalResourceID: "l", Data: json.RawMessage(`{"a":"` + strings.Repeat("x", n) + `"}`)}
		body, err := r.Encode(customresource.AWS)
		if (err == nil) != (len(body) > n) || len(body) > customresource.MaxResponse {
			t.Fatalf("%d: %d bytes, %v", n, len(body), err)
		}
	}
}

func TestDataThatIsNoObject(t *testing.T) {
	for _, tt := range []struct {
		data any
		want string
	}{
		{[]int{1}, "are no JSON object"}, {"x", "are no JSON object"}, {make(chan int), "cannot be written as JSON"},
	} {
		th := &thing{create: func(context.Context, *request) (*result, error) { return &result{PhysicalID: "p", Data: tt.data}, nil }}
		got := send(t, th, awsEvent("Create", `{}`)).Response
		wantIn(t, got.Reason, tt.want)
		equal(t, "p", got.PhysicalResourceID)
	}
	// What was made under the ID that is made of the event must be found by the deletion.
	th := &thing{create: func(context.Context, *request) (*result, error) { return &result{Data: 3}, nil }}
	equal(t, awsEvent("Create", `{}`).MakePhysicalID(1024), send(t, th, awsEvent("Create", `{}`)).Response.PhysicalResourceID)
	var none map[string]string
	equal(t, customresource.Success, send(t, &thing{create: func(context.Context, *request) (*result, error) { return &result{Data: none}, nil }}, awsEvent("Create", `{}`)).Response.Status)
}

func TestReasonsAndLogsShowNoSecrets(t *testing.T) {
	var log strings.Builder
	receiver := &customresourcetest.Receiver{}
	var url string
	th := &thing{
		create: func(_ context.Context, r *request) (*result, error) {
			return nil, fmt.Errorf("login with %s failed, sent to %s", r.Properties.Password.Reveal(), r.ResponseURL.Reveal())
		},
		update: func(_ context.Context, r *request) (*result, error) { panic(r.Properties.Password.Reveal()) },
	}
	h := &customresource.Handler[Props]{Provider: th, Client: &http.Client{Transport: receiver}, Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, typ := range []customresource.RequestType{"Create", "Update"} {
		e := awsEvent(typ, `{"Password": "hunter2", "Name": "n"}`)
		e.RequestID = string(typ)
		e = receiver.Open(e, time.Hour)
		url = e.ResponseURL.Reveal()
		if _, err := h.Invoke(t.Context(), payload(t, e)); err != nil {
			t.Fatal(err)
		}
	}
	for _, got := range receiver.Received() {
		log.Write(got.Body)
	}
	wantIn(t, log.String(), "login with [secret] failed, sent to [secret]", "the provider panicked", `"panic":"[secret]"`, "handler_test.go")
	if strings.Contains(log.String(), "hunter2") || strings.Contains(log.String(), url) || strings.Contains(log.String(), "Signature") {
		t.Error(log.String())
	}
}

func TestAFailureWithoutAReasonGetsOne(t *testing.T) {
	got := send(t, &thing{create: func(context.Context, *request) (*result, error) { return nil, errors.New(" ") }}, rosEvent("Create", `{}`))
	equal(t, "the provider failed and did not say why", got.Response.Reason)
}

// A flaky endpoint fails some times, and then answers.
type flaky struct {
	receiver *customresourcetest.Receiver
	statuses []int // 0 is an error of the network
	tries    int
}

func (f *flaky) RoundTrip(r *http.Request) (*http.Response, error) {
	f.tries++
	if len(f.statuses) < f.tries {
		return f.receiver.RoundTrip(r)
	}
	status := f.statuses[f.tries-1]
	if status == 0 {
		return nil, fmt.Errorf("dial %s: no route to host", "somewhere")
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{"Location": {"http://responses.local/elsewhere"}}}, nil
}

func TestResponsesAreSentAgain(t *testing.T) {
	for _, tt := range []struct {
		name     string
		statuses []int
		tries    int
		want     string // the error
	}{
		{"at once", nil, 1, ""},
		{"after network errors and 5xx", []int{0, 503, 500, 0}, 5, ""},
		{"not for ever", []int{0, 0, 0, 0, 0, 0, 0, 500}, 8, "the response of Thing was not delivered in 8 attempts: it was answered 500 Internal Server Error"},
		{"not after a refusal", []int{403}, 1, "it was answered 403 Forbidden"},
		{"not elsewhere", []int{302}, 1, "it was answered 302 Found"},
		{"not after another success", []int{204}, 1, "it was answered 204 No Content"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &flaky{receiver: &customresourcetest.Receiver{}, statuses: tt.statuses}
				h := &customresource.Handler[Props]{Provider: &thing{}, Client: &http.Client{Transport: f}}
				_, err := h.Invoke(t.Context(), payload(t, f.receiver.Open(awsEvent("Create", `{}`), time.Hour)))
				equal(t, tt.tries, f.tries)
				if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "responses.local")) {
					t.Errorf("%v, not %q", err, tt.want)
				}
			})
		})
	}
}

// On Alibaba Cloud the URL within is preferred; outside of it the other is taken.
func TestIntranetURLs(t *testing.T) {
	hosts := []string{}
	reach := map[string]bool{"inner.local": true, "outer.local": true}
	client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		hosts = append(hosts, r.URL.Host)
		if !reach[r.URL.Host] {
			return nil, errors.New("no such host")
		}
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})}
	h := &customresource.Handler[Props]{Provider: &thing{}, Client: client}
	e := rosEvent("Create", `{}`)
	e.ResponseURL, e.IntranetResponseURL = "http://outer.local/a", "http://inner.local/a"
	for _, id := range []string{"1", "2"} {
		e.RequestID = id
		if _, err := h.Invoke(t.Context(), payload(t, e)); err != nil {
			t.Fatal(err)
		}
		reach["inner.local"] = false
	}
	equal(t, []string{"inner.local", "inner.local", "outer.local"}, hosts)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A shelf is a store.
type shelf struct{ sync.Map }

func (s *shelf) Load(_ context.Context, key string) ([]byte, error) {
	body, ok := s.Map.Load(key)
	if !ok {
		return nil, nil
	}
	return body.([]byte), nil
}

func (s *shelf) Save(_ context.Context, key string, body []byte) error {
	s.Store(key, body)
	return nil
}

// A request that comes twice is done once, and answered twice with the same.
func TestDuplicates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		th := &thing{create: func(context.Context, *request) (*result, error) {
			time.Sleep(time.Minute) // of the bubble
			n++
			return &result{PhysicalID: fmt.Sprint("made-", n)}, nil
		}}
		receiver, store := &customresourcetest.Receiver{}, &shelf{}
		e := receiver.Open(awsEvent("Create", `{}`), time.Hour)
		event := payload(t, e)
		first := &customresource.Handler[Props]{Provider: th, Client: &http.Client{Transport: receiver}, Store: store}
		go func() { _, _ = first.Invoke(t.Context(), event) }()
		if _, err := first.Invoke(t.Context(), event); err != nil { // while the other is at work
			t.Error(err)
		}
		synctest.Wait()
		for _, h := range []*customresource.Handler[Props]{first, {Provider: th, Client: first.Client, Store: store}} {
			if _, err := h.Invoke(t.Context(), event); err != nil {
				t.Error(err)
			}
		}
		equal(t, 1, n)
		all := receiver.Received()
		equal(t, 4, len(all))
		for _, got := range all {
			equal(t, string(all[0].Body), string(got.Body))
		}
		e.RequestID = "r-2"
		if _, err := first.Invoke(t.Context(), payload(t, e)); err == nil {
			t.Error("the receiver took another request's response")
		}
		equal(t, 2, n)
	})
}

func TestAFunctionThatRunsOutOfTimeAnswers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		create func(context.Context, *request) (*result, error)
		id     func(string) bool
		reason string
		after  time.Duration
	}{
		{"one that heeds its context", func(ctx context.Context, _ *request) (*result, error) {
			<-ctx.Done()
			return &result{PhysicalID: "half"}, fmt.Errorf("half done: %w", ctx.Err())
		}, is("half"), "half done: context deadline exceeded", 28 * time.Second},
		{"one that does not", func(context.Context, *request) (*result, error) {
			time.Sleep(time.Hour) // of the bubble
			return &result{PhysicalID: "late"}, nil
		}, is(awsEvent("Create", `{}`).MakePhysicalID(255)), "the function had to stop before the work was done", 29 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				receiver := &customresourcetest.Receiver{}
				h := &customresource.Handler[Props]{Provider: &thing{create: tt.create}, Client: &http.Client{Transport: receiver}}
				begun := time.Now()
				if _, err := h.Invoke(ctx, payload(t, receiver.Open(awsEvent("Create", `{}`), time.Hour))); err != nil {
					t.Fatal(err)
				}
				equal(t, tt.after, time.Since(begun))
				time.Sleep(2 * time.Hour)
				got := receiver.Received()
				equal(t, 1, len(got))
				wantIn(t, got[0].Response.Reason, tt.reason)
				equal(t, true, tt.id(got[0].Response.PhysicalResourceID))
			})
		})
	}
}

func TestTheServiceTimeoutOfATemplateBoundsTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &customresource.Handler[Props]{Provider: &thing{create: func(ctx context.Context, _ *request) (*result, error) { <-ctx.Done(); return nil, ctx.Err() }}}
		for text, want := range map[string]time.Duration{`{"ServiceTimeout": "60"}`: 58 * time.Second, `{"ServiceTimeout": 4}`: 3 * time.Second, `{}`: time.Hour - 2*time.Second} {
			begun := time.Now()
			r := h.Respond(t.Context(), awsEvent("Create", text))
			equal(t, customresource.Failed, r.Status)
			equal(t, want, time.Since(begun))
		}
	})
}

type checker struct {
	asked []customresource.RequestType
}

func (c *checker) Create(_ context.Context, r *customresource.Request[checked]) (*result, error) {
	c.asked = append(c.asked, r.RequestType)
	return nil, nil
}

func (c *checker) Update(_ context.Context, r *customresource.Request[checked]) (*result, error) {
	c.asked = append(c.asked, r.RequestType)
	return nil, nil
}

func (c *checker) Delete(_ context.Context, r *customresource.Request[checked]) error {
	c.asked = append(c.asked, r.RequestType)
	return nil
}

func TestPropertiesAreValidatedWhereTheyMatter(t *testing.T) {
	c := &checker{}
	h := &customresource.Handler[checked]{Provider: c}
	for _, typ := range []customresource.RequestType{"Create", "Update", "Delete"} {
		r := h.Respond(t.Context(), awsEvent(typ, `{"N": "0"}`))
		equal(t, typ == "Delete", r.Status == customresource.Success)
		if typ != "Delete" {
			equal(t, "N must be 1 or more", r.Reason)
		}
	}
	equal(t, []customresource.RequestType{"Delete"}, c.asked)
}
