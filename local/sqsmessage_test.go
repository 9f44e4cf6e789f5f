package local_test

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

const queues = `{"Resources": {
	"Dead": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "dead"}},
	"Plain": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "plain",
		"RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 2}}},
	"Fifo": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "ordered.fifo", "FifoQueue": true, "ContentBasedDeduplication": true}}}}`

// queueClient is the SDK's client of a cloud in which a stack has made queues.
func queueClient(t *testing.T, cloud *local.Cloud) *sqs.Client {
	t.Helper()
	_, err := cloudformation.NewFromConfig(cloud.Config()).CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("queues"), TemplateBody: aws.String(queues),
	})
	if err != nil {
		t.Fatal(err)
	}
	return sqs.NewFromConfig(cloud.Config())
}

func urlOf(t *testing.T, client *sqs.Client, name string) *string {
	t.Helper()
	out, err := client.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return out.QueueUrl
}

func TestMessagesAreSentReceivedAndDeleted(t *testing.T) {
	client := queueClient(t, localtest.New(t))
	queue := urlOf(t, client, "plain")
	sent, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue, MessageBody: aws.String("hello <&>"),
		MessageAttributes: map[string]types.MessageAttributeValue{"n": {DataType: aws.String("Number"), StringValue: aws.String("5")}}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue, MessageAttributeNames: []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll}})
	if err != nil || len(got.Messages) != 1 {
		t.Fatalf("received %v, %v", got, err)
	}
	m := got.Messages[0]
	if *m.MessageId != *sent.MessageId || *m.Body != "hello <&>" || *m.MessageAttributes["n"].StringValue != "5" || m.Attributes["ApproximateReceiveCount"] != "1" {
		t.Errorf("received %+v", m)
	}
	// The MD5 of the bytes that the manual describes, for an attribute n of the type Number with the value 5.
	if want := "32c280809119ae4bbfb8b56d266b5127"; *sent.MD5OfMessageAttributes != want || *m.MD5OfMessageAttributes != want {
		t.Errorf("MD5 of the attributes: sent %s, received %s, want %s", *sent.MD5OfMessageAttributes, *m.MD5OfMessageAttributes, want)
	}
	again, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue})
	if err != nil || len(again.Messages) != 0 {
		t.Errorf("a message that is hidden was received: %v, %v", again.Messages, err)
	}
	if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: queue, ReceiptHandle: m.ReceiptHandle}); err != nil {
		t.Fatal(err)
	}
	attributes, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: queue, AttributeNames: []types.QueueAttributeName{"All"}})
	if err != nil || attributes.Attributes["ApproximateNumberOfMessages"] != "0" || attributes.Attributes["ApproximateNumberOfMessagesNotVisible"] != "0" {
		t.Errorf("after the deletion: %v, %v", attributes.Attributes, err)
	}
}

func TestReceiversWaitForMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := queueClient(t, localtest.New(t))
		queue := urlOf(t, client, "plain")
		receive := func() []types.Message {
			out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue, WaitTimeSeconds: 20})
			if err != nil {
				t.Error(err)
				return nil
			}
			return out.Messages
		}
		began := time.Now()
		if got := receive(); len(got) != 0 || time.Since(began) != 20*time.Second {
			t.Errorf("an empty queue gave %d messages after %s", len(got), time.Since(began))
		}
		go func() {
			time.Sleep(3 * time.Second)
			if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue, MessageBody: aws.String("x"), DelaySeconds: 4}); err != nil {
				t.Error(err)
			}
		}()
		began = time.Now()
		if got := receive(); len(got) != 1 || time.Since(began) != 7*time.Second {
			t.Errorf("a message that is delayed to the 7th second: %d after %s", len(got), time.Since(began))
		}
	})
}

func TestMessagesThatFailGoToTheDeadLetterQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := queueClient(t, localtest.New(t))
		queue, dead := urlOf(t, client, "plain"), urlOf(t, client, "dead")
		if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue, MessageBody: aws.String("poison")}); err != nil {
			t.Fatal(err)
		}
		counts := []int{}
		for range 4 {
			out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue})
			if err != nil {
				t.Fatal(err)
			}
			counts = append(counts, len(out.Messages))
			time.Sleep(31 * time.Second) // until it is seen again
		}
		if diff := cmp.Diff([]int{1, 1, 0, 0}, counts); diff != "" {
			t.Errorf("received (-want +got):\n%s", diff)
		}
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: dead})
		if err != nil || len(out.Messages) != 1 || *out.Messages[0].Body != "poison" {
			t.Errorf("in the dead-letter queue: %v, %v", out, err)
		}
	})
}

func TestQueuesInOrder(t *testing.T) {
	client := queueClient(t, localtest.New(t))
	queue := urlOf(t, client, "ordered.fifo")
	send := func(body string) string {
		out, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue, MessageBody: &body, MessageGroupId: aws.String("g")})
		if err != nil {
			t.Fatal(err)
		}
		return *out.MessageId
	}
	if first, again := send("a"), send("a"); first != again {
		t.Error("the same message was taken twice")
	}
	send("b")
	one, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue})
	if err != nil || len(one.Messages) != 1 || *one.Messages[0].Body != "a" {
		t.Fatalf("received %v, %v", one, err)
	}
	if next, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue}); err != nil || len(next.Messages) != 0 {
		t.Errorf("the group went on before its first message was done: %v, %v", next.Messages, err)
	}
	if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue, MessageBody: aws.String("c")}); err == nil {
		t.Error("a message without a group was taken")
	}
}

