package queue_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/resources/sns"
	awssqs "github.com/updraft-go/updraft/resources/sqs"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
	"github.com/updraft-go/updraft/waiter/queue"
)

// office is a topic with a queue behind it; both are outputs.
func office(raw fn.Boolean) *stack.Stack {
	t := &stack.Template{}
	topic := stack.Add(t, "Topic", &sns.Topic{})
	inbox := stack.Add(t, "Inbox", &awssqs.Queue{})
	stack.Add(t, "Post", &sns.Subscription{TopicArn: topic.Ref(), Protocol: "sqs", Endpoint: inbox.AttrArn(), RawMessageDelivery: raw})
	t.Output("Topic", stack.Output{Value: topic.Ref()})
	t.Output("Queue", stack.Output{Value: inbox.Ref()})
	return &stack.Stack{Name: "office", Template: t}
}

// A deployment of twelve minutes is told of when it has ended, although its poller looks once an hour,
// since the reader wakes it: over a topic and a queue, in SNS's envelope and raw.
func TestADeploymentIsToldOfByItsNotifications(t *testing.T) {
	for _, raw := range []fn.Boolean{fn.True, fn.False} {
		synctest.Test(t, func(t *testing.T) {
			cloud := &local.Cloud{}
			defer cloud.Close()
			api := cloudformation.NewFromConfig(cloud.Config())
			made, err := (&executor.Client{API: api}).Deploy(t.Context(), office(raw), nil)
			if err != nil {
				t.Fatal(err)
			}
			cloud.Fail(local.Fault{LogicalID: "Slow", Action: local.Create, Delay: 12 * time.Minute})

			poller := &waiter.Poller{API: api, MinInterval: time.Hour}
			reader := &queue.Reader{API: sqs.NewFromConfig(cloud.Config()), URL: made.Outputs["Queue"]}
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- reader.Run(ctx, poller.Wake) }()

			s := &stack.Stack{Name: "jobs", Template: &stack.Template{}}
			stack.Add(s.Template, "Slow", &awssqs.Queue{})
			began := time.Now()
			got, err := (&executor.Client{API: api, Poller: poller}).Deploy(t.Context(), s, &executor.Options{NotificationARNs: []string{made.Outputs["Topic"]}})
			if err != nil || got.Status != stack.CreateComplete {
				t.Errorf("raw %s: got %+v, %v", raw, got, err)
			}
			if took := time.Since(began); took < 12*time.Minute || took > 13*time.Minute {
				t.Errorf("raw %s: the deployment was told of after %s, want 12 minutes and little more", raw, took)
			}
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("the reader ended with %v", err)
			}
		})
	}
}

// What the embedded cloud answers for a queue that is not there ends the reader.
func TestAReaderOfNoQueueEnds(t *testing.T) {
	cloud := &local.Cloud{}
	defer cloud.Close()
	reader := &queue.Reader{API: sqs.NewFromConfig(cloud.Config()), URL: url}
	if err := reader.Run(t.Context(), func(string) {}); err == nil || !strings.Contains(err.Error(), "it does not exist where the client looks") {
		t.Errorf("got %v, want that the queue does not exist", err)
	}
}
