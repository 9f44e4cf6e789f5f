package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
)

// A stackSet is a template that makes stacks in accounts and regions.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html
type stackSet struct {
	region    *region // of the administrator
	name, id  string
	deleted   bool
	instances []*stackInstance // in the order in which they were asked for
	runs      []*setRun        // oldest first
	requests  map[string]string
	// targetUnits and targetRegions are where accounts that come to a unit get their stacks.
	targetUnits, targetRegions []string
	setSettings
}

// setSettings are what a caller gives of a stack set.
type setSettings struct {
	description    string
	template       *template
	given          []parameterInput
	parameters     *parameters
	capabilities   []string
	tags           []tag
	administration string // the role of the administrator
	execution      string // the name of the role in the accounts
	model          string // SELF_MANAGED or SERVICE_MANAGED
	auto           *autoDeployment
	managed        *managedExecution
}

// An autoDeployment says whether accounts that come to an organizational unit get their stacks.
type autoDeployment struct {
	Enabled                      *bool
	RetainStacksOnAccountRemoval *bool
}

func (a *autoDeployment) on() bool { return a != nil && a.Enabled != nil && *a.Enabled }

// A managedExecution says whether operations that conflict wait for one another.
type managedExecution struct{ Active *bool }

func (m *managedExecution) on() bool { return m != nil && m.Active != nil && *m.Active }

// How the accounts of a stack set are permitted.
const (
	selfManaged    = "SELF_MANAGED"
	serviceManaged = "SERVICE_MANAGED"
)

// A stackInstance is the stack of a stack set in one account and region, or the place for it.
type stackInstance struct {
	account, region string
	unit            string      // the organizational unit; "" if it was named by its account
	state           *stackState // nil if there is none
	overrides       []parameterInput
	status          string // CURRENT, OUTDATED or INOPERABLE
	detailed        string
	reason          string
	last            string // the ID of the last operation on it
	drift           *detection
}

// The states of stack instances.
const (
	instanceCurrent    = "CURRENT"
	instanceOutdated   = "OUTDATED"
	instanceInoperable = "INOPERABLE"
)

// stackSetInput is what CreateStackSet and UpdateStackSet share.
type stackSetInput struct {
	stackInput
	StackSetName, Description                string
	AdministrationRoleARN, ExecutionRoleName string
	PermissionModel                          string
	AutoDeployment                           *autoDeployment
	ManagedExecution                         *managedExecution
	CallAs                                   string
}

// check refuses what is wrong whatever the template says.
func (in *stackSetInput) check() error {
	if err := checkName("stackSetName", in.StackSetName); err != nil {
		return err
	}
	if err := checkEnum("permissionModel", in.PermissionModel, serviceManaged, selfManaged); err != nil {
		return err
	}
	return checkEnum("callAs", in.CallAs, "SELF", "DELEGATED_ADMIN")
}

// settle makes settings of a request: what it asks for and, where it says nothing, what the set has.
func (in *stackSetInput) settle(set *stackSet) (setSettings, error) {
	next := set.setSettings
	s := &stackState{region: set.region, settings: settings{template: next.template, parameters: next.parameters}}
	t, err := in.readTemplate(s)
	if err != nil {
		return setSettings{}, err
	}
	if next.parameters, err = set.region.readParameters(t, in.Parameters, next.parameters); err != nil {
		return setSettings{}, err
	}
	if err := checkCapabilities(t, in.Capabilities); err != nil {
		return setSettings{}, err
	}
	if t.isRaw() && !slices.Contains(in.Capabilities, capabilityAutoExpand) {
		return setSettings{}, insufficientCapabilities(capabilityAutoExpand)
	}
	next.template, next.given, next.capabilities = t, next.parameters.inputs(), in.Capabilities
	in.override(&next)
	switch {
	case next.model == serviceManaged && next.administration != "":
		return setSettings{}, invalid("AdministrationRoleARN cannot be specified for stack sets with SERVICE_MANAGED permissions")
	case next.model == selfManaged && next.auto != nil:
		return setSettings{}, invalid("AutoDeployment can only be specified for stack sets with SERVICE_MANAGED permissions")
	}
	return next, nil
}

