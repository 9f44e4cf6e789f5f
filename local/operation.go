package local

import (
	"fmt"

	"github.com/updraft-go/updraft/internal/query"
)

// An operation answers a call with a result, a struct that query can write, or nil if the operation
// has none. The cloud's lock is held while it runs.
type operation func(*call) (any, error)

// typed makes an operation of a function on a struct of parameters.
func typed[In any](f func(*call, *In) (any, error)) operation {
	return func(c *call) (any, error) {
		var in In
		if err := c.request.Parameters.Decode(&in); err != nil {
			return nil, malformed(err)
		}
		return f(c, &in)
	}
}

// operations are those of CloudFormation that are answered.
func operations() map[string]operation {
	return map[string]operation{
		"CreateStack":                       typed(createStack),
		"UpdateStack":                       typed(updateStack),
		"DeleteStack":                       typed(deleteStack),
		"CancelUpdateStack":                 typed(cancelUpdateStack),
		"DescribeStacks":                    typed(describeStacks),
		"ListStacks":                        typed(listStacks),
		"DescribeStackEvents":               typed(describeStackEvents),
		"DescribeStackResource":             typed(describeStackResource),
		"DescribeStackResources":            typed(describeStackResources),
		"ListStackResources":                typed(listStackResources),
		"GetTemplate":                       typed(getTemplate),
		"GetTemplateSummary":                typed(getTemplateSummary),
		"ValidateTemplate":                  typed(validateTemplate),
		"ListExports":                       typed(listExports),
		"ListImports":                       typed(listImports),
		"CreateChangeSet":                   typed(createChangeSet),
		"DescribeChangeSet":                 typed(describeChangeSet),
		"ExecuteChangeSet":                  typed(executeChangeSet),
		"DeleteChangeSet":                   typed(deleteChangeSet),
		"ListChangeSets":                    typed(listChangeSets),
		"UpdateTerminationProtection":       typed(updateTerminationProtection),
		"ContinueUpdateRollback":            typed(continueUpdateRollback),
		"RollbackStack":                     typed(rollbackStack),
		"DetectStackDrift":                  typed(detectStackDrift),
		"DetectStackResourceDrift":          typed(detectResourceDrift),
		"DescribeStackDriftDetectionStatus": typed(describeDriftDetection),
		"DescribeStackResourceDrifts":       typed(describeResourceDrifts),
		"SignalResource":                    typed(signalResource),
		"SetStackPolicy":                    typed(setStackPolicy),
		"GetStackPolicy":                    typed(getStackPolicy),
		"CreateStackSet":                    typed(createStackSet),
		"UpdateStackSet":                    typed(updateStackSet),
		"DeleteStackSet":                    typed(deleteStackSet),
		"DescribeStackSet":                  typed(describeStackSet),
		"ListStackSets":                     typed(listStackSets),
		"CreateStackInstances":              typed(createStackInstances),
		"UpdateStackInstances":              typed(updateStackInstances),
		"DeleteStackInstances":              typed(deleteStackInstances),
		"DescribeStackInstance":             typed(describeStackInstance),
		"ListStackInstances":                typed(listStackInstances),
		"DescribeStackSetOperation":         typed(describeStackSetOperation),
		"ListStackSetOperations":            typed(listStackSetOperations),
		"ListStackSetOperationResults":      typed(listStackSetOperationResults),
		"StopStackSetOperation":             typed(stopStackSetOperation),
		"DetectStackSetDrift":               typed(detectStackSetDrift),
		"ListStackInstanceResourceDrifts":   typed(listStackInstanceResourceDrifts),
		"ImportStacksToStackSet":            typed(importStacksToStackSet),
		"DescribeOrganizationsAccess":       typed(describeOrganizationsAccess),
		"ListStackSetAutoDeploymentTargets": typed(listAutoDeploymentTargets),
		"CreateStackRefactor":               typed(createStackRefactor),
		"DescribeStackRefactor":             typed(describeStackRefactor),
		"ListStackRefactors":                typed(listStackRefactors),
		"ListStackRefactorActions":          typed(listStackRefactorActions),
		"ExecuteStackRefactor":              typed(executeStackRefactor),
		"ListTypes":                         typed(listTypes),
		"DescribeType":                      typed(describeType),
		"ListTypeVersions":                  typed(listTypeVersions),
		"DescribeAccountLimits":             typed(describeAccountLimits),
		"DescribeEvents":                    typed(describeEvents),
		"DescribeChangeSetHooks":            typed(describeChangeSetHooks),
		"ListHookResults":                   typed(listHookResults),
		"GetHookResult":                     typed(getHookResult),
	}
}

// answered is operations, made once; it is not changed.
var answered = operations()

// others are the operations of other services in the Query protocol, by the version of their API.
var others = map[string]map[string]operation{
	versionSTS: stsOperations,
	versionIAM: iamOperations,
	versionSNS: snsOperations,
	versionEC2: ec2Operations, versionAutoScaling: autoScalingOperations,
	versionSQS: sqsOperations,
}

func lookup(request *query.Request) (operation, error) {
	known := others[request.Version]
	switch {
	case request.Action == "":
		return nil, &query.Error{Code: "MissingAction", Message: "The request must contain the parameter Action"}
	case known[request.Action] != nil:
		return known[request.Action], nil
	case request.Version == versionCloudFormation && answered[request.Action] != nil:
		return answered[request.Action], nil
	case known != nil, request.Version == versionCloudFormation && refused[request.Action] != "":
		return nil, notAnswered(request.Action)
	}
	return nil, &query.Error{Code: "InvalidAction", Message: fmt.Sprintf("Could not find operation %s for version %s", request.Action, request.Version)}
}
