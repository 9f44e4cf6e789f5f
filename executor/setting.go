package executor

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// set sets on a stack that was deployed what a change set cannot carry. To do it twice does no harm.
func (r *Run) set(ctx context.Context, s types.Stack) error {
	if r.request == nil {
		return nil
	}
	if p := r.request.TerminationProtection; p != nil && *p != aws.ToBool(s.EnableTerminationProtection) {
		if err := r.client.protect(ctx, r, *p); err != nil {
			return fmt.Errorf("%w; the stack itself was deployed", err)
		}
	}
	if r.request.StackPolicyBody == "" {
		return nil
	}
	in := &cloudformation.SetStackPolicyInput{StackName: &r.StackID, StackPolicyBody: &r.request.StackPolicyBody}
	if _, err := call(ctx, r.client, "SetStackPolicy", r.StackName, r.client.API.SetStackPolicy, in); err != nil {
		return fmt.Errorf("%w; the stack itself was deployed", refused(r.StackName, "its stack policy", err))
	}
	return nil
}

// protect turns the termination protection of a stack on or off.
func (c *Client) protect(ctx context.Context, r *Run, on bool) error {
	in := &cloudformation.UpdateTerminationProtectionInput{StackName: &r.StackID, EnableTerminationProtection: &on}
	_, err := call(ctx, c, "UpdateTerminationProtection", r.StackName, c.API.UpdateTerminationProtection, in)
	if err != nil {
		return refused(r.StackName, "its termination protection", err)
	}
	return nil
}
