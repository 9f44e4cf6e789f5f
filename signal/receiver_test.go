package signal_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/signal"
)

func TestAReceiverTakesWhatIsASignal(t *testing.T) {
	for _, tt := range []struct {
		name, method, body string
		rule               signal.Rule
		record             error
		status             int
		recorded           bool
	}{
		{"a signal", "PUT", `{"Status":"SUCCESS","UniqueId":"a"}`, signal.Lenient, nil, 200, true},
		{"one that Heat would refuse", "PUT", `{"Status":"SUCCESS","UniqueId":"a"}`, signal.Strict, nil, 400, false},
		{"a post", "POST", `{"Status":"SUCCESS","UniqueId":"a"}`, signal.Lenient, nil, 405, false},
		{"no JSON", "PUT", `hello`, signal.Lenient, nil, 400, false},
		{"a megabyte", "PUT", strings.Repeat("x", 1<<20), signal.Lenient, nil, 413, false},
		{"no room for it", "PUT", `{"Status":"SUCCESS","UniqueId":"a"}`, signal.Lenient, errors.New("password in a path"), 500, true},
	} {
		recorded := false
		r := &signal.Receiver{Rule: tt.rule, Record: func(_ context.Context, s signal.Signal) error {
			recorded = s.UniqueID == "a"
			return tt.record
		}}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), tt.method, "/", strings.NewReader(tt.body)))
		if w.Code != tt.status || recorded != tt.recorded || strings.Contains(w.Body.String(), "password") {
			t.Errorf("%s: %d %s, recorded: %t", tt.name, w.Code, w.Body, recorded)
		}
	}
}

func TestASenderAndAReceiver(t *testing.T) {
	var got []signal.Signal
	server := httptest.NewServer(&signal.Receiver{Rule: signal.Strict, Record: func(_ context.Context, s signal.Signal) error {
		got = append(got, s)
		return nil
	}})
	defer server.Close()
	if err := signal.Send(t.Context(), parsed(t, server.URL), ready, nil); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0] != ready {
		t.Errorf("got %v", got)
	}
	refused, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer refused.Body.Close()
	if refused.Header.Get("Allow") != "PUT" {
		t.Errorf("got %v", refused)
	}
}
