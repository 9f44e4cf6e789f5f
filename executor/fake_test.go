package executor_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

type opt = func(*cloudformation.Options)

// fake is a CloudFormation whose operations take a minute of the clock, and whose faults are the
// test's. Everything about a resource is its logical ID.
type fake struct {
	executor.API // nil: a call that is not here is a bug of the test

	mu    sync.Mutex
	n     int // of IDs
	gone  map[string]*fakeStack
	live  map[string]*fakeStack
	calls []string

	took    time.Duration                  // of an operation; a minute if zero
	fails   map[string]string              // stack name to the reason why its resource R fails
	fault   func(call string, n int) error // instead of the n-th call
	lost    func(call string, n int) bool  // the n-th call works, and its answer is lost
	counts  map[string]int
	sets    []*cloudformation.CreateChangeSetInput
	runs    []*cloudformation.ExecuteChangeSetInput
	deletes []*cloudformation.DeleteStackInput
	imports map[string][]string

	created  []*cloudformation.CreateStackInput
	updated  []*cloudformation.UpdateStackInput
	protects []*cloudformation.UpdateTerminationProtectionInput
	policies []*cloudformation.SetStackPolicyInput
	cancels  []*cloudformation.CancelUpdateStackInput
	back     []*cloudformation.RollbackStackInput
	on       []*cloudformation.ContinueUpdateRollbackInput
	stops    func(*cloudformation.ContinueUpdateRollbackInput) string // the resource that stops a roll-back
	found    []types.OperationEvent
	tells    map[string][]types.OperationEvent // instead of found, by change set, operation or stack
	asked    []*cloudformation.DescribeEventsInput
	invalid  string // why change sets, and operations without one, fail
	forgets  bool   // change sets that were executed
	changes  []types.Change
	valued   []types.Change // with values
}

type fakeStack struct {
	types.Stack
	events []types.StackEvent
	sets   map[string]*cloudformation.DescribeChangeSetOutput
	op     *string // the ID of its operation, as events tell it
	body   string
	next   []step
}

// A step is what happens to a stack at a time.
type step struct {
	at     time.Time
	status types.StackStatus
	reason string
	token  *string
}

func newFake() *fake {
	return &fake{gone: map[string]*fakeStack{}, live: map[string]*fakeStack{}, counts: map[string]int{}, fails: map[string]string{}, imports: map[string][]string{}}
}

func (f *fake) client() *executor.Client {
	return &executor.Client{API: f, Poller: &waiter.Poller{API: f}}
}

func refuse(code, format string, args ...any) error {
	return &smithy.GenericAPIError{Code: code, Message: fmt.Sprintf(format, args...), Fault: smithy.FaultClient}
}

// begin counts a call, moves the clock's effects on, and gives its fault.
func (f *fake) begin(ctx context.Context, call string) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.counts[call]++
	n := f.counts[call]
	f.calls = append(f.calls, call)
	for _, s := range slices.Collect(maps.Values(f.live)) {
		f.move(s)
	}
	if f.fault != nil {
		if err := f.fault(call, n); err != nil {
			f.mu.Unlock()
			return nil, err
		}
	}
	return f.mu.Unlock, nil
}

func (f *fake) answer(call string) error {
	if f.lost != nil && f.lost(call, f.counts[call]) {
		return &smithy.GenericAPIError{Code: "ServiceUnavailable", Message: "the connection broke", Fault: smithy.FaultServer}
	}
	return nil
}

func (f *fake) move(s *fakeStack) {
	for len(s.next) > 0 && !time.Now().Before(s.next[0].at) {
		now := s.next[0]
		s.next = s.next[1:]
		s.StackStatus, s.StackStatusReason = now.status, aws.String(now.reason)
		f.event(s, *s.StackName, *s.StackId, "AWS::CloudFormation::Stack", string(now.status), now.reason, now.token, now.at)
		if now.status == types.StackStatusDeleteComplete {
			delete(f.live, *s.StackName)
			f.gone[*s.StackId] = s
		}
	}
}

func (f *fake) event(s *fakeStack, id, physical, kind, status, reason string, token *string, at time.Time) {
	f.n++
	s.events = append(s.events, types.StackEvent{
		EventId: aws.String(fmt.Sprint("event-", f.n)), StackId: s.StackId, StackName: s.StackName, LogicalResourceId: &id,
		PhysicalResourceId: &physical, ResourceType: &kind, ResourceStatus: types.ResourceStatus(status),
		ResourceStatusReason: aws.String(reason), ClientRequestToken: token, Timestamp: &at, OperationId: s.op,
	})
}