func TestBatchesOfMessages(t *testing.T) {
	client := queueClient(t, localtest.New(t))
	queue := urlOf(t, client, "plain")
	entry := func(id, body string) types.SendMessageBatchRequestEntry {
		return types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &body}
	}
	out, err := client.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: queue, Entries: []types.SendMessageBatchRequestEntry{entry("1", "x"), entry("2", "\x01")}})
	if err != nil || len(out.Successful) != 1 || len(out.Failed) != 1 || *out.Failed[0].Code != "InvalidMessageContents" {
		t.Errorf("%+v, %v", out, err)
	}
	_, err = client.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: queue, Entries: []types.SendMessageBatchRequestEntry{entry("1", "x"), entry("1", "y")}})
	if _, ok := errors.AsType[*types.BatchEntryIdsNotDistinct](err); !ok {
		t.Errorf("two entries of one ID: %v", err)
	}
	if _, err := client.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: queue}); err != nil {
		t.Fatal(err)
	}
	if left, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue}); err != nil || len(left.Messages) != 0 {
		t.Errorf("after the purge: %v, %v", left.Messages, err)
	}
}

// TestOlderClientsOfQueues speaks the Query protocol: to the endpoint, and to the URL of the queue.
func TestOlderClientsOfQueues(t *testing.T) {
	cloud := localtest.New(t)
	queueClient(t, cloud)
	call := func(path string, fields ...string) string {
		form := url.Values{"Version": {"2012-11-05"}}
		for i := 0; i < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		_, body := send(t, cloud, "POST", "http://cloudformation.local"+path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		return body
	}
	wantIn(t, call("/", "Action", "GetQueueUrl", "QueueName", "plain"), "<GetQueueUrlResult><QueueUrl>", "/plain</QueueUrl>")
	wantIn(t, call("/123456789012/plain", "Action", "SendMessage", "MessageBody", "hello",
		"MessageAttribute.1.Name", "kind", "MessageAttribute.1.Value.DataType", "Binary", "MessageAttribute.1.Value.BinaryValue", "AQI="),
		"<MD5OfMessageBody>5d41402abc4b2a76b9719d911017c592</MD5OfMessageBody>")
	got := call("/123456789012/plain", "Action", "ReceiveMessage", "AttributeName.1", "All", "MessageAttributeName.1", "kind")
	wantIn(t, got, "<ReceiveMessageResult><Message><MessageId>", "<Body>hello</Body>", "<Attribute><Name>SenderId</Name>", "<BinaryValue>AQI=</BinaryValue>")
	_, handle, _ := strings.Cut(got, "<ReceiptHandle>")
	handle, _, _ = strings.Cut(handle, "</ReceiptHandle>")
	wantIn(t, call("/", "Action", "DeleteMessageBatch", "QueueUrl", "https://sqs.us-east-1.amazonaws.com/123456789012/plain",
		"DeleteMessageBatchRequestEntry.1.Id", "a", "DeleteMessageBatchRequestEntry.1.ReceiptHandle", handle), "<DeleteMessageBatchResultEntry><Id>a</Id></DeleteMessageBatchResultEntry>")
	wantIn(t, call("/", "Action", "ReceiveMessage", "QueueUrl", "no"), "<Code>AWS.SimpleQueueService.NonExistentQueue</Code>")
	wantIn(t, call("/", "Action", "CreateQueue", "QueueName", "no"), "NotImplemented", "CreateQueue")
}

func TestMessagesAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	cloud := &local.Cloud{State: file}
	client := queueClient(t, cloud)
	queue := urlOf(t, client, "plain")
	for _, body := range []string{"first", "second"} {
		if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue, MessageBody: &body}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue})
	if err != nil || len(got.Messages) != 1 {
		t.Fatalf("received %v, %v", got, err)
	}
	if err := cloud.Close(); err != nil {
		t.Fatal(err)
	}

	again := &local.Cloud{State: file}
	defer again.Close()
	client = sqs.NewFromConfig(again.Config())
	if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: queue, ReceiptHandle: got.Messages[0].ReceiptHandle}); err != nil {
		t.Error(err)
	}
	left, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: 10})
	if err != nil || len(left.Messages) != 1 || *left.Messages[0].Body != "second" {
		t.Errorf("after a restart: %v, %v", left, err)
	}
}

// TestErrorsHaveTheirOlderCode is for clients that know the codes of the Query protocol and speak the
// JSON protocol, such as boto3.
func TestErrorsHaveTheirOlderCode(t *testing.T) {
	client := queueClient(t, localtest.New(t))
	_, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String("https://sqs.us-east-1.amazonaws.com/123456789012/no")})
	failed, ok := errors.AsType[*types.QueueDoesNotExist](err)
	if !ok || failed.ErrorCode() != "AWS.SimpleQueueService.NonExistentQueue" {
		t.Errorf("%v", err)
	}
}
