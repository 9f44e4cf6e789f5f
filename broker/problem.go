package broker

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/smithy-go"

	"github.com/updraft-go/updraft/waiter"
)

// A problem is an answer that is an error.
type problem struct {
	Status      int    `json:"-"`
	Code        string `json:"error,omitempty"`
	Description string `json:"description"`
	// Usable and Repeatable are told of an instance whose update or deletion failed.
	Usable     *bool `json:"instance_usable,omitempty"`
	Repeatable *bool `json:"update_repeatable,omitempty"`

	cause error // for the log; nil if there is none
}

func (p *problem) Error() string { return p.Description }

// Unwrap returns the cause.
func (p *problem) Unwrap() error { return p.cause }

func refuse(status int, code, format string, args ...any) *problem {
	return &problem{Status: status, Code: code, Description: fmt.Sprintf(format, args...)}
}

func malformed(format string, args ...any) *problem {
	return refuse(http.StatusBadRequest, "BadRequest", format, args...)
}

// The errors that the specification names.
func asyncRequired(what string) *problem {
	return refuse(http.StatusUnprocessableEntity, "AsyncRequired", "%s takes longer than a request; it needs the query parameter accepts_incomplete=true", what)
}

func busy(what string) *problem {
	return refuse(http.StatusUnprocessableEntity, "ConcurrencyError", "%s; try again when that has ended", what)
}

func conflict(format string, args ...any) *problem {
	return refuse(http.StatusConflict, "Conflict", format, args...)
}

func gone(format string, args ...any) *problem {
	return refuse(http.StatusGone, "Gone", format, args...)
}

func absent(format string, args ...any) *problem {
	return refuse(http.StatusNotFound, "NotFound", format, args...)
}

func failed(cause error, format string, args ...any) *problem {
	p := refuse(http.StatusInternalServerError, "", format, args...)
	p.cause = cause
	return p
}

// problemOf makes an answer of an error. What CloudFormation refuses is the request's fault, or the
// broker's; the two are told apart by the code of the error.
func problemOf(err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	code, text := "", err.Error()
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		code, text = e.ErrorCode(), e.ErrorMessage()
	}
	switch {
	case waiter.Denied(err):
		return failed(err, "the broker may not do that in its AWS account; its operator finds the details in its log")
	case waiter.Transient(err):
		p := failed(err, "AWS does not answer, or takes no more requests for now; try again later")
		p.Status = http.StatusServiceUnavailable
		return p
	case code == "LimitExceededException" || code == "LimitExceeded":
		p := failed(err, "the AWS account has no room for another stack: %s", text)
		p.Status = http.StatusServiceUnavailable
		return p
	case code == "ValidationError":
		p := malformed("CloudFormation refuses it: %s", text)
		p.cause = err
		return p
	}
	return failed(err, "the request failed: %s", text)
}
