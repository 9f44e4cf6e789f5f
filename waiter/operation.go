package waiter

// An Operation is what was asked of a stack. The zero value, Any, is whatever happens to it.
type Operation int

// The operations on a stack.
const (
	// Any is an operation that somebody else started, of whatever kind.
	Any Operation = iota
	// Create is CreateStack, or a change set of type CREATE that was executed.
	Create
	// Update is UpdateStack, or a change set of type UPDATE that was executed.
	Update
	// Delete is DeleteStack.
	Delete
	// Rollback is RollbackStack, ContinueUpdateRollback or CancelUpdateStack.
	Rollback
	// Import is a change set of type IMPORT that was executed.
	Import

	operations // how many there are
)

func (o Operation) String() string {
	switch o {
	case Create:
		return "create"
	case Update:
		return "update"
	case Delete:
		return "delete"
	case Rollback:
		return "rollback"
	case Import:
		return "import"
	}
	return "operation"
}

// An Outcome is what a status means for an operation.
type Outcome int

// The outcomes, from nothing known to all known.
const (
	// Pending is not decided: the operation runs, or has not begun.
	Pending Outcome = iota
	// Succeeding is a success that is certain, while old resources are still cleaned up.
	Succeeding
	// Failing is a failure that is certain, while the stack still rolls back.
	Failing
	// Succeeded is a success; the stack rests.
	Succeeded
	// Failed is a failure; the stack rests.
	Failed
	// Unexpected is a status to which the operation does not lead: something else happened to the
	// stack, or CloudFormation answered with an old state.
	Unexpected
)

func (o Outcome) String() string {
	switch o {
	case Succeeding:
		return "succeeding"
	case Failing:
		return "failing"
	case Succeeded:
		return "succeeded"
	case Failed:
		return "failed"
	case Unexpected:
		return "unexpected"
	}
	return "pending"
}

// Decided reports whether the outcome is certain, even if the stack still moves.
func (o Outcome) Decided() bool { return o >= Succeeding && o <= Failed }

// OK reports whether the outcome is a success, or certain to become one.
func (o Outcome) OK() bool { return o == Succeeding || o == Succeeded }
