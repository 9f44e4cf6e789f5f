package sam

import (
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

func itoa(i int) string { return strconv.Itoa(i) }

// A grant is a statement of a policy template: actions on resources, in which ${Name} stands for a
// parameter of the template.
type grant struct {
	actions   string // parted by blanks, without the service
	service   string
	resources []string
}

// at is a resource's ARN in the stack's region and account.
func at(service, resource string) string {
	return "arn:${AWS::Partition}:" + service + ":${AWS::Region}:${AWS::AccountId}:" + resource
}

const s3 = "arn:${AWS::Partition}:s3:::"

// policyTemplates are those of the policy templates that are expanded.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
var policyTemplates = map[string][]grant{
	"SQSPollerPolicy":      {{"ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch GetQueueAttributes ReceiveMessage", "sqs", []string{at("sqs", "${QueueName}")}}},
	"SQSSendMessagePolicy": {{"SendMessage*", "sqs", []string{at("sqs", "${QueueName}")}}},
	"LambdaInvokePolicy":   {{"InvokeFunction", "lambda", []string{at("lambda", "function:${FunctionName}*")}}},
	"DynamoDBCrudPolicy": {{"GetItem DeleteItem PutItem Scan Query UpdateItem BatchWriteItem BatchGetItem DescribeTable ConditionCheckItem", "dynamodb",
		[]string{at("dynamodb", "table/${TableName}"), at("dynamodb", "table/${TableName}/index/*")}}},
	"DynamoDBReadPolicy": {{"GetItem Scan Query BatchGetItem DescribeTable", "dynamodb",
		[]string{at("dynamodb", "table/${TableName}"), at("dynamodb", "table/${TableName}/index/*")}}},
	"DynamoDBWritePolicy": {{"PutItem UpdateItem BatchWriteItem", "dynamodb",
		[]string{at("dynamodb", "table/${TableName}"), at("dynamodb", "table/${TableName}/index/*")}}},
	"DynamoDBStreamReadPolicy": {
		{"DescribeStream GetRecords GetShardIterator", "dynamodb", []string{at("dynamodb", "table/${TableName}/stream/${StreamName}")}},
		{"ListStreams", "dynamodb", []string{at("dynamodb", "table/${TableName}/stream/*")}},
	},
	"S3ReadPolicy":  {{"GetObject ListBucket GetBucketLocation GetObjectVersion GetLifecycleConfiguration", "s3", []string{s3 + "${BucketName}", s3 + "${BucketName}/*"}}},
	"S3WritePolicy": {{"PutObject PutObjectAcl PutLifecycleConfiguration", "s3", []string{s3 + "${BucketName}", s3 + "${BucketName}/*"}}},
	"S3CrudPolicy": {{"GetObject ListBucket GetBucketLocation GetObjectVersion PutObject PutObjectAcl GetLifecycleConfiguration PutLifecycleConfiguration DeleteObject", "s3",
		[]string{s3 + "${BucketName}", s3 + "${BucketName}/*"}}},
	"SNSPublishMessagePolicy": {{"Publish", "sns", []string{at("sns", "${TopicName}")}}},
	"SNSCrudPolicy":           {{"ListSubscriptionsByTopic CreateTopic SetTopicAttributes Subscribe Publish", "sns", []string{at("sns", "${TopicName}*")}}},
	"SSMParameterReadPolicy": {
		{"DescribeParameters", "ssm", []string{"*"}},
		{"GetParameters GetParameter GetParametersByPath", "ssm", []string{at("ssm", "parameter/${ParameterName}")}},
	},
	"SSMParameterWithSlashPrefixReadPolicy": {
		{"DescribeParameters", "ssm", []string{"*"}},
		{"GetParameters GetParameter GetParametersByPath", "ssm", []string{at("ssm", "parameter${ParameterName}")}},
	},
	"AWSSecretsManagerGetSecretValuePolicy": {{"GetSecretValue", "secretsmanager", []string{"${SecretArn}"}}},
	"StepFunctionsExecutionPolicy":          {{"StartExecution", "states", []string{at("states", "stateMachine:${StateMachineName}")}}},
	"EventBridgePutEventsPolicy":            {{"PutEvents", "events", []string{at("events", "event-bus/${EventBusName}")}}},
	"KMSDecryptPolicy":                      {{"Decrypt", "kms", []string{at("kms", "key/${KeyId}")}}},
	"KinesisStreamReadPolicy": {
		{"ListStreams DescribeLimits", "kinesis", []string{at("kinesis", "stream/*")}},
		{"DescribeStream DescribeStreamSummary GetRecords GetShardIterator", "kinesis", []string{at("kinesis", "stream/${StreamName}")}},
	},
	"KinesisCrudPolicy": {{"AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteStream DescribeStream DescribeStreamSummary GetShardIterator IncreaseStreamRetentionPeriod ListTagsForStream MergeShards PutRecord PutRecords SplitShard RemoveTagsFromStream", "kinesis",
		[]string{at("kinesis", "stream/${StreamName}")}}},
	"FirehoseWritePolicy":       {{"PutRecord PutRecordBatch", "firehose", []string{at("firehose", "deliverystream/${DeliveryStreamName}")}}},
	"CloudWatchPutMetricPolicy": {{"PutMetricData", "cloudwatch", []string{"*"}}},
	"VPCAccessPolicy":           {{"CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces DetachNetworkInterface", "ec2", []string{"*"}}},
}

// template expands a policy template with its parameters, nil if that cannot be.
func (x *expansion) template(s *source, name string, parameters *tree.Node) *tree.Node {
	grants, ok := policyTemplates[name]
	if !ok {
		x.fail(s.id, "The embedded cloud does not expand the policy template "+name+"; write its statements, or name a managed policy.")
		return nil
	}
	var statements []*tree.Node
	for _, g := range grants {
		actions := tree.ListOf()
		for _, a := range strings.Fields(g.actions) {
			actions.List = append(actions.List, tree.Text(g.service+":"+a))
		}
		var resources []any
		for _, r := range g.resources {
			resources = append(resources, x.granted(s, name, r, parameters))
		}
		statements = append(statements, statement(actions, resources...))
	}
	return object("Statement", tree.ListOf(statements...))
}

// granted is a resource of a grant: Fn::Sub with the parameter by AWS's name for it, which begins small.
func (x *expansion) granted(s *source, template, resource string, parameters *tree.Node) *tree.Node {
	var variables []any
	for _, part := range strings.Split(resource, "${")[1:] {
		name, _, _ := strings.Cut(part, "}")
		if strings.Contains(name, "::") {
			continue
		}
		value := parameters.Get(name)
		if value == nil {
			x.fail(s.id, "Must specify valid parameter values for policy template '"+template+"': "+name)
			continue
		}
		resource = strings.ReplaceAll(resource, "${"+name+"}", "${"+small(name)+"}")
		if !slices.Contains(variables, any(small(name))) {
			variables = append(variables, small(name), value)
		}
	}
	if !strings.Contains(resource, "${") {
		return tree.Text(resource)
	}
	return sub(resource, variables...)
}
