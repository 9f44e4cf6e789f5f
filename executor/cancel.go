package executor

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/stack"
)

// CancelOptions say how an operation is cancelled. Nil, or the zero value, cancels an update.
type CancelOptions struct {
	// DeleteCreated cancels a creation, too: by deleting the stack with all that was made. False is
	// an error for a creation.
	DeleteCreated bool
}

// The tokens of calls that cancel begin so.
const cancelToken = "updraft-cancel-"

// Cancel stops the operation: an update is rolled back. It returns when CloudFormation has taken
// that in; [Run.Wait] then tells of the end, which is an [*OperationError].
//
// # Errors
//
// [*StateError] if there is nothing that can be cancelled: only an update that has not come to its
// cleanup can, and a creation if the options say so.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html
func (r *Run) Cancel(ctx context.Context, opts *CancelOptions) error {
	if opts == nil {
		opts = &CancelOptions{}
	}
	d, err := r.client.read(ctx, r.StackID)
	if err != nil {
		return err
	}
	status := d.status()
	token := cancelToken + digest(r.StackID, r.Token, d.began().UTC().String())
	switch {
	case status == stack.UpdateInProgress:
		in := &cloudformation.CancelUpdateStackInput{StackName: &r.StackID, ClientRequestToken: &token}
		_, err = call(ctx, r.client, "CancelUpdateStack", r.StackName, r.client.API.CancelUpdateStack, in)
		return refusedIf(err, r.StackName, "cancelling its update")
	case status == stack.CreateInProgress && opts.DeleteCreated:
		in := &cloudformation.DeleteStackInput{StackName: &r.StackID, ClientRequestToken: &token}
		_, err = call(ctx, r.client, "DeleteStack", r.StackName, r.client.API.DeleteStack, in)
		return refusedIf(err, r.StackName, "cancelling its creation")
	}
	return &StateError{Stack: r.StackName, Status: orDeleted(status), Reason: aws.ToString(d.StackStatusReason), Next: whyNotCancelled(status)}
}

func refusedIf(err error, stackName, call string) error {
	if err == nil {
		return nil
	}
	return refused(stackName, call, err)
}

func orDeleted(s stack.Status) stack.Status {
	if s == "" {
		return stack.DeleteComplete
	}
	return s
}

// whyNotCancelled says why nothing can be cancelled in this state, and what can be done.
func whyNotCancelled(s stack.Status) string {
	switch {
	case s == stack.CreateInProgress:
		return "a creation is cancelled by deleting the stack: set CancelOptions.DeleteCreated if that is wanted"
	case s == "" || s.Rests():
		return "nothing is running that could be cancelled"
	case strings.HasSuffix(string(s), "CLEANUP_IN_PROGRESS"):
		return "it has its new state already and only cleans up; wait for the end, then deploy what is to be"
	case strings.Contains(string(s), "ROLLBACK"):
		return "it is rolling back already; wait for the end"
	}
	return "this operation cannot be cancelled; wait for its end"
}
