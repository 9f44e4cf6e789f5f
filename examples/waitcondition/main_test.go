package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// The tests run the child process, too, which is this program again.
func TestMain(m *testing.M) {
	if isServer() {
		os.Exit(serve(context.Background(), os.Stderr))
	}
	os.Exit(m.Run())
}

func TestTheThreeEndings(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		code int
		want []string
		errs string
	}{
		{"ready", []string{"-after", "10ms"}, 0, []string{"| Ready         | state changed", "| Address       | state changed", `CREATE_COMPLETE: the server says "nginx is up", and has the address 203.0.113.1`}, ""},
		{"failed", []string{"-fail", "-after", "10ms"}, 1, []string{"| Ready         | WaitCondition received failed message: 'nginx did not start' for uniqueId: server", "| ROLLBACK_COMPLETE "}, "nginx did not start"},
		{"silent", []string{"-timeout"}, 1, []string{"| Ready         | WaitCondition timed out. Received 0 conditions when expecting 1", "| ROLLBACK_COMPLETE "}, "timed out"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			if code := run(t.Context(), tt.args, &out, &errs); code != tt.code {
				t.Errorf("exit %d", code)
			}
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not in\n%s", want, &out)
				}
			}
			if !strings.Contains(errs.String(), tt.errs) || tt.errs == "" && errs.Len() > 0 {
				t.Errorf("got %s", &errs)
			}
			if tt.code != 0 && strings.Contains(out.String(), "| Address       | state changed") {
				t.Errorf("the address came:\n%s", &out)
			}
		})
	}
}
