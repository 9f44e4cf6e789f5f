package local

import "slices"

type refactorSummary struct {
	StackRefactorId, Description, ExecutionStatus, ExecutionStatusReason, Status, StatusReason string
}

func (f *stackRefactor) summary() refactorSummary {
	status := "CREATE_COMPLETE"
	if f.reason != "" {
		status = "CREATE_FAILED"
	}
	return refactorSummary{f.id, f.description, f.execution, f.executionReason, status, f.reason}
}

func describeStackRefactor(c *call, in *struct{ StackRefactorId string }) (any, error) {
	f, err := c.region.refactor(in.StackRefactorId)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, one := range f.stacks {
		ids = append(ids, one.state.id)
	}
	return &struct {
		refactorSummary
		StackIds []string
	}{f.summary(), ids}, nil
}

func listStackRefactors(c *call, in *struct {
	listing
	ExecutionStatusFilter []string
}) (any, error) {
	var list []refactorSummary
	for _, f := range slices.Backward(c.region.refactors) {
		if len(in.ExecutionStatusFilter) == 0 || slices.Contains(in.ExecutionStatusFilter, f.execution) {
			list = append(list, f.summary())
		}
	}
	some, next, err := part(in.listing, list, func(s refactorSummary) string { return s.StackRefactorId })
	if err != nil {
		return nil, err
	}
	return &struct {
		StackRefactorSummaries []refactorSummary
		NextToken              string
	}{some, next}, nil
}

type refactorAction struct {
	Action, Entity, PhysicalResourceId, Description, Detection, DetectionReason string
	TagResources                                                                []tag
	UntagResources                                                              []string
	ResourceMapping                                                             *refactorMapping
}

type refactorMapping struct{ Source, Destination resourceLocation }

// actions are what executing a refactor does: the stacks that it makes, then the resources that it moves.
func (f *stackRefactor) actions() []refactorAction {
	var list []refactorAction
	for _, one := range f.stacks {
		if one.fresh {
			list = append(list, refactorAction{Action: "CREATE", Entity: "STACK", PhysicalResourceId: one.state.id, Description: "Stack " + one.state.name + " created.", Detection: "MANUAL", TagResources: []tag{}, UntagResources: []string{}})
		}
	}
	for _, m := range f.moves {
		detection := "AUTO"
		if m.manual {
			detection = "MANUAL"
		}
		list = append(list, refactorAction{
			Action: "MOVE", Entity: "RESOURCE", PhysicalResourceId: m.physicalID, Description: "No configuration changes detected.", Detection: detection,
			TagResources: []tag{}, UntagResources: []string{}, ResourceMapping: &refactorMapping{m.from, m.to},
		})
	}
	return list
}

func listStackRefactorActions(c *call, in *struct {
	listing
	StackRefactorId string
}) (any, error) {
	f, err := c.region.refactor(in.StackRefactorId)
	if err != nil {
		return nil, err
	}
	some, next, err := part(in.listing, f.actions(), func(a refactorAction) string { return a.Entity + a.PhysicalResourceId })
	if err != nil {
		return nil, err
	}
	return &struct {
		StackRefactorActions []refactorAction
		NextToken            string
	}{some, next}, nil
}
