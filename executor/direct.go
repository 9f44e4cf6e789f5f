package executor

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// direct reports whether a stack in this state is deployed by CreateStack or UpdateStack: on wish, or
// because a change set cannot carry what is asked for.
func (r *request) direct(status stack.Status) bool {
	return r.Direct || r.StackPolicyDuringUpdateBody != "" && status != "" || r.Timeout > 0 && status == ""
}

// plannedDirect plans a deployment without a change set, or finds that of an earlier call.
func (c *Client) plannedDirect(ctx context.Context, r *request, d deployed) (*Plan, error) {
	p := &Plan{StackName: r.stack.Name, Operation: waiter.Update, Direct: true, client: c, request: r, Warnings: r.warnings}
	attempt, err := c.findDirect(ctx, r, d, p)
	if err != nil {
		return nil, err
	}
	p.Token = r.id.token("run", attempt)
	if !p.begun {
		if d, err = c.ready(ctx, r, d); err != nil {
			return nil, err
		}
	}
	p.before, p.StackID = d, d.id()
	switch d.status() {
	case "":
		p.Operation = waiter.Create
	case stack.ReviewInProgress:
		return nil, &StateError{Stack: r.stack.Name, Status: d.status(), Next: "only a change set can create it now: deploy without Options.Direct, or call Delete first"}
	}
	if !p.begun {
		p.CreatedAt = d.began()
		_, ds := r.parameters(d.Parameters)
		return p, ds.Err()
	}
	return p, nil
}

// createdDirect reports whether an earlier call for the same deployment has created the stack, without
// a change set.
func (c *Client) createdDirect(ctx context.Context, r *request, d deployed) bool {
	p := &Plan{}
	_, err := c.findDirect(ctx, r, d, p)
	return err == nil && p.begun && p.Operation == waiter.Create
}

// findDirect looks for what an earlier call for the same deployment started, and returns the number of
// that attempt, or of the one that comes now.
func (c *Client) findDirect(ctx context.Context, r *request, d deployed, p *Plan) (int, error) {
	if !r.id.fixed || d.status() == "" {
		return 0, nil
	}
	for attempt := range mostAttempts {
		events, err := c.watcher().History(ctx, d.id(), &waiter.EventOptions{Token: r.id.token("run", attempt)})
		if err != nil {
			return 0, err
		}
		if len(events) == 0 {
			return attempt, nil
		}
		op := operationOf(events)
		outcome := waiter.Pending
		for _, e := range events {
			if e.OfStack() {
				outcome = waiter.Classify(op, e.Status)
			}
		}
		if outcome == waiter.Failed || outcome == waiter.Succeeded && r.secretive() {
			continue
		}
		p.begun, p.Operation, p.CreatedAt = true, op, events[0].Time.Add(-time.Second)
		return attempt, nil
	}
	return 0, tooOften(r)
}

// applyDirect starts what a plan without a change set is of.
func (c *Client) applyDirect(ctx context.Context, p *Plan, r *Run) (*Run, error) {
	if p.begun {
		return r, nil
	}
	body, url, err := c.source(ctx, p.request)
	if err != nil {
		return nil, err
	}
	values, _ := p.request.parameters(p.before.Parameters)
	if p.Operation == waiter.Create {
		in := p.request.createStack()
		in.ClientRequestToken, in.TemplateBody, in.TemplateURL, in.Parameters = &p.Token, body, url, values
		var out *cloudformation.CreateStackOutput
		if out, err = call(ctx, c, "CreateStack", p.StackName, c.API.CreateStack, in); err == nil {
			r.StackID = aws.ToString(out.StackId)
		}
	} else {
		in := p.request.updateStack()
		in.ClientRequestToken, in.TemplateBody, in.TemplateURL, in.Parameters = &p.Token, body, url, values
		_, err = call(ctx, c, "UpdateStack", p.StackName, c.API.UpdateStack, in)
	}
	if err != nil {
		return c.unlessStarted(ctx, p, r, err)
	}
	c.log().LogAttrs(ctx, slog.LevelInfo, "started", slog.String("stack", r.StackName), slog.String("operation", r.Operation.String()), slog.String("token", r.Token))
	return r.carried(), nil
}

// carried takes out of what is to be set at a good end what the call itself carried.
func (r *Run) carried() *Run {
	rest := *r.request
	rest.StackPolicyBody = ""
	if r.Operation == waiter.Create {
		rest.TerminationProtection = nil
	}
	r.request = &rest
	return r
}

// unlessStarted says why a call that was to start an operation came to nothing, unless an earlier try,
// of which the answer was lost, has started it.
func (c *Client) unlessStarted(ctx context.Context, p *Plan, r *Run, err error) (*Run, error) {
	if ctx.Err() != nil { // it may have started
		if r.StackID == "" {
			r.StackID = p.StackName
		}
		return nil, r.detached(err)
	}
	reason, ok := refusal(err)
	if !ok {
		return nil, err
	}
	if d, readErr := c.read(ctx, p.StackName); readErr == nil && d.status() != "" {
		events, _ := c.watcher().History(ctx, d.id(), &waiter.EventOptions{Token: p.Token})
		if len(events) > 0 {
			r.StackID = d.id()
			return r.carried(), nil
		}
	}
	if emptyChangeSet(reason) {
		r.ended, r.result = true, newResult(r, p.before.Stack)
		r.result.Unchanged = true
		return r, r.set(ctx, p.before.Stack)
	}
	return nil, refused(p.StackName, "its "+p.Operation.String(), err)
}

// createStack is what the options say of a creation.
func (r *request) createStack() *cloudformation.CreateStackInput {
	in := &cloudformation.CreateStackInput{
		StackName: &r.stack.Name, Tags: tags(r.stack.Tags), Capabilities: r.capabilities, RoleARN: some(r.RoleARN),
		NotificationARNs: r.NotificationARNs, RollbackConfiguration: r.RollbackConfiguration, StackPolicyBody: some(r.StackPolicyBody),
		EnableTerminationProtection: r.TerminationProtection, OnFailure: types.OnFailure(r.OnStackFailure), DeploymentConfig: r.mode(),
	}
	if r.Timeout > 0 {
		in.TimeoutInMinutes = aws.Int32(int32(r.Timeout / time.Minute))
	}
	if r.DisableRollback && r.Mode == "" {
		in.DisableRollback = aws.Bool(true)
	}
	return in
}

// updateStack is what the options say of an update.
func (r *request) updateStack() *cloudformation.UpdateStackInput {
	in := &cloudformation.UpdateStackInput{
		StackName: &r.stack.Name, Tags: tags(r.stack.Tags), Capabilities: r.capabilities, RoleARN: some(r.RoleARN),
		NotificationARNs: r.NotificationARNs, RollbackConfiguration: r.RollbackConfiguration, StackPolicyBody: some(r.StackPolicyBody),
		StackPolicyDuringUpdateBody: some(r.StackPolicyDuringUpdateBody), DeploymentConfig: r.mode(),
	}
	if r.DisableRollback && r.Mode == "" {
		in.DisableRollback = aws.Bool(true)
	}
	return in
}

// mode is how the deployment is done, which carries what a field of its own carries otherwise; nil is
// as usual.
func (r *request) mode() *types.DeploymentConfig {
	if r.Mode == "" {
		return nil
	}
	config := &types.DeploymentConfig{Mode: r.Mode}
	if r.OnStackFailure == "" {
		config.DisableRollback = &r.DisableRollback
	}
	return config
}
