package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

const macros = `{"Resources": {
	"Shout": {"Type": "AWS::CloudFormation::Macro", "Properties": {"Name": "Shout", "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:shout"}},
	"Lost": {"Type": "AWS::CloudFormation::Macro", "Properties": {"Name": "Lost", "FunctionName": "lost"}}}}`

// macro puts a macro behind the function shout: answer gets the request, and makes the answer.
func macro(t *testing.T, answer func(request map[string]any) map[string]any) (*local.Cloud, *cloudformation.Client) {
	t.Helper()
	cloud := localtest.New(t)
	cloud.Handle("shout", func(_ context.Context, payload []byte) ([]byte, error) {
		var request map[string]any
		if err := json.Unmarshal(payload, &request); err != nil {
			return nil, err
		}
		out := answer(request)
		if out == nil {
			return nil, errors.New("no voice")
		}
		if out["requestId"] == nil {
			out["requestId"] = request["requestId"]
		}
		return json.Marshal(out)
	})
	api := client(cloud)
	equal(t, types.StackStatusCreateComplete, create(t, api, "macros", macros).StackStatus)
	return cloud, api
}

func TestAMacroChangesAWholeTemplate(t *testing.T) {
	var seen map[string]any
	_, api := macro(t, func(request map[string]any) map[string]any {
		seen = request
		text, err := json.Marshal(request["fragment"])
		if err != nil {
			t.Error(err)
		}
		return map[string]any{"status": "success", "fragment": json.RawMessage(strings.ReplaceAll(string(text), "quiet", "LOUD"))}
	})
	s := create(t, api, "work", `{"Transform": [{"Name": "Shout", "Parameters": {"how": "much"}}], "Parameters": {"P": {"Type": "CommaDelimitedList"}},
		"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "quiet"}}}, "Outputs": {"O": {"Value": {"Fn::GetAtt": "T.DisplayName"}}}}`, "P", "a,b")
	equal(t, "LOUD", aws.ToString(s.Outputs[0].OutputValue))
	equal(t, any("123456789012::Shout"), seen["transformId"])
	equal(t, any(map[string]any{"how": "much"}), seen["params"])
	equal(t, any(map[string]any{"P": []any{"a", "b"}}), seen["templateParameterValues"])
	if _, has := seen["fragment"].(map[string]any)["Transform"]; has {
		t.Error("the macro gets the section Transform")
	}
	out, err := api.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: aws.String("work"), TemplateStage: types.TemplateStageProcessed})
	if err != nil || !strings.Contains(*out.TemplateBody, "LOUD") {
		t.Errorf("got %v, %v", out, err)
	}
}

func TestAMacroChangesAPartOfATemplate(t *testing.T) {
	_, api := macro(t, func(request map[string]any) map[string]any {
		return map[string]any{"status": "success", "fragment": map[string]any{"DisplayName": request["params"].(map[string]any)["text"], "TopicName": request["fragment"].(map[string]any)["TopicName"]}}
	})
	s := create(t, api, "work", `{"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "news", "Fn::Transform": {"Name": "Shout", "Parameters": {"text": "hear"}}}}},
		"Outputs": {"O": {"Value": {"Fn::Sub": "${T.DisplayName} ${T.TopicName}"}}}}`)
	if len(s.Outputs) != 1 {
		t.Fatalf("%q", lines(t, api, "work"))
	}
	equal(t, "hear news", aws.ToString(s.Outputs[0].OutputValue))
}

func TestMacrosThatFail(t *testing.T) {
	const malformed = "Received malformed response from transform 123456789012::Shout"
	for _, tt := range []struct {
		want   string
		answer map[string]any
	}{
		{"Transform 123456789012::Shout failed with: too loud", map[string]any{"status": "failed", "errorMessage": "too loud"}},
		{"Transform 123456789012::Shout failed without an error message.", map[string]any{"status": "failed"}},
		{"Transform 123456789012::Shout failed with: no voice", nil},
		{malformed, map[string]any{"status": "success"}},
		{malformed, map[string]any{"status": "success", "fragment": "text"}},
		{malformed, map[string]any{"status": "success", "fragment": map[string]any{}, "requestId": "another"}},
	} {
		_, api := macro(t, func(map[string]any) map[string]any { return tt.answer })
		create(t, api, "work", `{"Transform": "Shout", "Resources": {`+queue+`}}`)
		got := lines(t, api, "work")
		if !strings.Contains(strings.Join(got, "\n"), tt.want) {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	_, api := macro(t, nil)
	create(t, api, "work", `{"Transform": "Lost", "Resources": {`+queue+`}}`)
	if got := strings.Join(lines(t, api, "work"), "\n"); !strings.Contains(got, "nothing behind the function lost of the macro; give it a Go function with Cloud.Handle") {
		t.Errorf("got %s", got)
	}
}

// A macro may call the cloud. If it changes the very stack, the request is refused.
func TestAMacroThatCallsTheCloud(t *testing.T) {
	var api *cloudformation.Client
	name := "other"
	_, api = macro(t, func(request map[string]any) map[string]any {
		if _, err := api.CreateStack(context.Background(), &cloudformation.CreateStackInput{StackName: &name, TemplateBody: aws.String(topic)}); err != nil {
			t.Error(err)
		}
		return map[string]any{"status": "success", "fragment": request["fragment"]}
	})
	equal(t, types.StackStatusCreateComplete, create(t, api, "work", `{"Transform": "Shout", "Resources": {`+queue+`}}`).StackStatus)
	name = "again"
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("other")}); err != nil {
		t.Fatal(err)
	}
	_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("again"), TemplateBody: aws.String(`{"Transform": "Shout", "Resources": {` + queue + `}}`), Capabilities: []types.Capability{"CAPABILITY_AUTO_EXPAND"}})
	refusedWith(t, err, "ValidationError", "The stack was changed by another request while the macros of its template ran; send the request again")
}
