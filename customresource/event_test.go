package customresource_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/customresource"
)

func TestDialectsAreFoundInEvents(t *testing.T) {
	for _, tt := range []struct {
		name, event string
		want        customresource.Dialect
	}{
		{"an ARN", `{"StackId": "arn:aws:cloudformation:us-east-1:1:stack/a/b", "RegionId": "x"}`, customresource.AWS},
		{"nothing that tells", `{"StackId": "s"}`, customresource.AWS},
		{"an intranet URL", `{"StackId": "s", "IntranetResponseURL": "http://a/b"}`, customresource.ROS},
		{"an inner URL", `{"StackId": "s", "InnerResponseURL": "http://a/b"}`, customresource.ROS},
		{"a caller", `{"StackId": "s", "CallerId": "1"}`, customresource.ROS},
		{"an owner", `{"StackId": "s", "ResourceOwnerId": "1"}`, customresource.ROS},
		{"a region", `{"StackId": "s", "RegionId": "cn-beijing"}`, customresource.ROS},
		{"the type", `{"StackId": "s", "ResourceType": "ALIYUN::ROS::CustomResource"}`, customresource.ROS},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var e customresource.Event
			if err := json.Unmarshal([]byte(tt.event), &e); err != nil {
				t.Fatal(err)
			}
			equal(t, tt.want, e.Dialect)
		})
	}
}

func TestEventsAreTakenOutOfWhatTheyComeIn(t *testing.T) {
	event := string(payload(t, rosEvent("Create", `{"a": "<é>"}`)))
	quoted, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(event)
	for name, text := range map[string]string{
		"as it is":             event,
		"with a mark":          "\ufeff " + event + "\n",
		"SNS to Lambda":        `{"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Type": "Notification", "Message": ` + string(quoted) + `}}]}`,
		"SNS to HTTP":          `{"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:a:1:b", "Message": ` + string(quoted) + `}`,
		"MNS JSON":             `{"TopicOwner": "1", "TopicName": "t", "Message": ` + string(quoted) + `, "MessageMD5": "F1E9", "PublishTime": "1449556920975"}`,
		"MNS XML":              `<?xml version="1.0" encoding="utf-8"?><Notification xmlns="http://mns.aliyuncs.com/doc/v1/"><TopicOwner>1</TopicOwner><Message>` + escaped + `</Message><MessageMD5>F</MessageMD5></Notification>`,
		"MNS queue, in Base64": base64.StdEncoding.EncodeToString([]byte(event)),
		"both":                 `{"Message": "` + base64.StdEncoding.EncodeToString([]byte(event)) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := customresource.ParseEvent([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(event, string(payload(t, got))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestEventsThatCannotBeAnswered(t *testing.T) {
	for _, tt := range []struct{ event, want string }{
		{``, "the body is empty"},
		{`nonsense`, "neither a JSON object nor a notification"},
		{`[]`, "neither a JSON object nor a notification"},
		{`{"RequestType": "Create"`, "cannot be read"},
		{`{"RequestType": {"a": 1}}`, "RequestType has a value of the wrong kind"},
		{`{}`, "has no RequestId, StackId, LogicalResourceId"},
		{`{"RequestType": "Create", "RequestId": "r", "StackId": "s", "LogicalResourceId": "l", "ResponseURL": "file:///secret-place"}`, "is no http or https URL"},
		{`{"Records": []}`, "one record is expected, not 0"},
		{`{"Records": [{"s3": {}}]}`, "one record is expected"},
		{`{"Type": "SubscriptionConfirmation", "Message": "m"}`, "confirm"},
		{`<a><b></a>`, "no Message"},
		{`{"Message": "{\"Message\": \"{\\\"Message\\\": \\\"{\\\\\\\"Message\\\\\\\": \\\\\\\"x\\\\\\\"}\\\"}\"}"}`, "wrapped too often"},
	} {
		_, err := customresource.ParseEvent([]byte(tt.event))
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, not %q", tt.event, err, tt.want)
		}
	}
}

func TestAnEventShowsNoSecrets(t *testing.T) {
	e := awsEvent("Create", `{"Password": "hunter2hunter2"}`)
	e.ResponseURL = "https://bucket.example/secret"
	r := &request{Event: e, Properties: Props{Password: "hunter2hunter2"}}
	var log strings.Builder
	for _, logger := range []*slog.Logger{slog.New(slog.NewJSONHandler(&log, nil)), slog.New(slog.NewTextHandler(&log, nil))} {
		logger.Info("x", "event", e, "request", r, "properties", r.Properties, "password", r.Properties.Password)
	}
	fmt.Fprintf(&log, "%v %+v %#v %s %q %x %d %v %+v %#v", e, e, e, e, r, r.Properties.Password, r.Properties.Password, r, r.Properties, r.Properties)
	for _, secret := range []string{"bucket.example", "hunter2", "68756e746572"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%s is in %s", secret, log.String())
		}
	}
	equal(t, "hunter2hunter2", r.Properties.Password.Reveal())
}

func TestPhysicalIDsThatAreMade(t *testing.T) {
	e := awsEvent("Create", `{}`)
	id := e.MakePhysicalID(255)
	equal(t, id, awsEvent("Delete", `{}`).MakePhysicalID(255))
	wantIn(t, id, "work-Thing-")
	seen := map[string]bool{id: true, e.MakePhysicalID(255, "a"): true, e.MakePhysicalID(255, "a", "b"): true, e.MakePhysicalID(255, "ab"): true, rosEvent("Create", `{}`).MakePhysicalID(255): true}
	equal(t, 5, len(seen))
	e.StackName, e.LogicalResourceID = strings.Repeat("ä.", 40), "x"
	for _, most := range []int{0, 12, 13, 14, 63, 255} {
		if got := e.MakePhysicalID(most); len(got) > max(most, 12) || strings.Trim(got, "-") != got {
			t.Errorf("%d: %s", most, got)
		}
	}
}
