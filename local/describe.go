package local

import (
	"slices"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// stackDescription is a stack as DescribeStacks tells of it.
type stackDescription struct {
	StackId                     string
	StackName                   string
	ChangeSetId                 string
	Description                 string
	Parameters                  []parameterDescription
	CreationTime                time.Time
	DeletionTime                time.Time
	LastUpdatedTime             time.Time
	RollbackConfiguration       rollbackConfiguration
	DeploymentConfig            *deploymentConfig
	DeletionMode                string
	StackStatus                 stack.Status
	StackStatusReason           string
	DisableRollback             bool
	NotificationARNs            []string
	TimeoutInMinutes            *int
	Capabilities                []string
	Outputs                     []outputDescription
	RoleARN                     string
	Tags                        []tag
	EnableTerminationProtection *bool
	DriftInformation            drift
	ParentId                    string
	RootId                      string
}

type drift struct {
	StackDriftStatus   string
	LastCheckTimestamp time.Time
}

// driftInformation is what descriptions tell of the drift of a stack.
func (s *stackState) driftInformation() drift {
	if s.drift == nil {
		return drift{StackDriftStatus: notChecked}
	}
	return drift{s.drift.status(), s.drift.at}
}

type parameterDescription struct {
	ParameterKey   string
	ParameterValue *string
	ResolvedValue  *string
}

type outputDescription struct {
	OutputKey   string
	OutputValue *string
	Description string
	ExportName  string
}

func (s *stackState) describe() stackDescription {
	d := stackDescription{
		StackId: s.id, StackName: s.name, CreationTime: s.created, DeletionTime: s.deleted, LastUpdatedTime: s.updated,
		StackStatus: s.status, StackStatusReason: s.reason, DisableRollback: s.disableRollback || s.onFailure == "DO_NOTHING",
		NotificationARNs: orEmpty(s.notifications), TimeoutInMinutes: s.timeoutMinutes, RoleARN: s.role, Tags: orEmpty(s.tags),
		Parameters: s.parameters.describe(), DriftInformation: s.driftInformation(), RollbackConfiguration: s.rollback.describe(),
		DeploymentConfig: s.config, DeletionMode: s.deletionMode,
	}
	if len(s.capabilities) > 0 {
		d.Capabilities = s.capabilities
	}
	if s.template != nil {
		d.Description = s.template.description()
	}
	if s.status != stack.DeleteComplete {
		d.EnableTerminationProtection = &s.protected
		if s.executed != nil {
			d.ChangeSetId = s.executed.id
		}
	}
	if s.parent != nil {
		d.ParentId, d.RootId = s.parent.id, s.root().id
	}
	for _, o := range s.outputs {
		d.Outputs = append(d.Outputs, outputDescription{o.key, &o.value, o.description, o.export})
	}
	return d
}

// describe lists the parameters, nil if there are none.
func (p *parameters) describe() []parameterDescription {
	if p == nil {
		return nil
	}
	var list []parameterDescription
	for _, one := range p.list {
		list = append(list, parameterDescription{one.key, new(one.shown()), one.shownResolved()})
	}
	return list
}

// orEmpty makes an empty list of none, so that it is told as empty.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

type describeStacksInput struct{ StackName, NextToken string }

type describeStacksResult struct {
	Stacks    []stackDescription
	NextToken string
}

func describeStacks(c *call, in *describeStacksInput) (any, error) {
	if in.StackName != "" {
		s := c.region.find(in.StackName)
		if s == nil {
			return nil, invalid("Stack with id %s does not exist", in.StackName)
		}
		return &describeStacksResult{Stacks: []stackDescription{s.describe()}}, nil
	}
	var live []*stackState
	for _, s := range slices.Backward(c.region.stacks) {
		if s.status != stack.DeleteComplete {
			live = append(live, s)
		}
	}
	part, next, err := page(live, in.NextToken, func(s *stackState) string { return s.id })
	if err != nil {
		return nil, err
	}
	result := &describeStacksResult{Stacks: []stackDescription{}, NextToken: next}
	for _, s := range part {
		result.Stacks = append(result.Stacks, s.describe())
	}
	return result, nil
}

type stackSummary struct {
	StackId             string
	StackName           string
	TemplateDescription string
	CreationTime        time.Time
	LastUpdatedTime     time.Time
	DeletionTime        time.Time
	StackStatus         stack.Status
	StackStatusReason   string
	DriftInformation    drift
	ParentId            string
	RootId              string
}

type listStacksInput struct {
	NextToken         string
	StackStatusFilter []stack.Status
}

type listStacksResult struct {
	StackSummaries []stackSummary
	NextToken      string
}

func listStacks(c *call, in *listStacksInput) (any, error) {
	var wanted []*stackState
	for _, s := range slices.Backward(c.region.stacks) {
		if len(in.StackStatusFilter) == 0 || slices.Contains(in.StackStatusFilter, s.status) {
			wanted = append(wanted, s)
		}
	}
	part, next, err := page(wanted, in.NextToken, func(s *stackState) string { return s.id })
	if err != nil {
		return nil, err
	}
	result := &listStacksResult{StackSummaries: []stackSummary{}, NextToken: next}
	for _, s := range part {
		d := s.describe()
		result.StackSummaries = append(result.StackSummaries, stackSummary{
			d.StackId, d.StackName, d.Description, d.CreationTime, d.LastUpdatedTime, d.DeletionTime, d.StackStatus,
			d.StackStatusReason, d.DriftInformation, d.ParentId, d.RootId,
		})
	}
	return result, nil
}
