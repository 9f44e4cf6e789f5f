package customresource_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/customresourcetest"
)

// Props are the properties of the resources of these tests.
type Props struct {
	Name     string
	Size     int
	On       bool
	Ratio    float64
	Tags     []string
	Nested   *Nested
	Labels   map[string]string
	Any      any
	Raw      json.RawMessage
	Password customresource.Secret
	renamed
}

type renamed struct {
	Kind string `json:"kind-of"`
}

type Nested struct{ Deep uint8 }

// A thing is a provider of functions; one that is nil succeeds.
type thing struct {
	mu             sync.Mutex
	asked          []string
	create, update func(context.Context, *customresource.Request[Props]) (*customresource.Result, error)
	delete         func(context.Context, *customresource.Request[Props]) error
}

func (th *thing) note(r *customresource.Request[Props]) {
	th.mu.Lock()
	defer th.mu.Unlock()
	th.asked = append(th.asked, string(r.RequestType)+" "+r.Properties.Name+" "+r.OldProperties.Name+" "+r.PhysicalResourceID)
}

func (th *thing) Create(ctx context.Context, r *customresource.Request[Props]) (*customresource.Result, error) {
	th.note(r)
	if th.create == nil {
		return nil, nil
	}
	return th.create(ctx, r)
}

func (th *thing) Update(ctx context.Context, r *customresource.Request[Props]) (*customresource.Result, error) {
	th.note(r)
	if th.update == nil {
		return nil, nil
	}
	return th.update(ctx, r)
}

func (th *thing) Delete(ctx context.Context, r *customresource.Request[Props]) error {
	th.note(r)
	if th.delete == nil {
		return nil
	}
	return th.delete(ctx, r)
}

// awsEvent and rosEvent are events as the manuals have them.
func awsEvent(typ customresource.RequestType, properties string) *customresource.Event {
	return parsed(`{"RequestType": "` + string(typ) + `", "RequestId": "r-1", "ResponseURL": "http://responses.local/x", "ResourceType": "Custom::Thing",
		"LogicalResourceId": "Thing", "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/work/0a1b", "PhysicalResourceId": "` + before(typ) + `",
		"ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:thing",
		"ResourceProperties": ` + properties + `}`)
}

func rosEvent(typ customresource.RequestType, properties string) *customresource.Event {
	return parsed(`{"RequestType": "` + string(typ) + `", "RequestId": "r-1", "ResponseURL": "http://responses.local/x", "ResourceType": "Custom::Thing",
		"LogicalResourceId": "Thing", "StackId": "4a6c9851-3b0f-4f5f-b4ca-a14bf691f2ff", "StackName": "work", "ResourceOwnerId": "1234", "CallerId": "5678",
		"RegionId": "cn-hangzhou", "PhysicalResourceId": "` + before(typ) + `", "ResourceProperties": ` + properties + `}`)
}

func eventOf(d customresource.Dialect, typ customresource.RequestType, properties string) *customresource.Event {
	if d == customresource.ROS {
		return rosEvent(typ, properties)
	}
	return awsEvent(typ, properties)
}

func before(typ customresource.RequestType) string {
	if typ == customresource.Create {
		return ""
	}
	return "thing-1"
}

func parsed(text string) *customresource.Event {
	e, err := customresource.ParseEvent([]byte(text))
	if err != nil {
		panic(err) // the events of these tests are well-formed
	}
	return e
}

// send sends an event to a provider, and returns what came of it.
func send(t *testing.T, p customresource.Provider[Props], e *customresource.Event) customresourcetest.Received {
	t.Helper()
	receiver := &customresourcetest.Receiver{}
	h := &customresource.Handler[Props]{Provider: p, Client: &http.Client{Transport: receiver}}
	if _, err := h.Invoke(t.Context(), payload(t, receiver.Open(e, time.Hour))); err != nil {
		t.Fatal(err)
	}
	got := receiver.Received()
	if len(got) != 1 {
		t.Fatalf("there are %d responses", len(got))
	}
	if got[0].Refusal != "" {
		t.Fatalf("%s: %s", got[0].Refusal, got[0].Body)
	}
	return got[0]
}

func payload(t *testing.T, e *customresource.Event) []byte {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func equal(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is not in %q", p, text)
		}
	}
}
