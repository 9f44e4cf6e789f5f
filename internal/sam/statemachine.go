package sam

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// stateMachine expands AWS::Serverless::StateMachine.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html
func (x *expansion) stateMachine(s *source) {
	x.known(s, "Definition", "DefinitionUri", "DefinitionSubstitutions", "Role", "Policies", "RolePath", "PermissionsBoundary", "Name", "Type", "Logging", "Tracing",
		"Tags", "Events", "PropagateTags", "UseAliasAsEventTarget")
	props := tree.Object()
	switch uri := s.props.Get("DefinitionUri"); {
	case s.props.Get("Definition") != nil:
		text, substitutions := definition(s.props.Get("Definition"))
		props = object("DefinitionString", text, "DefinitionSubstitutions", substitutions)
	case uri != nil:
		props = with(props, "DefinitionS3Location", x.location(s, "DefinitionUri", uri, "Bucket", "Key", "Version"))
	default:
		x.fail(s.id, "Either 'Definition' or 'DefinitionUri' property must be specified.")
		return
	}
	props = with(props, "DefinitionSubstitutions", merge(props.Get("DefinitionSubstitutions"), s.props.Get("DefinitionSubstitutions")))
	props = with(props, "StateMachineName", s.props.Get("Name"))
	props = with(props, "StateMachineType", s.props.Get("Type"))
	props = with(props, "LoggingConfiguration", s.props.Get("Logging"))
	props = with(props, "TracingConfiguration", s.props.Get("Tracing"))
	props = with(props, "Tags", tags("stateMachine:createdBy", s.props.Get("Tags")))
	h := &handler{source: s, arn: ref(s.id), name: ref(s.id)}
	role := s.props.Get("Role")
	if role == nil {
		if s.props.Get("Policies") == nil {
			x.fail(s.id, "Either 'Role' or 'Policies' property must be specified.")
			return
		}
		p := &policySet{}
		x.policies(s, s.id+"Role", p)
		if s.props.At("Tracing", "Enabled").Str() == "true" {
			p.manage(x.managedARN("AWSXRayDaemonWriteAccess"))
		}
		x.role(h, s.id+"Role", "states.amazonaws.com", "stateMachine:createdBy", p)
		role = getAtt(s.id+"Role", "Arn")
	}
	x.add(s, s.id, "AWS::StepFunctions::StateMachine", with(props, "RoleArn", role), s.attributes()...)
	for _, m := range s.props.Get("Events").Members() {
		e := &occurrence{h: h, name: m.Key, id: s.id + m.Key, props: m.Value.Get("Properties")}
		if e.props == nil {
			e.props = tree.Object()
		}
		x.start(e, m.Value.Get("Type").Str())
	}
}

// start expands an event that starts a state machine.
func (x *expansion) start(e *occurrence, kind string) {
	target := object("Arn", e.h.arn, "Id", e.id+"StepFunctionsTarget", "RoleArn", getAtt(e.id+"Role", "Arn"))
	target.Map = append(target.Map, take(e.props, "Input", "InputPath", "InputTransformer", "RetryPolicy")...)
	switch kind {
	case "Schedule":
		if x.needs(e, "Schedule") {
			x.add(e.h.source, e.id, "AWS::Events::Rule", object("ScheduleExpression", e.props.Get("Schedule"), "State", e.state(), "Name", e.props.Get("Name"), "Description", e.props.Get("Description"), "Targets", list(target)))
			x.starter(e, "events.amazonaws.com")
		}
	case "EventBridgeRule", "CloudWatchEvent":
		if x.needs(e, "Pattern") {
			x.add(e.h.source, e.id, "AWS::Events::Rule", object("EventBusName", e.props.Get("EventBusName"), "EventPattern", e.props.Get("Pattern"), "State", e.state(), "Name", e.props.Get("RuleName"), "Targets", list(target)))
			x.starter(e, "events.amazonaws.com")
		}
	case "ScheduleV2":
		x.scheduleV2(e, object("Arn", e.h.arn), "states:StartExecution", e.h.arn)
	default:
		x.fail(e.h.id, "Event with id ["+e.name+"] is invalid. The embedded cloud does not expand events of type "+kind+" of a state machine.")
	}
}

// starter makes the role with which a rule starts a state machine.
func (x *expansion) starter(e *occurrence, service string) {
	trust := object("Version", "2012-10-17", "Statement", list(object("Effect", "Allow", "Action", list("sts:AssumeRole"), "Principal", object("Service", list(service)))))
	x.add(e.h.source, e.id+"Role", "AWS::IAM::Role", object("AssumeRolePolicyDocument", trust,
		"Policies", list(inlinePolicy(e.id+"RoleStartExecutionPolicy", statement(tree.Text("states:StartExecution"), e.h.arn)))))
}

// definition writes a definition as text, a line an element of a Fn::Join. Functions in it become
// substitutions.
func definition(n *tree.Node) (text, substitutions *tree.Node) {
	count := 0
	var replace func(*tree.Node) *tree.Node
	replace = func(n *tree.Node) *tree.Node {
		if isFunction(n) {
			count++
			name := "definition_substitution_" + itoa(count)
			if substitutions == nil {
				substitutions = tree.Object()
			}
			substitutions.Map = append(substitutions.Map, tree.Field(name, n))
			return tree.Text("${" + name + "}")
		}
		c := *n
		c.List, c.Map = nil, nil
		for _, e := range n.List {
			c.List = append(c.List, replace(e))
		}
		for _, m := range n.Map {
			c.Map = append(c.Map, tree.Field(m.Key, replace(m.Value)))
		}
		return &c
	}
	plain := replace(n)
	var b bytes.Buffer
	_ = json.Indent(&b, plain.AppendJSON(nil), "", "    ") // a node always gives JSON
	lines := tree.ListOf()
	for line := range strings.SplitSeq(b.String(), "\n") {
		lines.List = append(lines.List, tree.Text(line))
	}
	return object("Fn::Join", list("\n", lines)), substitutions
}
