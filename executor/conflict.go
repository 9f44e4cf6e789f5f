package executor

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/updraft-go/updraft/stack"
)

// conflicts finds options that exclude each other.
func (r *request) conflicts() stack.Diagnostics {
	var ds stack.Diagnostics
	report := func(summary, cure string) {
		ds = append(ds, stack.Diagnostic{Code: "options", Stack: r.stack.Name, Summary: summary, Cure: cure})
	}
	if r.DisableRollback && r.OnStackFailure != "" {
		report("Options.DisableRollback and Options.OnStackFailure exclude each other", "leave out one of the two")
	}
	for _, pair := range []struct {
		both bool
		what string
	}{
		{r.ResourcesToImport != nil && r.IncludeNestedStacks, "Options.ResourcesToImport and Options.IncludeNestedStacks"},
		{r.ResourcesToImport != nil && r.ImportExistingResources, "Options.ResourcesToImport and Options.ImportExistingResources"},
		{r.ResourcesToImport != nil && r.RevertDrift, "Options.ResourcesToImport and Options.RevertDrift"},
		{r.RevertDrift && r.IncludeNestedStacks, "Options.RevertDrift and Options.IncludeNestedStacks"},
		{r.changeSetOnly() && r.Direct, "Options.Direct and what only a change set does (imports, RevertDrift)"},
		{r.changeSetOnly() && r.StackPolicyDuringUpdateBody != "", "Options.StackPolicyDuringUpdateBody and what only a change set does (imports, RevertDrift)"},
	} {
		if pair.both {
			report(pair.what+" exclude each other", "leave out one of the two")
		}
	}
	if !valid(r.OnStackFailure, "", r.OnStackFailure.Values()) {
		report(fmt.Sprintf("Options.OnStackFailure is %q", r.OnStackFailure), "use ROLLBACK, DELETE or DO_NOTHING")
	}
	if !valid(r.Mode, "", r.Mode.Values()) {
		report(fmt.Sprintf("Options.Mode is %q", r.Mode), "use STANDARD or EXPRESS")
	}
	r.arns(report)
	r.tags(report)
	r.policies(report)
	r.triggers(report)
	if r.Timeout < 0 || r.Timeout%time.Minute != 0 {
		report(fmt.Sprintf("Options.Timeout is %s", r.Timeout), "give whole minutes")
	}
	return ds
}

func (r *request) changeSetOnly() bool {
	return r.ResourcesToImport != nil || r.ImportExistingResources || r.RevertDrift
}

const maxPolicy = 16_384 // bytes of a stack policy

// policies checks the stack policies.
func (r *request) policies(report func(summary, cure string)) {
	for _, p := range []struct{ name, body string }{{"StackPolicyBody", r.StackPolicyBody}, {"StackPolicyDuringUpdateBody", r.StackPolicyDuringUpdateBody}} {
		var doc map[string]json.RawMessage
		switch {
		case p.body == "":
		case len(p.body) > maxPolicy:
			report(fmt.Sprintf("Options.%s has %d bytes, and CloudFormation takes %d at most", p.name, len(p.body), maxPolicy), "shorten it")
		case json.Unmarshal([]byte(p.body), &doc) != nil:
			report("Options."+p.name+" is no JSON object", "correct it")
		case doc["Statement"] == nil:
			report("Options."+p.name+" has no Statement", "see the manual on stack policies")
		}
	}
}

const (
	mostTriggers   = 5
	longestMonitor = 180 // minutes
)

// arns checks the ARNs among the options.
func (r *request) arns(report func(summary, cure string)) {
	if r.RoleARN != "" && !strings.HasPrefix(r.RoleARN, "arn:") {
		report(fmt.Sprintf("Options.RoleARN is %q", r.RoleARN), "give the ARN of a role, such as arn:aws:iam::111122223333:role/deploy")
	}
	for _, a := range r.NotificationARNs {
		if !strings.HasPrefix(a, "arn:") {
			report(fmt.Sprintf("Options.NotificationARNs has %q", a), "give ARNs of SNS topics, such as arn:aws:sns:eu-west-1:111122223333:deployments")
		}
	}
}

// What CloudFormation takes of tags.
const (
	mostTags = 50
	longKey  = 128 // characters
	longTag  = 256 // characters of a value
)

// tags checks the tags of the stack.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
func (r *request) tags(report func(summary, cure string)) {
	if n := len(r.stack.Tags); n > mostTags {
		report(fmt.Sprintf("the stack has %d tags", n), fmt.Sprintf("give it %d at most", mostTags))
	}
	for _, key := range slices.Sorted(maps.Keys(r.stack.Tags)) {
		switch value := r.stack.Tags[key]; {
		case key == "" || utf8.RuneCountInString(key) > longKey:
			report(fmt.Sprintf("the key of the tag %q has %d characters", key, utf8.RuneCountInString(key)), fmt.Sprintf("give it 1 to %d", longKey))
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			report(fmt.Sprintf("the key of the tag %q begins with aws:, which AWS keeps for itself", key), "give it another name")
		case utf8.RuneCountInString(value) > longTag:
			report(fmt.Sprintf("the value of the tag %q has %d characters", key, utf8.RuneCountInString(value)), fmt.Sprintf("give it %d at most", longTag))
		}
	}
}

// triggers checks the rollback configuration.
func (r *request) triggers(report func(summary, cure string)) {
	if r.RollbackConfiguration == nil {
		return
	}
	if n := len(r.RollbackConfiguration.RollbackTriggers); n > mostTriggers {
		report(fmt.Sprintf("Options.RollbackConfiguration has %d triggers, and CloudFormation takes %d at most", n, mostTriggers), "use a composite alarm")
	}
	if m := r.RollbackConfiguration.MonitoringTimeInMinutes; m != nil && (*m < 0 || *m > longestMonitor) {
		report(fmt.Sprintf("Options.RollbackConfiguration monitors for %d minutes", *m), fmt.Sprintf("give 0 to %d", longestMonitor))
	}
	for _, t := range r.RollbackConfiguration.RollbackTriggers {
		kind, arn := aws.ToString(t.Type), aws.ToString(t.Arn)
		if kind != "AWS::CloudWatch::Alarm" && kind != "AWS::CloudWatch::CompositeAlarm" {
			report(fmt.Sprintf("Options.RollbackConfiguration has a trigger of type %q", kind), "use AWS::CloudWatch::Alarm or AWS::CloudWatch::CompositeAlarm")
		}
		if !strings.HasPrefix(arn, "arn:") {
			report(fmt.Sprintf("Options.RollbackConfiguration names the alarm %q", arn), "give its ARN")
		}
	}
}

func valid[T ~string](v, none T, values []T) bool { return v == none || slices.Contains(values, v) }
