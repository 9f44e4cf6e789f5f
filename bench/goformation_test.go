package bench

import (
	"strconv"

	"github.com/awslabs/goformation/v7/cloudformation"
	"github.com/awslabs/goformation/v7/cloudformation/iam"
	"github.com/awslabs/goformation/v7/cloudformation/sns"
	"github.com/awslabs/goformation/v7/cloudformation/sqs"
	"github.com/awslabs/goformation/v7/cloudformation/tags"
)

func ptr[T any](v T) *T { return &v }

// buildGoformation builds the same workload with goformation.
func buildGoformation(n int) *cloudformation.Template {
	t := cloudformation.NewTemplate()
	t.Description = "bench"
	var queue, topic string
	for i := range n {
		id := strconv.Itoa(i)
		switch i % 3 {
		case 0:
			next := &sqs.Queue{
				QueueName:              ptr(cloudformation.Join("-", []string{cloudformation.Ref("AWS::StackName"), "queue-" + id})),
				VisibilityTimeout:      ptr(30),
				MessageRetentionPeriod: ptr(345600),
				SqsManagedSseEnabled:   ptr(true),
				Tags:                   []tags.Tag{{Key: "Name", Value: "queue-" + id}, {Key: "Stack", Value: cloudformation.Ref("AWS::StackName")}},
			}
			if queue != "" {
				next.RedrivePolicy = map[string]any{"deadLetterTargetArn": cloudformation.GetAtt(queue, "Arn"), "maxReceiveCount": 5}
			}
			queue = "Queue" + id
			t.Resources[queue] = next
		case 1:
			topic = "Topic" + id
			t.Resources[topic] = &sns.Topic{
				DisplayName:  ptr(cloudformation.Join("-", []string{cloudformation.Ref("AWS::StackName"), "topic-" + id})),
				Subscription: []sns.Topic_Subscription{{Protocol: "sqs", Endpoint: cloudformation.GetAtt(queue, "Arn")}},
			}
		case 2:
			t.Resources["Role"+id] = goformationRole(queue, topic)
		}
	}
	t.Outputs["LastQueue"] = cloudformation.Output{
		Value:  cloudformation.GetAtt(queue, "Arn"),
		Export: &cloudformation.Export{Name: cloudformation.Sub("${AWS::StackName}-queue")},
	}
	return t
}

func goformationRole(queue, topic string) *iam.Role {
	allow := func(resource string, actions ...string) map[string]any {
		return map[string]any{"Effect": "Allow", "Action": actions, "Resource": []string{resource}}
	}
	return &iam.Role{
		AssumeRolePolicyDocument: map[string]any{
			"Version": "2012-10-17",
			"Statement": []any{map[string]any{
				"Effect": "Allow", "Action": []string{"sts:AssumeRole"},
				"Principal": map[string]any{"Service": []string{"lambda.amazonaws.com"}},
			}},
		},
		ManagedPolicyArns: []string{cloudformation.Join("", []string{"arn:", cloudformation.Ref("AWS::Partition"), ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"})},
		Path:              ptr("/"),
		Policies: []iam.Role_Policy{{
			PolicyName: "inline",
			PolicyDocument: map[string]any{
				"Version": "2012-10-17",
				"Statement": []any{
					allow(cloudformation.GetAtt(queue, "Arn"), "sqs:SendMessage", "sqs:ReceiveMessage"),
					allow(cloudformation.Ref(topic), "sns:Publish"),
				},
			},
		}},
	}
}
