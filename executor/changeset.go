package executor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

const (
	mostAttempts = 50               // of one deployment that failed again and again
	unseen       = 30 * time.Second // until a change set that was made must be seen
)

// find looks for the change set that an earlier call for the same deployment left, and returns it if it
// can be gone on with. Otherwise it returns the number of the attempt that comes now.
func (c *Client) find(ctx context.Context, r *request, d deployed) (*cloudformation.DescribeChangeSetOutput, int, error) {
	if !r.id.fixed || d.status() == "" {
		return nil, 0, nil
	}
	first, trace := c.lastAttempt(ctx, r, d)
	for attempt := first; attempt < mostAttempts; attempt++ {
		in := &cloudformation.DescribeChangeSetInput{ChangeSetName: aws.String(r.id.token("set", attempt)), StackName: d.StackId}
		out, err := call(ctx, c, "DescribeChangeSet", r.stack.Name, c.API.DescribeChangeSet, in)
		switch {
		case err != nil && changeSetMissing(err) && attempt == first && trace != nil:
			out = trace
		case err != nil && changeSetMissing(err):
			return nil, attempt, nil
		case err != nil:
			return nil, 0, err
		}
		switch {
		case r.secretive() && out.ExecutionStatus != types.ExecutionStatusExecuteInProgress:
			continue // it may have been made with other secrets, which its name does not tell
		case usable(out, d), c.fails(ctx, r, out, d, attempt):
			return out, attempt, nil
		}
	}
	return nil, 0, tooOften(r)
}

// lastAttempt returns the number of the attempt that the stack's last operation was, if it was one, and
// what the events tell of its change set, which may be gone: when it was executed, those of the attempts
// before it went. Else it is the first, and nothing is told.
func (c *Client) lastAttempt(ctx context.Context, r *request, d deployed) (int, *cloudformation.DescribeChangeSetOutput) {
	events, err := c.watcher().History(ctx, d.id(), &waiter.EventOptions{Since: d.began().Add(-time.Second)})
	if err != nil {
		return 0, nil
	}
	for _, e := range slices.Backward(events) {
		for attempt := range mostAttempts {
			if !e.OfStack() || e.Token != r.id.token("run", attempt) {
				continue
			}
			trace := &cloudformation.DescribeChangeSetOutput{
				StackId: d.StackId, CreationTime: aws.Time(events[0].Time.Add(-time.Second)),
				Status: types.ChangeSetStatusCreateComplete, ExecutionStatus: types.ExecutionStatusExecuteComplete,
			}
			if !d.status().Rests() {
				trace.ExecutionStatus = types.ExecutionStatusExecuteInProgress
			}
			return attempt, trace
		}
	}
	return 0, nil
}

func tooOften(r *request) error {
	return fmt.Errorf("stack %s: deployment %s has failed %d times; use another Options.DeploymentID", r.stack.Name, r.DeploymentID, mostAttempts)
}

// usable reports whether an earlier change set can be executed, is being executed, or has led to
// what the stack is now.
func usable(set *cloudformation.DescribeChangeSetOutput, d deployed) bool {
	switch set.Status {
	case types.ChangeSetStatusCreateComplete, types.ChangeSetStatusCreatePending, types.ChangeSetStatusCreateInProgress:
	default:
		return false
	}
	switch set.ExecutionStatus {
	case types.ExecutionStatusExecuteComplete:
		return !d.status().Failed()
	case types.ExecutionStatusExecuteFailed, types.ExecutionStatusObsolete:
		return false
	case types.ExecutionStatusExecuteInProgress:
		return true
	}
	return d.status().Rests()
}

// fails reports whether the execution of an earlier change set has failed and is still rolled back: its
// end is waited for, and told.
func (c *Client) fails(ctx context.Context, r *request, set *cloudformation.DescribeChangeSetOutput, d deployed, attempt int) bool {
	if set.ExecutionStatus != types.ExecutionStatusExecuteFailed || d.status().Rests() {
		return false
	}
	busy := c.busy(ctx, d)
	e, ok := errors.AsType[*BusyError](busy)
	return ok && e.Token == r.id.token("run", attempt)
}

// executed reports whether a change set is or was executed.
func executed(set *cloudformation.DescribeChangeSetOutput) bool {
	switch set.ExecutionStatus {
	case types.ExecutionStatusExecuteInProgress, types.ExecutionStatusExecuteComplete, types.ExecutionStatusExecuteFailed:
		return true
	}
	return false
}

