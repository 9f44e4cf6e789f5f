package local

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

const typeSubscription = "AWS::SNS::Subscription"

// happened adds an event to the history of a stack, and has the stack's topics tell of it.
func (s *stackState) happened(e event) {
	s.events = append(s.events, e)
	for _, topic := range s.notifications {
		s.region.cloud.publish(topic, "AWS CloudFormation Notification", s.notice(e))
	}
}

// notice is what CloudFormation tells a topic of an event: a line for each member.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func (s *stackState) notice(e event) string {
	properties, token := "null", "null"
	if e.properties != nil {
		properties = *e.properties
	}
	if e.token != "" {
		token = e.token
	}
	var b strings.Builder
	for _, m := range []struct{ name, value string }{
		{"StackId", s.id}, {"Timestamp", millisecond(e.at)}, {"EventId", e.id}, {"LogicalResourceId", e.logicalID},
		{"Namespace", s.region.account}, {"PhysicalResourceId", e.physicalID}, {"ResourceProperties", properties},
		{"ResourceStatus", string(e.status)}, {"ResourceStatusReason", e.reason}, {"ResourceType", e.typ}, {"StackName", s.name},
		{"ClientRequestToken", token},
	} {
		b.WriteString(m.name + "='" + m.value + "'\n")
	}
	return b.String()
}

// publish sends a message to a topic: to the queues that are subscribed to it by a stack of its region,
// each as SNS does, in an envelope or raw. There is nobody behind other endpoints, and a subscription
// with a filter gets nothing, since the message has nothing that a filter looks at.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
func (c *Cloud) publish(topicArn, subject, text string) {
	r := c.regions[placeOf(topicArn)]
	if r == nil || r.asset(typeTopic, topicArn) == nil {
		return
	}
	id, now := "", time.Now()
	for _, sub := range r.subscriptions(topicArn) {
		queue := c.queueOf(sub.Get("Endpoint").Str())
		if sub.Get("Protocol").Str() != "sqs" || sub.Get("FilterPolicy") != nil || queue == nil || queue.isFIFO() {
			continue
		}
		if id == "" {
			id = c.uuid()
		}
		body := text
		if sub.Get("RawMessageDelivery").Str() != "true" {
			body = envelope(topicArn, id, subject, text, now)
		}
		queue.post(&message{id: c.uuid(), body: body, sent: now, visible: now.Add(queue.seconds("DelaySeconds")), sender: r.account}, now)
	}
}

// envelope is what SNS puts around a message that is not delivered raw. It is not signed.
func envelope(topicArn, id, subject, text string, at time.Time) string {
	b, err := json.Marshal(struct{ Type, MessageId, TopicArn, Subject, Message, Timestamp string }{
		"Notification", id, topicArn, subject, text, millisecond(at),
	})
	if err != nil {
		return text // strings can always be written
	}
	return string(b)
}

// subscriptions are the properties of those of a topic: its own, and those that are resources.
func (r *region) subscriptions(topicArn string) []*tree.Node {
	all := slices.Clone(r.asset(typeTopic, topicArn).properties.Get("Subscription").Items())
	for _, a := range r.list(typeSubscription) {
		if a.properties.Get("TopicArn").Str() == topicArn {
			all = append(all, a.properties)
		}
	}
	return all
}

// queueOf is the queue that has an ARN, nil if there is none.
func (c *Cloud) queueOf(arn string) *asset {
	r := c.regions[placeOf(arn)]
	if r == nil || !strings.Contains(arn, ":sqs:") {
		return nil
	}
	queue, err := r.queue(arn[strings.LastIndex(arn, ":")+1:])
	if err != nil {
		return nil
	}
	return queue
}

// placeOf is the account and region in an ARN.
func placeOf(arn string) place {
	parts := strings.Split(arn, ":")
	if len(parts) < 6 {
		return place{}
	}
	return place{account: parts[4], region: parts[3]}
}

func millisecond(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
