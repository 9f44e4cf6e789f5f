package executor

import (
	"context"
	"fmt"
	"log/slog"
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
	// Reason is what is wrong.
	Reason string
	// Blocks reports that the deployment cannot go on; else it is a warning. Hook reports that a hook says
	// so, not CloudFormation's own validation.
	Blocks, Hook bool
}

func (f Finding) String() string {
	where := f.LogicalID
	if f.Path != "" {
		where += " (" + f.Path + ")"
	}
	return strings.TrimPrefix(where+": "+f.Reason+" ["+f.Name+"]", ": ")
}

// A ValidationError says that CloudFormation's own validation, or a hook, did not let a change set
// pass. Nothing was changed.
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

// findings reads what validation and hooks found in a change set, those that block first. They are a
// help: where they cannot be read, there are none.
func (c *Client) findings(ctx context.Context, p *Plan) []Finding {
	var blocking, warnings []Finding
	in := &cloudformation.DescribeEventsInput{ChangeSetName: &p.ChangeSetID}
	for {
		out, err := c.API.DescribeEvents(ctx, in)
		if err != nil {
			c.log().LogAttrs(ctx, slog.LevelDebug, "findings were not read", slog.String("stack", p.StackName), slog.String("error", err.Error()))
			break
		}
		for _, e := range out.OperationEvents {
			if f, ok := findingOf(e); ok && f.Blocks {
				blocking = append(blocking, f)
			} else if ok {
				warnings = append(warnings, f)
			}
		}
		if aws.ToString(out.NextToken) == "" {
			break
		}
		in.NextToken = out.NextToken
	}
	return append(blocking, warnings...)
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
