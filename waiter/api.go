// Package waiter watches CloudFormation stacks until they rest.
//
// A [Poller] is shared by all that wait in one account and region. It keeps its own rate of calls
// below CloudFormation's, reads many stacks at once where that is cheaper, and outlives throttling,
// server errors and broken connections: a wait ends when its outcome is known or its context ends.
//
//	p := &waiter.Poller{API: cloudformation.NewFromConfig(cfg)}
//	result, err := p.Wait(ctx, waiter.Target{Stack: "jobs", Operation: waiter.Update, Token: token})
//
// A status counts only if it belongs to the operation that is waited for, since CloudFormation may
// answer with what was true a moment ago: see [Target].
package waiter

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

// API is what a [Poller] needs of CloudFormation. *cloudformation.Client is one.
type API interface {
	DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error)
	DescribeStackEvents(context.Context, *cloudformation.DescribeStackEventsInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStackEventsOutput, error)
	ListStacks(context.Context, *cloudformation.ListStacksInput, ...func(*cloudformation.Options)) (*cloudformation.ListStacksOutput, error)
}
