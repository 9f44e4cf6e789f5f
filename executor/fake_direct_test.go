package executor_test

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
)

func (f *fake) CreateStack(ctx context.Context, in *cloudformation.CreateStackInput, _ ...opt) (*cloudformation.CreateStackOutput, error) {
	done, err := f.begin(ctx, "CreateStack")
	if err != nil {
		return nil, err
	}
	defer done()
	f.created = append(f.created, in)
	if f.find(*in.StackName) != nil {
		return nil, &types.AlreadyExistsException{Message: aws.String("Stack [" + *in.StackName + "] already exists")}
	}
	s := f.put(*in.StackName, stack.CreateInProgress)
	s.CreationTime, s.EnableTerminationProtection = aws.Time(time.Now()), in.EnableTerminationProtection
	f.run(s, direct(in.TemplateBody, in.Parameters), types.StackStatusCreateInProgress, types.StackStatusCreateComplete, in.ClientRequestToken)
	return &cloudformation.CreateStackOutput{StackId: s.StackId}, f.answer("CreateStack")
}

func (f *fake) UpdateStack(ctx context.Context, in *cloudformation.UpdateStackInput, _ ...opt) (*cloudformation.UpdateStackOutput, error) {
	done, err := f.begin(ctx, "UpdateStack")
	if err != nil {
		return nil, err
	}
	defer done()
	f.updated = append(f.updated, in)
	s := f.find(*in.StackName)
	switch {
	case s == nil:
		return nil, refuse("ValidationError", "Stack [%s] does not exist", *in.StackName)
	case len(s.next) > 0:
		return nil, refuse("ValidationError", "Stack:%s is in %s state and can not be updated.", *s.StackId, s.StackStatus)
	case s.body == direct(in.TemplateBody, in.Parameters):
		return nil, refuse("ValidationError", "No updates are to be performed.")
	}
	s.LastUpdatedTime = aws.Time(time.Now())
	f.run(s, direct(in.TemplateBody, in.Parameters), types.StackStatusUpdateInProgress, types.StackStatusUpdateComplete, in.ClientRequestToken)
	return &cloudformation.UpdateStackOutput{StackId: s.StackId}, f.answer("UpdateStack")
}

func direct(body *string, parameters []types.Parameter) string {
	text := aws.ToString(body)
	for _, p := range parameters {
		text += aws.ToString(p.ParameterKey) + "=" + aws.ToString(p.ParameterValue)
	}
	return text
}

// run begins an operation that will succeed, unless it is found not to be valid.
func (f *fake) run(s *fakeStack, body string, running, good types.StackStatus, token *string) {
	now := time.Now()
	s.next = []step{{now, running, "User Initiated", token}, {now.Add(f.duration()), good, "", token}}
	if f.invalid == "" {
		s.body = body
		f.move(s)
		return
	}
	rolling, bad := types.StackStatusUpdateRollbackInProgress, types.StackStatusUpdateRollbackComplete
	if running == types.StackStatusCreateInProgress {
		rolling, bad = types.StackStatusRollbackInProgress, types.StackStatusRollbackComplete
	}
	s.next = []step{s.next[0], {now, rolling, f.invalid, token}, {now.Add(f.duration()), bad, "", token}}
	f.move(s)
}
