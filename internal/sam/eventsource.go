package sam

import (
	"slices"

	"github.com/updraft-go/updraft/internal/tree"
)

// pollers are the managed policies that a function needs to read an event source.
var pollers = map[string]string{
	"SQS": "AWSLambdaSQSQueueExecutionRole", "Kinesis": "AWSLambdaKinesisExecutionRole", "DynamoDB": "AWSLambdaDynamoDBExecutionRole", "MSK": "AWSLambdaMSKExecutionRole",
}

// mapping makes Lambda read a queue, a stream or a cluster.
func (x *expansion) mapping(e *occurrence, kind string) {
	from := map[string]string{"SQS": "Queue", "MQ": "Broker", "DocumentDB": "Cluster"}[kind]
	if from == "" {
		from = "Stream"
	}
	if kind != "SelfManagedKafka" && !x.needs(e, from) {
		return
	}
	if (kind == "Kinesis" || kind == "DynamoDB") && !x.needs(e, "StartingPosition") {
		return
	}
	props := object("EventSourceArn", e.props.Get(from), "FunctionName", e.h.name)
	props.Map = append(props.Map, take(e.props, "BatchSize", "Enabled", "StartingPosition", "StartingPositionTimestamp", "MaximumBatchingWindowInSeconds",
		"MaximumRetryAttempts", "BisectBatchOnFunctionError", "MaximumRecordAgeInSeconds", "ParallelizationFactor", "TumblingWindowInSeconds",
		"FunctionResponseTypes", "FilterCriteria", "KmsKeyArn", "ScalingConfig", "Topics", "Queues", "SourceAccessConfigurations", "MetricsConfig",
		"ProvisionedPollerConfig")...)
	if to := e.props.At("DestinationConfig", "OnFailure", "Destination"); to != nil {
		props = with(props, "DestinationConfig", object("OnFailure", object("Destination", to)))
	}
	if name := pollers[kind]; name != "" && !slices.Contains(e.h.managed, name) {
		e.h.managed = append(e.h.managed, name)
	}
	x.add(e.h.source, e.id, "AWS::Lambda::EventSourceMapping", props)
}

// A notification is what a bucket of the template tells a function.
type notification struct {
	bucket     string
	events     *tree.Node
	function   *tree.Node
	filter     *tree.Node
	permission string
}

// bucketEvent makes a bucket of the same template tell the function of its objects.
func (x *expansion) bucketEvent(e *occurrence) {
	if !x.needs(e, "Bucket", "Events") {
		return
	}
	name, arg, _ := e.props.Get("Bucket").Function()
	if name != "Ref" || !x.seen[arg.Str()] {
		x.fail(e.h.id, "Event with id ["+e.name+"] is invalid. S3 events must reference an S3 bucket in the same template.")
		return
	}
	events := e.props.Get("Events")
	if !events.Is(tree.List) {
		events = list(events)
	}
	for _, event := range events.List {
		x.events = append(x.events, notification{arg.Str(), event, e.h.arn, e.props.Get("Filter"), e.id + "Permission"})
	}
	x.permit(e, "s3.amazonaws.com", "SourceAccount", ref("AWS::AccountId"))
}

// complete adds to a resource that the template has itself what events ask of it.
func (x *expansion) complete(id string, n *tree.Node) *tree.Node {
	configurations, depends := tree.ListOf(), names(n.Get("DependsOn"))
	for _, one := range x.events {
		if one.bucket != id {
			continue
		}
		configurations.List = append(configurations.List, object("Event", one.events, "Function", one.function, "Filter", one.filter))
		if !slices.Contains(depends, one.permission) {
			depends = append(depends, one.permission)
		}
	}
	if len(configurations.List) == 0 {
		return n
	}
	props := n.Get("Properties")
	if props == nil {
		props = tree.Object()
	}
	notify := props.Get("NotificationConfiguration")
	if notify == nil {
		notify = tree.Object()
	}
	notify = with(notify, "LambdaConfigurations", merge(notify.Get("LambdaConfigurations"), configurations))
	on := tree.ListOf()
	for _, name := range depends {
		on.List = append(on.List, tree.Text(name))
	}
	return with(with(n, "Properties", with(props, "NotificationConfiguration", notify)), "DependsOn", on)
}

// names reads one name or a list of them.
func names(n *tree.Node) []string {
	if s, ok := n.Scalar(); ok {
		return []string{s}
	}
	var list []string
	for _, e := range n.Items() {
		list = append(list, e.Str())
	}
	return list
}
