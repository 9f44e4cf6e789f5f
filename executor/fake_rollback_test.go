package executor_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

func (f *fake) DescribeEvents(ctx context.Context, in *cloudformation.DescribeEventsInput, _ ...opt) (*cloudformation.DescribeEventsOutput, error) {
	done, err := f.begin(ctx, "DescribeEvents")
	if err != nil {
		return nil, err
	}
	defer done()
	f.asked = append(f.asked, in)
	of := aws.ToString(in.ChangeSetName) + aws.ToString(in.OperationId) + aws.ToString(in.StackName)
	if of == "" || in.ChangeSetName != nil && !strings.HasPrefix(of, "arn:") {
		return nil, refuse("ValidationError", "One of ChangeSetName, OperationId or StackName must be specified")
	}
	if events, ok := f.tells[of]; ok {
		return &cloudformation.DescribeEventsOutput{OperationEvents: events}, nil
	}
	return &cloudformation.DescribeEventsOutput{OperationEvents: f.found}, nil
}

func (f *fake) UpdateTerminationProtection(ctx context.Context, in *cloudformation.UpdateTerminationProtectionInput, _ ...opt) (*cloudformation.UpdateTerminationProtectionOutput, error) {
	done, err := f.begin(ctx, "UpdateTerminationProtection")
	if err != nil {
		return nil, err
	}
	defer done()
	f.protects = append(f.protects, in)
	f.find(*in.StackName).EnableTerminationProtection = in.EnableTerminationProtection
	return &cloudformation.UpdateTerminationProtectionOutput{}, nil
}

func (f *fake) SetStackPolicy(ctx context.Context, in *cloudformation.SetStackPolicyInput, _ ...opt) (*cloudformation.SetStackPolicyOutput, error) {
	done, err := f.begin(ctx, "SetStackPolicy")
	if err != nil {
		return nil, err
	}
	defer done()
	f.policies = append(f.policies, in)
	return &cloudformation.SetStackPolicyOutput{}, nil
}

func (f *fake) CancelUpdateStack(ctx context.Context, in *cloudformation.CancelUpdateStackInput, _ ...opt) (*cloudformation.CancelUpdateStackOutput, error) {
	done, err := f.begin(ctx, "CancelUpdateStack")
	if err != nil {
		return nil, err
	}
	defer done()
	f.cancels = append(f.cancels, in)
	s, now := f.find(*in.StackName), time.Now()
	if s.StackStatus != types.StackStatusUpdateInProgress {
		return nil, refuse("ValidationError", "CancelUpdateStack cannot be called from current stack status")
	}
	s.next = []step{
		{now, types.StackStatusUpdateRollbackInProgress, "User Initiated", in.ClientRequestToken},
		{now.Add(f.duration()), types.StackStatusUpdateRollbackComplete, "", in.ClientRequestToken},
	}
	f.move(s)
	return &cloudformation.CancelUpdateStackOutput{}, nil
}

func (f *fake) RollbackStack(ctx context.Context, in *cloudformation.RollbackStackInput, _ ...opt) (*cloudformation.RollbackStackOutput, error) {
	done, err := f.begin(ctx, "RollbackStack")
	if err != nil {
		return nil, err
	}
	defer done()
	f.back = append(f.back, in)
	s, now := f.find(*in.StackName), time.Now()
	running, end := types.StackStatusUpdateRollbackInProgress, types.StackStatusUpdateRollbackComplete
	switch s.StackStatus {
	case types.StackStatusUpdateFailed:
	case types.StackStatusCreateFailed:
		running, end = types.StackStatusRollbackInProgress, types.StackStatusRollbackComplete
	default:
		return nil, refuse("ValidationError", "Stack is in %s state and can not be rolled back.", s.StackStatus)
	}
	s.next = []step{{now, running, "User Initiated", in.ClientRequestToken}, {now.Add(f.duration()), end, "", in.ClientRequestToken}}
	f.move(s)
	return &cloudformation.RollbackStackOutput{}, f.answer("RollbackStack")
}

func (f *fake) ContinueUpdateRollback(ctx context.Context, in *cloudformation.ContinueUpdateRollbackInput, _ ...opt) (*cloudformation.ContinueUpdateRollbackOutput, error) {
	done, err := f.begin(ctx, "ContinueUpdateRollback")
	if err != nil {
		return nil, err
	}
	defer done()
	f.on = append(f.on, in)
	s, now := f.find(*in.StackName), time.Now()
	if s.StackStatus != types.StackStatusUpdateRollbackFailed {
		return nil, refuse("ValidationError", "Stack is in %s state and can not continue.", s.StackStatus)
	}
	end := types.StackStatusUpdateRollbackComplete
	s.next = []step{{now, types.StackStatusUpdateRollbackInProgress, "User Initiated", in.ClientRequestToken}}
	f.move(s)
	if f.stops != nil {
		if id := f.stops(in); id != "" && !slices.Contains(in.ResourcesToSkip, id) {
			f.event(s, id, "physical", "AWS::SNS::Topic", "UPDATE_FAILED", "it cannot be put back", in.ClientRequestToken, now)
			end = types.StackStatusUpdateRollbackFailed
		}
	}
	s.next = []step{{now.Add(f.duration()), end, "", in.ClientRequestToken}}
	return &cloudformation.ContinueUpdateRollbackOutput{}, f.answer("ContinueUpdateRollback")
}
