package waiter

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// This file is the only one of the package that reads CloudFormation's error codes and texts.

// NotFound reports whether err says that the stack does not exist. name is what was sent: its name
// or its ARN. CloudFormation has no code for it, and uses the same one for a malformed name.
func NotFound(err error, name string) bool {
	if _, ok := errors.AsType[*types.StackNotFoundException](err); ok {
		return true
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || api.ErrorCode() != "ValidationError" {
		return false
	}
	text := api.ErrorMessage()
	return strings.Contains(text, "does not exist") && strings.Contains(text, name)
}

// Throttled reports whether err says that there were too many calls.
func Throttled(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	if _, ok := retry.DefaultThrottleErrorCodes[api.ErrorCode()]; ok {
		return true
	}
	return api.ErrorCode() == "ValidationError" && strings.Contains(api.ErrorMessage(), "Rate exceeded")
}

// Transient reports whether err may go away by itself: throttling, a fault of the server, or a
// connection that could not be made or broke. The end of the caller's own context is none.
func Transient(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	if Throttled(err) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && response.HTTPStatusCode() >= 500 {
		return response.HTTPStatusCode() != http.StatusNotImplemented // so an emulator answers, and will not change its mind
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		_, known := retry.DefaultRetryableErrorCodes[api.ErrorCode()]
		return known || api.ErrorFault() == smithy.FaultServer || api.ErrorCode() == "InternalFailure" || api.ErrorCode() == "ServiceUnavailable"
	}
	return broken(err)
}

// broken reports whether the connection failed before there was an answer.
func broken(err error) bool {
	if _, ok := errors.AsType[*smithyhttp.RequestSendError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		(retry.RetryableConnectionError{}).IsErrorRetryable(err) == aws.TrueTernary
}

// Denied reports whether err says that the caller may not: no permission, or credentials that are
// absent, wrong or expired.
func Denied(err error) bool {
	if err == nil {
		return false
	}
	if _, ok := errors.AsType[*smithy.CanceledError](err); ok {
		return false
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return strings.Contains(err.Error(), "get credentials") || strings.Contains(err.Error(), "retrieve credentials")
	}
	switch api.ErrorCode() {
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized",
		"ExpiredToken", "ExpiredTokenException", "RequestExpired",
		"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
		"IncompleteSignature", "MissingAuthenticationToken", "InvalidAccessKeyId", "AuthFailure", "OptInRequired":
		return true
	}
	return false
}
