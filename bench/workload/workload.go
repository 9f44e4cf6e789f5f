// Package workload builds the template that builders are compared on.
package workload

import (
	"strconv"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/resources/iam"
	"github.com/updraft-go/updraft/resources/sns"
	"github.com/updraft-go/updraft/resources/sqs"
	"github.com/updraft-go/updraft/stack"
)

// Build builds the workload of n resources.
func Build(n int) *stack.Template {
	t := &stack.Template{Description: "bench"}
	var queue *sqs.Queue
	var topic *sns.Topic
	for i := range n {
		id := strconv.Itoa(i)
		switch i % 3 {
		case 0:
			next := &sqs.Queue{
				QueueName:              fn.Join("-", fn.StackName, fn.String("queue-"+id)),
				VisibilityTimeout:      fn.Int(30),
				MessageRetentionPeriod: fn.Int(345600),
				SqsManagedSseEnabled:   fn.True,
				Tags:                   []fn.Tag{{Key: "Name", Value: fn.String("queue-" + id)}, {Key: "Stack", Value: fn.StackName}},
			}
			if queue != nil {
				next.RedrivePolicy = redrive{queue.AttrArn(), 5}
			}
			queue = stack.Add(t, "Queue"+id, next)
		case 1:
			topic = stack.Add(t, "Topic"+id, &sns.Topic{
				DisplayName:  fn.Join("-", fn.StackName, fn.String("topic-"+id)),
				Subscription: []sns.Topic_Subscription{{Protocol: "sqs", Endpoint: queue.AttrArn()}},
			})
		case 2:
			stack.Add(t, "Role"+id, &iam.Role{
				AssumeRolePolicyDocument: policy.Document{Version: policy.Version, Statement: []policy.Statement{policy.AssumeRole("lambda.amazonaws.com")}},
				ManagedPolicyArns:        []fn.String{fn.Join("", "arn:", fn.Partition, ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")},
				Path:                     "/",
				Policies: []iam.Role_Policy{{
					PolicyName: "inline",
					PolicyDocument: policy.Document{Version: policy.Version, Statement: []policy.Statement{
						{Action: []fn.String{"sqs:SendMessage", "sqs:ReceiveMessage"}, Resource: []fn.String{queue.AttrArn()}},
						{Action: []fn.String{"sns:Publish"}, Resource: []fn.String{topic.Ref()}},
					}},
				}},
			})
		}
	}
	t.Export("LastQueue", fn.Sub("${AWS::StackName}-queue", nil), stack.Output{Value: queue.AttrArn()})
	return t
}

// redrive is a queue's redrive policy, which the schema leaves free.
type redrive struct {
	DeadLetterTargetArn fn.String `json:"deadLetterTargetArn"`
	MaxReceiveCount     int       `json:"maxReceiveCount"`
}
