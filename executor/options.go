package executor

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// Options say how a stack is deployed. Nil, or the zero value, deploys it as it is.
type Options struct {
	// DeploymentID names the deployment, a commit or the run of a pipeline, say. A call with the ID
	// and content of one before it goes on with that one: it waits for what still runs, and does not
	// repeat what has succeeded. What has failed is tried anew. "" is a new deployment each time.
	DeploymentID string
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
	// ReplaceFailed deletes a stack in ROLLBACK_COMPLETE, which never came to be and can only be
	// deleted, and creates it again. False is an error for such a stack.
	ReplaceFailed bool
	// DisableRollback leaves what was made in place when the deployment fails, for a look at it.
	DisableRollback bool
	// SkipValidation sends a template in spite of what package validate finds.
	SkipValidation bool
}

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
}

// A cleanup is bounded by so much when the context of the call has ended.
const cleanupTime = 10 * time.Second
