package stacktest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// recorder keeps what a check says of a template, in place of the test that it would fail.
type recorder struct {
	testing.TB
	t        *testing.T
	messages []string
}

func record(t *testing.T) *recorder          { return &recorder{t: t} }
func (r *recorder) Helper()                  {}
func (r *recorder) Context() context.Context { return r.t.Context() }
func (r *recorder) Cleanup(f func())         { r.t.Cleanup(f) }
func (r *recorder) Errorf(format string, args ...any) {
	r.messages = append(r.messages, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...) }

// says checks that there is just one message, and what is in it.
func (r *recorder) says(parts ...string) {
	r.t.Helper()
	if len(r.messages) != 1 {
		r.t.Errorf("got %d messages, want 1: %q", len(r.messages), r.messages)
		return
	}
	for _, part := range parts {
		if !strings.Contains(r.messages[0], part) {
			r.t.Errorf("got %q, want %q in it", r.messages[0], part)
		}
	}
}

// silent checks that nothing was said.
func (r *recorder) silent() {
	r.t.Helper()
	if len(r.messages) != 0 {
		r.t.Errorf("got %q, want no message", r.messages)
	}
}
