package sam

import (
	"github.com/updraft-go/updraft/internal/tree"
)

// An occurrence is an event of a function, as the template has it.
type occurrence struct {
	h     *handler
	name  string
	id    string // of what it makes
	props *tree.Node
}

// eventsOf expands what invokes a function.
func (x *expansion) eventsOf(h *handler) {
	for _, m := range h.props.Get("Events").Members() {
		e := &occurrence{h: h, name: m.Key, id: h.id + m.Key, props: m.Value.Get("Properties")}
		if e.props == nil {
			e.props = tree.Object()
		}
		switch kind := m.Value.Get("Type").Str(); kind {
		case "Api":
			x.apiEvent(e, true)
		case "HttpApi":
			x.apiEvent(e, false)
		case "Schedule":
			x.schedule(e)
		case "ScheduleV2":
			x.scheduleV2(e, object("Arn", h.arn), "lambda:InvokeFunction", h.arn)
		case "EventBridgeRule", "CloudWatchEvent":
			x.rule(e)
		case "S3":
			x.bucketEvent(e)
		case "SNS":
			x.subscription(e)
		case "SQS", "Kinesis", "DynamoDB", "MSK", "MQ", "DocumentDB", "SelfManagedKafka":
			x.mapping(e, kind)
		case "CloudWatchLogs":
			x.logs(e)
		case "AlexaSkill":
			x.permit(e, "alexa-appkit.amazon.com", "EventSourceToken", e.props.Get("SkillId"))
		case "IoTRule":
			x.iotRule(e)
		default:
			x.fail(h.id, "Event with id ["+m.Key+"] is invalid. The embedded cloud does not expand events of type "+kind+".")
		}
	}
}

// needs refuses an event without a property.
func (x *expansion) needs(e *occurrence, names ...string) bool {
	for _, name := range names {
		if e.props.Get(name) == nil {
			x.fail(e.h.id, "Event with id ["+e.name+"] is invalid. Missing required property '"+name+"'.")
			return false
		}
	}
	return true
}

// permit lets a service invoke the function.
func (x *expansion) permit(e *occurrence, principal string, more ...any) {
	x.add(e.h.source, e.id+"Permission", "AWS::Lambda::Permission",
		object(append([]any{"Action", "lambda:InvokeFunction", "FunctionName", e.h.name, "Principal", principal}, more...)...))
}

// target is a function as the target of a rule.
func (e *occurrence) target() *tree.Node {
	t := object("Arn", e.h.arn, "Id", e.id+"LambdaTarget")
	t.Map = append(t.Map, take(e.props, "Input", "InputPath", "RetryPolicy")...)
	if arn := e.props.At("DeadLetterConfig", "Arn"); arn != nil {
		t = with(t, "DeadLetterConfig", object("Arn", arn))
	}
	if given := e.props.At("Target", "Id"); given != nil {
		t = with(t, "Id", given)
	}
	return with(t, "InputTransformer", e.props.Get("InputTransformer"))
}

// state is whether a rule is enabled: by State, or by Enabled.
func (e *occurrence) state() *tree.Node {
	if s := e.props.Get("State"); s != nil {
		return s
	}
	switch e.props.Get("Enabled").Str() {
	case "true":
		return tree.Text("ENABLED")
	case "false":
		return tree.Text("DISABLED")
	}
	return nil
}

func (x *expansion) schedule(e *occurrence) {
	if !x.needs(e, "Schedule") {
		return
	}
	x.add(e.h.source, e.id, "AWS::Events::Rule", object("ScheduleExpression", e.props.Get("Schedule"), "State", e.state(), "Name", e.props.Get("Name"),
		"Description", e.props.Get("Description"), "RoleArn", e.props.Get("RoleArn"), "Targets", list(e.target())))
	x.permit(e, "events.amazonaws.com", "SourceArn", getAtt(e.id, "Arn"))
}

