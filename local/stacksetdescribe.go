package local

import (
	"slices"
	"time"

	"github.com/updraft-go/updraft/internal/query"
)

type stackSetDescription struct {
	StackSetName, StackSetId, Description, Status, TemplateBody string
	Parameters                                                  []parameterDescription
	Capabilities                                                []string
	Tags                                                        []tag
	StackSetARN, AdministrationRoleARN, ExecutionRoleName       string
	StackSetDriftDetectionDetails                               *setDrift
	AutoDeployment                                              *autoDeployment
	PermissionModel                                             string
	OrganizationalUnitIds                                       []string
	ManagedExecution                                            *managedExecution
	Regions                                                     []string
}

func describeStackSet(c *call, in *setName) (any, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, err
	}
	d := &stackSetDescription{
		StackSetName: set.name, StackSetId: set.id, Description: set.description, Status: set.status(), TemplateBody: set.template.body,
		Parameters: orEmpty(set.parameters.describe()), Capabilities: orEmpty(set.capabilities), Tags: orEmpty(set.tags), StackSetARN: set.arn(),
		AdministrationRoleARN: set.administration, ExecutionRoleName: set.execution, StackSetDriftDetectionDetails: set.drift(),
		AutoDeployment: set.auto, PermissionModel: set.model, OrganizationalUnitIds: set.units(), ManagedExecution: &managedExecution{new(set.managed.on())},
		Regions: set.regions(),
	}
	return &struct{ StackSet *stackSetDescription }{d}, nil
}

func (set *stackSet) status() string {
	if set.deleted {
		return "DELETED"
	}
	return "ACTIVE"
}

// units are the organizational units whose accounts have instances.
func (set *stackSet) units() []string {
	var ids []string
	for _, i := range set.instances {
		if i.unit != "" && !slices.Contains(ids, i.unit) {
			ids = append(ids, i.unit)
		}
	}
	slices.Sort(ids)
	return orEmpty(ids)
}

type stackSetSummary struct {
	StackSetName, StackSetId, Description, Status string
	AutoDeployment                                *autoDeployment
	PermissionModel, DriftStatus                  string
	LastDriftCheckTimestamp                       time.Time
	ManagedExecution                              *managedExecution
}

// listing is how a request asks for a part of a list.
type listing struct {
	NextToken  string
	MaxResults *int
}

func part[T any](l listing, list []T, key func(T) string) ([]T, string, error) {
	size := pageSize
	if l.MaxResults != nil {
		size = min(max(*l.MaxResults, 1), pageSize)
	}
	some, next, err := pageOfSize(size, list, l.NextToken, key)
	return orEmpty(some), next, err
}

func listStackSets(c *call, in *struct {
	listing
	Status, CallAs string
}) (any, error) {
	if err := checkEnum("status", in.Status, "ACTIVE", "DELETED"); err != nil {
		return nil, err
	}
	var list []stackSetSummary
	for _, set := range c.region.stackSets {
		if in.Status != "" && in.Status != set.status() {
			continue
		}
		drift := set.drift()
		list = append(list, stackSetSummary{set.name, set.id, set.description, set.status(), set.auto, set.model, drift.DriftStatus, drift.LastDriftCheckTimestamp, &managedExecution{new(set.managed.on())}})
	}
	some, next, err := part(in.listing, list, func(s stackSetSummary) string { return s.StackSetId })
	if err != nil {
		return nil, err
	}
	return &struct {
		Summaries []stackSetSummary
		NextToken string
	}{some, next}, nil
}

type detailedStatus struct{ DetailedStatus string }

type instanceSummary struct {
	StackSetId, Region, Account, StackId, Status, StatusReason string
	StackInstanceStatus                                        detailedStatus
	OrganizationalUnitId, DriftStatus                          string
	LastDriftCheckTimestamp                                    time.Time
	LastOperationId                                            string
}

func (i *stackInstance) summary(set *stackSet) instanceSummary {
	s := instanceSummary{
		StackSetId: set.id, Region: i.region, Account: i.account, Status: i.status, StatusReason: i.reason,
		StackInstanceStatus: detailedStatus{i.detailed}, OrganizationalUnitId: i.unit, DriftStatus: notChecked, LastOperationId: i.last,
	}
	if i.state != nil {
		s.StackId = i.state.id
	}
	if i.drift != nil {
		s.DriftStatus, s.LastDriftCheckTimestamp = i.drift.status(), i.drift.at
	}
	return s
}

type nameAndValues struct{ Name, Values string }

func listStackInstances(c *call, in *struct {
	setName
	listing
	Filters                                   []nameAndValues
	StackInstanceAccount, StackInstanceRegion string
}) (any, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, err
	}
	var list []instanceSummary
	for _, i := range set.instances {
		s := i.summary(set)
		told := map[string]string{"DETAILED_STATUS": i.detailed, "LAST_OPERATION_ID": i.last, "DRIFT_STATUS": s.DriftStatus}
		other := func(f nameAndValues) bool { return told[f.Name] != f.Values }
		if in.StackInstanceAccount != "" && in.StackInstanceAccount != i.account || in.StackInstanceRegion != "" && in.StackInstanceRegion != i.region ||
			slices.ContainsFunc(in.Filters, other) {
			continue
		}
		list = append(list, s)
	}
	some, next, err := part(in.listing, list, func(s instanceSummary) string { return s.Account + "/" + s.Region })
	if err != nil {
		return nil, err
	}
	return &struct {
		Summaries []instanceSummary
		NextToken string
	}{some, next}, nil
}

// instanceName names a stack instance in a request.
type instanceName struct {
	setName
	StackInstanceAccount, StackInstanceRegion string
}

func (in *instanceName) instance(c *call) (*stackSet, *stackInstance, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, nil, err
	}
	i := set.instance(place{in.StackInstanceAccount, in.StackInstanceRegion})
	if i == nil {
		return nil, nil, noInstance(set, in.StackInstanceAccount, in.StackInstanceRegion)
	}
	return set, i, nil
}

func noInstance(set *stackSet, account, region string) error {
	return &query.Error{Code: "StackInstanceNotFoundException", Status: 404,
		Message: "Stack instance not found for stack set " + set.name + ", account " + account + " and region " + region}
}

func describeStackInstance(c *call, in *instanceName) (any, error) {
	set, i, err := in.instance(c)
	if err != nil {
		return nil, err
	}
	overrides := []parameterDescription{}
	for _, p := range i.overrides {
		shown := p.ParameterValue
		if one := set.parameters.get(p.ParameterKey); one != nil && one.noted {
			shown = new(mask)
		}
		overrides = append(overrides, parameterDescription{ParameterKey: p.ParameterKey, ParameterValue: shown})
	}
	return &struct {
		StackInstance struct {
			instanceSummary
			ParameterOverrides []parameterDescription
		}
	}{struct {
		instanceSummary
		ParameterOverrides []parameterDescription
	}{i.summary(set), overrides}}, nil
}
