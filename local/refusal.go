package local

import (
	"errors"
	"fmt"

	"github.com/updraft-go/updraft/internal/query"
)

// invalid is the error that CloudFormation answers most often.
func invalid(format string, args ...any) error {
	return &query.Error{Code: "ValidationError", Message: fmt.Sprintf(format, args...)}
}

// notEmulated refuses a part of a request that the embedded cloud does not emulate.
func notEmulated(what string) error {
	return invalid("the embedded cloud does not emulate %s; the documentation of package local lists what it refuses", what)
}

func alreadyExists(format string, args ...any) error {
	return &query.Error{Code: "AlreadyExistsException", Message: fmt.Sprintf(format, args...)}
}

func insufficientCapabilities(list string) error {
	return &query.Error{Code: "InsufficientCapabilitiesException", Message: "Requires capabilities : [" + list + "]"}
}

// textOf is the text of an error in events and reasons, without a code.
func textOf(err error) string {
	if known, ok := errors.AsType[*query.Error](err); ok {
		return known.Message
	}
	return err.Error()
}
