package executor

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// Delete deletes a stack set with all its stacks; with retain, the stacks stay where they are, and belong
// to no set. One that does not exist is Unchanged in the result.
//
// # Errors
//
// As those of [StackSets.Deploy].
func (c *StackSets) Delete(ctx context.Context, name string, opts *StackSetDeleteOptions) (*StackSetResult, error) {
	if opts == nil {
		opts = &StackSetDeleteOptions{}
	}
	if err := nameProblem(name).Err(); err != nil {
		return nil, err
	}
	result := &StackSetResult{Name: name}
	instances, err := c.Instances(ctx, name)
	if stackSetMissing(err) {
		result.Unchanged = true
		return result, nil
	}
	if err != nil {
		return nil, err
	}
	id, err := identify(opts.DeploymentID, name, "delete")
	if err != nil {
		return nil, err
	}
	for _, g := range groups(instances) {
		do := c.removal(name, g, opts.RetainStacks, opts.Preferences)
		op, err := c.carry(ctx, name, id, opts.Busy, do)
		result.Operations = append(result.Operations, op)
		if err != nil {
			return result, err
		}
	}
	if err := c.idle(ctx, name, opts.Busy); err != nil && !stackSetMissing(err) {
		return result, err
	}
	_, err = call(ctx, c.pace(), "DeleteStackSet", name, c.API.DeleteStackSet, &cloudformation.DeleteStackSetInput{StackSetName: &name, CallAs: c.CallAs})
	if err != nil && !stackSetMissing(err) {
		return result, refused(name, "the deletion of the stack set", err)
	}
	return result, nil
}

// StackSetDeleteOptions say how a stack set is deleted. Nil, or the zero value, deletes its stacks, too.
type StackSetDeleteOptions struct {
	// DeploymentID names the deployment: see [Options.DeploymentID].
	DeploymentID string
	// RetainStacks leaves the stacks where they are. False deletes them.
	RetainStacks bool
	// Preferences are as in [StackSetOptions].
	Preferences *types.StackSetOperationPreferences
	// Busy is what to do when somebody else's operation is running on the set. If zero, [BusyFail].
	Busy Busy
}

// Instances returns the stacks of a set.
func (c *StackSets) Instances(ctx context.Context, name string) ([]StackInstance, error) {
	var list []StackInstance
	in := &cloudformation.ListStackInstancesInput{StackSetName: &name, CallAs: c.CallAs}
	for {
		out, err := call(ctx, c.pace(), "ListStackInstances", name, c.API.ListStackInstances, in)
		if err != nil {
			return nil, err
		}
		for _, s := range out.Summaries {
			list = append(list, StackInstance{
				Account: aws.ToString(s.Account), Region: aws.ToString(s.Region), OrganizationalUnit: aws.ToString(s.OrganizationalUnitId),
				StackID: aws.ToString(s.StackId), Status: s.Status, Reason: aws.ToString(s.StatusReason),
			})
		}
		if aws.ToString(out.NextToken) == "" {
			return list, nil
		}
		in.NextToken = out.NextToken
	}
}
