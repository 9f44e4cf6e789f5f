package waiter

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// ClassifyStackSet says what the status of an operation on a stack set means. One that this library does
// not know is judged by its name: what ends in ING is Pending, the rest Unexpected.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperation.html
func ClassifyStackSet(status types.StackSetOperationStatus) Outcome {
	switch status {
	case types.StackSetOperationStatusQueued, types.StackSetOperationStatusRunning:
		return Pending
	case types.StackSetOperationStatusStopping:
		return Failing
	case types.StackSetOperationStatusSucceeded:
		return Succeeded
	case types.StackSetOperationStatusFailed, types.StackSetOperationStatusStopped:
		return Failed
	}
	if strings.HasSuffix(string(status), "ING") {
		return Pending
	}
	return Unexpected
}

// ClassifyRefactor says what the status of the execution of a stack refactor means. One that this library
// does not know is judged by its name: what is in progress is Pending, what failed or rolled back is
// Failed, the rest Unexpected.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackRefactor.html
func ClassifyRefactor(status types.StackRefactorExecutionStatus) Outcome {
	switch status {
	case types.StackRefactorExecutionStatusUnavailable, types.StackRefactorExecutionStatusAvailable, types.StackRefactorExecutionStatusExecuteInProgress:
		return Pending
	case types.StackRefactorExecutionStatusRollbackInProgress:
		return Failing
	case types.StackRefactorExecutionStatusExecuteComplete:
		return Succeeded
	case types.StackRefactorExecutionStatusObsolete:
		return Unexpected
	}
	switch text := string(status); {
	case strings.HasSuffix(text, "_IN_PROGRESS"):
		return Pending
	case strings.HasSuffix(text, "_FAILED") || strings.Contains(text, "ROLLBACK"):
		return Failed
	}
	return Unexpected
}
