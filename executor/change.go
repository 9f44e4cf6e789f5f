package executor

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// A Change is what a plan does to one resource.
type Change struct {
	// Action is Add, Modify, Remove, Import, Dynamic or SyncWithActual.
	Action types.ChangeAction
	// LogicalID, PhysicalID and Type name the resource; PhysicalID is "" before it exists.
	LogicalID, PhysicalID, Type string
	// Replacement is True, False or Conditional; "" where the action is not Modify.
	Replacement types.Replacement
	// PolicyAction is what becomes of the resource that is removed or replaced: Delete, Retain,
	// Snapshot and so on; "" if nothing is.
	PolicyAction types.PolicyAction
	// Properties are what changes in it.
	Properties []PropertyChange
	// Nested are the changes in a nested stack, with Options.IncludeNestedStacks.
	Nested []Change
}

// A PropertyChange is one property, or other attribute, of a resource that changes.
type PropertyChange struct {
	// Path leads to it, such as Properties.VisibilityTimeout or Tags.
	Path string
	// Replaces is Never, Conditionally or Always.
	Replaces types.RequiresRecreation
	// Source is what makes it change: DirectModification, ParameterReference, ResourceReference,
	// ResourceAttribute or Automatic. Cause names the parameter or resource, "" if there is none.
	Source types.ChangeSource
	Cause  string
	// Before and After are the values, with Options.PropertyValues; "" where CloudFormation does not
	// tell, or there is none. Values of NoEcho parameters are masked by CloudFormation.
	Before, After string
}

// Replaces reports whether the resource is replaced for certain.
func (c Change) Replaces() bool { return c.Replacement == types.ReplacementTrue }

// irreplaceable is the error of a plan that CloudFormation would only refuse when it runs: while
// roll-back is disabled, nothing can be replaced.
func (p *Plan) irreplaceable() error {
	if !p.request.DisableRollback {
		return nil
	}
	for _, change := range p.Changes {
		if change.Replaces() {
			return &RefusedError{
				Stack: p.StackName, Call: "executing its change set",
				Reason: change.LogicalID + " would be replaced, which is not possible while roll-back is disabled; deploy without Options.DisableRollback",
			}
		}
	}
	return nil
}

// readChanges reads what the change set of a plan changes, of which the first page was read.
func (c *Client) readChanges(ctx context.Context, p *Plan, first *cloudformation.DescribeChangeSetOutput) error {
	p.nested = nil
	list, err := c.changesOf(ctx, p, nestedSet{id: p.ChangeSetID}, first)
	p.Changes = list
	return err
}

// changesOf reads the changes of a change set and of those nested in it. The list without values is
// the whole one: with values, CloudFormation may leave changes out.
func (c *Client) changesOf(ctx context.Context, p *Plan, set nestedSet, first *cloudformation.DescribeChangeSetOutput) ([]Change, error) {
	raw, err := c.changePages(ctx, p, &cloudformation.DescribeChangeSetInput{ChangeSetName: &set.id}, first)
	if err != nil {
		return nil, err
	}
	list := make([]Change, 0, len(raw))
	for _, r := range raw {
		change := changeOf(r)
		if inner, ok := set.inner(r); ok {
			p.nested = append(p.nested, inner)
			if change.Nested, err = c.changesOf(ctx, p, inner, nil); err != nil {
				return nil, err
			}
		}
		list = append(list, change)
	}
	if !p.request.PropertyValues {
		return list, nil
	}
	valued, err := c.changePages(ctx, p, &cloudformation.DescribeChangeSetInput{ChangeSetName: &set.id, IncludePropertyValues: aws.Bool(true)}, nil)
	if err != nil {
		return nil, err
	}
	fill(list, valued)
	return list, nil
}

// changePages reads all pages of a change set; page is the first one, if it was read already.
func (c *Client) changePages(ctx context.Context, p *Plan, in *cloudformation.DescribeChangeSetInput, page *cloudformation.DescribeChangeSetOutput) ([]*types.ResourceChange, error) {
	var list []*types.ResourceChange
	for {
		if page == nil {
			var err error
			if page, err = call(ctx, c, "DescribeChangeSet", p.StackName, c.API.DescribeChangeSet, in); err != nil {
				return nil, err
			}
		}
		for _, change := range page.Changes {
			if change.ResourceChange != nil {
				list = append(list, change.ResourceChange)
			}
		}
		if aws.ToString(page.NextToken) == "" {
			return list, nil
		}
		in.NextToken, page = page.NextToken, nil
	}
}

func changeOf(r *types.ResourceChange) Change {
	change := Change{
		Action: r.Action, LogicalID: aws.ToString(r.LogicalResourceId), PhysicalID: aws.ToString(r.PhysicalResourceId),
		Type: aws.ToString(r.ResourceType), Replacement: r.Replacement, PolicyAction: r.PolicyAction,
	}
	for _, d := range r.Details {
		if d.Target == nil {
			continue
		}
		change.Properties = append(change.Properties, PropertyChange{
			Path: pathOf(d.Target), Replaces: d.Target.RequiresRecreation, Source: d.ChangeSource, Cause: aws.ToString(d.CausingEntity),
		})
	}
	return change
}

// pathOf is where in the resource a change is: Properties.VisibilityTimeout.
func pathOf(t *types.ResourceTargetDefinition) string {
	path := string(t.Attribute)
	if name := aws.ToString(t.Name); name != "" {
		path += "." + name
	}
	return path
}

// fill adds values to changes, as far as they were told.
func fill(list []Change, valued []*types.ResourceChange) {
	for _, v := range valued {
		for i := range list {
			if list[i].LogicalID == aws.ToString(v.LogicalResourceId) {
				list[i].fill(v)
			}
		}
	}
}

func (c *Change) fill(v *types.ResourceChange) {
	for _, d := range v.Details {
		if d.Target == nil || d.Target.BeforeValue == nil && d.Target.AfterValue == nil {
			continue
		}
		path := pathOf(d.Target)
		before, after := aws.ToString(d.Target.BeforeValue), aws.ToString(d.Target.AfterValue)
		at := strings.ReplaceAll(strings.Trim(aws.ToString(d.Target.Path), "/"), "/", ".")
		known := false
		for i := range c.Properties {
			p := &c.Properties[i]
			if p.Path == path || at != "" && p.Path == at {
				p.Before, p.After, known = before, after, true
			}
		}
		if !known {
			c.Properties = append(c.Properties, PropertyChange{
				Path: path, Replaces: d.Target.RequiresRecreation, Source: d.ChangeSource, Cause: aws.ToString(d.CausingEntity), Before: before, After: after,
			})
		}
	}
}
