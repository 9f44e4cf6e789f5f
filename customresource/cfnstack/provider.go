package cfnstack

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// A Provider makes stacks of AWS CloudFormation for custom resources. It is a
// [customresource.Completer]. The zero value is ready; its fields must not be changed once it is used.
type Provider struct {
	// Config is what clients of AWS are made of, all but the region and the credentials that a
	// resource brings. If nil, the SDK's default configuration, as the function's environment has it.
	Config *aws.Config
	// Client makes the client that deploys, to set more of it than its API. If nil, it is one with the
	// zero settings.
	Client func(aws.Config) *executor.Client
	// Options are how stacks are deployed: which capabilities are granted, say. DeploymentID,
	// TemplateBody, Parameters and Busy are the provider's own. If nil, the zero Options.
	Options *executor.Options
}

type (
	request = customresource.Request[Properties]
	result  = customresource.Result
)

// OwnerTag is the tag on a stack that says which custom resource it was made for.
const OwnerTag = "updraft:custom-resource"

func owner(r *request) string { return r.MakePhysicalID(128) }

// Create begins to create the stack.
func (p *Provider) Create(ctx context.Context, r *request) (*result, error) {
	client, err := p.client(ctx, &r.Properties, r.Properties.RegionId)
	if err != nil {
		return nil, err
	}
	there, err := find(ctx, client, r.Properties.Stack.Name)
	if err != nil {
		return nil, err
	}
	// One that is in review holds nothing, and may be left from an earlier delivery of this request.
	if there != nil && there.Tags[OwnerTag] != owner(r) && there.Status != stack.ReviewInProgress {
		return nil, fmt.Errorf("stack %s: it exists already, and was not made for this resource; name the stack otherwise, or delete that one", r.Properties.Stack.Name)
	}
	return p.deploy(ctx, client, r, "")
}

// Update begins to update the stack, or to create another that is to replace it.
func (p *Provider) Update(ctx context.Context, r *request) (*result, error) {
	was, ok := parseARN(r.PhysicalResourceID)
	wanted := stackARN{r.Properties.RegionId, r.Properties.Stack.Name}
	if ok && was == wanted {
		client, err := p.client(ctx, &r.Properties, was.region)
		if err != nil {
			return nil, err
		}
		there, err := find(ctx, client, r.PhysicalResourceID)
		if err != nil || there != nil {
			return p.updated(ctx, client, r, err)
		}
	}
	if !r.Dialect.Replaces() {
		return nil, fmt.Errorf("the stack would have to be replaced, since its Stack.Name or RegionId has changed or it is gone (it was %s); %s has no replacement: give the resource another logical ID", r.PhysicalResourceID, r.Dialect)
	}
	return p.Create(ctx, r)
}

func (p *Provider) updated(ctx context.Context, client *executor.Client, r *request, err error) (*result, error) {
	if err != nil {
		return nil, err
	}
	return p.deploy(ctx, client, r, r.PhysicalResourceID)
}

// deploy plans and starts. If id is not empty, nothing is started for another stack than that.
func (p *Provider) deploy(ctx context.Context, client *executor.Client, r *request, id string) (*result, error) {
	s, opts, err := p.stack(r)
	if err != nil {
		return nil, err
	}
	plan, err := client.Plan(ctx, s, opts)
	if err != nil {
		return nil, err
	}
	if id != "" && plan.StackID != id {
		err := fmt.Errorf("stack %s: another stack has its name now: %s; delete that one, or name the stack otherwise", s.Name, plan.StackID)
		return nil, errors.Join(err, plan.Discard(ctx))
	}
	// A detached one may have started: waiting for it will tell.
	if _, err := client.Apply(ctx, plan); err != nil && !errors.Is(err, executor.ErrDetached) {
		return nil, errors.Join(err, plan.Discard(ctx))
	}
	made := &result{PhysicalID: plan.StackID}
	if !plan.Unchanged {
		made.State = plan.Token
	}
	return made, nil
}

// stack is what is to be deployed, and how. A parameter that is no longer named goes back to its
// default: the properties say all that there is.
func (p *Provider) stack(r *request) (*stack.Stack, *executor.Options, error) {
	of := r.Properties.Stack
	t, err := stack.Parse(of.Template)
	if err != nil {
		return nil, nil, fmt.Errorf("property Stack.Template cannot be read: %w", err)
	}
	opts := executor.Options{}
	if p.Options != nil {
		opts = *p.Options
	}
	opts.DeploymentID, opts.TemplateBody, opts.Parameters = r.RequestID, of.Template, map[string]executor.Intent{}
	opts.Busy = executor.BusyWait // for what an earlier request left running
	for name := range t.Parameters.All() {
		if _, named := of.Parameters[name]; !named {
			opts.Parameters[name] = executor.UseDefault
		}
	}
	tags := maps.Clone(of.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	tags[OwnerTag] = owner(r)
	return &stack.Stack{Name: of.Name, Parameters: of.Parameters, Tags: tags}, &opts, nil
}

// Delete begins to delete the stack, if there is one that was made for the resource.
func (p *Provider) Delete(ctx context.Context, r *request) error {
	client, id, err := p.own(ctx, r)
	if err != nil || id == "" {
		return err
	}
	_, err = client.BeginDelete(ctx, id, &executor.DeleteOptions{Busy: executor.BusyWait})
	return err
}

// own returns the ARN of the stack that was made for the resource, "" if there is none. The physical
// ID is that, unless the function was stopped before it could tell: then the stack's name and its tag
// say it.
func (p *Provider) own(ctx context.Context, r *request) (*executor.Client, string, error) {
	arn, ok := parseARN(r.PhysicalResourceID)
	region := arn.region
	if !ok {
		region = r.Properties.RegionId
	}
	if region == "" || !ok && r.Properties.Stack.Name == "" {
		return nil, "", nil // nothing was made with properties like these
	}
	client, err := p.client(ctx, &r.Properties, region)
	if err != nil || ok {
		return client, r.PhysicalResourceID, err
	}
	there, err := find(ctx, client, r.Properties.Stack.Name)
	if err != nil || there == nil || there.Tags[OwnerTag] != owner(r) {
		return nil, "", err
	}
	return client, there.StackID, nil
}

// find returns the stack of a name or ARN, nil if there is none.
func find(ctx context.Context, client *executor.Client, name string) (*executor.Description, error) {
	there, err := client.Describe(ctx, name)
	if e, ok := errors.AsType[*executor.StateError](err); ok && e.Status == stack.DeleteComplete {
		return nil, nil
	}
	if err != nil || there.Status == stack.DeleteComplete {
		return nil, err
	}
	return there, nil
}
