package executor

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// Delete deletes a stack, named by its name or ARN, and waits until it is gone. One that does not
// exist is Unchanged in the result.
//
// # Errors
//
// [*StateError] if the stack has termination protection; [*BusyError] if something else is running
// on it; [*InUseError] if other stacks import its exports; [*OperationError] if something could not
// be deleted; [*DetachedError] if ctx ends first: the deletion goes on then.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
func (c *Client) Delete(ctx context.Context, name string, opts *DeleteOptions) (*Result, error) {
	run, err := c.BeginDelete(ctx, name, opts)
	if err != nil {
		return nil, err
	}
	return run.Wait(ctx)
}

// BeginDelete is [Client.Delete] without the wait for the end.
func (c *Client) BeginDelete(ctx context.Context, name string, opts *DeleteOptions) (*Run, error) {
	if opts == nil {
		opts = &DeleteOptions{}
	}
	d, err := c.read(ctx, name)
	if err != nil {
		return nil, err
	}
	run := &Run{StackName: aws.ToString(d.StackName), StackID: d.id(), Operation: waiter.Delete, client: c}
	status := d.status()
	switch {
	case status == "":
		run.StackName, run.ended = name, true
		run.result = newResult(run, types.Stack{StackStatus: types.StackStatusDeleteComplete})
		run.result.Unchanged = true
		return run, nil
	case status == stack.DeleteInProgress:
		return run, nil
	case !status.Rests():
		if err := c.notBusy(ctx, d, opts.Busy); err != nil {
			return nil, err
		}
		return c.BeginDelete(ctx, run.StackID, opts)
	case status != stack.DeleteFailed && (opts.Force || opts.RetainResources != nil):
		return nil, &StateError{Stack: run.StackName, Status: status, Next: "Force and RetainResources are for a stack in DELETE_FAILED: delete it without them first"}
	case aws.ToBool(d.EnableTerminationProtection) && !opts.DisableTerminationProtection:
		return nil, &StateError{Stack: run.StackName, Status: status, Reason: "termination protection is on", Next: "turn it off first, if the stack is really to be deleted, or set DeleteOptions.DisableTerminationProtection"}
	case aws.ToBool(d.EnableTerminationProtection):
		if err := c.protect(ctx, run, false); err != nil {
			return nil, err
		}
	}
	return run, c.askDelete(ctx, run, d, opts)
}

// askDelete makes the call that starts the deletion.
func (c *Client) askDelete(ctx context.Context, run *Run, d deployed, opts *DeleteOptions) error {
	id, err := identify(opts.DeploymentID, run.StackName, []string{run.StackID, d.began().UTC().String()})
	if err != nil {
		return err
	}
	run.Token = id.token("delete", 0)
	in := &cloudformation.DeleteStackInput{StackName: &run.StackID, ClientRequestToken: &run.Token, RetainResources: opts.RetainResources}
	if opts.RoleARN != "" {
		in.RoleARN = &opts.RoleARN
	}
	if opts.Force {
		in.DeletionMode = types.DeletionModeForceDeleteStack
	}
	_, err = call(ctx, c, "DeleteStack", run.StackName, c.API.DeleteStack, in)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil: // it may have started
		return run.detached(err)
	}
	if reason, ok := refusal(err); ok {
		if export, importers, ok := inUse(reason); ok {
			return &InUseError{Stack: run.StackName, Export: export, Importers: importers}
		}
	}
	return refused(run.StackName, "its deletion", err)
}

// used returns the error for an operation that failed since an export is in use, nil if that is not
// why.
func (c *Client) used(ctx context.Context, e *OperationError, s types.Stack) error {
	export, importers, ok := inUse(e.Reason)
	for _, f := range e.Failures {
		if !ok {
			export, importers, ok = inUse(f.Event.Reason)
		}
	}
	for _, ev := range slices.Backward(e.Events) {
		if !ok {
			export, importers, ok = inUse(ev.Reason)
		}
	}
	if !ok {
		return nil
	}
	if all, err := c.importers(ctx, export); err == nil && len(all) > 0 {
		importers = all
	}
	return &InUseError{Stack: e.StackName, Export: export, Importers: importers}
}

// importers returns the stacks that import an export.
func (c *Client) importers(ctx context.Context, export string) ([]string, error) {
	var names []string
	in := &cloudformation.ListImportsInput{ExportName: &export}
	for {
		out, err := call(ctx, c, "ListImports", "", c.API.ListImports, in)
		if err != nil && notImported(err) {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		names = append(names, out.Imports...)
		if aws.ToString(out.NextToken) == "" {
			return names, nil
		}
		in.NextToken = out.NextToken
	}
}
