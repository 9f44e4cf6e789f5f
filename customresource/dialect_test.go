package customresource_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/customresourcetest"
)

type (
	request = customresource.Request[Props]
	result  = customresource.Result
)

// catcher keeps the request that carries a response.
type catcher struct {
	receiver *customresourcetest.Receiver
	request  *http.Request
}

func (c *catcher) RoundTrip(r *http.Request) (*http.Response, error) {
	c.request = r
	return c.receiver.RoundTrip(r)
}

// The rows of the table of differences between the dialects, but for those about transports and
// timeouts, which have tests of their own.
func TestWhatTheDialectsDoDifferently(t *testing.T) {
	const aws, ros = customresource.AWS, customresource.ROS
	long := strings.Repeat("i", 256)
	created := func(id string, data any, noEcho bool) *thing {
		return &thing{create: func(context.Context, *request) (*result, error) {
			return &result{PhysicalID: id, Data: data, NoEcho: noEcho}, nil
		}}
	}
	replacing := &thing{update: func(context.Context, *request) (*result, error) { return &result{PhysicalID: "thing-2"}, nil }}
	sum := &thing{create: func(_ context.Context, r *request) (*result, error) {
		return &result{Data: map[string]any{"kind": string(r.Properties.Raw)}}, nil
	}}
	for _, row := range []struct {
		name     string
		dialect  customresource.Dialect
		event    *customresource.Event
		provider *thing
		body     []string
		method   string
		media    []string
		dated    bool
	}{
		{name: "method and headers", dialect: aws, event: awsEvent("Create", `{}`), provider: created("a", nil, false), body: []string{`"Status":"SUCCESS"`}, method: http.MethodPut},
		{name: "method and headers", dialect: ros, event: rosEvent("Create", `{}`), provider: created("a", nil, false), body: []string{`"Status":"SUCCESS"`}, method: http.MethodPost, media: []string{"application/json"}, dated: true},
		{name: "an ID of 256 bytes", dialect: aws, event: awsEvent("Create", `{}`), provider: created(long, nil, false), body: []string{`"PhysicalResourceId":"` + long + `"`}},
		{name: "an ID of 256 bytes", dialect: ros, event: rosEvent("Create", `{}`), provider: created(long, nil, false), body: []string{`"Status":"FAILED"`, "it has 256 bytes, and ROS takes 1 to 255"}},
		{name: "replacement", dialect: aws, event: awsEvent("Update", `{}`), provider: replacing, body: []string{`"PhysicalResourceId":"thing-2"`, "SUCCESS"}},
		{name: "replacement", dialect: ros, event: rosEvent("Update", `{}`), provider: replacing, body: []string{`"PhysicalResourceId":"thing-1"`, "FAILED", "the provider replaced thing-1 with thing-2, which ROS does not permit"}},
		{name: "properties and the ServiceToken", dialect: aws, event: awsEvent("Create", `{"ServiceToken": "arn:x", "ServiceTimeout": "60", "Name": "n"}`), body: []string{"SUCCESS"}},
		{name: "properties without a ServiceToken", dialect: ros, event: rosEvent("Create", `{"Name": "n"}`), body: []string{"SUCCESS"}},
		{name: "numbers as text", dialect: aws, event: awsEvent("Create", `{"Raw": "5", "Size": "5", "On": "true"}`), provider: sum, body: []string{`"Data":{"kind":"\"5\""}`}},
		{name: "numbers as numbers", dialect: ros, event: rosEvent("Create", `{"Raw": 5, "Size": 5, "On": true}`), provider: sum, body: []string{`"Data":{"kind":"5"}`}},
		{name: "NoEcho", dialect: aws, event: awsEvent("Create", `{}`), provider: created("a", map[string]any{"P": "x"}, true), body: []string{`"NoEcho":true,"Data":{"P":"x"}`}},
		{name: "NoEcho", dialect: ros, event: rosEvent("Create", `{}`), provider: created("a", map[string]any{"P": "x"}, true), body: []string{`"LogicalResourceId":"Thing","Data":{"P":"x"}`}},
		{name: "outputs, read by Fn::GetAtt", dialect: aws, event: awsEvent("Create", `{}`), provider: created("a", struct{ Name, Other string }{"n", "<"}, false), body: []string{`"Data":{"Name":"n","Other":"<"}`}},
		{name: "outputs, read by Fn::GetAtt", dialect: ros, event: rosEvent("Create", `{}`), provider: created("a", map[string]any{"Name": "n", "Number": 5}, false), body: []string{`"Data":{"Name":"n","Number":5}`}},
	} {
		t.Run(row.dialect.String()+" "+row.name, func(t *testing.T) {
			equal(t, row.dialect, row.event.Dialect)
			c := &catcher{receiver: &customresourcetest.Receiver{}}
			if row.provider == nil {
				row.provider = &thing{}
			}
			h := &customresource.Handler[Props]{Provider: row.provider, Client: &http.Client{Transport: c}}
			if _, err := h.Invoke(t.Context(), payload(t, c.receiver.Open(row.event, time.Hour))); err != nil {
				t.Fatal(err)
			}
			got := c.receiver.Received()[0]
			equal(t, "", got.Refusal)
			wantIn(t, string(got.Body), row.body...)
			if row.method == "" {
				return
			}
			equal(t, row.method, c.request.Method)
			equal(t, row.media, c.request.Header["Content-Type"])
			equal(t, row.dated, c.request.Header.Get("Date") != "")
		})
	}
}

