// Package executor deploys stacks: it is the only part of updraft that changes anything in a cloud.
//
//	c := &executor.Client{API: cloudformation.NewFromConfig(cfg)}
//	result, err := c.Deploy(ctx, s, nil)
//
// [Client.Deploy] is three steps that can be taken one by one: [Client.Plan] makes a change set and
// says what it would change, [Client.Apply] executes it and returns a [Run], [Run.Wait] waits for
// its end. [Client.Delete] deletes a stack, [Client.Rollback] and [Client.ContinueRollback] bring one back
// that got stuck, [Client.DetectDrift] tells what was changed behind its back, [Client.Refactor] moves
// resources between stacks; [Client.StartDeploy] and [Client.StartDelete] do the same for many stacks that
// depend on each other, and [StackSets] for one template in many accounts and regions.
//
// # Contexts
//
// When the context of a call ends, the call stops waiting. A deployment that has started goes on:
// the error is then a [DetachedError], which says how to attach to it again.
//
// # Starting again
//
// The executor keeps no state. Names of change sets and client request tokens are made of
// [Options.DeploymentID], the stack and its content, so that the same call after a crash finds what
// the first one left and goes on from there.
package executor

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// API is what a [Client] needs of CloudFormation. *cloudformation.Client is one.
type API interface {
	waiter.API
	CreateStack(context.Context, *cloudformation.CreateStackInput, ...func(*cloudformation.Options)) (*cloudformation.CreateStackOutput, error)
	UpdateStack(context.Context, *cloudformation.UpdateStackInput, ...func(*cloudformation.Options)) (*cloudformation.UpdateStackOutput, error)
	CreateChangeSet(context.Context, *cloudformation.CreateChangeSetInput, ...func(*cloudformation.Options)) (*cloudformation.CreateChangeSetOutput, error)
	DescribeChangeSet(context.Context, *cloudformation.DescribeChangeSetInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeChangeSetOutput, error)
	ExecuteChangeSet(context.Context, *cloudformation.ExecuteChangeSetInput, ...func(*cloudformation.Options)) (*cloudformation.ExecuteChangeSetOutput, error)
	DeleteChangeSet(context.Context, *cloudformation.DeleteChangeSetInput, ...func(*cloudformation.Options)) (*cloudformation.DeleteChangeSetOutput, error)
	ListChangeSets(context.Context, *cloudformation.ListChangeSetsInput, ...func(*cloudformation.Options)) (*cloudformation.ListChangeSetsOutput, error)
	DeleteStack(context.Context, *cloudformation.DeleteStackInput, ...func(*cloudformation.Options)) (*cloudformation.DeleteStackOutput, error)
	CancelUpdateStack(context.Context, *cloudformation.CancelUpdateStackInput, ...func(*cloudformation.Options)) (*cloudformation.CancelUpdateStackOutput, error)
	RollbackStack(context.Context, *cloudformation.RollbackStackInput, ...func(*cloudformation.Options)) (*cloudformation.RollbackStackOutput, error)
	ContinueUpdateRollback(context.Context, *cloudformation.ContinueUpdateRollbackInput, ...func(*cloudformation.Options)) (*cloudformation.ContinueUpdateRollbackOutput, error)
	SetStackPolicy(context.Context, *cloudformation.SetStackPolicyInput, ...func(*cloudformation.Options)) (*cloudformation.SetStackPolicyOutput, error)
	UpdateTerminationProtection(context.Context, *cloudformation.UpdateTerminationProtectionInput, ...func(*cloudformation.Options)) (*cloudformation.UpdateTerminationProtectionOutput, error)
	DescribeEvents(context.Context, *cloudformation.DescribeEventsInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeEventsOutput, error)
	DetectStackDrift(context.Context, *cloudformation.DetectStackDriftInput, ...func(*cloudformation.Options)) (*cloudformation.DetectStackDriftOutput, error)
	DescribeStackDriftDetectionStatus(context.Context, *cloudformation.DescribeStackDriftDetectionStatusInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStackDriftDetectionStatusOutput, error)
	DescribeStackResourceDrifts(context.Context, *cloudformation.DescribeStackResourceDriftsInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStackResourceDriftsOutput, error)
	CreateStackRefactor(context.Context, *cloudformation.CreateStackRefactorInput, ...func(*cloudformation.Options)) (*cloudformation.CreateStackRefactorOutput, error)
	DescribeStackRefactor(context.Context, *cloudformation.DescribeStackRefactorInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStackRefactorOutput, error)
	ListStackRefactors(context.Context, *cloudformation.ListStackRefactorsInput, ...func(*cloudformation.Options)) (*cloudformation.ListStackRefactorsOutput, error)
	ListStackRefactorActions(context.Context, *cloudformation.ListStackRefactorActionsInput, ...func(*cloudformation.Options)) (*cloudformation.ListStackRefactorActionsOutput, error)
	ExecuteStackRefactor(context.Context, *cloudformation.ExecuteStackRefactorInput, ...func(*cloudformation.Options)) (*cloudformation.ExecuteStackRefactorOutput, error)
	ListExports(context.Context, *cloudformation.ListExportsInput, ...func(*cloudformation.Options)) (*cloudformation.ListExportsOutput, error)
	ListImports(context.Context, *cloudformation.ListImportsInput, ...func(*cloudformation.Options)) (*cloudformation.ListImportsOutput, error)
}