func (x *expansion) rule(e *occurrence) {
	if !x.needs(e, "Pattern") {
		return
	}
	x.add(e.h.source, e.id, "AWS::Events::Rule", object("EventBusName", e.props.Get("EventBusName"), "EventPattern", e.props.Get("Pattern"), "State", e.state(),
		"Name", e.props.Get("RuleName"), "Targets", list(e.target())))
	x.permit(e, "events.amazonaws.com", "SourceArn", getAtt(e.id, "Arn"))
}

// scheduleV2 makes a schedule of EventBridge Scheduler, and the role with which it invokes its target.
func (x *expansion) scheduleV2(e *occurrence, target *tree.Node, action string, arn *tree.Node) {
	if !x.needs(e, "ScheduleExpression") {
		return
	}
	role := e.props.Get("RoleArn")
	if role == nil {
		role = getAtt(e.id+"Role", "Arn")
		trust := object("Version", "2012-10-17", "Statement", list(object("Effect", "Allow", "Action", list("sts:AssumeRole"), "Principal", object("Service", list("scheduler.amazonaws.com")))))
		x.add(e.h.source, e.id+"Role", "AWS::IAM::Role", object("AssumeRolePolicyDocument", trust, "PermissionsBoundary", e.props.Get("PermissionsBoundary"),
			"Policies", list(inlinePolicy(e.id+"LambdaPolicy", statement(list(action), arn)))))
	}
	target = with(target, "RoleArn", role)
	target.Map = append(target.Map, take(e.props, "Input", "RetryPolicy", "DeadLetterConfig")...)
	name := e.props.Get("Name")
	if name == nil && e.props.Get("OmitName").Str() != "true" {
		name = tree.Text(e.id)
	}
	flexible := e.props.Get("FlexibleTimeWindow")
	if flexible == nil {
		flexible = object("Mode", "OFF")
	}
	props := object("Name", name, "Target", target, "FlexibleTimeWindow", flexible)
	props.Map = append(props.Map, take(e.props, "ScheduleExpression", "ScheduleExpressionTimezone", "Description", "State", "StartDate", "EndDate", "GroupName", "KmsKeyArn")...)
	x.add(e.h.source, e.id, "AWS::Scheduler::Schedule", props)
}

func (x *expansion) subscription(e *occurrence) {
	if !x.needs(e, "Topic") {
		return
	}
	if e.props.Get("SqsSubscription") != nil && e.props.Get("SqsSubscription").Str() != "false" {
		x.fail(e.h.id, "Event with id ["+e.name+"] is invalid. The embedded cloud does not expand SqsSubscription.")
		return
	}
	props := object("Protocol", "lambda", "Endpoint", e.h.arn, "TopicArn", e.props.Get("Topic"))
	props.Map = append(props.Map, take(e.props, "Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy")...)
	x.add(e.h.source, e.id, "AWS::SNS::Subscription", props)
	x.permit(e, "sns.amazonaws.com", "SourceArn", e.props.Get("Topic"))
}

func (x *expansion) logs(e *occurrence) {
	if !x.needs(e, "LogGroupName", "FilterPattern") {
		return
	}
	x.add(e.h.source, e.id, "AWS::Logs::SubscriptionFilter", object("DestinationArn", e.h.arn, "FilterPattern", e.props.Get("FilterPattern"),
		"LogGroupName", e.props.Get("LogGroupName")), tree.Field("DependsOn", list(e.id+"Permission")))
	x.permit(e, "logs.amazonaws.com", "SourceArn", sub("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*", "__LogGroupName__", e.props.Get("LogGroupName")))
}

func (x *expansion) iotRule(e *occurrence) {
	if !x.needs(e, "Sql") {
		return
	}
	payload := object("Sql", e.props.Get("Sql"), "AwsIotSqlVersion", e.props.Get("AwsIotSqlVersion"), "RuleDisabled", false, "Actions", list(object("Lambda", object("FunctionArn", e.h.arn))))
	x.add(e.h.source, e.id, "AWS::IoT::TopicRule", object("TopicRulePayload", payload))
	x.permit(e, "iot.amazonaws.com", "SourceArn", sub("arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}", "RuleName", ref(e.id)))
}
