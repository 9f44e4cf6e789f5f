package stack

import fn "github.com/updraft-go/updraft/intrinsics"

// A CreationPolicy makes the creation of a resource wait until signals say that it is ready.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html
type CreationPolicy struct {
	fn.Extra

	// ResourceSignal is for signals sent to the resource.
	ResourceSignal *ResourceSignal
	// AutoScalingCreationPolicy is for Auto Scaling groups.
	AutoScalingCreationPolicy *AutoScalingCreationPolicy
	// StartFleet is for AppStream fleets.
	StartFleet fn.Boolean
}

// A ResourceSignal says how many signals are waited for, and for how long.
type ResourceSignal struct {
	// Count is the number of signals. If it is "", one.
	Count fn.Integer
	// Timeout is an ISO 8601 duration such as PT15M. If it is "", five minutes.
	Timeout fn.String
}

// An AutoScalingCreationPolicy says which part of a group's instances must signal.
type AutoScalingCreationPolicy struct {
	// MinSuccessfulInstancesPercent is from 0 to 100. If it is "", 100.
	MinSuccessfulInstancesPercent fn.Integer
}

// An UpdatePolicy says how CloudFormation carries out an update of a resource.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
type UpdatePolicy struct {
	fn.Extra

	AutoScalingReplacingUpdate *AutoScalingReplacingUpdate
	AutoScalingRollingUpdate   *AutoScalingRollingUpdate
	AutoScalingScheduledAction *AutoScalingScheduledAction
	CodeDeployLambdaAlias      *CodeDeployLambdaAliasUpdate `cfn:"CodeDeployLambdaAliasUpdate"`
	EnableVersionUpgrade       fn.Boolean
	UseOnlineResharding        fn.Boolean
}

// AutoScalingReplacingUpdate replaces a whole group.
type AutoScalingReplacingUpdate struct {
	WillReplace fn.Boolean
}

// AutoScalingRollingUpdate replaces the instances of a group in batches.
type AutoScalingRollingUpdate struct {
	MaxBatchSize                  fn.Integer
	MinActiveInstancesPercent     fn.Integer
	MinInstancesInService         fn.Integer
	MinSuccessfulInstancesPercent fn.Integer
	// PauseTime is an ISO 8601 duration.
	PauseTime             fn.String
	SuspendProcesses      []fn.String
	WaitOnResourceSignals fn.Boolean
}

// AutoScalingScheduledAction keeps what scheduled actions did to a group's size.
type AutoScalingScheduledAction struct {
	IgnoreUnmodifiedGroupSizeProperties fn.Boolean
}

// CodeDeployLambdaAliasUpdate shifts a Lambda alias through CodeDeploy.
type CodeDeployLambdaAliasUpdate struct {
	AfterAllowTrafficHook  fn.String
	ApplicationName        fn.String
	BeforeAllowTrafficHook fn.String
	DeploymentGroupName    fn.String
}
