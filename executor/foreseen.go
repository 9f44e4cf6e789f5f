package executor

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
)

// foretold returns the event that says that CloudFormation's own validation stopped the operation that
// events are of before it began, or -1.
func foretold(events []stack.Event) int {
	return slices.IndexFunc(events, func(e stack.Event) bool { return e.OfStack() && invalidated(e.Reason) })
}

// foreseen returns what CloudFormation's own validation found when it stopped an operation before it began:
// its events say no more than that it did. What cannot be read is left out.
func (c *Client) foreseen(ctx context.Context, above []string, events []stack.Event) []Failure {
	at := foretold(events)
	if at < 0 {
		return nil
	}
	in := operationIn(events[:at+1])
	var list []Failure
	for _, e := range c.operationEvents(ctx, events[at].StackName, in) {
		f, ok := findingOf(e)
		if !ok || !f.Blocks || in.OperationId == nil && !belongs(e, events[0]) {
			continue
		}
		f.Nested = strings.Join(above, "/")
		list = append(list, Failure{Path: append(slices.Clone(above), f.LogicalID), Event: eventOf(e, f, events[at]), Finding: &f})
	}
	return list
}

// operationIn asks for the operation that events of a stack begin with, not for its roll-back, which is
// another one; or for all on the stack, where events do not tell.
func operationIn(events []stack.Event) *cloudformation.DescribeEventsInput {
	for _, e := range events {
		if e.OfStack() && e.OperationID != "" {
			return &cloudformation.DescribeEventsInput{OperationId: &e.OperationID}
		}
	}
	return &cloudformation.DescribeEventsInput{StackName: &events[len(events)-1].StackID}
}

// belongs reports whether an event is of the operation that began with first: by the token, or else by
// the time.
func belongs(e types.OperationEvent, first stack.Event) bool {
	if token := aws.ToString(e.ClientRequestToken); token != "" && first.Token != "" {
		return token == first.Token
	}
	return !aws.ToTime(e.Timestamp).Before(first.Time)
}

// eventOf is the event of a finding, in the stack of another event.
func eventOf(e types.OperationEvent, f Finding, of stack.Event) stack.Event {
	return stack.Event{
		ID: aws.ToString(e.EventId), StackID: of.StackID, StackName: of.StackName, LogicalID: f.LogicalID,
		PhysicalID: aws.ToString(e.PhysicalResourceId), Type: f.Type, Reason: f.Reason, Time: aws.ToTime(e.Timestamp),
		Token: aws.ToString(e.ClientRequestToken), OperationID: aws.ToString(e.OperationId),
	}
}