func (f *fake) find(name string) *fakeStack {
	if s := f.live[name]; s != nil {
		return s
	}
	for _, s := range f.live {
		if *s.StackId == name {
			return s
		}
	}
	return f.gone[name]
}

// put adds a stack that is there before the test.
func (f *fake) put(name string, status stack.Status) *fakeStack {
	f.n++
	created := time.Now().Add(-time.Hour)
	s := &fakeStack{sets: map[string]*cloudformation.DescribeChangeSetOutput{}}
	s.StackName, s.StackStatus = &name, types.StackStatus(status)
	s.StackId = aws.String(fmt.Sprintf("arn:aws:cloudformation:eu-west-1:111122223333:stack/%s/%d", name, f.n))
	s.CreationTime = &created
	f.live[name] = s
	return s
}

func (f *fake) duration() time.Duration {
	if f.took == 0 {
		return time.Minute
	}
	return f.took
}

func (f *fake) DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, _ ...opt) (*cloudformation.DescribeStacksOutput, error) {
	done, err := f.begin(ctx, "DescribeStacks")
	if err != nil {
		return nil, err
	}
	defer done()
	s := f.find(*in.StackName)
	if s == nil {
		return nil, refuse("ValidationError", "Stack with id %s does not exist", *in.StackName)
	}
	return &cloudformation.DescribeStacksOutput{Stacks: []types.Stack{s.Stack}}, nil
}

func (f *fake) DescribeStackEvents(ctx context.Context, in *cloudformation.DescribeStackEventsInput, _ ...opt) (*cloudformation.DescribeStackEventsOutput, error) {
	done, err := f.begin(ctx, "DescribeStackEvents")
	if err != nil {
		return nil, err
	}
	defer done()
	s := f.find(*in.StackName)
	if s == nil {
		return nil, refuse("ValidationError", "Stack [%s] does not exist", *in.StackName)
	}
	events := slices.Clone(s.events)
	slices.Reverse(events)
	return &cloudformation.DescribeStackEventsOutput{StackEvents: events}, nil
}

func (f *fake) ListStacks(ctx context.Context, in *cloudformation.ListStacksInput, _ ...opt) (*cloudformation.ListStacksOutput, error) {
	done, err := f.begin(ctx, "ListStacks")
	if err != nil {
		return nil, err
	}
	defer done()
	out := &cloudformation.ListStacksOutput{}
	for _, s := range f.live {
		if slices.Contains(in.StackStatusFilter, s.StackStatus) {
			out.StackSummaries = append(out.StackSummaries, types.StackSummary{StackId: s.StackId, StackName: s.StackName, StackStatus: s.StackStatus})
		}
	}
	return out, nil
}

func (f *fake) CreateChangeSet(ctx context.Context, in *cloudformation.CreateChangeSetInput, _ ...opt) (*cloudformation.CreateChangeSetOutput, error) {
	done, err := f.begin(ctx, "CreateChangeSet")
	if err != nil {
		return nil, err
	}
	defer done()
	f.sets = append(f.sets, in)
	s := f.find(*in.StackName)
	switch {
	case s == nil && in.ChangeSetType == types.ChangeSetTypeCreate:
		s = f.put(*in.StackName, stack.ReviewInProgress)
		s.CreationTime = aws.Time(time.Now())
	case s == nil:
		return nil, refuse("ValidationError", "Stack [%s] does not exist", *in.StackName)
	case s.sets[*in.ChangeSetName] != nil:
		return nil, &types.AlreadyExistsException{Message: aws.String("ChangeSet " + *in.ChangeSetName + " already exists")}
	}
	body := aws.ToString(in.TemplateBody) + aws.ToString(in.TemplateURL)
	for _, p := range in.Parameters {
		body += aws.ToString(p.ParameterKey) + "=" + aws.ToString(p.ParameterValue)
	}
	set := &cloudformation.DescribeChangeSetOutput{
		ChangeSetId: aws.String(*s.StackId + "/" + *in.ChangeSetName), ChangeSetName: in.ChangeSetName, StackId: s.StackId,
		StackName: s.StackName, CreationTime: aws.Time(time.Now()), Description: &body,
		Status: types.ChangeSetStatusCreateComplete, ExecutionStatus: types.ExecutionStatusAvailable, Parameters: in.Parameters,
		Changes: []types.Change{{ResourceChange: &types.ResourceChange{Action: types.ChangeActionAdd, LogicalResourceId: aws.String("R"), ResourceType: aws.String("AWS::SNS::Topic")}}},
	}
	if f.changes != nil {
		set.Changes = f.changes
	}
	if f.invalid != "" {
		set.Status, set.ExecutionStatus, set.StatusReason = types.ChangeSetStatusFailed, types.ExecutionStatusUnavailable, &f.invalid
	}
	if body == s.body {
		set.Status, set.ExecutionStatus = types.ChangeSetStatusFailed, types.ExecutionStatusUnavailable
		set.StatusReason = aws.String("The submitted information didn't contain changes. Submit different information to create a change set.")
	}
	s.sets[*in.ChangeSetName] = set
	return &cloudformation.CreateChangeSetOutput{Id: set.ChangeSetId, StackId: s.StackId}, f.answer("CreateChangeSet")
}