// override puts what a request says in place of what the set had.
func (in *stackSetInput) override(next *setSettings) {
	for _, text := range []struct {
		to   *string
		from string
	}{
		{&next.description, in.Description}, {&next.administration, in.AdministrationRoleARN}, {&next.execution, in.ExecutionRoleName},
		{&next.model, in.PermissionModel},
	} {
		if text.from != "" {
			*text.to = text.from
		}
	}
	if next.model == "" {
		next.model = selfManaged
	}
	if in.Tags != nil {
		next.tags = in.Tags
	}
	if in.AutoDeployment != nil {
		next.auto = in.AutoDeployment
	}
	if in.ManagedExecution != nil {
		next.managed = in.ManagedExecution
	}
}

// inputs are the parameters as a caller would give them.
func (p *parameters) inputs() []parameterInput {
	var list []parameterInput
	for _, one := range p.list {
		list = append(list, parameterInput{ParameterKey: one.key, ParameterValue: &one.text})
	}
	return list
}

func createStackSet(c *call, in *stackSetInput) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	type result struct{ StackSetId string }
	if old := c.region.stackSet(in.StackSetName); old != nil {
		if in.ClientRequestToken != "" && old.requests[in.ClientRequestToken] == "CreateStackSet" {
			return &result{old.id}, nil
		}
		return nil, &query.Error{Code: "NameAlreadyExistsException", Message: "StackSet " + in.StackSetName + " already exists", Status: 409}
	}
	set := &stackSet{region: c.region, name: in.StackSetName, id: in.StackSetName + ":" + c.cloud.uuid(), requests: map[string]string{}}
	next, err := in.settle(set)
	if err != nil {
		return nil, err
	}
	set.setSettings = next
	if in.ClientRequestToken != "" {
		set.requests[in.ClientRequestToken] = "CreateStackSet"
	}
	c.region.stackSets = append(c.region.stackSets, set)
	return &result{set.id}, nil
}

// stackSet returns a stack set by its name or ID, nil if there is none that is not deleted.
func (r *region) stackSet(nameOrID string) *stackSet {
	for _, set := range r.stackSets {
		if !set.deleted && (set.name == nameOrID || set.id == nameOrID || set.arn() == nameOrID) {
			return set
		}
	}
	return nil
}

func (set *stackSet) arn() string {
	return "arn:" + set.region.partition + ":cloudformation:" + set.region.name + ":" + set.region.account + ":stackset/" + set.id
}

// setName names a stack set in a request.
type setName struct{ StackSetName, CallAs string }

func (in *setName) find(c *call) (*stackSet, error) {
	if err := required("stackSetName", in.StackSetName); err != nil {
		return nil, err
	}
	if set := c.region.stackSet(in.StackSetName); set != nil {
		return set, nil
	}
	return nil, &query.Error{Code: "StackSetNotFoundException", Message: "StackSet " + in.StackSetName + " not found", Status: 404}
}

func deleteStackSet(c *call, in *setName) (any, error) {
	set, err := in.find(c)
	if err != nil {
		if known, ok := err.(*query.Error); ok && known.Code == "StackSetNotFoundException" {
			return &struct{}{}, nil
		}
		return nil, err
	}
	if len(set.instances) > 0 {
		return nil, &query.Error{Code: "StackSetNotEmptyException", Message: "StackSet is not empty", Status: 409}
	}
	if err := set.idle(); err != nil {
		return nil, err
	}
	set.deleted = true
	return &struct{}{}, nil
}

// idle refuses what must not happen while an operation runs.
func (set *stackSet) idle() error {
	for _, run := range set.runs {
		if !run.over() {
			return &query.Error{Code: "OperationInProgressException", Message: "Another Operation on StackSet " + set.arn() + " is in progress: " + run.id, Status: 409}
		}
	}
	return nil
}

// instance returns the set's instance in an account and region, nil if there is none.
func (set *stackSet) instance(at place) *stackInstance {
	for _, i := range set.instances {
		if i.account == at.account && i.region == at.region {
			return i
		}
	}
	return nil
}

// regions are those in which the set has instances, sorted.
func (set *stackSet) regions() []string {
	var names []string
	for _, i := range set.instances {
		if !slices.Contains(names, i.region) {
			names = append(names, i.region)
		}
	}
	slices.SortFunc(names, strings.Compare)
	return names
}
