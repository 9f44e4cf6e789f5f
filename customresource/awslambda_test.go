package customresource_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/customresourcetest"
)

// A Handler is what lambda.Start takes.
var _ lambda.Handler = (*customresource.Handler[Props])(nil)

func TestAWSLambdaGoReadsOurEvents(t *testing.T) {
	ours := awsEvent("Update", `{"Name": "n", "List": ["a"]}`)
	ours.OldResourceProperties = json.RawMessage(`{"Name": "o"}`)
	var theirs cfn.Event
	if err := json.Unmarshal(payload(t, ours), &theirs); err != nil {
		t.Fatal(err)
	}
	equal(t, cfn.Event{
		RequestType: cfn.RequestUpdate, RequestID: "r-1", ResponseURL: "http://responses.local/x", ResourceType: "Custom::Thing", PhysicalResourceID: "thing-1",
		LogicalResourceID: "Thing", StackID: "arn:aws:cloudformation:eu-west-1:123456789012:stack/work/0a1b",
		ResourceProperties: map[string]any{"Name": "n", "List": []any{"a"}}, OldResourceProperties: map[string]any{"Name": "o"},
	}, theirs)
}

func TestWeReadTheEventsOfAWSLambdaGo(t *testing.T) {
	text, err := json.Marshal(cfn.Event{
		RequestType: cfn.RequestUpdate, RequestID: "r", ResponseURL: "http://responses.local/x", ResourceType: "Custom::Thing", PhysicalResourceID: "p",
		LogicalResourceID: "l", StackID: "s", ResourceProperties: map[string]any{"Size": "5"}, OldResourceProperties: map[string]any{},
	})
	if err != nil {
		t.Fatal(err)
	}
	e := parsed(string(text))
	equal(t, []string{"Update", "r", "http://responses.local/x", "Custom::Thing", "p", "l", "s", `{"Size":"5"}`, `{}`}, []string{
		string(e.RequestType), e.RequestID, e.ResponseURL.Reveal(), e.ResourceType, e.PhysicalResourceID, e.LogicalResourceID, e.StackID, string(e.ResourceProperties), "{}",
	})
	notification, err := json.Marshal(events.SNSEvent{Records: []events.SNSEventRecord{{SNS: events.SNSEntity{Message: string(text)}}}})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, string(payload(t, e)), string(payload(t, parsed(string(notification)))))
}

func TestResponsesOfBothLibrariesAreReadByBoth(t *testing.T) {
	ours := send(t, &thing{create: func(context.Context, *request) (*result, error) {
		return &result{PhysicalID: "p", Data: map[string]any{"A": "b"}, NoEcho: true}, nil
	}}, awsEvent("Create", `{}`))
	var theirs cfn.Response
	if err := json.Unmarshal(ours.Body, &theirs); err != nil {
		t.Fatal(err)
	}
	equal(t, []any{cfn.StatusSuccess, "p", "r-1", "Thing", true, map[string]any{"A": "b"}},
		[]any{theirs.Status, theirs.PhysicalResourceID, theirs.RequestID, theirs.LogicalResourceID, theirs.NoEcho, theirs.Data})

	receiver := &customresourcetest.Receiver{}
	server := httptest.NewServer(receiver)
	defer server.Close()
	receiver.URL = server.URL
	var event cfn.Event
	if err := json.Unmarshal(payload(t, receiver.Open(awsEvent("Create", `{}`), time.Hour)), &event); err != nil {
		t.Fatal(err)
	}
	theirFunction := cfn.LambdaWrap(func(context.Context, cfn.Event) (string, map[string]any, error) {
		return "theirs", map[string]any{"A": "b"}, nil
	})
	if _, err := theirFunction(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	got := receiver.Received()[0]
	equal(t, "", got.Refusal)
	equal(t, "theirs", got.Response.PhysicalResourceID)
}

// What Lambda calls is the handler itself, not a function that it decodes the payload for.
func TestLambdaInvokesAHandler(t *testing.T) {
	receiver := &customresourcetest.Receiver{}
	h := lambda.NewHandler(&customresource.Handler[Props]{Provider: &thing{}, Client: &http.Client{Transport: receiver}})
	out, err := h.Invoke(t.Context(), payload(t, receiver.Open(awsEvent("Create", `{}`), time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "null", string(out))
	equal(t, customresource.Success, receiver.Received()[0].Response.Status)
}
