package local

import (
	"errors"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/query"
)

// stackInput is what CreateStack, UpdateStack and CreateChangeSet share.
type stackInput struct {
	StackName             string
	TemplateBody          string
	TemplateURL           string
	UsePreviousTemplate   bool
	Parameters            []parameterInput
	Capabilities          []string
	ResourceTypes         []string
	RoleARN               string
	Tags                  []tag
	NotificationARNs      []string
	ClientRequestToken    string
	RollbackConfiguration *rollbackConfiguration
	DeploymentConfig      *deploymentConfig

	parsed *template // the template of a stack set; nil if the request brings its own
}

// settle makes settings of a request: what it asks for and, where it says nothing, what the stack has
// already. It checks them as CloudFormation does before it accepts a request.
func (in *stackInput) settle(s *stackState) (settings, error) {
	next := settings{
		capabilities: in.Capabilities, tags: s.tags, notifications: s.notifications, role: s.role,
		rollback: s.rollback, config: in.DeploymentConfig,
	}
	if in.RollbackConfiguration != nil {
		next.rollback = in.RollbackConfiguration
	}
	if in.Tags != nil {
		next.tags = in.Tags
	}
	if in.NotificationARNs != nil {
		next.notifications = in.NotificationARNs
	}
	if in.RoleARN != "" {
		next.role = in.RoleARN
	}
	if err := in.check(); err != nil {
		return settings{}, err
	}
	if err := s.region.cloud.assumable(next.role); err != nil {
		return settings{}, err
	}
	var err error
	if next.template, err = in.readTemplate(s); err != nil {
		return settings{}, err
	}
	if next.parameters, err = s.region.readParameters(next.template, in.Parameters, s.parameters); err != nil {
		return settings{}, err
	}
	if next.template.isRaw() {
		if err := checkCapabilities(next.template, in.Capabilities); err != nil {
			return settings{}, err
		}
		if next.problem = in.process(s, &next); errors.Is(next.problem, errMeanwhile) {
			return settings{}, errMeanwhile
		}
		return next, nil
	}
	if err := next.template.check(s, next); err != nil {
		return settings{}, err
	}
	if err := in.checkTypes(next.template); err != nil {
		return settings{}, err
	}
	return next, checkCapabilities(next.template, in.Capabilities)
}

// settleDirectly is settle for an operation without a change set, where transforms must be
// acknowledged: nobody sees beforehand what they make of the template.
func (in *stackInput) settleDirectly(s *stackState) (settings, error) {
	next, err := in.settle(s)
	if err == nil && next.template.original().isRaw() && !slices.Contains(in.Capabilities, capabilityAutoExpand) {
		err = insufficientCapabilities(capabilityAutoExpand)
	}
	return next, err
}

// process applies the transforms of a template, and checks what they make of it. CloudFormation has
// accepted the request by then, so that what is wrong is the operation's failure.
func (in *stackInput) process(s *stackState, next *settings) error {
	processed, err := s.expand(*next)
	if err != nil {
		return err
	}
	next.template = processed
	if err := processed.check(s, *next); err != nil {
		return err
	}
	if err := in.checkTypes(processed); err != nil {
		return err
	}
	return checkCapabilities(processed, in.Capabilities)
}

func (in *stackInput) readTemplate(s *stackState) (*template, error) {
	if in.parsed != nil {
		return in.parsed, nil
	}
	if in.UsePreviousTemplate {
		if in.TemplateBody != "" || in.TemplateURL != "" {
			return nil, invalid("Either Template URL or Template Body must be specified, or UsePreviousTemplate must be true.")
		}
		if s.template == nil {
			return nil, invalid("UsePreviousTemplate cannot be true for a stack that has no template")
		}
		return s.template.original(), nil
	}
	body, err := s.region.bodyOf(in.TemplateBody, in.TemplateURL)
	if err != nil {
		return nil, err
	}
	if body == "" {
		return nil, invalid("Either Template URL or Template Body must be specified.")
	}
	return readTemplate(body)
}

// check refuses what is wrong whatever the template says.
func (in *stackInput) check() error {
	if err := in.RollbackConfiguration.check(); err != nil {
		return err
	}
	if err := in.DeploymentConfig.check(); err != nil {
		return err
	}
	if len(in.Tags) > 50 {
		return invalid("1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50")
	}
	return nil
}

// checkTypes refuses resource types that the caller did not allow.
func (in *stackInput) checkTypes(t *template) error {
	if len(in.ResourceTypes) == 0 {
		return nil
	}
	for _, d := range t.resources {
		if !slices.ContainsFunc(in.ResourceTypes, func(allowed string) bool { return allowsType(allowed, d.typ) }) {
			return invalid("Resource type %s is not allowed by parameter ResourceTypes [%s]", d.typ, strings.Join(in.ResourceTypes, ", "))
		}
	}
	return nil
}

// allowsType understands AWS::*, AWS::EC2::* and whole names.
func allowsType(allowed, typ string) bool {
	if prefix, ok := strings.CutSuffix(allowed, "::*"); ok {
		return strings.HasPrefix(typ, prefix+"::")
	}
	return allowed == typ
}

// check refuses a template that cannot be evaluated with these settings, as far as that shows before
// there are resources.
func (t *template) check(s *stackState, with settings) error {
	if err := t.checkReferences(); err != nil {
		return err
	}
	sc := newScope(s, with, func(string) *resource { return nil })
	sc.lenient = true
	e := sc.evaluator()
	if err := sc.checkAssertions(e); err != nil {
		return err
	}
	if err := sc.checkConditions(e); err != nil {
		return asInvalid(err)
	}
	active, err := sc.active(e)
	if err != nil {
		return asInvalid(err)
	}
	sc.present = map[string]bool{}
	for _, d := range active {
		sc.present[d.id] = true
	}
	for _, d := range active {
		if _, err := e.Value(d.properties()); err != nil {
			return asInvalid(err)
		}
		if _, err := withPolicies(e, d); err != nil {
			return asInvalid(err)
		}
	}
	if _, err := sc.evaluateOutputs(e); err != nil {
		return asInvalid(err)
	}
	return nil
}

// checkConditions evaluates all conditions, those that nothing uses too.
func (sc *scope) checkConditions(e *eval.Evaluator) error {
	conditions := sc.template.root.Get("Conditions")
	if conditions == nil {
		return nil
	}
	for _, m := range conditions.Map {
		for _, r := range references(m.Value) {
			if sc.template.byID[r.name] != nil {
				return invalid("Template format error: Unresolved dependencies [%s]. Cannot reference resources in the Conditions block of the template", r.name)
			}
			if sc.parameters.get(r.name) == nil && !isPseudo(r.name) {
				return invalid("Template format error: Unresolved dependencies [%s]. Cannot reference resources in the Conditions block of the template", r.name)
			}
		}
		if _, err := e.Condition(m.Key); err != nil {
			return err
		}
	}
	return nil
}

// asInvalid makes a ValidationError of what evaluating a template found.
func asInvalid(err error) error {
	if known, ok := errors.AsType[*query.Error](err); ok {
		return known
	}
	return invalid("%s", err.Error())
}