// set finds a change set by its ARN, or by its name and stack.
func (f *fake) set(name, stackName *string) (*fakeStack, *cloudformation.DescribeChangeSetOutput) {
	for _, s := range f.live {
		for _, set := range s.sets {
			if *set.ChangeSetId == *name || *set.ChangeSetName == *name && stackName != nil && f.find(*stackName) == s {
				return s, set
			}
		}
	}
	return nil, nil
}

func (f *fake) DescribeChangeSet(ctx context.Context, in *cloudformation.DescribeChangeSetInput, _ ...opt) (*cloudformation.DescribeChangeSetOutput, error) {
	done, err := f.begin(ctx, "DescribeChangeSet")
	if err != nil {
		return nil, err
	}
	defer done()
	_, set := f.set(in.ChangeSetName, in.StackName)
	if set == nil {
		return nil, &types.ChangeSetNotFoundException{Message: aws.String("ChangeSet [" + *in.ChangeSetName + "] does not exist")}
	}
	out := *set
	if aws.ToBool(in.IncludePropertyValues) {
		out.Changes = f.valued
	}
	return &out, nil
}

func (f *fake) ExecuteChangeSet(ctx context.Context, in *cloudformation.ExecuteChangeSetInput, _ ...opt) (*cloudformation.ExecuteChangeSetOutput, error) {
	done, err := f.begin(ctx, "ExecuteChangeSet")
	if err != nil {
		return nil, err
	}
	defer done()
	s, set := f.set(in.ChangeSetName, nil)
	if set == nil || set.ExecutionStatus != types.ExecutionStatusAvailable {
		return nil, &types.InvalidChangeSetStatusException{Message: aws.String("the change set cannot be executed")}
	}
	f.runs = append(f.runs, in)
	now, created := time.Now(), s.StackStatus == types.StackStatusReviewInProgress
	running, good, rolling, bad := types.StackStatusUpdateInProgress, types.StackStatusUpdateComplete, types.StackStatusUpdateRollbackInProgress, types.StackStatusUpdateRollbackComplete
	if created {
		running, good, rolling, bad = types.StackStatusCreateInProgress, types.StackStatusCreateComplete, types.StackStatusRollbackInProgress, types.StackStatusRollbackComplete
	}
	s.LastUpdatedTime = &now
	clear(s.sets)
	if !f.forgets {
		s.sets[*set.ChangeSetName] = set
	}
	s.next = []step{{now, running, "User Initiated", in.ClientRequestToken}}
	f.move(s)
	if reason := f.fails[*s.StackName]; reason != "" {
		set.ExecutionStatus = types.ExecutionStatusExecuteFailed
		f.event(s, "R", "", "AWS::SNS::Topic", "CREATE_FAILED", reason, in.ClientRequestToken, now)
		f.event(s, "S", "", "AWS::SNS::Topic", "CREATE_FAILED", "Resource creation cancelled", in.ClientRequestToken, now)
		s.next = []step{
			{now.Add(f.duration() / 2), rolling, "The following resource(s) failed to create: [R, S].", in.ClientRequestToken},
			{now.Add(f.duration()), bad, "", in.ClientRequestToken},
		}
		return &cloudformation.ExecuteChangeSetOutput{}, f.answer("ExecuteChangeSet")
	}
	set.ExecutionStatus = types.ExecutionStatusExecuteComplete
	s.body, s.Parameters = *set.Description, set.Parameters
	s.Outputs = []types.Output{{OutputKey: aws.String("Out"), OutputValue: aws.String("value of " + *s.StackName), ExportName: aws.String(*s.StackName + "-out")}}
	f.event(s, "R", "topic-1", "AWS::SNS::Topic", "CREATE_COMPLETE", "", in.ClientRequestToken, now)
	s.next = []step{{now.Add(f.duration()), good, "", in.ClientRequestToken}}
	return &cloudformation.ExecuteChangeSetOutput{}, f.answer("ExecuteChangeSet")
}

