package local_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

const thingToken = "arn:aws:lambda:us-east-1:123456789012:function:thing"

func thing(properties string) string {
	return `{"Parameters": {"Name": {"Type": "String", "Default": "a"}}, "Resources": {"X": {"Type": "Custom::Thing", "Properties": {"ServiceToken": "` + thingToken + `", "Name": {"Ref": "Name"}` + properties + `}},
		"T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::GetAtt": "X.Colour"}}}}, "Outputs": {"Colour": {"Value": {"Fn::GetAtt": ["X", "Colour"]}}, "Id": {"Value": {"Ref": "X"}}}}`
}

// A things is a custom resource whose physical ID is made of its name. It keeps what it was asked.
type things struct {
	client http.Client
	mu     sync.Mutex
	asked  []string
	fail   string // the request type that fails
	answer func(map[string]any)
}

func (th *things) handle(ctx context.Context, payload []byte) ([]byte, error) {
	var r struct {
		RequestType, RequestId, ResponseURL, StackId, LogicalResourceId, PhysicalResourceId string
		ResourceProperties, OldResourceProperties                                           map[string]any
	}
	if err := json.Unmarshal(payload, &r); err != nil {
		return nil, err
	}
	th.mu.Lock()
	th.asked = append(th.asked, fmt.Sprint(r.RequestType, " ", r.ResourceProperties["Name"], " ", r.OldResourceProperties["Name"], " ", r.PhysicalResourceId))
	th.mu.Unlock()
	answer := map[string]any{
		"Status": "SUCCESS", "RequestId": r.RequestId, "StackId": r.StackId, "LogicalResourceId": r.LogicalResourceId,
		"PhysicalResourceId": "thing-" + r.ResourceProperties["Name"].(string), "Data": map[string]any{"Colour": "red", "Size": r.ResourceProperties["Size"]},
	}
	if r.RequestType == "Delete" {
		answer["PhysicalResourceId"] = r.PhysicalResourceId
	}
	if r.RequestType == th.fail {
		answer["Status"], answer["Reason"], th.fail = "FAILED", "no "+r.RequestType, ""
		if r.RequestType == "Update" {
			answer["PhysicalResourceId"] = r.PhysicalResourceId
		}
	}
	if th.answer != nil {
		th.answer(answer)
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, r.ResponseURL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	response, err := th.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, errors.New(response.Status)
	}
	return nil, nil
}

// comeToRest waits until a stack has come to rest.
func comeToRest(t *testing.T, api *cloudformation.Client, name string) types.Stack {
	t.Helper()
	for {
		s := describe(t, api, name)
		if !strings.HasSuffix(string(s.StackStatus), "_IN_PROGRESS") {
			return s
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("%s is still %s", name, s.StackStatus)
		case <-time.After(time.Millisecond):
		}
	}
}

func TestCustomResourcesOfAFunction(t *testing.T) {
	cloud := localtest.New(t)
	th := &things{client: http.Client{Transport: cloud}}
	cloud.Handle(thingToken, th.handle)
	api := client(cloud)
	create(t, api, "work", thing(`, "Size": 3, "On": true`))
	s := comeToRest(t, api, "work")
	if s.StackStatus != types.StackStatusCreateComplete {
		t.Fatalf("%q", lines(t, api, "work"))
	}
	equal(t, "red", aws.ToString(s.Outputs[0].OutputValue))
	equal(t, "thing-a", aws.ToString(s.Outputs[1].OutputValue))
	// Another physical ID is a replacement: the old one is deleted in the end.
	update(t, api, "work", thing(""), "Name", "b")
	equal(t, "thing-b", aws.ToString(comeToRest(t, api, "work").Outputs[1].OutputValue))
	// A failure beside it brings the old one back.
	cloud.Fail(local.Fault{LogicalID: "T", Action: local.Update, Reason: "no", Times: 1})
	th.mu.Lock()
	th.answer = func(a map[string]any) { a["Data"].(map[string]any)["Colour"] = a["PhysicalResourceId"] }
	th.mu.Unlock()
	update(t, api, "work", thing(""), "Name", "c")
	s = comeToRest(t, api, "work")
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
	comeToRest(t, api, *s.StackId)
	th.mu.Lock()
	defer th.mu.Unlock()
	equal(t, []string{
		"Create a <nil> ", "Update b a thing-a", "Delete a <nil> thing-a",
		"Update c b thing-b", "Update b c thing-c", "Delete c <nil> thing-c", "Delete b <nil> thing-b",
	}, th.asked)
}

func TestCustomResourcesThatFail(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		th         *things
	}{
		{"refusal", "X CREATE_FAILED: Received response status [FAILED] from custom resource. Message returned: no Create (RequestId: ", &things{fail: "Create"}},
		{"no ID", "X CREATE_FAILED: Invalid PhysicalResourceId", &things{answer: func(a map[string]any) { delete(a, "PhysicalResourceId") }}},
		{"another's request", "X CREATE_FAILED: Invalid response object: StackId, RequestId and", &things{answer: func(a map[string]any) { a["RequestId"] = "x" }}},
		{"too long", "X CREATE_FAILED: Response object is too long.", &things{answer: func(a map[string]any) { a["Reason"] = strings.Repeat("x", 4096) }}},
		{"attribute", "CustomResource attribute error: Vendor response doesn't contain Colour attribute in object arn:", &things{answer: func(a map[string]any) { a["Data"] = map[string]any{} }}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cloud := localtest.New(t)
			tt.th.client.Transport = cloud
			cloud.Handle(thingToken, tt.th.handle)
			api := client(cloud)
			create(t, api, "work", thing(""))
			comeToRest(t, api, "work")
			wantIn(t, strings.Join(lines(t, api, "work"), "\n"), tt.want)
		})
	}
}

func TestCustomResourcesThatDoNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		api := client(cloud)
		cloud.Handle(thingToken, func(context.Context, []byte) ([]byte, error) { return nil, nil })
		create(t, api, "silent", thing(`, "ServiceTimeout": "30"`))
		<-time.After(2 * time.Minute) // of the bubble
		wantIn(t, strings.Join(lines(t, api, "silent"), "\n"), "X CREATE_FAILED: CloudFormation did not receive a response from your Custom Resource.")
		cloud.Handle(thingToken, func(context.Context, []byte) ([]byte, error) { panic("oh") })
		create(t, api, "loud", thing(""))
		synctest.Wait()
		wantIn(t, strings.Join(lines(t, api, "loud"), "\n"), "X CREATE_FAILED: the function behind the custom resource panicked: oh")
		cloud.Handle(thingToken, nil)
		create(t, api, "none", thing(""))
		wantIn(t, strings.Join(lines(t, api, "none"), "\n"), "X CREATE_FAILED: the embedded cloud has nothing behind the ServiceToken "+thingToken+", and runs no code of functions; in a Go program, ")
	})
}

func TestCustomResourcesOverHTTP(t *testing.T) {
	cloud := localtest.New(t)
	front := httptest.NewServer(cloud)
	defer front.Close()
	th := &things{}
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		payload, err := io.ReadAll(r.Body)
		if err == nil {
			_, err = th.handle(r.Context(), payload)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	defer behind.Close()
	config := cloud.Config()
	config.BaseEndpoint, config.HTTPClient = &front.URL, front.Client()
	api := cloudformation.NewFromConfig(config)
	create(t, api, "work", strings.ReplaceAll(thing(""), thingToken, behind.URL))
	equal(t, types.StackStatusCreateComplete, comeToRest(t, api, "work").StackStatus)
}
