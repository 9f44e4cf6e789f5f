package executor

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
)

// Deploy makes a stack set what it is to be: it creates the set or updates it with all its stacks, adds
// stacks for targets that have none, updates those whose own parameters differ, and, with
// StackSetOptions.Prune, removes the others. s is its name, template, parameters and tags. Each of these
// steps is an operation, which is waited for. The same deployment after a crash goes on where it was.
//
// A set with NoEcho parameters among Parameters is updated each time, since their values cannot be read.
//
// # Errors
//
// [stack.Diagnostics] before any call; [*BusyError] if an operation runs on the set; [*RefusedError] if
// CloudFormation refuses one; [*StackSetError] if one failed; [*StackSetDetachedError] if ctx ends.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-getting-started-create.html
func (c *StackSets) Deploy(ctx context.Context, s *stack.Stack, targets []StackSetTarget, opts *StackSetOptions) (*StackSetResult, error) {
	if opts == nil {
		opts = &StackSetOptions{}
	}
	d := &setDeployment{StackSets: c, opts: opts, targets: targets}
	if err := d.check(s); err != nil {
		return nil, err
	}
	d.result = &StackSetResult{Name: s.Name}
	for _, step := range []func(context.Context) error{d.template, d.add, d.override, d.prune} {
		if err := step(ctx); err != nil {
			return d.result, err
		}
	}
	d.result.Unchanged = !d.created && len(d.result.Operations) == 0
	var err error
	d.result.Instances, err = c.Instances(ctx, s.Name)
	return d.result, err
}

// A setDeployment is the deployment of a stack set on its way.
type setDeployment struct {
	*StackSets
	opts      *StackSetOptions
	targets   []StackSetTarget
	request   *request
	values    []types.Parameter
	result    *StackSetResult
	created   bool
	instances []StackInstance
}

// check checks what can be checked without a call.
func (d *setDeployment) check(s *stack.Stack) error {
	client := d.pace()
	r, err := client.newRequest(s, &Options{
		DeploymentID: d.opts.DeploymentID, TemplateBody: d.opts.TemplateBody, AssetDir: d.opts.AssetDir,
		Capabilities: d.opts.Capabilities, SkipValidation: d.opts.SkipValidation,
	})
	if err != nil {
		return err
	}
	if d.request = r; len(s.Inputs) > 0 {
		return stack.Diagnostics{{Code: "stack-set-input", Stack: s.Name, Summary: "a stack set takes no Inputs", Cure: "read the outputs, and set them in Parameters"}}
	}
	values, ds := r.parameters(nil)
	d.values = values
	for i, t := range d.targets {
		for _, name := range slices.Sorted(maps.Keys(t.Parameters)) {
			if !r.has(name) {
				ds = append(ds, stack.Diagnostic{Code: "unknown-parameter", Stack: s.Name, Summary: fmt.Sprintf("target %d has a value for %q, which is no parameter of the template", i, name), Cure: "remove it"})
			}
		}
	}
	if found, ok := targetProblems(s.Name, d.targets, d.opts.PermissionModel).(stack.Diagnostics); ok {
		ds = append(ds, found...)
	}
	return ds.Err()
}

// has reports whether the template has a parameter.
func (r *request) has(name string) bool {
	for p := range r.document.parameters() {
		if p.name == name {
			return true
		}
	}
	return false
}

// template creates the set, or updates it if it is not what it is to be.
func (d *setDeployment) template(ctx context.Context) error {
	name := d.result.Name
	out, err := call(ctx, d.pace(), "DescribeStackSet", name, d.API.DescribeStackSet, &cloudformation.DescribeStackSetInput{StackSetName: &name, CallAs: d.CallAs})
	switch {
	case err != nil && stackSetMissing(err):
		return d.create(ctx)
	case err != nil:
		return err
	}
	d.result.ID = aws.ToString(out.StackSet.StackSetId)
	if err := d.resume(ctx); err != nil {
		return err
	}
	if d.instances, err = d.Instances(ctx, name); err != nil {
		return err
	}
	step := "set-update"
	if d.same(out.StackSet) {
		outdated := slices.DeleteFunc(slices.Clone(d.instances), func(i StackInstance) bool { return i.Status != types.StackInstanceStatusOutdated })
		if len(outdated) == 0 {
			return nil
		}
		step = "set-retry-" + digest(fmt.Sprint(outdated))[:8] // what an earlier operation did not bring about
	}
	body, url, err := d.pace().source(ctx, d.request)
	if err != nil {
		return err
	}
	return d.carry(ctx, d.identity(d.request.secretive()), instruction{step: step, what: "its update", sure: d.request.assets == nil, call: func(ctx context.Context, operation string) (*string, error) {
		in := d.update()
		in.OperationId, in.TemplateBody, in.TemplateURL = &operation, body, url
		out, err := call(ctx, d.pace(), "UpdateStackSet", name, d.API.UpdateStackSet, in)
		if err != nil {
			return nil, err
		}
		return out.OperationId, nil
	}})
}

