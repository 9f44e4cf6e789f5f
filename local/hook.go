package local

import (
	"slices"

	"github.com/updraft-go/updraft/internal/query"
)

// The cloud has no registry to which hooks could be added, so that none is ever invoked.

func describeChangeSetHooks(c *call, in *struct {
	setInput
	LogicalResourceId string
}) (any, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, err
	}
	return &struct {
		ChangeSetId, ChangeSetName string
		Hooks                      []struct{}
		Status                     string
		StackId, StackName         string
	}{set.id, set.name, []struct{}{}, "PLANNED", set.state.id, set.state.name}, nil
}

func listHookResults(_ *call, in *struct{ TargetType, TargetId string }) (any, error) {
	targets := []string{"CHANGE_SET", "STACK", "RESOURCE", "CLOUD_CONTROL"}
	if in.TargetType != "" && !slices.Contains(targets, in.TargetType) {
		return nil, invalid("1 validation error detected: Value '%s' at 'targetType' failed to satisfy constraint: Member must satisfy enum value set: [CHANGE_SET, STACK, RESOURCE, CLOUD_CONTROL]", in.TargetType)
	}
	return &struct {
		TargetType, TargetId string
		HookResults          []struct{}
	}{in.TargetType, in.TargetId, []struct{}{}}, nil
}

func getHookResult(_ *call, in *struct{ HookResultId string }) (any, error) {
	return nil, &query.Error{Code: "HookResultNotFound", Message: "Hook result " + in.HookResultId + " does not exist", Status: 404}
}
