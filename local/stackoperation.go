package local

import (
	"slices"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// A stackOperation is one attempt to change a stack: its events belong together. A roll-back is an
// operation of its own.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events-by-operation.html
type stackOperation struct {
	id, eventID    string
	kind           string
	status         string // IN_PROGRESS, SUCCEEDED or FAILED
	reason         string
	started, ended time.Time
	set            *changeSet // that it made or executed; nil if there is none
	token          string
}

// The kinds of operations on stacks.
const (
	opCreate           = "CREATE_STACK"
	opUpdate           = "UPDATE_STACK"
	opDelete           = "DELETE_STACK"
	opContinueRollback = "CONTINUE_ROLLBACK"
	opRollback         = "ROLLBACK"
	opCreateChangeSet  = "CREATE_CHANGESET"
)

// The states of operations, those of stack sets too.
const (
	opInProgress = "IN_PROGRESS"
	opSucceeded  = "SUCCEEDED"
	opFailed     = "FAILED"
)

// operationOf is the kind of the operation that begins when a stack comes from one state into another,
// "" if none does.
func operationOf(from, to stack.Status) string {
	switch {
	case to == stack.CreateInProgress:
		return opCreate
	case to == stack.UpdateInProgress, to == stack.ImportInProgress:
		return opUpdate
	case to == stack.DeleteInProgress:
		return opDelete
	case to == stack.UpdateRollbackInProgress && from == stack.UpdateRollbackFailed:
		return opContinueRollback
	case to == stack.RollbackInProgress, to == stack.UpdateRollbackInProgress, to == stack.ImportRollbackInProgress:
		return opRollback
	}
	return ""
}

// follow begins and ends operations as the state of a stack tells. It is called before the state changes.
func (s *stackState) follow(to stack.Status, reason, token string) {
	if kind := operationOf(s.status, to); kind != "" {
		if op := s.operation(); op != nil && op.status == opInProgress {
			op.end(opFailed, reason) // what undoes it begins
		}
		op := s.begin(kind, token)
		if s.executed != nil && s.executed.execution == executing {
			op.set = s.executed
		}
		return
	}
	if op := s.operation(); op != nil && op.status == opInProgress && to.Rests() {
		op.end(outcome(op.kind, to), reason)
	}
}

// outcome is how an operation went that left a stack in a state.
func outcome(kind string, status stack.Status) string {
	undoes := kind == opRollback || kind == opContinueRollback
	switch status {
	case stack.RollbackComplete, stack.UpdateRollbackComplete, stack.ImportRollbackComplete:
		if undoes {
			return opSucceeded
		}
	case stack.DeleteComplete, stack.CreateComplete, stack.UpdateComplete, stack.ImportComplete:
		if undoes || kind != opDelete || status == stack.DeleteComplete {
			return opSucceeded
		}
	}
	return opFailed
}

func (s *stackState) begin(kind, token string) *stackOperation {
	op := &stackOperation{id: s.region.cloud.uuid(), eventID: s.region.cloud.uuid(), kind: kind, status: opInProgress, started: time.Now(), token: token}
	s.operations = append(s.operations, op)
	return op
}

func (op *stackOperation) end(status, reason string) {
	op.status, op.reason, op.ended = status, reason, time.Now()
}

// operation is the newest operation on the stack, nil if there was none.
func (s *stackState) operation() *stackOperation {
	if len(s.operations) == 0 {
		return nil
	}
	return s.operations[len(s.operations)-1]
}

// creation records that a change set was made, or could not be.
func (s *stackState) creation(set *changeSet) {
	op := s.begin(opCreateChangeSet, set.token)
	op.set = set
	for _, f := range slices.Backward(set.findings) {
		s.tellFinding(f)
	}
	if set.status == statusFailed {
		op.end(opFailed, set.reason)
		return
	}
	op.end(opSucceeded, "")
}
