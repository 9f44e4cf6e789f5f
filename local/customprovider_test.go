package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// paintProperties are those of a paint, as its provider sees them.
type paintProperties struct {
	Name string
	Size int
	On   bool
}

// paints is a provider of package customresource whose physical IDs are names.
type paints struct {
	mu    sync.Mutex
	asked []string
	fail  error
	takes time.Duration
}

func (p *paints) note(r *customresource.Request[paintProperties]) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, string(r.RequestType)+" "+r.Properties.Name+" "+r.OldProperties.Name+" "+r.PhysicalResourceID)
	return p.fail
}

func (p *paints) Create(ctx context.Context, r *customresource.Request[paintProperties]) (*customresource.Result, error) {
	if err := p.note(r); err != nil {
		return nil, err
	}
	select {
	case <-time.After(p.takes):
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	return &customresource.Result{PhysicalID: "paint-" + r.Properties.Name, Data: map[string]any{"Colour": "red", "Size": r.Properties.Size}}, nil
}

func (p *paints) Update(ctx context.Context, r *customresource.Request[paintProperties]) (*customresource.Result, error) {
	return p.Create(ctx, r)
}

func (p *paints) Delete(_ context.Context, r *customresource.Request[paintProperties]) error {
	return p.note(r)
}

func (p *paints) said() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.asked...)
}

// bindings are the ways from a cloud to a provider.
var bindings = map[string]func(t *testing.T, cloud *local.Cloud, h *customresource.Handler[paintProperties]) (token string){
	"in this process": func(_ *testing.T, cloud *local.Cloud, h *customresource.Handler[paintProperties]) string {
		cloud.HandleCustom(thingToken, h)
		return thingToken
	},
	"as a function": func(_ *testing.T, cloud *local.Cloud, h *customresource.Handler[paintProperties]) string {
		h.Client = &http.Client{Transport: cloud}
		cloud.Handle("thing", h.Invoke)
		return thingToken
	},
	"behind a topic": func(_ *testing.T, cloud *local.Cloud, h *customresource.Handler[paintProperties]) string {
		h.Client = &http.Client{Transport: cloud}
		topic := "arn:aws:sns:us-east-1:123456789012:things"
		cloud.Handle(topic, func(ctx context.Context, payload []byte) ([]byte, error) {
			var event lambdaevents.SNSEvent // as functions that are written with aws-lambda-go see it
			if err := json.Unmarshal(payload, &event); err != nil || event.Records[0].SNS.TopicArn != topic {
				return nil, fmt.Errorf("%w in %s", err, payload)
			}
			return h.Invoke(ctx, payload)
		})
		return topic
	},
	"as an endpoint": func(t *testing.T, cloud *local.Cloud, h *customresource.Handler[paintProperties]) string {
		h.Client = &http.Client{Transport: cloud}
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		return server.URL
	},
}

func TestProvidersBehindCustomResources(t *testing.T) {
	for name, bind := range bindings {
		t.Run(name, func(t *testing.T) {
			cloud := localtest.New(t)
			p := &paints{}
			body := strings.ReplaceAll(thing(`, "Size": 3, "On": true`), thingToken, bind(t, cloud, &customresource.Handler[paintProperties]{Provider: p}))
			api := client(cloud)
			create(t, api, "work", body)
			s := comeToRest(t, api, "work")
			if s.StackStatus != types.StackStatusCreateComplete {
				t.Fatalf("%q", lines(t, api, "work"))
			}
			equal(t, "red", aws.ToString(s.Outputs[0].OutputValue))
			update(t, api, "work", body, "Name", "b")
			equal(t, "paint-b", aws.ToString(comeToRest(t, api, "work").Outputs[1].OutputValue))
			if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
				t.Fatal(err)
			}
			comeToRest(t, api, *s.StackId)
			equal(t, []string{"Create a  ", "Update b a paint-a", "Delete a  paint-a", "Delete b  paint-b"}, p.said())
		})
	}
}

