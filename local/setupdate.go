package local

import (
	"slices"
	"time"
)

type updateSetInput struct {
	stackSetInput
	Accounts, Regions    []string
	DeploymentTargets    *deploymentTargets
	OperationPreferences *setPreferences
	OperationId          string
}

// updateStackSet changes a stack set, and its stacks: all of them, or those in some accounts and regions,
// and then the others are out of date.
func updateStackSet(c *call, in *updateSetInput) (any, error) {
	set, err := (&setName{StackSetName: in.StackSetName}).find(c)
	if err != nil {
		return nil, err
	}
	in.StackSetName = set.name
	if err := in.check(); err != nil {
		return nil, err
	}
	run, err := set.newRun(string(Update), in.OperationId, in.OperationPreferences)
	if err != nil {
		return nil, err
	}
	next, err := in.settle(set)
	if err != nil {
		return nil, err
	}
	chosen := set.instances
	if len(in.Regions) > 0 || len(in.Accounts) > 0 || in.DeploymentTargets != nil {
		targets, err := set.accounts(in.Accounts, in.DeploymentTargets)
		if err != nil {
			return nil, err
		}
		if chosen, err = set.chosen(in.Regions, targets); err != nil {
			return nil, err
		}
	}
	set.setSettings = next
	for _, i := range set.instances {
		i.status = instanceOutdated
		if slices.Contains(chosen, i) {
			run.at(i)
		}
	}
	run.start(c, run.deploy)
	return &setOperationResult{run.id}, nil
}

type setRunDescription struct {
	OperationId, StackSetId, Action, Status  string
	OperationPreferences                     *setPreferences
	RetainStacks                             *bool
	AdministrationRoleARN, ExecutionRoleName string
	CreationTimestamp, EndTimestamp          time.Time
	StackSetDriftDetectionDetails            *setDrift
	StatusReason                             string
	StatusDetails                            struct{ FailedStackInstancesCount int }
}

func (run *setRun) describe() *setRunDescription {
	d := &setRunDescription{
		OperationId: run.id, StackSetId: run.set.id, Action: run.action, Status: run.status, OperationPreferences: run.preferences,
		RetainStacks: run.retain, AdministrationRoleARN: run.set.administration, ExecutionRoleName: run.set.execution,
		CreationTimestamp: run.created, EndTimestamp: run.ended, StatusReason: run.reason,
	}
	if run.action == actionDrift {
		d.StackSetDriftDetectionDetails = run.set.drift()
	}
	d.StatusDetails.FailedStackInstancesCount = run.failures()
	return d
}

// runName names an operation on a stack set.
type runName struct {
	setName
	OperationId string
}

func (in *runName) run(c *call) (*setRun, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, err
	}
	if run := set.run(in.OperationId); run != nil {
		return run, nil
	}
	return nil, setOperationNotFound(in.OperationId)
}

func describeStackSetOperation(c *call, in *runName) (any, error) {
	run, err := in.run(c)
	if err != nil {
		return nil, err
	}
	return &struct{ StackSetOperation *setRunDescription }{run.describe()}, nil
}

func listStackSetOperations(c *call, in *struct {
	setName
	listing
}) (any, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, err
	}
	var list []*setRunDescription
	for _, run := range slices.Backward(set.runs) {
		list = append(list, run.describe())
	}
	some, next, err := part(in.listing, list, func(d *setRunDescription) string { return d.OperationId })
	if err != nil {
		return nil, err
	}
	return &struct {
		Summaries []*setRunDescription
		NextToken string
	}{some, next}, nil
}

type setResultSummary struct {
	Account, Region, Status, StatusReason string
	AccountGateResult                     struct{ Status, StatusReason string }
	OrganizationalUnitId                  string
}

func listStackSetOperationResults(c *call, in *struct {
	runName
	listing
	Filters []nameAndValues
}) (any, error) {
	run, err := in.run(c)
	if err != nil {
		return nil, err
	}
	var list []setResultSummary
	for _, r := range run.results {
		if slices.ContainsFunc(in.Filters, func(f nameAndValues) bool { return f.Values != r.status }) {
			continue
		}
		s := setResultSummary{Account: r.instance.account, Region: r.instance.region, Status: r.status, StatusReason: r.reason, OrganizationalUnitId: r.instance.unit}
		s.AccountGateResult.Status, s.AccountGateResult.StatusReason = "SKIPPED", "Function not found"
		list = append(list, s)
	}
	some, next, err := part(in.listing, list, func(s setResultSummary) string { return s.Account + "/" + s.Region })
	if err != nil {
		return nil, err
	}
	return &struct {
		Summaries []setResultSummary
		NextToken string
	}{some, next}, nil
}
