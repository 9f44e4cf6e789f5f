package stack

import "time"

// An Event is one step in the life of a stack: what became of one resource, or of the stack itself.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html
type Event struct {
	// ID is unique among the events of a stack.
	ID string
	// StackID is the ARN of the stack, StackName its name.
	StackID, StackName string
	// Path leads from the stack that is watched to a nested one that the event is from: the logical IDs
	// of nested stacks, with slashes between. "" is the stack that is watched itself.
	Path string
	// LogicalID and PhysicalID name the resource; PhysicalID is "" before it exists.
	LogicalID, PhysicalID string
	// Type is the resource's type, AWS::CloudFormation::Stack for the stack itself.
	Type string
	// Status is the state that the resource has come to, Reason why, "" if none is told.
	Status Status
	Reason string
	// Hook is what a hook has said of the resource, in an event of a hook; else nil.
	Hook *HookResult
	// Time is when, by CloudFormation's clock.
	Time time.Time
	// Token is the client request token of the call that led to the event, OperationID the operation
	// that it belongs to. Both are "" where CloudFormation does not tell.
	Token, OperationID string
}

// OfStack reports whether the event is about the stack itself, not about a resource in it.
func (e Event) OfStack() bool {
	return e.Type == "AWS::CloudFormation::Stack" && e.PhysicalID != "" && e.PhysicalID == e.StackID
}

// A HookResult is what a hook has said of a resource before it is made, changed or deleted.
//
// https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/what-is-cloudformation-hooks.html
type HookResult struct {
	// Type is the hook's type, Status HOOK_IN_PROGRESS, HOOK_COMPLETE_SUCCEEDED, HOOK_COMPLETE_FAILED or
	// HOOK_FAILED, Reason what it says.
	Type, Status, Reason string
	// Warns reports that it only warns, and stops nothing.
	Warns bool
}

// Failed reports whether the hook found fault with the resource, or did not answer.
func (h *HookResult) Failed() bool {
	return h != nil && (h.Status == "HOOK_COMPLETE_FAILED" || h.Status == "HOOK_FAILED")
}
