package executor

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// A nestedSet is a change set that is nested in that of a plan, or that of the plan itself, which has no path.
type nestedSet struct {
	path   []string // the logical IDs that lead to its stack
	id     string   // its ARN
	reason string   // why it has failed, "" if it has not or that is not known
}

// Nested stacks are followed so deep.
const deepestNesting = 20

// inner returns the change set of the nested stack that a change is about, if it has one.
func (s nestedSet) inner(r *types.ResourceChange) (nestedSet, bool) {
	id := aws.ToString(r.ChangeSetId)
	if id == "" || len(s.path) == deepestNesting {
		return nestedSet{}, false
	}
	return nestedSet{path: append(slices.Clone(s.path), aws.ToString(r.LogicalResourceId)), id: id}, true
}

// where is the path in one word.
func (s nestedSet) where() string { return strings.Join(s.path, "/") }

// findNested finds what is nested in the change set of a plan that has failed, as far as it can be read.
// The root fails with the first that does, so others may still be being made: they are waited for a while.
func (c *Client) findNested(ctx context.Context, p *Plan, root *cloudformation.DescribeChangeSetOutput) {
	if !p.request.IncludeNestedStacks {
		return
	}
	p.nested = nil
	c.nestedIn(ctx, p, nestedSet{id: p.ChangeSetID}, root, time.Now().Add(unseen))
}

// nestedIn adds to a plan what is nested in a change set, of which the first page was read.
func (c *Client) nestedIn(ctx context.Context, p *Plan, set nestedSet, first *cloudformation.DescribeChangeSetOutput, until time.Time) {
	raw, err := c.changePages(ctx, p, &cloudformation.DescribeChangeSetInput{ChangeSetName: &set.id}, first)
	if err != nil {
		c.unread(ctx, p.StackName, "nested change sets were not read", err)
	}
	for _, r := range raw {
		inner, ok := set.inner(r)
		if !ok {
			continue
		}
		made := c.made(ctx, p, inner, until)
		if made.Status == types.ChangeSetStatusFailed {
			inner.reason = aws.ToString(made.StatusReason)
		}
		p.nested = append(p.nested, inner)
		c.nestedIn(ctx, p, inner, made, until)
	}
}

// made waits until a nested change set is made, or has failed, or until it took too long, and returns what
// was read of it last, which is empty if nothing was.
func (c *Client) made(ctx context.Context, p *Plan, set nestedSet, until time.Time) *cloudformation.DescribeChangeSetOutput {
	last := &cloudformation.DescribeChangeSetOutput{}
	err := c.watcher().Poll(ctx, func(ctx context.Context) (bool, error) {
		out, err := c.API.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{ChangeSetName: &set.id}, once)
		if err == nil {
			last = out
		}
		if !time.Now().Before(until) {
			return true, nil
		}
		return err == nil && !making(out), err
	})
	if err != nil {
		c.unread(ctx, p.StackName, "the change set of "+set.where()+" was not read to its end", err)
	}
	return last
}

// innermost returns why the nested change sets of a plan failed, if that is known, in place of a reason
// that does no more than name one of them.
func (p *Plan) innermost(reason string) string {
	var reasons []string
	for _, set := range p.nested {
		if set.reason != "" && !nestedFailed(set.reason) && !emptyChangeSet(set.reason) {
			reasons = append(reasons, set.where()+": "+set.reason)
		}
	}
	if len(reasons) == 0 || !nestedFailed(reason) {
		return reason
	}
	return strings.Join(reasons, "; ")
}
