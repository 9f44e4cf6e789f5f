package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/sns"
	"github.com/updraft-go/updraft/stack"
)

// SNS is a topic, in the plans standard and fifo. A binding may publish to it and subscribe.
func SNS() *broker.Service {
	return &broker.Service{
		Name: "sns", DisplayName: "Amazon SNS", Description: "A topic of Amazon SNS", ProviderName: provider,
		LongDescription:  "A topic that hands each message on to all who have subscribed to it.",
		DocumentationURL: "https://docs.aws.amazon.com/sns/", Tags: []string{"AWS", "SNS", "topic"},
		Plans: []broker.Plan{
			{Name: "standard", DisplayName: "Standard", Description: "Messages come at least once, in any order", Cost: "https://aws.amazon.com/sns/pricing/"},
			{Name: "fifo", DisplayName: "FIFO", Description: "Messages come once, in the order in which they were published", Cost: "https://aws.amazon.com/sns/pricing/"},
		},
		Template:  topicTemplate,
		Updatable: []string{"DisplayName"},
		Bindings: rights([]fn.String{fn.Ref("Topic")},
			"sns:Publish", "sns:Subscribe", "sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic"),
	}
}

func topicTemplate(plan string) (*stack.Template, error) {
	t := &stack.Template{Description: "a topic of a service broker"}
	name := t.Parameter("DisplayName", stack.Parameter{Description: "The name from which its mails come", MaxLength: fn.Int(100), Default: fn.Empty})
	topic := &sns.Topic{DisplayName: name.Ref()}
	if plan == "fifo" {
		topic.FifoTopic, topic.ContentBasedDeduplication = fn.True, fn.True
	}
	stack.Add(t, "Topic", topic)
	t.Output("TopicARN", stack.Output{Description: "ARN of the topic", Value: topic.Ref()})
	t.Output("TopicName", stack.Output{Description: "Name of the topic", Value: topic.AttrTopicName()})
	return t, nil
}