// A Client deploys stacks to one account and region. Only API must be set. It is safe for
// concurrent use and must not be copied after its first use.
type Client struct {
	// API is where stacks are deployed. It is required.
	API API
	// Logger gets a record at Info for each change of a stack's state and at Debug for each call;
	// never the value of a parameter. If nil, nothing is logged.
	Logger *slog.Logger
	// Poller watches the stacks. If nil, the client has one of its own with the zero settings, which
	// suit AWS. Clients of the same account and region should share one. For an endpoint that is
	// fast and has no quota, such as an embedded cloud, set one with a Rate below zero and a
	// MinInterval of a millisecond.
	Poller *waiter.Poller
	// Uploader stores templates that are too large to be sent, over 51,200 bytes, and assets. If nil,
	// these are refused.
	Uploader Uploader
	// Environment is what is known of the account and region, for the names of exports and imports
	// that are made of them. If nil, nothing is.
	Environment *stack.Environment

	own     sync.Once
	poller  *waiter.Poller
	reached atomic.Bool // an answer came from the endpoint
}

// unusable finds a client that can do nothing for the stack of that name.
func (c *Client) unusable(stackName string) stack.Diagnostics {
	if c.API != nil {
		return nil
	}
	return stack.Diagnostics{{Code: "client-api", Stack: stackName, Summary: "the client has no API to call", Cure: "set Client.API, to cloudformation.NewFromConfig(cfg) for AWS"}}
}

// An Uploader stores a template, or an asset, where CloudFormation can read it.
type Uploader interface {
	// Upload stores the content under the key, which is made of it, and returns the URL that
	// CloudFormation is to read it from; for assets, a URL of S3.
	Upload(ctx context.Context, key string, content []byte) (url string, err error)
}

// watcher returns the poller in use.
func (c *Client) watcher() *waiter.Poller {
	c.own.Do(func() {
		if c.poller = c.Poller; c.poller == nil {
			c.poller = &waiter.Poller{API: c.API, Logger: c.Logger}
		}
	})
	return c.poller
}

func (c *Client) log() *slog.Logger {
	if c.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Logger
}

// unread logs that something could not be read which would have been a help.
func (c *Client) unread(ctx context.Context, stackName, what string, err error) {
	c.log().LogAttrs(ctx, slog.LevelDebug, what, slog.String("stack", stackName), slog.String("error", err.Error()))
}
