package local

import (
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// An operationEvent is an event as DescribeEvents tells of it.
type operationEvent struct {
	EventId              string
	StackId              string
	OperationId          string
	OperationType        string
	OperationStatus      string
	EventType            string
	LogicalResourceId    string
	PhysicalResourceId   *string
	ResourceType         string
	Timestamp            time.Time
	StartTime            time.Time
	EndTime              time.Time
	ResourceStatus       stack.Status
	ResourceStatusReason string
	ResourceProperties   *string
	ClientRequestToken   string

	ValidationFailureMode  string
	ValidationName         string
	ValidationStatus       string
	ValidationStatusReason string
	ValidationPath         string
}

// The types of events.
const (
	eventOfStack    = "STACK_EVENT"
	eventOfProgress = "PROGRESS_EVENT"
	eventOfFailure  = "PROVISIONING_ERROR"
	eventOfFinding  = "VALIDATION_ERROR"
)

type describeEventsInput struct {
	StackName, ChangeSetName, OperationId, NextToken string
	Filters                                          *struct{ FailedEvents bool }
}

// describeEvents tells of operations on stacks, the newest first: of each how it stands, and then its
// events.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeEvents.html
func describeEvents(c *call, in *describeEventsInput) (any, error) {
	s, wanted, err := in.find(c)
	if err != nil {
		return nil, err
	}
	var all []operationEvent
	for _, op := range slices.Backward(wanted) {
		all = append(all, s.eventsOf(op)...)
	}
	if in.Filters != nil && in.Filters.FailedEvents {
		all = slices.DeleteFunc(all, func(e operationEvent) bool { return e.EventType != eventOfFailure && e.EventType != eventOfFinding })
	}
	part, next, err := page(all, in.NextToken, func(e operationEvent) string { return e.EventId })
	if err != nil {
		return nil, err
	}
	return &struct {
		OperationEvents []operationEvent
		NextToken       string
	}{orEmpty(part), next}, nil
}

// find returns the operations that a request asks for, oldest first, and their stack.
func (in *describeEventsInput) find(c *call) (*stackState, []*stackOperation, error) {
	switch {
	case in.OperationId != "":
		for _, s := range c.region.stacks {
			i := slices.IndexFunc(s.operations, func(op *stackOperation) bool { return op.id == in.OperationId })
			if i >= 0 {
				return s, s.operations[i : i+1], nil
			}
		}
		return nil, nil, invalid("Operation [%s] does not exist", in.OperationId)
	case in.ChangeSetName != "" && (in.StackName != "" || strings.HasPrefix(in.ChangeSetName, "arn:")):
		set, err := (&setInput{in.StackName, in.ChangeSetName}).find(c)
		if err != nil {
			return nil, nil, err
		}
		of := func(op *stackOperation) bool { return op.set != set }
		return set.state, slices.DeleteFunc(slices.Clone(set.state.operations), of), nil
	case in.StackName != "":
		s := c.region.find(in.StackName)
		if s == nil {
			return nil, nil, invalid("Stack [%s] does not exist", in.StackName)
		}
		return s, s.operations, nil
	}
	return nil, nil, invalid("One of ChangeSetName, OperationId or StackName must be specified")
}

// eventsOf are the events of one operation: the operation itself, then the newest first.
func (s *stackState) eventsOf(op *stackOperation) []operationEvent {
	list := []operationEvent{{
		EventId: op.eventID, StackId: s.id, OperationId: op.id, OperationType: op.kind, OperationStatus: op.status,
		EventType: eventOfStack, Timestamp: later(op.started, op.ended), StartTime: op.started, EndTime: op.ended,
		ResourceStatusReason: op.reason, ClientRequestToken: op.token,
	}}
	for _, e := range slices.Backward(s.events) {
		if e.operation == op {
			list = append(list, e.described(s, op))
		}
	}
	return list
}

func (e *event) described(s *stackState, op *stackOperation) operationEvent {
	if f := e.finding; f != nil {
		return operationEvent{
			EventId: e.id, StackId: s.id, OperationId: op.id, OperationType: op.kind, EventType: eventOfFinding,
			LogicalResourceId: e.logicalID, PhysicalResourceId: &e.physicalID, ResourceType: e.typ, Timestamp: e.at, ClientRequestToken: op.token,
			ValidationFailureMode: f.mode(), ValidationName: f.name, ValidationStatus: opFailed, ValidationStatusReason: f.reason, ValidationPath: f.path,
		}
	}
	kind := eventOfProgress
	if e.failure(s) {
		kind = eventOfFailure
	}
	return operationEvent{
		EventId: e.id, StackId: s.id, OperationId: op.id, OperationType: op.kind, EventType: kind,
		LogicalResourceId: e.logicalID, PhysicalResourceId: &e.physicalID, ResourceType: e.typ, Timestamp: e.at,
		ResourceStatus: e.status, ResourceStatusReason: e.reason, ResourceProperties: e.properties, ClientRequestToken: e.token,
	}
}

// failure reports whether an event is the failure of a resource.
func (e *event) failure(s *stackState) bool {
	return strings.HasSuffix(string(e.status), "_FAILED") && e.physicalID != s.id
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
