package waiter

import (
	"github.com/updraft-go/updraft/stack"
)

// Short names, so that the table below is one.
const (
	wait  = Pending
	live  = Succeeding
	lost  = Failing
	yes   = Succeeded
	no    = Failed
	other = Unexpected
)

// outcomes has a row for each status of a stack. It is never written.
//
// A status that rests and is Pending is one from which the operation may start.
var outcomes = map[stack.Status][operations]Outcome{
	//                                               any    create update delete rollback import
	stack.ReviewInProgress:                        {other, wait, other, no, other, wait},
	stack.CreateInProgress:                        {wait, wait, other, wait, other, other},
	stack.CreateComplete:                          {yes, yes, wait, no, other, wait},
	stack.CreateFailed:                            {no, no, wait, no, wait, other},
	stack.RollbackInProgress:                      {lost, lost, other, wait, wait, other},
	stack.RollbackComplete:                        {no, no, other, no, yes, other},
	stack.RollbackFailed:                          {no, no, other, no, no, other},
	stack.UpdateInProgress:                        {wait, yes, wait, other, wait, other},
	stack.UpdateCompleteCleanupInProgress:         {live, yes, live, other, other, other},
	stack.UpdateComplete:                          {yes, yes, yes, no, other, wait},
	stack.UpdateFailed:                            {no, other, no, no, no, other},
	stack.UpdateRollbackInProgress:                {lost, other, lost, other, wait, other},
	stack.UpdateRollbackCompleteCleanupInProgress: {lost, other, lost, other, live, other},
	stack.UpdateRollbackComplete:                  {no, other, no, no, yes, wait},
	stack.UpdateRollbackFailed:                    {no, other, no, no, no, other},
	stack.DeleteInProgress:                        {wait, lost, other, wait, wait, other},
	stack.DeleteComplete:                          {yes, no, other, yes, yes, other},
	stack.DeleteFailed:                            {no, no, other, no, no, other},
	stack.ImportInProgress:                        {wait, other, other, other, other, wait},
	stack.ImportComplete:                          {yes, other, wait, no, other, yes},
	stack.ImportRollbackInProgress:                {lost, other, other, other, wait, lost},
	stack.ImportRollbackFailed:                    {no, other, other, no, other, no},
	stack.ImportRollbackComplete:                  {no, other, wait, no, other, no},
}

// Classify says what a status means for an operation. It is complete: a status that this library
// does not know is judged by its name (what is in progress is Pending, what failed or rolled back
// is Failed, the rest Unexpected), so that no wait spins on one. The status "", a stack that does
// not exist, is a success for Delete and Unexpected for all else.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func Classify(op Operation, status stack.Status) Outcome {
	if op < 0 || op >= operations {
		op = Any
	}
	if row, ok := outcomes[status]; ok {
		return row[op]
	}
	switch {
	case status == "" && op == Delete:
		return Succeeded
	case status == "":
		return Unexpected
	case !status.Rests():
		return Pending
	case status.Failed():
		return Failed
	}
	return Unexpected
}
