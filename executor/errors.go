package executor

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// ErrDetached is what [errors.Is] finds in a [DetachedError].
var ErrDetached = errors.New("no longer waiting; the operation goes on")

// A DetachedError is the end of a wait, not of the operation: that goes on in the cloud.
type DetachedError struct {
	// StackName and StackID name the stack, Operation what runs on it.
	StackName, StackID string
	Operation          waiter.Operation
	// Token is what [Client.Attach] takes to wait for the operation again.
	Token string
	// Cause is why the wait ended.
	Cause error
}

func (e *DetachedError) Error() string {
	name := e.StackName
	if e.Operation == waiter.Delete {
		name = e.StackID // its name may be gone by then
	}
	return fmt.Sprintf("stack %s: no longer waiting for its %s, which goes on; attach again with Attach(ctx, %q, %q): %v",
		e.StackName, e.Operation, name, e.Token, e.Cause)
}

// Is makes it an [ErrDetached].
func (e *DetachedError) Is(target error) bool { return target == ErrDetached }

// Unwrap returns the cause.
func (e *DetachedError) Unwrap() error { return e.Cause }

// A NotStartedError says that the context of a call ended before anything was started. What was made
// on the way is removed, unless the same deployment would find it again.
type NotStartedError struct {
	// StackName is the stack's name, Cause why nothing was started.
	StackName string
	Cause     error
}

func (e *NotStartedError) Error() string {
	where := "stack " + e.StackName + ": "
	return where + "nothing was started: " + strings.TrimPrefix(e.Cause.Error(), where)
}

// Unwrap returns the cause.
func (e *NotStartedError) Unwrap() error { return e.Cause }

// A StateError says that a stack is in a state in which the call is not possible.
type StateError struct {
	// Stack is the stack's name, Status its state, Reason what CloudFormation says of it.
	Stack  string
	Status stack.Status
	Reason string
	// Next says what can be done now.
	Next string
}

func (e *StateError) Error() string {
	if e.Status == stack.DeleteComplete && e.Reason == "" {
		return fmt.Sprintf("stack %s: %s", e.Stack, e.Next)
	}
	text := fmt.Sprintf("stack %s: it is in %s", e.Stack, e.Status)
	if e.Reason != "" {
		text += " (" + strings.TrimSuffix(e.Reason, ".") + ")"
	}
	return text + "; " + e.Next
}

// A BusyError says that somebody else's operation is running on a stack.
type BusyError struct {
	// Stack is the stack's name, Status its state.
	Stack  string
	Status stack.Status
	// Token is the client request token of the operation, "" if it has none; Since is when it began.
	Token string
	Since time.Time
	// StackSet reports that it is a stack set; Token is the operation's ID then.
	StackSet bool
}

func (e *BusyError) Error() string {
	kind, again := "stack", "Attach"
	if e.StackSet {
		kind, again = "stack set", "Wait"
	}
	text := fmt.Sprintf("%s %s: another operation is running on it: %s", kind, e.Stack, e.Status)
	if !e.Since.IsZero() {
		text += " since " + e.Since.UTC().Format(time.RFC3339)
	}
	if e.Token != "" {
		text += " (token " + e.Token + ")"
	}
	return text + fmt.Sprintf("; wait for it with %s(ctx, %q, %q), then try again", again, e.Stack, e.Token)
}

// A LeakError says that a deployment has succeeded, and that resources which the stack has let go of could
// not be deleted: with [Options.FailOnLeak].
type LeakError struct {
	// StackName is the stack's name, Leaked what still exists.
	StackName string
	Leaked    []Failure
}

func (e *LeakError) Error() string {
	var names []string
	for _, f := range e.Leaked {
		names = append(names, fmt.Sprintf("%s (%s)", f, f.Event.PhysicalID))
	}
	return fmt.Sprintf("stack %s: it was deployed, and could not delete what is no longer in it: %s; delete that by hand", e.StackName, strings.Join(names, "; "))
}

// An InUseError says that a stack cannot be deleted, or an export not changed, since other stacks
// import it.
type InUseError struct {
	// Stack is the stack's name, Export the name of its export.
	Stack, Export string
	// Importers are the stacks that import it.
	Importers []string
}

func (e *InUseError) Error() string {
	return fmt.Sprintf("stack %s: its export %s is in use by %s; delete these first, or change them so that they do not import it",
		e.Stack, e.Export, strings.Join(e.Importers, ", "))
}

// A RefusedError says that CloudFormation did not accept a request. Nothing was changed.
type RefusedError struct {
	// Stack is the stack's name, Call what was asked, Reason what CloudFormation says.
	Stack, Call, Reason string
	// Cause is the answer itself, nil if it came in a change set's status.
	Cause error
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("stack %s: %s was refused: %s%s", e.Stack, e.Call, e.Reason, cure(e.Reason))
}

// Unwrap returns the answer, or nil.
func (e *RefusedError) Unwrap() error { return e.Cause }

// refused makes a RefusedError of an error of a call, if it is a refusal, else returns it as it is.
func refused(stackName, call string, err error) error {
	if reason, ok := refusal(err); ok {
		return &RefusedError{Stack: stackName, Call: call, Reason: reason, Cause: err}
	}
	return err
}