func TestLimitsOfTheDialects(t *testing.T) {
	equal(t, 1024, customresource.AWS.MaxPhysicalID())
	equal(t, 255, customresource.ROS.MaxPhysicalID())
	equal(t, []bool{true, false, true, false}, []bool{customresource.AWS.Replaces(), customresource.ROS.Replaces(), customresource.AWS.NoEcho(), customresource.ROS.NoEcho()})
}

// A failure on ROS needs no physical ID, on AWS it does.
func TestPhysicalIDsThatAreRequired(t *testing.T) {
	r := customresource.Response{Status: customresource.Failed, Reason: "no", StackID: "s", RequestID: "r", LogicalResourceID: "l"}
	_, onROS := r.Encode(customresource.ROS)
	_, onAWS := r.Encode(customresource.AWS)
	equal(t, true, onROS == nil)
	equal(t, true, onAWS != nil)
	r.Status = customresource.Success
	_, onROS = r.Encode(customresource.ROS)
	equal(t, true, onROS != nil)
}

// The row of the table about transports: the same provider behind each.
func TestTransportsOfTheDialects(t *testing.T) {
	function := http.Header{"X-Fc-Request-Id": {"1"}, "X-Fc-Control-Path": {"/invoke"}}
	quote := func(event string) string {
		text, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, tt := range []struct {
		name    string
		dialect customresource.Dialect
		deliver func(h *customresource.Handler[Props], event string) error
	}{
		{"Lambda", customresource.AWS, invoke},
		{"SNS", customresource.AWS, func(h *customresource.Handler[Props], event string) error {
			return invoke(h, `{"Records": [{"EventSource": "aws:sns", "Sns": {"Message": `+quote(event)+`}}]}`)
		}},
		{"an HTTP endpoint", customresource.AWS, over(nil)},
		{"FC", customresource.ROS, over(function)},
		{"an MNS queue", customresource.ROS, func(h *customresource.Handler[Props], event string) error {
			return invoke(h, base64.StdEncoding.EncodeToString([]byte(event)))
		}},
		{"an MNS topic, pushed to HTTP", customresource.ROS, func(h *customresource.Handler[Props], event string) error {
			return over(nil)(h, `{"TopicOwner": "1", "Message": `+quote(event)+`}`)
		}},
		{"an MNS topic that triggers FC", customresource.ROS, over(function)},
		{"web:", customresource.ROS, over(nil)},
	} {
		t.Run(tt.dialect.String()+" "+tt.name, func(t *testing.T) {
			receiver := &customresourcetest.Receiver{}
			h := &customresource.Handler[Props]{Provider: &thing{}, Client: &http.Client{Transport: receiver}}
			if err := tt.deliver(h, string(payload(t, receiver.Open(eventOf(tt.dialect, "Create", `{"Name": "n"}`), time.Hour)))); err != nil {
				t.Fatal(err)
			}
			if err := h.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := receiver.Received()
			equal(t, 1, len(got))
			equal(t, customresource.Success, got[0].Response.Status)
			equal(t, tt.dialect, got[0].Event.Dialect)
		})
	}
}

func invoke(h *customresource.Handler[Props], event string) error {
	_, err := h.Invoke(context.Background(), []byte(event))
	return err
}

func over(header http.Header) func(*customresource.Handler[Props], string) error {
	return func(h *customresource.Handler[Props], event string) error {
		if got := post(h, header, event); got.StatusCode != http.StatusOK {
			return errors.New(got.Status)
		}
		return nil
	}
}

// The row about timeouts: AWS tells its own, at most an hour; of ROS the longest is assumed.
func TestTimeoutsOfTheDialects(t *testing.T) {
	for _, tt := range []struct {
		event *customresource.Event
		want  time.Duration
	}{
		{awsEvent("Create", `{}`), time.Hour},
		{awsEvent("Create", `{"ServiceTimeout": "600"}`), 10 * time.Minute},
		{awsEvent("Create", `{"ServiceTimeout": "99999"}`), time.Hour},
		{awsEvent("Create", `{"ServiceTimeout": "10000000000"}`), time.Hour},
		{rosEvent("Create", `{}`), 12 * time.Hour},
	} {
		synctest.Test(t, func(t *testing.T) {
			begun := time.Now()
			h := &customresource.Handler[Props]{Provider: &thing{create: func(ctx context.Context, _ *request) (*result, error) { <-ctx.Done(); return nil, ctx.Err() }}}
			h.Respond(t.Context(), tt.event)
			equal(t, tt.want-2*time.Second, time.Since(begun))
		})
	}
}
