package signal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/signal"
)

const (
	secret    = "0123456789abcdef0123456789abcdef"
	handleURL = "https://bucket.s3.amazonaws.com/arn%3Aaws%3Astack/Handle?X-Amz-Expires=86399&X-Amz-Signature=" + secret
)

func parsed(t *testing.T, text string) signal.Handle {
	t.Helper()
	h, err := signal.ParseHandle(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAHandleIsAURLOrOneInBase64(t *testing.T) {
	for _, text := range []string{handleURL, " " + handleURL + "\n", base64.StdEncoding.EncodeToString([]byte(handleURL))} {
		if got := parsed(t, text).URL(); got != handleURL {
			t.Errorf("%q: got %q", text, got)
		}
	}
	for _, text := range []string{"", "ftp://host/" + secret, "http://", "https://host/%zz" + secret, "nonsense " + secret, base64.StdEncoding.EncodeToString([]byte("x" + secret)), "https://a b/" + secret} {
		if _, err := signal.ParseHandle(text); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if got := (signal.Handle{}).String() + (signal.Handle{}).URL(); got != "no handle" {
		t.Errorf("got %q", got)
	}
}

func TestAHandleIsNeverPrintedWhole(t *testing.T) {
	h := parsed(t, handleURL)
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("x", "handle", h, "pointer", &h, "inside", struct{ H signal.Handle }{h})
	}
	text := log.String() + fmt.Sprint(h, &h, errors.New(h.String()))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text += fmt.Sprintf(verb, h) + fmt.Sprintf(verb, struct{ h signal.Handle }{h}) + fmt.Sprintf(verb, []any{&h})
	}
	if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
		t.Errorf("the secret is in %s", text)
	}
	if got, want := h.String(), "https://bucket.s3.amazonaws.com/arn:aws:stack/Handle?…"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
