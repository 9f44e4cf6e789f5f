package executor

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// Options say how a stack is deployed. Nil, or the zero value, deploys it as it is.
type Options struct {
	// DeploymentID names the deployment, a commit or the run of a pipeline, say. A call with the ID
	// and content of one before it goes on with that one: it waits for what still runs, and does not
	// repeat what has succeeded. What has failed is tried anew. "" is a new deployment each time.
	//
	// The values of NoEcho parameters do not count as content, since names that many may read are made
	// of it. With such values, a call goes on only with what still runs, and else plans anew.
	DeploymentID string
	// TemplateBody is the template as text, JSON or YAML, such as the content of a file. It is sent
	// as it is (JSON without its white space) in place of what Stack.Template writes, and that may
	// then be nil. Nil sends Stack.Template.
	TemplateBody []byte
	// AssetDir is the folder that local paths in the template are relative to: such a path may stand where
	// "aws cloudformation package" takes one, as in Code of a Lambda function, or TemplateURL of a nested
	// stack. What it leads to is stored with Client.Uploader, under a key that is made of its content, a
	// folder as a zip archive, and the template sent with its place. A path may lead out of the folder, so
	// set it for templates that you trust only. "" leaves paths as they are.
	AssetDir string
	// Parameters say what becomes of parameters that Stack.Parameters gives no value. One that is not
	// named here is [UsePreviousOrDefault].
	Parameters map[string]Intent
	// Capabilities are what the template may do. Nil grants what the template needs, since whoever
	// deploys it from a program can read it; a list grants just that, and a template that needs more
	// is refused before any call.
	Capabilities []types.Capability
	// RoleARN is the role that CloudFormation assumes, for this and all later operations on the
	// stack. "" keeps the stack's role, or else uses the caller's permissions.
	RoleARN string
	// NotificationARNs are topics that get the stack's events. Nil keeps those of the stack; an empty
	// list removes them.
	NotificationARNs []string
	// RollbackConfiguration names alarms that roll the deployment back. Nil keeps that of the stack;
	// one with an empty list of triggers removes them.
	RollbackConfiguration *types.RollbackConfiguration
	// StackPolicyBody protects resources from updates, from the end of this deployment on. It is set
	// by [Run.Wait] when the deployment has succeeded, since a change set cannot carry it; with Direct,
	// it holds from the beginning. "" keeps that of the stack.
	StackPolicyBody string
	// StackPolicyDuringUpdateBody takes the place of the stack's policy for this update only, to change
	// what that protects. A change set cannot carry it, so the update is done as with Direct. "" leaves
	// the stack's in force. A creation has no use for it.
	StackPolicyDuringUpdateBody string
	// TerminationProtection turns the stack's protection against deletion on or off, as
	// StackPolicyBody by [Run.Wait] at a good end. Nil keeps it.
	TerminationProtection *bool
	// Timeout is how long the creation of the stack may take before CloudFormation gives it up and rolls it
	// back, in whole minutes. A change set cannot carry it, so the creation is done as with Direct. If
	// zero, there is no limit; an update has none.
	Timeout time.Duration
	// Direct deploys by CreateStack or UpdateStack, without a change set: for what a change set does not
	// do, such as some nested stacks of macros. There is nothing to look at before then, and that nothing
	// had to change is known only when it was tried.
	Direct bool
	// Mode is EXPRESS for a deployment that does not wait until each resource is ready to be used.
	// "" is STANDARD.
	Mode types.DeploymentConfigMode
	// OnStackFailure is what becomes of a stack whose deployment fails: ROLLBACK, DELETE (a creation
	// only) or DO_NOTHING. "" is ROLLBACK. It excludes DisableRollback.
	OnStackFailure types.OnStackFailure
	// DisableRollback leaves what was made in place when the deployment fails, for a look at it. Such
	// a stack can be deployed again with DisableRollback, or rolled back with [Client.Rollback].
	DisableRollback bool
	// ImportExistingResources takes resources with a custom name that exist already into the stack,
	// instead of failing on them. Their DeletionPolicy must be Retain or RetainExceptOnCreate.
	ImportExistingResources bool
	// ResourcesToImport are resources that exist, to be taken into the stack; the template must have
	// them, with a DeletionPolicy, and may change nothing else. It excludes what else an update can do.
	ResourcesToImport []types.ResourceToImport
	// RevertDrift puts resources back that were changed behind the stack's back: see
	// [Client.DetectDrift].
	RevertDrift bool
	// IncludeNestedStacks plans what becomes of nested stacks, too, and has CloudFormation validate it
	// before anything begins.
	IncludeNestedStacks bool
	// PropertyValues adds to a plan what properties are before and after. They may hold secrets,
	// except for values of NoEcho parameters. False leaves them out.
	PropertyValues bool
	// Busy is what to do when somebody else's operation is running on the stack. If zero, [BusyFail].
	Busy Busy
	// ReplaceFailed deletes a stack in ROLLBACK_COMPLETE, which never came to be and can only be
	// deleted, and creates it again. False is an error for such a stack.
	ReplaceFailed bool
	// ReplaceLive is asked before a stack is deleted that may hold live resources and has no other
	// way on (CREATE_FAILED, ROLLBACK_FAILED, DELETE_FAILED), to create it again; an error keeps the
	// stack, and ends the deployment. [OwnedBy] is one. Nil keeps all such stacks.
	ReplaceLive func(context.Context, types.Stack) error
	// Recover rolls a stack back that stopped in UPDATE_FAILED or CREATE_FAILED, and goes on with a
	// roll-back that stopped in UPDATE_ROLLBACK_FAILED, before it is deployed. False is an error for
	// such a stack.
	Recover bool
	// FailOnLeak makes it an error, a [LeakError], if an update could not delete what is no longer in the
	// stack. False tells it in [Result.Leaked] only.
	FailOnLeak bool
	// SkipValidation sends a template in spite of what package validate finds.
	SkipValidation bool
}

// Busy is what to do with a stack on which an operation is running already.
type Busy int

const (
	// BusyFail ends the call with a [BusyError].
	BusyFail Busy = iota
	// BusyWait waits until the operation has ended, whatever came of it.
	BusyWait
)

// DeleteOptions say how a stack is deleted. Nil, or the zero value, deletes it whole.
type DeleteOptions struct {
	// DeploymentID names the deployment: see [Options.DeploymentID].
	DeploymentID string
	// RoleARN is the role that CloudFormation assumes. "" is the stack's role, or the caller's
	// permissions.
	RoleARN string
	// RetainResources are logical IDs of resources to keep, of those whose deletion failed. It is
	// legal only for a stack in DELETE_FAILED.
	RetainResources []string
	// Force deletes a stack in DELETE_FAILED even if resources in it cannot be deleted; these are
	// left behind. It is legal only for such a stack.
	Force bool
	// DisableTerminationProtection turns the stack's protection off first. False is an error for a
	// protected stack.
	DisableTerminationProtection bool
	// Busy is what to do when somebody else's operation is running on the stack. If zero, [BusyFail].
	Busy Busy
}

// A cleanup is bounded by so much when the context of the call has ended.
const cleanupTime = 10 * time.Second
