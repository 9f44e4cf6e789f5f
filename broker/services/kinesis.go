package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/resources/kinesis"
	"github.com/updraft-go/updraft/stack"
)

// Kinesis is a stream of records, in the plans ondemand and provisioned. A binding may write and read
// or, with the scope write or read, do one of them.
func Kinesis() *broker.Service {
	grant := func(actions ...fn.String) policy.Document {
		return allow([]fn.String{fn.GetAtt("Stream", "Arn")}, append(actions, "kinesis:DescribeStreamSummary", "kinesis:ListShards")...)
	}
	return &broker.Service{
		Name: "kinesis", DisplayName: "Amazon Kinesis", Description: "A stream of Amazon Kinesis", ProviderName: provider,
		LongDescription:  "A stream that takes records as they happen and lets any number of readers follow.",
		DocumentationURL: "https://docs.aws.amazon.com/kinesis/", Tags: []string{"AWS", "Kinesis", "stream"},
		Plans: []broker.Plan{
			{Name: "ondemand", DisplayName: "On demand", Description: "Grows with what is written", Cost: "https://aws.amazon.com/kinesis/data-streams/pricing/"},
			{Name: "provisioned", DisplayName: "Provisioned", Description: "With the number of shards that you choose", Cost: "https://aws.amazon.com/kinesis/data-streams/pricing/"},
		},
		Template:  streamTemplate,
		Updatable: []string{"RetentionPeriodHours", "ShardCount"},
		Bindings: broker.Bindings{Keypair: true, Policies: []broker.Policy{
			{Name: "write", Document: grant("kinesis:PutRecord", "kinesis:PutRecords")},
			{Name: "read", Document: grant("kinesis:GetRecords", "kinesis:GetShardIterator")},
		}},
	}
}

func streamTemplate(plan string) (*stack.Template, error) {
	t := &stack.Template{Description: "a stream of a service broker"}
	hours := t.NumberParameter("RetentionPeriodHours", stack.Parameter{Description: "Hours that a record is kept", MinValue: fn.Num(24), MaxValue: fn.Num(8760), Default: "24"})
	stream := &kinesis.Stream{
		RetentionPeriodHours: hours.Ref(),
		StreamEncryption:     &kinesis.Stream_StreamEncryption{EncryptionType: "KMS", KeyId: "alias/aws/kinesis"},
		StreamModeDetails:    &kinesis.Stream_StreamModeDetails{StreamMode: "ON_DEMAND"},
	}
	if plan == "provisioned" {
		shards := t.NumberParameter("ShardCount", stack.Parameter{Description: "Shards, each of which takes 1 MB a second", MinValue: fn.Num(1), MaxValue: fn.Num(500), Default: "1"})
		stream.StreamModeDetails, stream.ShardCount = &kinesis.Stream_StreamModeDetails{StreamMode: "PROVISIONED"}, shards.Ref()
	}
	stack.Add(t, "Stream", stream)
	t.Output("StreamName", stack.Output{Description: "Name of the stream", Value: stream.Ref()})
	t.Output("StreamARN", stack.Output{Description: "ARN of the stream", Value: stream.AttrArn()})
	return t, nil
}
