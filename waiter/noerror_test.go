package waiter_test

import (
	"testing"

	"github.com/updraft-go/updraft/waiter"
)

func TestNoErrorIsNone(t *testing.T) {
	if waiter.Denied(nil) || waiter.Throttled(nil) || waiter.Transient(nil) || waiter.NotFound(nil, "work") {
		t.Error("no error was taken for one")
	}
}
