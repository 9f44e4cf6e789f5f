package customresource_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/customresourcetest"
)

// Greeting is what a template says of a greeting.
type Greeting struct {
	Name  string
	Times int
}

// Validate is asked before anything is done.
func (g *Greeting) Validate() error {
	if g.Times < 1 {
		return errors.New("property Times must be 1 or more")
	}
	return nil
}

// A greeter makes greetings. Nothing stands behind them, so there is nothing to delete.
type greeter struct{}

func (greeter) Create(_ context.Context, r *customresource.Request[Greeting]) (*customresource.Result, error) {
	return &customresource.Result{
		PhysicalID: "greeting-" + r.Properties.Name,
		Data:       map[string]any{"Text": fmt.Sprintf("hello %s, %d times", r.Properties.Name, r.Properties.Times)},
	}, nil
}

func (g greeter) Update(ctx context.Context, r *customresource.Request[Greeting]) (*customresource.Result, error) {
	return g.Create(ctx, r)
}

func (greeter) Delete(context.Context, *customresource.Request[Greeting]) error { return nil }

// A provider, and what it answers to an event whose number CloudFormation has made text.
func ExampleHandler_Invoke() {
	receiver := &customresourcetest.Receiver{}
	h := &customresource.Handler[Greeting]{Provider: greeter{}, Client: &http.Client{Transport: receiver}}
	event := receiver.Open(&customresource.Event{
		RequestType: customresource.Create, RequestID: "4711", ResourceType: "Custom::Greeting", LogicalResourceID: "Hello",
		StackID:            "arn:aws:cloudformation:us-east-1:123456789012:stack/work/0a1b",
		ResourceProperties: json.RawMessage(`{"ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:greet", "Name": "world", "Times": "3"}`),
	}, time.Hour)
	payload, err := json.Marshal(event)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := h.Invoke(context.Background(), payload); err != nil {
		fmt.Println(err)
		return
	}
	got := receiver.Received()[0].Response
	fmt.Println(got.Status, got.PhysicalResourceID, string(got.Data))
	// Output: SUCCESS greeting-world {"Text":"hello world, 3 times"}
}

// What is wrong with properties is told all at once.
func ExampleHandler_Respond() {
	h := &customresource.Handler[Greeting]{Provider: greeter{}}
	r := h.Respond(context.Background(), &customresource.Event{
		Dialect: customresource.ROS, RequestType: customresource.Create, RequestID: "4711", LogicalResourceID: "Hello", StackID: "5f2c", StackName: "work",
		ResourceProperties: json.RawMessage(`{"Nmae": "world", "Times": "often"}`),
	})
	fmt.Println(r.Status, r.PhysicalResourceID)
	fmt.Println(r.Reason)
	// Output:
	// FAILED updraft-never-created-work-Hello-fb83023f437d
	// property Nmae: there is no such property; there are Name, Times
	// property Times: its text of 5 characters is no int
	// property Times must be 1 or more
}

// Properties as CloudFormation sends them, in a struct.
func ExampleDecode() {
	var g Greeting
	err := customresource.Decode(json.RawMessage(`{"Name": "world", "Times": "3"}`), &g)
	fmt.Println(g, err)
	// Output: {world 3} <nil>
}

// A physical ID that is the same whenever the event comes again.
func ExampleEvent_MakePhysicalID() {
	e := &customresource.Event{StackID: "arn:aws:cloudformation:us-east-1:123456789012:stack/work/0a1b", StackName: "work", LogicalResourceID: "Hello"}
	fmt.Println(e.MakePhysicalID(63))
	fmt.Println(e.MakePhysicalID(20, "another"))
	// Output:
	// work-Hello-fa53e57d848c
	// work-He-ccb26bc4c9e6
}

// A server is something that takes time to come up.
type server struct{ greeter }

func (server) Create(_ context.Context, r *customresource.Request[Greeting]) (*customresource.Result, error) {
	return &customresource.Result{PhysicalID: "server-" + r.Properties.Name, State: "started"}, nil
}

func (server) IsComplete(_ context.Context, r *customresource.Request[Greeting]) (*customresource.Result, error) {
	if r.RequestType == customresource.Create && r.State != "started" {
		return nil, nil // not yet
	}
	return &customresource.Result{Data: map[string]string{"Address": r.PhysicalResourceID + ".example"}}, nil
}

// A provider that begins things, and is asked until they are complete. A nil result would say that
// they are not.
func ExampleCompleter() {
	h := &customresource.Handler[Greeting]{Provider: server{}}
	r := h.Respond(context.Background(), &customresource.Event{
		RequestType: customresource.Create, RequestID: "4711", LogicalResourceID: "Server", StackID: "5f2c",
		ResourceProperties: json.RawMessage(`{"Name": "a", "Times": "1"}`),
	})
	fmt.Println(r.Status, r.PhysicalResourceID, string(r.Data))
	// Output: SUCCESS server-a {"Address":"server-a.example"}
}

// An endpoint for a ServiceToken web[sync]:… of ROS: its answer is the response.
func ExampleHandler_ServeHTTP() {
	endpoint := httptest.NewServer(&customresource.Handler[Greeting]{Provider: greeter{}})
	defer endpoint.Close()
	answer, err := http.Post(endpoint.URL, "application/json", strings.NewReader(`{
		"RequestType": "Create", "RequestId": "4711", "ResourceType": "Custom::Greeting", "LogicalResourceId": "Hello", "StackId": "5f2c",
		"StackName": "work", "RegionId": "cn-hangzhou", "ResourceProperties": {"Name": "world", "Times": 3}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	var r customresource.Response
	if err := json.NewDecoder(answer.Body).Decode(&r); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Status, r.PhysicalResourceID, string(r.Data))
	// Output: SUCCESS greeting-world {"Text":"hello world, 3 times"}
}

// An event out of a notification of SNS, and what may be shown of it.
func ExampleParseEvent() {
	e, err := customresource.ParseEvent([]byte(`{"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "{\"RequestType\": \"Delete\", \"RequestId\": \"4711\", \"ResponseURL\": \"https://bucket.example/?Signature=x\", \"ResourceType\": \"Custom::Greeting\", \"LogicalResourceId\": \"Hello\", \"StackId\": \"arn:aws:cloudformation:us-east-1:123456789012:stack/work/0a1b\", \"PhysicalResourceId\": \"greeting-world\"}"}}]}`))
	fmt.Println(e, err)
	fmt.Println(e.StackName, e.RegionID, e.PhysicalResourceID, e.ResponseURL)
	// Output:
	// Delete of Custom::Greeting Hello in arn:aws:cloudformation:us-east-1:123456789012:stack/work/0a1b (AWS, request 4711) <nil>
	// work us-east-1 greeting-world [secret]
}