// adopt makes the plan that of a change set that is there already.
func (p *Plan) adopt(set *cloudformation.DescribeChangeSetOutput) {
	p.StackID, p.ChangeSetID = aws.ToString(set.StackId), aws.ToString(set.ChangeSetId)
	p.CreatedAt = aws.ToTime(set.CreationTime)
	p.begun = executed(set)
	switch status := string(p.before.status()); {
	case p.request.ResourcesToImport != nil:
		p.Operation = waiter.Import
	case strings.HasPrefix(status, "CREATE_"), strings.HasPrefix(status, "ROLLBACK_"), status == string(stack.ReviewInProgress):
		p.Operation = waiter.Create // a stack in such a state was never updated
	}
}

// create makes the change set of a plan.
func (c *Client) create(ctx context.Context, r *request, p *Plan, attempt int) error {
	kind := types.ChangeSetTypeUpdate
	known := p.before.Parameters
	if s := p.before.status(); s == "" || s == stack.ReviewInProgress {
		kind, known, p.Operation = types.ChangeSetTypeCreate, nil, waiter.Create
	}
	if r.ResourcesToImport != nil {
		kind, p.Operation = types.ChangeSetTypeImport, waiter.Import
	}
	values, ds := r.parameters(known)
	if err := ds.Err(); err != nil {
		return err
	}
	body, url, err := c.source(ctx, r)
	if err != nil {
		return err
	}
	name := r.id.token("set", attempt)
	in := r.changeSet()
	in.StackName, in.ChangeSetName, in.ClientToken, in.ChangeSetType = &r.stack.Name, &name, &name, kind
	in.TemplateBody, in.TemplateURL, in.Parameters = body, url, values
	return c.createOrAdopt(ctx, r, p, in)
}

// changeSet is what the options say of the change set.
func (r *request) changeSet() *cloudformation.CreateChangeSetInput {
	in := &cloudformation.CreateChangeSetInput{
		Tags: tags(r.stack.Tags), Capabilities: r.capabilities, RoleARN: some(r.RoleARN), NotificationARNs: r.NotificationARNs,
		RollbackConfiguration: r.RollbackConfiguration, OnStackFailure: r.OnStackFailure, ResourcesToImport: r.ResourcesToImport,
	}
	in.DeploymentConfig = r.mode()
	if r.RevertDrift {
		in.DeploymentMode = types.DeploymentModeRevertDrift
	}
	if r.ImportExistingResources {
		in.ImportExistingResources = aws.Bool(true)
	}
	if r.IncludeNestedStacks {
		in.IncludeNestedStacks = aws.Bool(true)
	}
	return in
}

// createOrAdopt creates the change set, or takes that of the same name: it has the same content, so
// it is this one, of which the answer was lost.
func (c *Client) createOrAdopt(ctx context.Context, r *request, p *Plan, in *cloudformation.CreateChangeSetInput) error {
	out, err := call(ctx, c, "CreateChangeSet", r.stack.Name, c.API.CreateChangeSet, in)
	switch {
	case err == nil:
		read := p.StackID
		p.StackID, p.ChangeSetID = aws.ToString(out.StackId), aws.ToString(out.Id)
		if read != "" && read != p.StackID {
			return c.abandon(ctx, p, &RefusedError{Stack: p.StackName, Call: "its change set", Reason: "the stack was deleted and created anew by somebody else meanwhile; deploy again"})
		}
		return nil
	case changeSetExists(err):
		set, err := call(ctx, c, "DescribeChangeSet", r.stack.Name, c.API.DescribeChangeSet,
			&cloudformation.DescribeChangeSetInput{ChangeSetName: in.ChangeSetName, StackName: in.StackName})
		if err != nil {
			return err
		}
		p.adopt(set)
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("stack %s: a change set may have been left: %w", r.stack.Name, err)
	}
	return refused(r.stack.Name, "its change set", err)
}

// settle waits until the change set is made and reads what it changes. One that failed, or is empty,
// is discarded.
func (c *Client) settle(ctx context.Context, p *Plan) error {
	var last *cloudformation.DescribeChangeSetOutput
	began := time.Now()
	err := c.watcher().Poll(ctx, func(ctx context.Context) (bool, error) {
		out, err := c.API.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{ChangeSetName: &p.ChangeSetID}, once)
		if err != nil && changeSetMissing(err) && time.Since(began) < unseen {
			return false, nil
		}
		last = out
		return err == nil && settled(out), err
	})
	if err != nil {
		return c.abandon(ctx, p, fmt.Errorf("stack %s: waiting for its change set: %w", p.StackName, err))
	}
	p.CreatedAt = aws.ToTime(last.CreationTime)
	switch {
	case last.Status == types.ChangeSetStatusCreateComplete:
		return c.readChanges(ctx, p, last)
	case last.Status == types.ChangeSetStatusFailed && emptyChangeSet(aws.ToString(last.StatusReason)):
		p.Unchanged = true
		return c.discard(ctx, p)
	}
	return c.abandon(ctx, p, c.unmade(ctx, p, last))
}

