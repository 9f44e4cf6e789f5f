package executor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
)

// A refactorRequest is a refactor as far as it can be known without a call.
type refactorRequest struct {
	client   *Client
	opts     *RefactorOptions
	requests []*request
	id       identity
	name     string // of all stacks
}

// refactorRequest checks what can be checked without a call.
func (c *Client) refactorRequest(stacks []*stack.Stack, opts *RefactorOptions) (*refactorRequest, error) {
	q := &refactorRequest{client: c, opts: opts}
	ds := c.unusable("")
	if len(stacks) == 0 {
		return nil, stack.Diagnostics{{Code: "refactor", Summary: "there is no stack to refactor", Cure: "name those that take part"}}
	}
	var names []string
	content := []string{fmt.Sprint(opts.Moves, opts.CreateStacks)}
	for _, s := range stacks {
		r, err := c.newRequest(s, &Options{DeploymentID: opts.DeploymentID, SkipValidation: opts.SkipValidation})
		if found, ok := err.(stack.Diagnostics); ok {
			ds = append(ds, found...)
			continue
		}
		if err != nil {
			return nil, err
		}
		if slices.Contains(names, s.Name) {
			ds = append(ds, stack.Diagnostic{Code: "stack-name", Stack: s.Name, Summary: "two stacks of the refactor have this name", Cure: "name it once"})
		}
		q.requests, names = append(q.requests, r), append(names, s.Name)
		content = append(content, s.Name, string(r.document.body))
	}
	q.name = strings.Join(names, ", ")
	if len(ds) == 0 {
		ds = q.moveProblems()
	}
	if err := ds.Err(); err != nil {
		return nil, err
	}
	var err error
	q.id, err = identify(opts.DeploymentID, q.name, content)
	return q, err
}

// moveProblems finds moves that cannot be meant.
func (q *refactorRequest) moveProblems() stack.Diagnostics {
	var ds stack.Diagnostics
	for _, m := range q.opts.Moves {
		report := func(name, cure, format string, args ...any) {
			ds = append(ds, stack.Diagnostic{Code: "refactor-move", Stack: name, Summary: fmt.Sprintf("the move %s → %s: ", m.From, m.To) + fmt.Sprintf(format, args...), Cure: cure})
		}
		if m.From == m.To {
			report(m.From.Stack, "leave it out", "it goes nowhere")
		}
		for _, p := range []struct {
			place ResourcePlace
			there bool
		}{{m.From, false}, {m.To, true}} {
			i := slices.IndexFunc(q.requests, func(r *request) bool { return r.stack.Name == p.place.Stack })
			if i < 0 {
				report(p.place.Stack, "add the stack", "the stack %q takes no part in the refactor", p.place.Stack)
				continue
			}
			if has := q.requests[i].document.root.At("Resources", p.place.LogicalID) != nil; has && !p.there && !q.taken(m.From) {
				report(p.place.Stack, "remove it there", "the new template of %s still has %s", p.place.Stack, p.place.LogicalID)
			} else if !has && p.there {
				report(p.place.Stack, "add it there", "the new template of %s has no %s", p.place.Stack, p.place.LogicalID)
			}
		}
	}
	return ds
}

// taken reports whether another resource moves to a place that one leaves.
func (q *refactorRequest) taken(place ResourcePlace) bool {
	return slices.ContainsFunc(q.opts.Moves, func(m Move) bool { return m.To == place })
}

// find looks for the refactor that an earlier call for the same deployment left, and returns it if it can
// be gone on with. Otherwise it returns the number of the attempt that comes now.
func (q *refactorRequest) find(ctx context.Context) (*Refactor, int, error) {
	if !q.id.fixed {
		return nil, 0, nil
	}
	found := map[string]types.StackRefactorSummary{}
	in := &cloudformation.ListStackRefactorsInput{}
	for {
		out, err := call(ctx, q.client, "ListStackRefactors", q.name, q.client.API.ListStackRefactors, in)
		if err != nil {
			return nil, 0, err
		}
		for _, s := range out.StackRefactorSummaries {
			found[lastWord(aws.ToString(s.Description))] = s
		}
		if aws.ToString(out.NextToken) == "" {
			break
		}
		in.NextToken = out.NextToken
	}
	for attempt := range mostAttempts {
		s, ok := found[q.id.token("refactor", attempt)]
		if !ok {
			return nil, attempt, nil
		}
		if goesOn(s) {
			return &Refactor{ID: aws.ToString(s.StackRefactorId), client: q.client, name: q.name}, attempt, nil
		}
	}
	return nil, 0, fmt.Errorf("stacks %s: this refactoring has failed %d times; use another DeploymentID", q.name, mostAttempts)
}

