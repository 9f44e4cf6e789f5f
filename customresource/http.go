package customresource

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

const (
	// maxEvent is how many bytes an event may have.
	maxEvent = 4 << 20
	// syncLimit is for how long ROS waits for an answer to its HTTP request.
	syncLimit = 10 * time.Second
)

// ServeHTTP answers the event in the body of a POST. If the event has no URL to send the response to,
// the response is the answer, within ten seconds, for a ServiceToken web[sync]:… of ROS; else see
// [Handler.Wait]. It speaks what Function Compute wants of a custom runtime.
func (h *Handler[P]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("x-fc-control-path") == "/initialize" {
		return // nothing is to be set up
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "a custom resource event is sent with POST", http.StatusMethodNotAllowed)
		return
	}
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxEvent))
	if err != nil {
		status := http.StatusBadRequest
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "the event cannot be read", status)
		return
	}
	e, err := ParseEvent(payload)
	if err != nil {
		h.log().LogAttrs(r.Context(), slog.LevelError, "custom resource event refused", slog.String("reason", err.Error()))
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	inFunction := r.Header.Get("x-fc-request-id") != ""
	if !e.Synchronous() && !h.Wait && !inFunction {
		h.detach(r.Context(), e)
		return
	}
	ctx, cancel := timeOf(r, e)
	defer cancel()
	body, err := h.handle(ctx, e)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // whoever asked is gone if this fails
}

// detach works on an event after its HTTP request has been answered.
func (h *Handler[P]) detach(ctx context.Context, e *Event) {
	ctx = context.WithoutCancel(ctx)
	h.background.Go(func() { _, _ = h.handle(ctx, e) }) // it has logged what went wrong
}

// Drain waits for the work that goes on after its HTTP requests have been answered, or until ctx
// ends: call it when the server has been shut down.
func (h *Handler[P]) Drain(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		h.background.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// timeOf bounds the work on a request by the time for which its sender waits, or its function runs.
func timeOf(r *http.Request, e *Event) (context.Context, context.CancelFunc) {
	limit := time.Duration(0)
	if n, err := strconv.Atoi(r.Header.Get("x-fc-function-timeout")); err == nil && n > 0 {
		limit = time.Duration(min(n, 24*60*60)) * time.Second
	}
	ctx := r.Context()
	switch {
	case !e.Synchronous():
		ctx = context.WithoutCancel(ctx) // who sent the event need not wait for the response
	case limit == 0 || limit > syncLimit:
		limit = syncLimit
	}
	if limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}
