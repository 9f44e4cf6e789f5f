package local_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// hub is a topic with queues behind it, each subscribed in another way.
const hub = `{"Resources": {
	"Raw": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "raw"}},
	"Wrapped": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "wrapped"}},
	"Filtered": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "filtered"}},
	"Apart": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "apart"}},
	"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "hub", "Subscription": [
		{"Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Wrapped", "Arn"]}}, {"Protocol": "email", "Endpoint": "ops@example.com"}]}},
	"Other": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "other", "Subscription": [{"Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Apart", "Arn"]}}]}},
	"ToRaw": {"Type": "AWS::SNS::Subscription", "Properties": {"TopicArn": {"Ref": "Topic"}, "Protocol": "sqs",
		"Endpoint": {"Fn::GetAtt": ["Raw", "Arn"]}, "RawMessageDelivery": true}},
	"ToFiltered": {"Type": "AWS::SNS::Subscription", "Properties": {"TopicArn": {"Ref": "Topic"}, "Protocol": "sqs",
		"Endpoint": {"Fn::GetAtt": ["Filtered", "Arn"]}, "FilterPolicy": {"kind": ["mine"]}}}}}`

const hubArn = "arn:aws:sns:us-east-1:123456789012:hub"

// notified makes the hub, and a stack of one parameter that is a secret, which notifies the hub.
func notified(t *testing.T, cloud *local.Cloud, topics ...string) (stackID string) {
	t.Helper()
	api := cloudformation.NewFromConfig(cloud.Config())
	if _, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("hub"), TemplateBody: aws.String(hub)}); err != nil {
		t.Fatal(err)
	}
	out, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("jobs"), NotificationARNs: topics, ClientRequestToken: aws.String("mine"),
		TemplateBody: aws.String(`{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}}}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.StackId
}

// drain takes all messages out of a queue.
func drain(t *testing.T, cloud *local.Cloud, name string) (bodies []string) {
	t.Helper()
	client := sqs.NewFromConfig(cloud.Config())
	queue := urlOf(t, client, name)
	for {
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return bodies
		}
		for _, m := range out.Messages {
			bodies = append(bodies, *m.Body)
		}
	}
}

// member is a member of a notification.
func member(notice, name string) string {
	for line := range strings.Lines(notice) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+"='"); ok {
			return strings.TrimSuffix(value, "'")
		}
	}
	return ""
}

func TestStacksNotifyTheirTopics(t *testing.T) {
	cloud := localtest.New(t)
	id := notified(t, cloud, "arn:aws:sns:us-east-1:123456789012:nobody", "nonsense", hubArn)
	raw := drain(t, cloud, "raw")
	var got []string
	for _, body := range raw {
		if member(body, "StackId") != id || member(body, "ClientRequestToken") != "mine" {
			t.Errorf("got %s", body)
		}
		got = append(got, fmt.Sprint(member(body, "LogicalResourceId"), " ", member(body, "ResourceStatus")))
	}
	want := []string{"jobs CREATE_IN_PROGRESS", "Q CREATE_IN_PROGRESS", "Q CREATE_IN_PROGRESS", "Q CREATE_COMPLETE", "jobs CREATE_COMPLETE"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("raw notifications (-want +got):\n%s", diff)
	}
	wrapped := drain(t, cloud, "wrapped")
	if len(wrapped) != len(raw) {
		t.Errorf("%d messages in envelopes, want %d", len(wrapped), len(raw))
	}
	for i, body := range wrapped {
		var e struct{ Type, TopicArn, Subject, Message string }
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			t.Fatal(err)
		}
		if e.Type != "Notification" || e.TopicArn != hubArn || e.Subject != "AWS CloudFormation Notification" || i >= len(raw) || e.Message != raw[i] {
			t.Errorf("message %d in its envelope: %+v", i, e)
		}
	}
	for _, name := range []string{"filtered", "apart"} {
		if n := len(drain(t, cloud, name)); n != 0 {
			t.Errorf("the queue %s got %d messages, want none", name, n)
		}
	}
}

func TestStacksWithoutTopicsNotifyNobody(t *testing.T) {
	cloud := localtest.New(t)
	notified(t, cloud)
	if got := drain(t, cloud, "raw"); len(got) != 0 {
		t.Errorf("got %q, want nothing", got)
	}
}

func TestNotificationsAreKept(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	cloud := &local.Cloud{State: state}
	notified(t, cloud, hubArn)
	if err := cloud.Close(); err != nil {
		t.Fatal(err)
	}
	again := &local.Cloud{State: state}
	defer again.Close()
	if n := len(drain(t, again, "raw")); n != 5 {
		t.Errorf("%d notifications after a restart, want 5", n)
	}
}