func (f *fake) DeleteChangeSet(ctx context.Context, in *cloudformation.DeleteChangeSetInput, _ ...opt) (*cloudformation.DeleteChangeSetOutput, error) {
	done, err := f.begin(ctx, "DeleteChangeSet")
	if err != nil {
		return nil, err
	}
	defer done()
	if s, set := f.set(in.ChangeSetName, in.StackName); set != nil {
		delete(s.sets, *set.ChangeSetName)
	}
	return &cloudformation.DeleteChangeSetOutput{}, f.answer("DeleteChangeSet")
}

func (f *fake) ListChangeSets(ctx context.Context, in *cloudformation.ListChangeSetsInput, _ ...opt) (*cloudformation.ListChangeSetsOutput, error) {
	done, err := f.begin(ctx, "ListChangeSets")
	if err != nil {
		return nil, err
	}
	defer done()
	out := &cloudformation.ListChangeSetsOutput{}
	for _, set := range f.find(*in.StackName).sets {
		out.Summaries = append(out.Summaries, types.ChangeSetSummary{ChangeSetId: set.ChangeSetId, ChangeSetName: set.ChangeSetName})
	}
	return out, nil
}

func (f *fake) DeleteStack(ctx context.Context, in *cloudformation.DeleteStackInput, _ ...opt) (*cloudformation.DeleteStackOutput, error) {
	done, err := f.begin(ctx, "DeleteStack")
	if err != nil {
		return nil, err
	}
	defer done()
	f.deletes = append(f.deletes, in)
	s := f.find(*in.StackName)
	if s == nil || s.StackStatus == types.StackStatusDeleteComplete {
		return &cloudformation.DeleteStackOutput{}, nil
	}
	now, before := time.Now(), s.StackStatus
	s.DeletionTime = &now
	end := step{now.Add(f.duration()), types.StackStatusDeleteComplete, "", in.ClientRequestToken}
	if users := f.imports[*s.StackName+"-out"]; len(users) > 0 {
		end = step{now.Add(time.Second), before, fmt.Sprintf("Export %s-out cannot be deleted as it is in use by %s", *s.StackName, strings.Join(users[:1], " ")), in.ClientRequestToken}
	} else if reason := f.fails["delete "+*s.StackName]; reason != "" {
		f.event(s, "R", "topic-1", "AWS::SNS::Topic", "DELETE_FAILED", reason, in.ClientRequestToken, now)
		end = step{end.at, types.StackStatusDeleteFailed, "The following resource(s) failed to delete: [R].", in.ClientRequestToken}
	}
	s.next = []step{{now, types.StackStatusDeleteInProgress, "User Initiated", in.ClientRequestToken}, end}
	f.move(s)
	return &cloudformation.DeleteStackOutput{}, f.answer("DeleteStack")
}

func (f *fake) ListImports(ctx context.Context, in *cloudformation.ListImportsInput, _ ...opt) (*cloudformation.ListImportsOutput, error) {
	done, err := f.begin(ctx, "ListImports")
	if err != nil {
		return nil, err
	}
	defer done()
	if len(f.imports[*in.ExportName]) == 0 {
		return nil, refuse("ValidationError", "Export '%s' is not imported by any stack.", *in.ExportName)
	}
	return &cloudformation.ListImportsOutput{Imports: f.imports[*in.ExportName]}, nil
}

func (f *fake) ListExports(ctx context.Context, _ *cloudformation.ListExportsInput, _ ...opt) (*cloudformation.ListExportsOutput, error) {
	done, err := f.begin(ctx, "ListExports")
	if err != nil {
		return nil, err
	}
	defer done()
	out := &cloudformation.ListExportsOutput{}
	for _, s := range f.live {
		for _, o := range s.Outputs {
			out.Exports = append(out.Exports, types.Export{Name: o.ExportName, Value: o.OutputValue, ExportingStackId: s.StackId})
		}
	}
	return out, nil
}

// topic is a stack of one topic.
func topic(name string) *stack.Stack {
	t := &stack.Template{Description: "a topic"}
	stack.Add(t, "R", &stack.Untyped{Type: "AWS::SNS::Topic"})
	return &stack.Stack{Name: name, Template: t}
}
