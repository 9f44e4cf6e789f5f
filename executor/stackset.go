package executor

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
)

// StackSetAPI is what [StackSets] need of CloudFormation. *cloudformation.Client is one.
type StackSetAPI interface {
	CreateStackSet(context.Context, *cloudformation.CreateStackSetInput, ...func(*cloudformation.Options)) (*cloudformation.CreateStackSetOutput, error)
	UpdateStackSet(context.Context, *cloudformation.UpdateStackSetInput, ...func(*cloudformation.Options)) (*cloudformation.UpdateStackSetOutput, error)
	DeleteStackSet(context.Context, *cloudformation.DeleteStackSetInput, ...func(*cloudformation.Options)) (*cloudformation.DeleteStackSetOutput, error)
	DescribeStackSet(context.Context, *cloudformation.DescribeStackSetInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStackSetOutput, error)
	CreateStackInstances(context.Context, *cloudformation.CreateStackInstancesInput, ...func(*cloudformation.Options)) (*cloudformation.CreateStackInstancesOutput, error)
	UpdateStackInstances(context.Context, *cloudformation.UpdateStackInstancesInput, ...func(*cloudformation.Options)) (*cloudformation.UpdateStackInstancesOutput, error)
	DeleteStackInstances(context.Context, *cloudformation.DeleteStackInstancesInput, ...func(*cloudformation.Options)) (*cloudformation.DeleteStackInstancesOutput, error)
	ListStackInstances(context.Context, *cloudformation.ListStackInstancesInput, ...func(*cloudformation.Options)) (*cloudformation.ListStackInstancesOutput, error)
	DescribeStackInstance(context.Context, *cloudformation.DescribeStackInstanceInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStackInstanceOutput, error)
	DescribeStackSetOperation(context.Context, *cloudformation.DescribeStackSetOperationInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStackSetOperationOutput, error)
	ListStackSetOperations(context.Context, *cloudformation.ListStackSetOperationsInput, ...func(*cloudformation.Options)) (*cloudformation.ListStackSetOperationsOutput, error)
	ListStackSetOperationResults(context.Context, *cloudformation.ListStackSetOperationResultsInput, ...func(*cloudformation.Options)) (*cloudformation.ListStackSetOperationResultsOutput, error)
	StopStackSetOperation(context.Context, *cloudformation.StopStackSetOperationInput, ...func(*cloudformation.Options)) (*cloudformation.StopStackSetOperationOutput, error)
}

// StackSets deploys stack sets: one template as a stack in many accounts and regions, by CloudFormation
// itself, which also takes care of accounts that come later. Only API must be set. It is safe for
// concurrent use and must not be copied after its first use.
//
// Where each stack is a template of its own, or one needs another, a set of stacks does it: see
// [Client.StartDeploy] and [GraphOptions.Clients].
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html
type StackSets struct {
	// API is where stack sets are administered: an account and region. It is required.
	API StackSetAPI
	// Client is what logs, paces and uploads for it: its Logger, Poller and Uploader. If nil, a zero one.
	Client *Client
	// CallAs is DELEGATED_ADMIN where the account administers stack sets for its organization. "" is SELF.
	CallAs types.CallAs

	own    sync.Once
	client *Client
}

func (c *StackSets) pace() *Client {
	c.own.Do(func() {
		if c.client = c.Client; c.client == nil {
			c.client = &Client{}
		}
	})
	return c.client
}

// A StackSetTarget is where stacks of a set are to be: each region of each account, or of each account
// in the organizational units.
type StackSetTarget struct {
	// Regions are where. At least one is required.
	Regions []string
	// Accounts are the IDs of accounts. OrganizationalUnits are the IDs of units, or of the root, for a
	// set whose PermissionModel is SERVICE_MANAGED; Accounts then change what is meant by AccountFilter.
	Accounts, OrganizationalUnits []string
	// AccountFilter is INTERSECTION, DIFFERENCE or UNION. "" is none.
	AccountFilter types.AccountFilterType
	// Parameters are values that these stacks have in place of those of the set. Nil is none.
	Parameters map[string]string
}

// StackSetOptions say how a stack set is deployed. Nil, or the zero value, deploys it with the set's own
// permissions, one stack after the other.
type StackSetOptions struct {
	// DeploymentID names the deployment: see [Options.DeploymentID]. The IDs of operations are made of it.
	DeploymentID string
	// TemplateBody, AssetDir and SkipValidation are as in [Options]. Capabilities, too.
	TemplateBody   []byte
	AssetDir       string
	SkipValidation bool
	Capabilities   []types.Capability
	// Description is the set's. "" is that of the template.
	Description string
	// PermissionModel is SELF_MANAGED or SERVICE_MANAGED. "" is SELF_MANAGED.
	PermissionModel types.PermissionModels
	// AdministrationRoleARN and ExecutionRoleName are the roles of a SELF_MANAGED set. "" are those of
	// the set, or CloudFormation's default names.
	AdministrationRoleARN, ExecutionRoleName string
	// AutoDeployment deploys to accounts that join a unit of a SERVICE_MANAGED set. If nil, the set's.
	AutoDeployment *types.AutoDeployment
	// ManagedExecution lets operations that do not conflict run at once, and queues others. False leaves
	// the set as it is.
	ManagedExecution bool
	// Preferences say how many stacks are worked on at once, in which order of regions, and how many may
	// fail. If nil, one at a time, and none.
	Preferences *types.StackSetOperationPreferences
	// Prune removes stacks of the set that no target names. False leaves them.
	Prune bool
	// RetainPruned leaves the stacks that Prune removes from the set where they are.
	RetainPruned bool
	// Busy is what to do when somebody else's operation is running on the set. If zero, [BusyFail].
	Busy Busy
}

