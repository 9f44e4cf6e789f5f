package signal

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options say how [Send] sends. Nil is all zero.
type Options struct {
	// Client sends. If nil, one that gives each attempt 30 seconds.
	Client *http.Client
	// Attempts is how often is tried. If zero, five times.
	Attempts int
	// Pause is about how long is waited before the second attempt; each later pause is twice as long as
	// the one before, up to a minute. If zero, one second.
	Pause time.Duration
}

const (
	defaultAttempts = 5
	defaultPause    = time.Second
	maxPause        = time.Minute
	attemptTime     = 30 * time.Second
)

// A RefusedError is an answer other than success to a signal.
type RefusedError struct {
	// StatusCode is that of HTTP.
	StatusCode int
	// Code and Message are the answer's own, such as AccessDenied and Request has expired; empty if it
	// has none.
	Code, Message string
}

func (e *RefusedError) Error() string {
	text := fmt.Sprintf("HTTP status %d", e.StatusCode)
	for _, more := range []string{e.Code, e.Message} {
		if more != "" {
			text += ": " + more
		}
	}
	switch {
	case e.StatusCode == http.StatusForbidden:
		text += "; the handle's URL is no longer valid, or was changed on its way: take the one that Ref returns now"
	case e.StatusCode == http.StatusNotFound:
		text += "; the handle is gone, probably with its stack"
	}
	return text
}

// Send puts a signal to a wait condition handle, whose URL is all the permission that is needed. What
// fails for a reason that may pass, an error of the network or an HTTP status of 500 or more, is tried
// again; a refusal is not. A signal that arrives twice counts once.
//
// # Errors
//
// [ErrInvalid], before anything is sent; a [*RefusedError]; the cause of ctx, with the last failure.
// None of them holds the handle's secret.
func Send(ctx context.Context, handle Handle, s Signal, opts *Options) error {
	if handle.at == nil {
		return invalid([]error{errHandle})
	}
	if err := s.Check(); err != nil {
		return err
	}
	o := Options{}
	if opts != nil {
		o = *opts
	}
	if err := o.deliver(ctx, handle, s.encode()); err != nil {
		return fmt.Errorf("signal %s: %w", handle, err)
	}
	return nil
}

// deliver tries until an attempt succeeds, is refused, or was the last one.
func (o Options) deliver(ctx context.Context, handle Handle, text []byte) error {
	attempts, pause := o.Attempts, o.Pause
	if attempts <= 0 {
		attempts = defaultAttempts
	}
	if pause <= 0 {
		pause = defaultPause
	}
	for n := 1; ; n++ {
		err := o.put(ctx, handle, text)
		switch {
		case err == nil || isFinal(err):
			return err
		case ctx.Err() != nil:
			return errors.Join(context.Cause(ctx), err)
		case n == attempts:
			return fmt.Errorf("given up after %d attempts: %w", n, err)
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, maxPause)
	}
}

// isFinal reports whether trying again is of no use.
func isFinal(err error) bool {
	refused, ok := errors.AsType[*RefusedError](err)
	return ok && refused.StatusCode < http.StatusInternalServerError
}

// put makes one attempt. There is no Content-Type, since the URL is signed without one.
func (o Options) put(ctx context.Context, handle Handle, text []byte) error {
	client := o.Client
	if client == nil {
		client = &http.Client{Timeout: attemptTime}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, handle.URL(), bytes.NewReader(text))
	if err != nil {
		return errHandle // err would say the URL
	}
	answer, err := client.Do(request)
	if err != nil {
		return handle.safe(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 == 2 {
		return nil
	}
	refused := &RefusedError{StatusCode: answer.StatusCode}
	refused.Code, refused.Message = reasons(answer.Body)
	refused.Code, refused.Message = handle.redact(refused.Code), handle.redact(refused.Message)
	return refused
}

// safe takes the URL off an error of net/http.
func (h Handle) safe(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if text := h.redact(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// reasons reads the Code and Message of an answer: those of S3, or of a Query service, where they stand
// deeper.
func reasons(answer io.Reader) (code, message string) {
	const most = 64 << 10
	d := xml.NewDecoder(io.LimitReader(answer, most))
	for {
		token, err := d.Token()
		if err != nil {
			return code, message
		}
		start, ok := token.(xml.StartElement)
		switch {
		case ok && start.Name.Local == "Code" && code == "":
			code = textOf(d, &start)
		case ok && start.Name.Local == "Message" && message == "":
			message = textOf(d, &start)
		}
	}
}

func textOf(d *xml.Decoder, start *xml.StartElement) string {
	var text string
	if d.DecodeElement(&text, start) != nil {
		return ""
	}
	return strings.TrimSpace(text)
}