// unmade says why the change set of a plan could not be made.
func (c *Client) unmade(ctx context.Context, p *Plan, set *cloudformation.DescribeChangeSetOutput) error {
	reason := aws.ToString(set.StatusReason)
	if reason == "" {
		reason = "the change set is in " + string(set.Status)
	}
	if notValid(reason) || nestedFailed(reason) {
		c.findNested(ctx, p, set)
		reason = p.innermost(reason)
	}
	if export, importers, ok := inUse(reason); ok {
		return &InUseError{Stack: p.StackName, Export: export, Importers: importers}
	}
	if notValid(reason) || nestedFailed(reason) { // a nested one may be found to be invalid, though it does not say so
		e := &ValidationError{Stack: p.StackName, Reason: reason, Findings: c.findings(ctx, p)}
		if notValid(reason) || slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.Blocks }) {
			return hooked(e)
		}
	}
	return &RefusedError{Stack: p.StackName, Call: "its change set", Reason: reason}
}

// settled reports whether a change set has come to rest. Right after it is made it may not be
// available for a moment.
func settled(set *cloudformation.DescribeChangeSetOutput) bool {
	if set.Status == types.ChangeSetStatusCreateComplete {
		return set.ExecutionStatus != types.ExecutionStatusUnavailable
	}
	return !making(set)
}

// making reports whether a change set is still being made.
func making(set *cloudformation.DescribeChangeSetOutput) bool {
	return set.Status == types.ChangeSetStatusCreatePending || set.Status == types.ChangeSetStatusCreateInProgress
}

// discard deletes the change set, and the stack that was made for it.
func (c *Client) discard(ctx context.Context, p *Plan) error {
	_, err := call(ctx, c, "DeleteChangeSet", p.StackName, c.API.DeleteChangeSet, &cloudformation.DeleteChangeSetInput{ChangeSetName: &p.ChangeSetID})
	if err != nil && !changeSetMissing(err) {
		return err
	}
	if !p.made {
		return nil
	}
	d, err := c.read(ctx, p.StackID)
	if err != nil || d.status() != stack.ReviewInProgress {
		return err
	}
	sets, err := call(ctx, c, "ListChangeSets", p.StackName, c.API.ListChangeSets, &cloudformation.ListChangeSetsInput{StackName: &p.StackID})
	if err != nil {
		return err
	}
	for _, s := range sets.Summaries {
		if aws.ToString(s.ChangeSetId) != p.ChangeSetID && (s.StackId == nil || *s.StackId == p.StackID) {
			return nil // somebody else has plans for the stack
		}
	}
	_, err = call(ctx, c, "DeleteStack", p.StackName, c.API.DeleteStack, &cloudformation.DeleteStackInput{StackName: &p.StackID})
	return err
}

// execute executes the change set of a plan. One that is executed already is none the worse.
func (c *Client) execute(ctx context.Context, p *Plan) error {
	if ctx.Err() != nil {
		return &NotStartedError{StackName: p.StackName, Cause: context.Cause(ctx)}
	}
	in := &cloudformation.ExecuteChangeSetInput{ChangeSetName: &p.ChangeSetID, ClientRequestToken: &p.Token}
	if p.request.DisableRollback && p.request.Mode == "" {
		in.DisableRollback = aws.Bool(true)
	}
	_, err := call(ctx, c, "ExecuteChangeSet", p.StackName, c.API.ExecuteChangeSet, in)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil: // it may have started
		return &DetachedError{StackName: p.StackName, StackID: p.StackID, Operation: p.Operation, Token: p.Token, Cause: err}
	case !changeSetNotExecutable(err) && !changeSetMissing(err):
		return refused(p.StackName, "executing its change set", err)
	}
	if events, _ := c.watcher().History(ctx, p.StackID, &waiter.EventOptions{Token: p.Token}); len(events) > 0 {
		return nil // by an earlier try, of which the answer was lost
	}
	set, readErr := call(ctx, c, "DescribeChangeSet", p.StackName, c.API.DescribeChangeSet, &cloudformation.DescribeChangeSetInput{ChangeSetName: &p.ChangeSetID})
	if readErr != nil {
		return refused(p.StackName, "executing its change set", err)
	}
	switch set.ExecutionStatus {
	case types.ExecutionStatusExecuteInProgress, types.ExecutionStatusExecuteComplete, types.ExecutionStatusExecuteFailed:
		return nil // by an earlier try, of which the answer was lost
	case types.ExecutionStatusObsolete:
		return &RefusedError{Stack: p.StackName, Call: "executing its change set", Reason: "the stack was changed since the plan was made; plan again", Cause: err}
	}
	return refused(p.StackName, "executing its change set", err)
}