// resume waits for an operation of the same deployment that is still running. What it has not brought
// about is seen by the stacks.
func (d *setDeployment) resume(ctx context.Context) error {
	if !d.request.id.fixed {
		return nil
	}
	id, err := d.running(ctx, d.result.Name, d.request.id.made)
	if err != nil || id == "" {
		return err
	}
	d.result.Operations = append(d.result.Operations, id)
	err = d.Wait(ctx, d.result.Name, id)
	if _, failed := errors.AsType[*StackSetError](err); failed {
		return nil
	}
	return err
}

// identity is that of the deployment, or, for a step that sends secrets, a new one: its ID does not tell
// which secrets.
func (d *setDeployment) identity(secret bool) identity {
	if !secret {
		return d.request.id
	}
	return identity{deployment: rand.Text(), content: d.request.id.content}
}

// secret reports whether a secret is among values for parameters.
func (d *setDeployment) secret(values map[string]string) bool {
	for p := range d.request.document.parameters() {
		if _, given := values[p.name]; given && p.noEcho {
			return true
		}
	}
	return false
}

// carry carries out one step of the deployment.
func (d *setDeployment) carry(ctx context.Context, as identity, do instruction) error {
	id, err := d.StackSets.carry(ctx, d.result.Name, as, d.opts.Busy, do)
	if id != "" {
		d.result.Operations = append(d.result.Operations, id)
	}
	return err
}

func (d *setDeployment) create(ctx context.Context) error {
	body, url, err := d.pace().source(ctx, d.request)
	if err != nil {
		return err
	}
	u, token := d.update(), d.request.id.token("set", 0)
	in := &cloudformation.CreateStackSetInput{
		StackSetName: u.StackSetName, TemplateBody: body, TemplateURL: url, Parameters: u.Parameters, Tags: u.Tags, Capabilities: u.Capabilities,
		Description: u.Description, PermissionModel: u.PermissionModel, AutoDeployment: u.AutoDeployment, ManagedExecution: u.ManagedExecution,
		AdministrationRoleARN: u.AdministrationRoleARN, ExecutionRoleName: u.ExecutionRoleName, CallAs: d.CallAs, ClientRequestToken: &token,
	}
	out, err := call(ctx, d.pace(), "CreateStackSet", d.result.Name, d.API.CreateStackSet, in)
	if err != nil {
		return refused(d.result.Name, "the creation of the stack set", err)
	}
	d.created, d.result.ID = true, aws.ToString(out.StackSetId)
	return nil
}

// update is what is to be, but for the template.
func (d *setDeployment) update() *cloudformation.UpdateStackSetInput {
	in := &cloudformation.UpdateStackSetInput{
		StackSetName: &d.result.Name, Parameters: d.values, Tags: tags(d.request.stack.Tags), Capabilities: d.request.capabilities,
		Description: some(d.description()), PermissionModel: d.opts.PermissionModel, AutoDeployment: d.opts.AutoDeployment,
		AdministrationRoleARN: some(d.opts.AdministrationRoleARN), ExecutionRoleName: some(d.opts.ExecutionRoleName),
		OperationPreferences: d.opts.Preferences, CallAs: d.CallAs,
	}
	if d.opts.ManagedExecution {
		in.ManagedExecution = &types.ManagedExecution{Active: aws.Bool(true)}
	}
	return in
}

func (d *setDeployment) description() string {
	if d.opts.Description != "" {
		return d.opts.Description
	}
	return d.request.document.root.Get("Description").Str()
}
