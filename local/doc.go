// Package local is an embedded cloud: CloudFormation as AWS answers it, in this process, with no
// account. A [Cloud] is an [http.Handler] that speaks the real wire protocol and an
// [http.RoundTripper] that answers without a network, so any client of AWS works on it unchanged:
//
//	cloud := &local.Cloud{}
//	defer cloud.Close()
//	client := cloudformation.NewFromConfig(cloud.Config())
//
// # What it emulates
//
// Stacks run as CloudFormation runs them: in the order of their dependencies and otherwise at once,
// with intrinsic functions, conditions, exports that hold, change sets, replacement, cleanup,
// roll-back, stacks nested to any depth, wait conditions, creations and rolling updates that wait for
// signals, and custom resources behind which a provider of package customresource, a Go function or an
// HTTP endpoint stands. Templates may use the language extensions, AWS::Include, the Serverless
// Application Model, and macros behind whose FunctionName [Cloud.Handle] puts a Go function. Every
// resource type of package schema is provisioned: its properties are checked, and its physical ID and
// attributes have the form that AWS gives them, but nothing stands behind them.
// [Cloud.Provide] puts a program's own behaviour behind a type; [Cloud.Fail] makes failures happen.
// With [Cloud.EarlyValidation], what cannot go well is found before anything is made.
//
// # What it keeps
//
// A Cloud with a State keeps everything in that file, and goes on where it was when it is opened again:
// also in the middle of a deployment, and also if the process was killed. What was being done to a
// resource then is done again, so that a [Provider] or a custom resource may be asked twice for the same.
// Behaviour is the program's and not kept: providers, functions and faults are given anew, before
// [Cloud.Open]. Timeouts of what is taken up again begin anew.
//
// # What it answers
//
// CreateStack, UpdateStack, DeleteStack, CancelUpdateStack, DescribeStacks, ListStacks,
// DescribeStackEvents, DescribeStackResource, DescribeStackResources, ListStackResources,
// GetTemplate, GetTemplateSummary, ValidateTemplate, ListExports, ListImports, CreateChangeSet,
// DescribeChangeSet, ExecuteChangeSet, DeleteChangeSet, ListChangeSets,
// UpdateTerminationProtection, SetStackPolicy, GetStackPolicy, SignalResource,
// ContinueUpdateRollback, RollbackStack, DetectStackDrift, DetectStackResourceDrift,
// DescribeStackDriftDetectionStatus, DescribeStackResourceDrifts, DescribeEvents,
// DescribeAccountLimits, and of AWS's resource types ListTypes, DescribeType and ListTypeVersions. Of
// Hooks, which nobody can register here, DescribeChangeSetHooks and ListHookResults tell none, and
// GetHookResult finds none. Who sends ContentType=JSON, as the programs of aws-cfn-bootstrap do, is
// answered in JSON.
//
// Of stack sets CreateStackSet, UpdateStackSet, DeleteStackSet, DescribeStackSet, ListStackSets,
// CreateStackInstances, UpdateStackInstances, DeleteStackInstances, DescribeStackInstance,
// ListStackInstances, DescribeStackSetOperation, ListStackSetOperations, ListStackSetOperationResults,
// StopStackSetOperation, DetectStackSetDrift, ListStackInstanceResourceDrifts, ImportStacksToStackSet,
// ListStackSetAutoDeploymentTargets and DescribeOrganizationsAccess. Of stack refactoring
// CreateStackRefactor, DescribeStackRefactor, ListStackRefactors, ListStackRefactorActions and
// ExecuteStackRefactor.
//
// Of the services beside it, the parts that stacks and deployers touch, over the same resources as
// the stacks make: of S3 buckets and objects, by path or host, in which templates, stack policies and
// what AWS::Include takes in are found by URL; of Systems Manager PutParameter, GetParameter,
// GetParameters, GetParametersByPath and DeleteParameter; of Secrets Manager CreateSecret and
// GetSecretValue; of SQS GetQueueUrl, GetQueueAttributes, ListQueues, ListQueueTags, SendMessage,
// ReceiveMessage, DeleteMessage, ChangeMessageVisibility, their batches and PurgeQueue, in the JSON
// protocol and in the Query protocol of older clients; of SNS
// GetTopicAttributes, ListTopics and ListTagsForResource; of IAM GetRole, GetRolePolicy,
// ListRolePolicies, ListAttachedRolePolicies, GetUser, ListUsers, ListAccessKeys, ListUserPolicies,
// GetUserPolicy and ListAttachedUserPolicies; of STS GetCallerIdentity and AssumeRole; of Lambda
// Invoke, for functions that [Cloud.Handle] binds. Of EC2 RunInstances,
// DescribeInstances, StartInstances, StopInstances, TerminateInstances, CreateImage, DescribeImages,
// DeregisterImage, DescribeSnapshots, DeleteSnapshot, CreateTags, DeleteTags, DescribeTags,
// CreateLaunchTemplate, CreateLaunchTemplateVersion, DescribeLaunchTemplates,
// DescribeLaunchTemplateVersions, ModifyLaunchTemplate, DeleteLaunchTemplate,
// DeleteLaunchTemplateVersions, DescribeImageAttribute, ModifyImageAttribute, DisableImage,
// EnableImage, DescribeVpcs, DescribeSubnets, DescribeSecurityGroups, DescribeKeyPairs,
// DescribeAvailabilityZones and DescribeRegions; of Auto Scaling CreateLaunchConfiguration,
// DescribeLaunchConfigurations, DeleteLaunchConfiguration, CreateAutoScalingGroup, UpdateAutoScalingGroup,
// DeleteAutoScalingGroup, DescribeAutoScalingGroups, DescribeAutoScalingInstances,
// DescribeScalingActivities, SetDesiredCapacity, TerminateInstanceInAutoScalingGroup,
// CreateOrUpdateTags, DeleteTags, DescribeTags, SetInstanceProtection, SetInstanceHealth,
// StartInstanceRefresh, DescribeInstanceRefreshes, CancelInstanceRefresh and RollbackInstanceRefresh.
//
// # Instances, images and groups
//
// Instances, images, snapshots, launch templates with their versions and Auto Scaling groups live, over
// time and for whoever looks at them: what is begun takes [Cloud.Delay] and what a [Fault] of the types
// AWS::EC2::Instance and AWS::EC2::Image adds. A fault of an image is held against its name, one of an
// instance against the name of its image; one of Create with a Reason makes an image fail in the end, and
// an instance not come up. A fault of [Read] hides an image. A stack waits for the instances of a new
// group, a quarter of an hour at most. A group
// launches, replaces and terminates instances by itself, and tries again what failed, after 15
// seconds and then ever longer. An instance refresh replaces them as its preferences say, fails when an
// alarm of it goes off ([Cloud.SetAlarm]) or when it does not get on within an hour, and can be rolled
// back where AWS can: to a numbered version. An image ID that the cloud has not given out stands for one
// of AWS's public images, and can be launched. Every region has a default VPC, which is there when it is
// first asked for.
//
// # What it refuses
//
// The embedded cloud does not pretend. The operations of other services, and CloudFormation's own in
// these groups, are refused with HTTP status 501 and a message that names the operation.
//
//   - Cost: EstimateTemplateCost.
//   - Other extensions than AWS's resource types: ActivateType, BatchDescribeTypeConfigurations,
//     DeactivateType, DeregisterType, DescribePublisher, DescribeTypeRegistration, ListTypeRegistrations,
//     PublishType, RecordHandlerProgress, RegisterPublisher, RegisterType, SetTypeConfiguration,
//     SetTypeDefaultVersion, TestType.
//   - Templates that are made of what an account has: CreateGeneratedTemplate, DeleteGeneratedTemplate,
//     DescribeGeneratedTemplate, DescribeResourceScan, GetGeneratedTemplate, ListGeneratedTemplates,
//     ListResourceScanRelatedResources, ListResourceScanResources, ListResourceScans, StartResourceScan,
//     UpdateGeneratedTemplate.
//   - Access to AWS Organizations, since its units are told with [Cloud.Organize]:
//     ActivateOrganizationsAccess, DeactivateOrganizationsAccess.
//
// Refused with a ValidationError that says so are: transforms of AWS's other than
// AWS::LanguageExtensions, AWS::Include and AWS::Serverless-2016-10-31, the section Hooks, the update
// policy AutoScalingInstanceRefresh, and the hooks of CodeDeployLambdaAliasUpdate.
//
// In a region 2,000 instances may live; there are no other quotas of EC2 and Auto Scaling.
//
// A DeletionPolicy of Snapshot deletes, since there is nothing to take a snapshot of. Of update policies,
// AutoScalingRollingUpdate and AutoScalingReplacingUpdate do what they say, with the group's instances or,
// where it could not launch any, counted by its properties; others change nothing, and an alias shifts its
// traffic at once. The signals of a rolling update must come from new instances, by their IDs; elsewhere, no
// UniqueId is held against an instance. The ARNs of service
// roles are kept and told, and nothing more. A topic of a stack's notifications hands these to the queues
// that stacks of its region have subscribed to it, unless the subscription has a filter policy; other
// endpoints get nothing. Parameters that name what exists in an account,
// such as AWS::EC2::VPC::Id, may name anything but nothing. A resource type that the schema does not hold
// is refused as AWS does. Where a recording of AWS differs, docs/fidelity.md says how and why.
package local
