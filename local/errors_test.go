package local_test

import (
	"errors"
	"testing"

	"github.com/aws/smithy-go"
)

// refusedWith checks that a request was refused with a code and a message.
func refusedWith(t *testing.T, err error, code, message string) {
	t.Helper()
	refusal, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		t.Errorf("got %v, want a refusal with %q", err, message)
		return
	}
	if refusal.ErrorCode() != code || refusal.ErrorMessage() != message {
		t.Errorf("got %s: %q\nwant %s: %q", refusal.ErrorCode(), refusal.ErrorMessage(), code, message)
	}
}

// refusal is the message with which a request was refused.
func refusal(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorMessage()
	}
	return ""
}
