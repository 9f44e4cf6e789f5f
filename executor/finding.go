package executor

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// A Finding is what CloudFormation's own validation, or a hook, has to say of a resource before it is
// made or changed.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
type Finding struct {
	// Name is the name of the validation, or the type of the hook.
	Name string
	// LogicalID and Type name the resource, Path leads to the property; "" where there is none.
	LogicalID, Type, Path string
	// Nested leads to the nested stack that the resource is in: logical IDs of nested stacks, with slashes
	// between. "" is the stack itself.
	Nested string
	// Reason is what is wrong.
	Reason string
	// Blocks reports that the deployment cannot go on; else it is a warning. Hook reports that a hook says
	// so, not CloudFormation's own validation.
	Blocks, Hook bool
}

func (f Finding) String() string {
	where := strings.Trim(f.Nested+"/"+f.LogicalID, "/")
	if f.Path != "" {
		where += " (" + f.Path + ")"
	}
	return strings.TrimPrefix(where+": "+f.Reason+" ["+f.Name+"]", ": ")
}

// A ValidationError says that CloudFormation's own validation, or a hook, did not let a change set, or
// one that is nested in it, pass. Nothing was changed. Without a change set, it is an [*OperationError].
type ValidationError struct {
	// Stack is the stack's name, Reason what CloudFormation says of the whole.
	Stack, Reason string
	// Findings are those that block, then the warnings. None are known where they may not be read.
	Findings []Finding
}

func (e *ValidationError) Error() string {
	var lines []string
	for _, f := range e.Findings {
		if f.Blocks {
			lines = append(lines, f.String())
		}
	}
	switch len(lines) {
	case 0:
		return fmt.Sprintf("stack %s: its change set did not pass validation: %s", e.Stack, e.Reason)
	case 1:
		return fmt.Sprintf("stack %s: its change set did not pass validation: %s", e.Stack, lines[0])
	}
	return fmt.Sprintf("stack %s: its change set did not pass validation:\n  %s", e.Stack, strings.Join(lines, "\n  "))
}

// findings reads what validation and hooks found in the change set of a plan and in those nested in it,
// those that block first. They are a help: where they cannot be read, there are none.
func (c *Client) findings(ctx context.Context, p *Plan) []Finding {
	var blocking, warnings []Finding
	for _, set := range append([]nestedSet{{id: p.ChangeSetID}}, p.nested...) {
		for _, e := range c.operationEvents(ctx, p.StackName, &cloudformation.DescribeEventsInput{ChangeSetName: &set.id}) {
			f, ok := findingOf(e)
			f.Nested = set.where()
			if ok && f.Blocks {
				blocking = append(blocking, f)
			} else if ok {
				warnings = append(warnings, f)
			}
		}
	}
	return append(blocking, warnings...)
}

// operationEvents reads events of operations, as far as they can be read.
func (c *Client) operationEvents(ctx context.Context, stackName string, in *cloudformation.DescribeEventsInput) []types.OperationEvent {
	var events []types.OperationEvent
	for {
		out, err := c.API.DescribeEvents(ctx, in)
		if err != nil {
			c.unread(ctx, stackName, "findings were not read", err)
			return events
		}
		events = append(events, out.OperationEvents...)
		if aws.ToString(out.NextToken) == "" {
			return events
		}
		in.NextToken = out.NextToken
	}
}

// findingOf returns the finding that an event tells, if it tells one.
func findingOf(e types.OperationEvent) (Finding, bool) {
	f := Finding{LogicalID: aws.ToString(e.LogicalResourceId), Type: aws.ToString(e.ResourceType)}
	switch {
	case e.EventType == types.EventTypeValidationError || e.ValidationStatus == types.ValidationStatusFailed:
		f.Name, f.Path, f.Reason = aws.ToString(e.ValidationName), aws.ToString(e.ValidationPath), aws.ToString(e.ValidationStatusReason)
		f.Blocks = e.ValidationFailureMode != types.HookFailureModeWarn
	case e.EventType == types.EventTypeHookInvocationError || e.HookStatus == types.HookStatusHookCompleteFailed || e.HookStatus == types.HookStatusHookFailed:
		f.Name, f.Reason = aws.ToString(e.HookType), aws.ToString(e.HookStatusReason)
		f.Blocks, f.Hook = e.HookFailureMode != types.HookFailureModeWarn, true
	default:
		return f, false
	}
	return f, true
}
