package broker

import (
	"errors"
	"strings"

	"github.com/aws/smithy-go"
)

// This file alone knows CloudFormation's texts.

// alreadyExists reports that a stack of that name is there.
func alreadyExists(err error) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && e.ErrorCode() == "AlreadyExistsException"
}

// nothingToUpdate reports that an update changes nothing.
func nothingToUpdate(err error) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && e.ErrorCode() == "ValidationError" && strings.Contains(e.ErrorMessage(), "No updates are to be performed")
}

// wrongState reports that a stack's state does not allow a call.
func wrongState(err error) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && e.ErrorCode() == "ValidationError" && (strings.Contains(e.ErrorMessage(), "state and can not be updated") ||
		strings.Contains(e.ErrorMessage(), "_IN_PROGRESS state") || strings.Contains(e.ErrorMessage(), "cannot be deleted while in status"))
}

// notImported reports that nobody imports an export, or that there is no such export.
func notImported(err error) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && e.ErrorCode() == "ValidationError" && (strings.Contains(e.ErrorMessage(), "is not imported by any stack") ||
		strings.Contains(e.ErrorMessage(), "No export named"))
}
