package stack

import "strings"

// A Status is the state of a stack, of a resource, or of an operation on one, in CloudFormation's
// own spelling. Values that this library does not know are kept as they are. The zero value, "",
// is no status: a stack that does not exist.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
type Status string

// The states of a stack.
const (
	CreateInProgress                        Status = "CREATE_IN_PROGRESS"
	CreateFailed                            Status = "CREATE_FAILED"
	CreateComplete                          Status = "CREATE_COMPLETE"
	RollbackInProgress                      Status = "ROLLBACK_IN_PROGRESS"
	RollbackFailed                          Status = "ROLLBACK_FAILED"
	RollbackComplete                        Status = "ROLLBACK_COMPLETE"
	DeleteInProgress                        Status = "DELETE_IN_PROGRESS"
	DeleteFailed                            Status = "DELETE_FAILED"
	DeleteComplete                          Status = "DELETE_COMPLETE"
	UpdateInProgress                        Status = "UPDATE_IN_PROGRESS"
	UpdateCompleteCleanupInProgress         Status = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
	UpdateComplete                          Status = "UPDATE_COMPLETE"
	UpdateFailed                            Status = "UPDATE_FAILED"
	UpdateRollbackInProgress                Status = "UPDATE_ROLLBACK_IN_PROGRESS"
	UpdateRollbackFailed                    Status = "UPDATE_ROLLBACK_FAILED"
	UpdateRollbackCompleteCleanupInProgress Status = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"
	UpdateRollbackComplete                  Status = "UPDATE_ROLLBACK_COMPLETE"
	ReviewInProgress                        Status = "REVIEW_IN_PROGRESS"
	ImportInProgress                        Status = "IMPORT_IN_PROGRESS"
	ImportComplete                          Status = "IMPORT_COMPLETE"
	ImportRollbackInProgress                Status = "IMPORT_ROLLBACK_IN_PROGRESS"
	ImportRollbackFailed                    Status = "IMPORT_ROLLBACK_FAILED"
	ImportRollbackComplete                  Status = "IMPORT_ROLLBACK_COMPLETE"
)

// The states that only a resource can be in.
const (
	// DeleteSkipped is that of one that was kept when its stack let go of it.
	DeleteSkipped Status = "DELETE_SKIPPED"
	// ImportFailed is that of one that a stack could not take in.
	ImportFailed Status = "IMPORT_FAILED"
)

// Rests reports whether nothing moves any more without a new call. REVIEW_IN_PROGRESS rests, in
// spite of its name: it is a stack that waits for its first change set to be executed.
func (s Status) Rests() bool {
	return s == ReviewInProgress || s != "" && !strings.HasSuffix(string(s), "_IN_PROGRESS")
}

// Failed reports whether the state is a failure, or a roll-back that one led to.
func (s Status) Failed() bool {
	return strings.HasSuffix(string(s), "_FAILED") || strings.Contains(string(s), "ROLLBACK")
}