// A StackSetResult is what became of a stack set.
type StackSetResult struct {
	// Name and ID name the set.
	Name, ID string
	// Unchanged reports that there was nothing to do.
	Unchanged bool
	// Operations are the IDs of the operations that were carried out.
	Operations []string
	// Instances are the stacks of the set.
	Instances []StackInstance
}

// A StackInstance is one stack of a set, in one region of one account.
type StackInstance struct {
	Account, Region string
	// OrganizationalUnit is the unit by which the account was meant, "" if by itself.
	OrganizationalUnit string
	// StackID is the stack's ARN, "" before there is one.
	StackID string
	// Status is CURRENT, OUTDATED or INOPERABLE, Reason what CloudFormation says of it.
	Status types.StackInstanceStatus
	Reason string
}

// A StackSetFailure is a stack of a set with which an operation failed, or did not begin.
type StackSetFailure struct {
	Account, Region string
	// Status is FAILED or CANCELLED, Reason why.
	Status types.StackSetOperationResultStatus
	Reason string
}

func (f StackSetFailure) String() string {
	reason := f.Reason
	if reason == "" {
		reason = string(f.Status)
	}
	return f.Account + ", " + f.Region + ": " + reason
}

// A StackSetError says that an operation on a stack set failed, or was stopped.
type StackSetError struct {
	// Name is the set's, OperationID that of the operation, Action what it was: CREATE, UPDATE or DELETE.
	Name, OperationID string
	Action            types.StackSetOperationAction
	// Status is FAILED or STOPPED, Reason what CloudFormation says of it.
	Status types.StackSetOperationStatus
	Reason string
	// Failures are the stacks that failed, then those with which it was not begun.
	Failures []StackSetFailure
}

func (e *StackSetError) Error() string {
	text := fmt.Sprintf("stack set %s: its %s ended in %s", e.Name, e.Action, e.Status)
	switch {
	case len(e.Failures) > 0:
		text += ": " + e.Failures[0].String()
	case e.Reason != "":
		text += ": " + e.Reason
	}
	if n := len(e.Failures) - 1; n > 0 {
		text += fmt.Sprintf("; and %d more", n)
	}
	return text
}

// A StackSetDetachedError is the end of a wait, not of the operation on the stack set: that goes on.
// It is an [ErrDetached].
type StackSetDetachedError struct {
	// Name is the set's, OperationID that of the operation, which [StackSets.Wait] takes.
	Name, OperationID string
	// Cause is why the wait ended.
	Cause error
}

func (e *StackSetDetachedError) Error() string {
	return fmt.Sprintf("stack set %s: no longer waiting for the operation %s, which goes on; wait again with Wait(ctx, %q, %q), or deploy again with the same DeploymentID: %v",
		e.Name, e.OperationID, e.Name, e.OperationID, e.Cause)
}

// Is makes it an [ErrDetached].
func (e *StackSetDetachedError) Is(target error) bool { return target == ErrDetached }

// Unwrap returns the cause.
func (e *StackSetDetachedError) Unwrap() error { return e.Cause }

var (
	accountID = regexp.MustCompile(`^[0-9]{12}$`)
	unitID    = regexp.MustCompile(`^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$`)
	region    = regexp.MustCompile(`^[a-z]{2,6}(-[a-z]+)+-[0-9]+$`)
)

// targetProblems finds targets that cannot be meant.
func targetProblems(name string, targets []StackSetTarget, model types.PermissionModels) error {
	var ds stack.Diagnostics
	report := func(i int, cure, format string, args ...any) {
		ds = append(ds, stack.Diagnostic{Code: "stack-set-target", Stack: name, Summary: fmt.Sprintf("target %d: ", i) + fmt.Sprintf(format, args...), Cure: cure})
	}
	managed := model == types.PermissionModelsServiceManaged
	for i, t := range targets {
		if len(t.Regions) == 0 {
			report(i, "name at least one", "it has no region")
		}
		if len(t.Accounts)+len(t.OrganizationalUnits) == 0 {
			report(i, "name accounts or units", "it has no account")
		}
		if len(t.OrganizationalUnits) > 0 && !managed {
			report(i, "set PermissionModel to SERVICE_MANAGED, or name accounts", "organizational units are for a set that is SERVICE_MANAGED")
		}
		if len(t.OrganizationalUnits) == 0 && managed {
			report(i, "name units; Accounts with AccountFilter choose among theirs", "a set that is SERVICE_MANAGED takes organizational units")
		}
		for _, r := range t.Regions {
			if !region.MatchString(r) {
				report(i, "give one such as eu-west-1", "%q is no region", r)
			}
		}
		for _, a := range t.Accounts {
			if !accountID.MatchString(a) {
				report(i, "give its 12 digits", "%q is no account", a)
			}
		}
		for _, u := range t.OrganizationalUnits {
			if !unitID.MatchString(u) {
				report(i, "give one such as ou-ab12-cdefgh34, or the root's, r-ab12", "%q is no organizational unit", u)
			}
		}
	}
	return ds.Err()
}

func stackSetMissing(err error) bool {
	_, ok := errors.AsType[*types.StackSetNotFoundException](err)
	return ok
}
