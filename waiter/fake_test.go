package waiter_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"github.com/updraft-go/updraft/stack"
)

type opt = func(*cloudformation.Options)

// fake is a CloudFormation in which stacks go through what the test has written down.
type fake struct {
	mu     sync.Mutex
	began  time.Time
	stacks map[string]*script
	calls  map[string]int
	page   int // of events and of lists; 100 if zero
	fault  func(call string, n int) error
	lag    func() time.Duration // by which a read of a stack is behind; none if nil
}

// A script is the life of a stack.
type script struct {
	name    string
	created time.Duration
	steps   []step
	events  []types.StackEvent // beside those of the stack itself
}

// A step is a status from a moment on. With moved, the operation's time is the step's.
type step struct {
	at     time.Duration
	status stack.Status
	token  string
	reason string
	moved  bool
}

func newFake() *fake {
	return &fake{began: time.Now(), stacks: map[string]*script{}, calls: map[string]int{}}
}

func arn(name string) string {
	return "arn:aws:cloudformation:eu-west-1:111122223333:stack/" + name + "/1"
}

func (f *fake) add(name string, steps ...step) *script {
	s := &script{name: name, steps: steps}
	f.stacks[name], f.stacks[arn(name)] = s, s
	return s
}

func (f *fake) begin(ctx context.Context, call string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[call]++
	if f.fault == nil {
		return nil
	}
	return f.fault(call, f.calls[call])
}

func (f *fake) count(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[call]
}

// now returns the step at which a stack is.
func (f *fake) now(s *script) (step, time.Time) {
	at := s.steps[0]
	var moved time.Time
	seen := time.Since(f.began)
	if f.lag != nil {
		seen -= f.lag()
	}
	for _, next := range s.steps {
		if seen < next.at {
			break
		}
		if at = next; next.moved {
			moved = f.began.Add(next.at)
		}
	}
	return at, moved
}

func missing(name string) error {
	return &smithy.GenericAPIError{Code: "ValidationError", Message: fmt.Sprintf("Stack with id %s does not exist", name), Fault: smithy.FaultClient}
}

func throttle() error {
	return &smithy.GenericAPIError{Code: "Throttling", Message: "Rate exceeded", Fault: smithy.FaultClient}
}

func (f *fake) DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, _ ...opt) (*cloudformation.DescribeStacksOutput, error) {
	if err := f.begin(ctx, "DescribeStacks"); err != nil {
		return nil, err
	}
	s := f.stacks[*in.StackName]
	if s == nil || time.Since(f.began) < s.created {
		return nil, missing(*in.StackName)
	}
	at, moved := f.now(s)
	if at.status == "" {
		return nil, missing(*in.StackName)
	}
	out := types.Stack{
		StackId: aws.String(arn(s.name)), StackName: &s.name, StackStatus: types.StackStatus(at.status),
		StackStatusReason: &at.reason, CreationTime: aws.Time(f.began.Add(-time.Hour)),
	}
	if !moved.IsZero() {
		out.LastUpdatedTime = &moved
	}
	return &cloudformation.DescribeStacksOutput{Stacks: []types.Stack{out}}, nil
}

func (f *fake) DescribeStackEvents(ctx context.Context, in *cloudformation.DescribeStackEventsInput, _ ...opt) (*cloudformation.DescribeStackEventsOutput, error) {
	if err := f.begin(ctx, "DescribeStackEvents"); err != nil {
		return nil, err
	}
	s := f.stacks[*in.StackName]
	if s == nil {
		return nil, missing(*in.StackName)
	}
	var events []types.StackEvent
	for i, next := range s.steps {
		if time.Since(f.began) >= next.at && next.status != "" {
			events = append(events, types.StackEvent{
				EventId: aws.String(fmt.Sprint(s.name, "-", i)), StackId: aws.String(arn(s.name)), StackName: &s.name,
				LogicalResourceId: &s.name, PhysicalResourceId: aws.String(arn(s.name)), ResourceType: aws.String("AWS::CloudFormation::Stack"),
				ResourceStatus: types.ResourceStatus(next.status), Timestamp: aws.Time(f.began.Add(next.at)), ClientRequestToken: &next.token,
			})
		}
	}
	for _, e := range s.events {
		if !e.Timestamp.After(time.Now()) {
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, func(a, b types.StackEvent) int { return cmp.Compare(b.Timestamp.UnixNano(), a.Timestamp.UnixNano()) })
	events, next := page(events, in.NextToken, f.page)
	return &cloudformation.DescribeStackEventsOutput{StackEvents: events, NextToken: next}, nil
}

func (f *fake) ListStacks(ctx context.Context, in *cloudformation.ListStacksInput, _ ...opt) (*cloudformation.ListStacksOutput, error) {
	if err := f.begin(ctx, "ListStacks"); err != nil {
		return nil, err
	}
	var list []types.StackSummary
	for name, s := range f.stacks {
		at, _ := f.now(s)
		if name == s.name && slices.Contains(in.StackStatusFilter, types.StackStatus(at.status)) {
			list = append(list, types.StackSummary{StackId: aws.String(arn(name)), StackName: &s.name, StackStatus: types.StackStatus(at.status)})
		}
	}
	// A page goes on behind the last stack of the one before, whatever has happened meanwhile.
	list = slices.DeleteFunc(list, func(s types.StackSummary) bool { return *s.StackId <= aws.ToString(in.NextToken) })
	slices.SortFunc(list, func(a, b types.StackSummary) int { return cmp.Compare(*a.StackId, *b.StackId) })
	list, next := page(list, nil, f.page)
	if next != nil {
		next = list[len(list)-1].StackId
	}
	return &cloudformation.ListStacksOutput{StackSummaries: list, NextToken: next}, nil
}

// page cuts a page out of a list.
func page[T any](list []T, token *string, size int) ([]T, *string) {
	from, _ := strconv.Atoi(aws.ToString(token))
	if size == 0 {
		size = 100
	}
	list = list[min(from, len(list)):]
	if len(list) <= size {
		return list, nil
	}
	return list[:size], aws.String(strconv.Itoa(from + size))
}

// event is an event of a resource.
func event(s *script, id string, at time.Time, resource, status, token string) types.StackEvent {
	return types.StackEvent{
		EventId: &id, StackId: aws.String(arn(s.name)), StackName: &s.name, LogicalResourceId: &resource, PhysicalResourceId: aws.String("p-" + resource),
		ResourceType: aws.String("AWS::SNS::Topic"), ResourceStatus: types.ResourceStatus(status), Timestamp: &at, ClientRequestToken: &token,
	}
}