// The most common stuck stack: a creation fails, and the deletion of what never was fails, too.
func TestACreationThatFailsLeavesNothingBehind(t *testing.T) {
	for name, bind := range bindings {
		t.Run(name, func(t *testing.T) {
			cloud := localtest.New(t)
			p := &paints{fail: errors.New("no paint is left")}
			body := strings.ReplaceAll(thing(""), thingToken, bind(t, cloud, &customresource.Handler[paintProperties]{Provider: p}))
			api := client(cloud)
			create(t, api, "work", body)
			s := comeToRest(t, api, "work")
			equal(t, types.StackStatusRollbackComplete, s.StackStatus)
			wantIn(t, strings.Join(lines(t, api, "work"), "\n"), "X CREATE_FAILED: Received response status [FAILED] from custom resource. Message returned: no paint is left (RequestId: ")
			equal(t, []string{"Create a  "}, p.said())
			// Nor does anything that was never deployed.
			wrong := strings.ReplaceAll(thing(`, "Size": "large", "Sise": 1`), thingToken, bind(t, cloud, &customresource.Handler[paintProperties]{Provider: p}))
			create(t, api, "wrong", wrong)
			equal(t, types.StackStatusRollbackComplete, comeToRest(t, api, "wrong").StackStatus)
			wantIn(t, strings.Join(lines(t, api, "wrong"), "\n"), "property Sise: there is no such property; there are Name, On, Size")
			equal(t, 1, len(p.said()))
		})
	}
}

// A failed update keeps the resource that was there.
func TestAnUpdateThatFailsKeepsWhatWasThere(t *testing.T) {
	cloud := localtest.New(t)
	p := &paints{}
	cloud.HandleCustom("thing", &customresource.Handler[paintProperties]{Provider: p})
	api := client(cloud)
	create(t, api, "work", thing(""))
	comeToRest(t, api, "work")
	cloud.Fail(local.Fault{LogicalID: "T", Action: local.Update, Reason: "no", Times: 1})
	p.mu.Lock()
	p.fail = errors.New("out of red")
	p.mu.Unlock()
	update(t, api, "work", thing(""), "Name", "b")
	s := comeToRest(t, api, "work")
	equal(t, "paint-a", aws.ToString(s.Outputs[1].OutputValue))
	for _, asked := range p.said() {
		if strings.HasPrefix(asked, "Delete") {
			t.Errorf("it was asked: %s", asked)
		}
	}
}

// A provider in this process is told of the ServiceTimeout, and answers before it.
func TestProvidersThatAreSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		cloud.HandleCustom("thing", &customresource.Handler[paintProperties]{Provider: &paints{takes: time.Hour}})
		api := client(cloud)
		create(t, api, "slow", thing(`, "ServiceTimeout": "30"`))
		time.Sleep(31 * time.Second) // of the bubble
		wantIn(t, strings.Join(lines(t, api, "slow"), "\n"), "X CREATE_FAILED: Received response status [FAILED] from custom resource. Message returned: context deadline exceeded")
	})
}

// What comes back without a network is held to the same rules.
func TestResponsesInThisProcessAreChecked(t *testing.T) {
	for _, tt := range []struct {
		r    *customresource.Response
		want string
	}{
		{&customresource.Response{}, "Invalid response object: StackId, RequestId and LogicalResourceId must be those of the request"},
		{&customresource.Response{Status: "DONE", StackID: "=", PhysicalResourceID: "p"}, "Invalid response object: Status must be SUCCESS or FAILED"},
		{&customresource.Response{Status: "SUCCESS", StackID: "="}, "Invalid PhysicalResourceId"},
		{&customresource.Response{Status: "SUCCESS", StackID: "=", PhysicalResourceID: strings.Repeat("p", 1025)}, "Invalid PhysicalResourceId"},
		{&customresource.Response{Status: "SUCCESS", StackID: "=", PhysicalResourceID: "p", Reason: strings.Repeat("r", 5000)}, "Response object is too long."},
		{&customresource.Response{Status: "FAILED", StackID: "=", PhysicalResourceID: "p"}, "Invalid response object: a Reason is required with FAILED"},
		{&customresource.Response{Status: "SUCCESS", StackID: "=", PhysicalResourceID: "p", Data: []byte(`[1]`)}, "Invalid response object: its Data must be an object"},
	} {
		cloud := localtest.New(t)
		cloud.HandleCustom("thing", fixed{tt.r})
		api := client(cloud)
		create(t, api, "work", thing(""))
		comeToRest(t, api, "work")
		wantIn(t, strings.Join(lines(t, api, "work"), "\n"), "X CREATE_FAILED: "+tt.want)
	}
}

// fixed gives a fixed response, with the IDs of the request if its stack's is "=".
type fixed struct{ r *customresource.Response }

func (f fixed) Respond(_ context.Context, e *customresource.Event) *customresource.Response {
	r := *f.r
	if r.StackID == "=" {
		r.StackID, r.RequestID, r.LogicalResourceID = e.StackID, e.RequestID, e.LogicalResourceID
	}
	if e.RequestType == customresource.Delete {
		return &customresource.Response{Status: "SUCCESS", StackID: e.StackID, RequestID: e.RequestID, LogicalResourceID: e.LogicalResourceID, PhysicalResourceID: e.PhysicalResourceID}
	}
	return &r
}