// goesOn reports whether a refactor can be, is, or was executed.
func goesOn(s types.StackRefactorSummary) bool {
	if s.Status != types.StackRefactorStatusCreateComplete && s.Status != types.StackRefactorStatusCreateInProgress {
		return false
	}
	switch s.ExecutionStatus {
	case types.StackRefactorExecutionStatusAvailable, types.StackRefactorExecutionStatusUnavailable,
		types.StackRefactorExecutionStatusExecuteInProgress, types.StackRefactorExecutionStatusExecuteComplete:
		return true
	}
	return false
}

func lastWord(text string) string { return text[strings.LastIndexByte(text, ' ')+1:] }

// create makes the refactor. Its description ends in its token, since it can have no other.
func (q *refactorRequest) create(ctx context.Context, attempt int) (*Refactor, error) {
	description := strings.TrimSpace(q.opts.Description + " " + q.id.token("refactor", attempt))
	in := &cloudformation.CreateStackRefactorInput{Description: &description}
	if q.opts.CreateStacks {
		in.EnableStackCreation = aws.Bool(true)
	}
	for _, r := range q.requests {
		body, url, err := q.client.source(ctx, r)
		if err != nil {
			return nil, err
		}
		in.StackDefinitions = append(in.StackDefinitions, types.StackDefinition{StackName: &r.stack.Name, TemplateBody: body, TemplateURL: url})
	}
	for _, m := range q.opts.Moves {
		in.ResourceMappings = append(in.ResourceMappings, types.ResourceMapping{
			Source:      &types.ResourceLocation{StackName: aws.String(m.From.Stack), LogicalResourceId: aws.String(m.From.LogicalID)},
			Destination: &types.ResourceLocation{StackName: aws.String(m.To.Stack), LogicalResourceId: aws.String(m.To.LogicalID)},
		})
	}
	out, err := call(ctx, q.client, "CreateStackRefactor", q.name, q.client.API.CreateStackRefactor, in)
	if err != nil {
		return nil, refused(q.name, "its refactoring", err)
	}
	return &Refactor{ID: aws.ToString(out.StackRefactorId), client: q.client, name: q.name}, nil
}

func (r *Refactor) read(ctx context.Context) (*cloudformation.DescribeStackRefactorOutput, error) {
	return call(ctx, r.client, "DescribeStackRefactor", r.name, r.client.API.DescribeStackRefactor, &cloudformation.DescribeStackRefactorInput{StackRefactorId: &r.ID})
}

// settle waits until the refactor is made and reads what it does.
func (r *Refactor) settle(ctx context.Context) error {
	var last *cloudformation.DescribeStackRefactorOutput
	err := r.client.watcher().Poll(ctx, func(ctx context.Context) (bool, error) {
		out, err := r.client.API.DescribeStackRefactor(ctx, &cloudformation.DescribeStackRefactorInput{StackRefactorId: &r.ID}, once)
		last = out
		return err == nil && out.Status != types.StackRefactorStatusCreateInProgress, err
	})
	if err != nil {
		return fmt.Errorf("refactor %s: waiting for its plan: %w", r.ID, explain("", "", err))
	}
	r.StackIDs = last.StackIds
	if r.name == "" {
		r.name = names(last.StackIds)
	}
	if last.Status != types.StackRefactorStatusCreateComplete {
		reason := aws.ToString(last.StatusReason)
		if reason == "" {
			reason = "it is in " + string(last.Status)
		}
		return &RefusedError{Stack: r.name, Call: "its refactoring", Reason: reason}
	}
	return r.readActions(ctx)
}

// names are the names of stacks by their ARNs.
func names(ids []string) string {
	var list []string
	for _, id := range ids {
		if parts := strings.Split(id, "/"); len(parts) > 1 {
			id = parts[1]
		}
		list = append(list, id)
	}
	return strings.Join(list, ", ")
}

func (r *Refactor) readActions(ctx context.Context) error {
	r.Actions = nil
	in := &cloudformation.ListStackRefactorActionsInput{StackRefactorId: &r.ID}
	for {
		out, err := call(ctx, r.client, "ListStackRefactorActions", r.name, r.client.API.ListStackRefactorActions, in)
		if err != nil {
			return err
		}
		for _, a := range out.StackRefactorActions {
			action := RefactorAction{
				Action: a.Action, Entity: a.Entity, PhysicalID: aws.ToString(a.PhysicalResourceId), Description: aws.ToString(a.Description),
				Detection: a.Detection, Why: aws.ToString(a.DetectionReason),
			}
			if m := a.ResourceMapping; m != nil {
				action.From, action.To = placeOf(m.Source), placeOf(m.Destination)
			}
			r.Actions = append(r.Actions, action)
		}
		if aws.ToString(out.NextToken) == "" {
			return nil
		}
		in.NextToken = out.NextToken
	}
}

func placeOf(l *types.ResourceLocation) ResourcePlace {
	if l == nil {
		return ResourcePlace{}
	}
	return ResourcePlace{Stack: aws.ToString(l.StackName), LogicalID: aws.ToString(l.LogicalResourceId)}
}
