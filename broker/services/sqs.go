package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/sqs"
	"github.com/updraft-go/updraft/stack"
)

// SQS is a queue, in the plans standard and fifo. A binding may send, receive and delete messages.
func SQS() *broker.Service {
	return &broker.Service{
		Name: "sqs", DisplayName: "Amazon SQS", Description: "A message queue of Amazon SQS", ProviderName: provider,
		LongDescription:  "A queue that takes messages from one part of a system and keeps them until another part has done its work with them.",
		DocumentationURL: "https://docs.aws.amazon.com/sqs/", Tags: []string{"AWS", "SQS", "queue"},
		Plans: []broker.Plan{
			{Name: "standard", DisplayName: "Standard", Description: "Messages come at least once, in nearly the order in which they were sent", Cost: "https://aws.amazon.com/sqs/pricing/"},
			{Name: "fifo", DisplayName: "FIFO", Description: "Messages come once, in the order in which they were sent", Cost: "https://aws.amazon.com/sqs/pricing/"},
		},
		Template:  queueTemplate,
		Updatable: []string{"DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "VisibilityTimeout"},
		Bindings: rights([]fn.String{fn.GetAtt("Queue", "Arn")},
			"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
	}
}

func queueTemplate(plan string) (*stack.Template, error) {
	t := &stack.Template{Description: "a queue of a service broker"}
	number := func(name, description string, low, high int, fallback fn.String) fn.Integer {
		return t.NumberParameter(name, stack.Parameter{
			Description: description, MinValue: fn.Num(float64(low)), MaxValue: fn.Num(float64(high)), Default: fallback,
		}).Ref()
	}
	queue := &sqs.Queue{
		DelaySeconds:                  number("DelaySeconds", "How many seconds a new message is held back", 0, 900, "0"),
		MaximumMessageSize:            number("MaximumMessageSize", "How many bytes a message may have", 1024, 262144, "262144"),
		MessageRetentionPeriod:        number("MessageRetentionPeriod", "How many seconds a message is kept", 60, 1209600, "345600"),
		ReceiveMessageWaitTimeSeconds: number("ReceiveMessageWaitTimeSeconds", "How many seconds a receiver waits for a message", 0, 20, "0"),
		VisibilityTimeout:             number("VisibilityTimeout", "How many seconds a received message is hidden from others", 0, 43200, "30"),
		SqsManagedSseEnabled:          fn.True,
	}
	dead := &sqs.Queue{SqsManagedSseEnabled: fn.True}
	useDead := flag(t, "UsedeadletterQueue", "Whether messages that are received five times in vain go to a queue of their own", "false")
	if plan == "fifo" {
		// A name of CloudFormation's making can be longer than a queue's may be: it adds .fifo to 80 characters.
		unique := fn.Select(2, fn.Split("/", fn.StackID))
		queue.QueueName, dead.QueueName = unique+".fifo", unique+"-dead.fifo"
		queue.FifoQueue, dead.FifoQueue = fn.True, fn.True
		queue.ContentBasedDeduplication = stack.ParameterOf[fn.Boolean](t, "ContentBasedDeduplication", "String", stack.Parameter{
			Description: "Whether messages of the same content are the same message", AllowedValues: yesOrNo, Default: "true",
		}).Ref()
	}
	stack.Add(t, "DeadLetterQueue", dead, stack.Attributes{Condition: useDead})
	queue.RedrivePolicy = fn.IfOf(useDead, map[string]any{"deadLetterTargetArn": dead.AttrArn(), "maxReceiveCount": 5}, nil)
	stack.Add(t, "Queue", queue)
	t.Output("QueueURL", stack.Output{Description: "URL of the queue", Value: queue.Ref()})
	t.Output("QueueARN", stack.Output{Description: "ARN of the queue", Value: queue.AttrArn()})
	t.Output("QueueName", stack.Output{Description: "Name of the queue", Value: queue.AttrQueueName()})
	t.Output("DeadLetterQueueURL", stack.Output{Description: "URL of the queue for messages that failed", Value: dead.Ref(), Condition: useDead})
	t.Output("DeadLetterQueueARN", stack.Output{Description: "ARN of the queue for messages that failed", Value: dead.AttrArn(), Condition: useDead})
	return t, nil
}
