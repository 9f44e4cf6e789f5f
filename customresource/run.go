package customresource

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"
)

// An outcome is what came of asking a provider.
type outcome struct {
	result  *Result
	data    []byte // of the result, as JSON
	err     error
	unsure  bool     // there may be something in spite of err: it panicked, say, or did not return
	pending bool     // the work goes on
	secrets []string // what no text may show
}

// Reasons of our own.
var (
	errNoTime   = errors.New("the function had to stop before the work was done: its time limit is too short for it")
	errPanicked = errors.New("the provider panicked; its log says where")
)

// run asks the provider and makes the response, nil if work goes on in another run.
func (h *Handler[P]) run(ctx context.Context, e *Event, mayGoOn bool) *Response {
	begun := time.Now()
	since, number := begun, 1
	if e.continued != nil {
		since, number = e.continued.Since, e.continued.Run+1
	}
	o := h.bounded(ctx, e, since)
	if o.pending && mayGoOn && h.Again != nil && !e.Synchronous() && h.hasMoreTime(e, since) {
		err := h.again(ctx, e, continuation{number, since, o.result.PhysicalID, o.result.State})
		if err == nil {
			h.log().LogAttrs(ctx, slog.LevelInfo, "custom resource goes on in another run", slog.Any("event", e))
			return nil
		}
		o.err = fmt.Errorf("the work cannot go on in another run: %w", err)
	}
	if o.pending && o.err == nil {
		o.err = errNoTime
	}
	r := e.response(&o)
	level := slog.LevelInfo
	if r.Status == Failed {
		level = slog.LevelError
	}
	h.log().LogAttrs(ctx, level, "custom resource answered", slog.Any("event", e), slog.String("status", string(r.Status)),
		slog.String("reason", r.Reason), slog.String("physicalID", r.PhysicalResourceID), slog.Duration("took", time.Since(begun)))
	return r
}

// bounded asks the provider within the time that there is. The provider is told to stop somewhat
// before the end; one that does not is left behind.
func (h *Handler[P]) bounded(ctx context.Context, e *Event, since time.Time) outcome {
	stop, last := h.window(ctx, e, since)
	work, cancel := context.WithDeadline(ctx, stop)
	defer cancel()
	done, begun := make(chan outcome, 1), &atomic.Pointer[Result]{}
	go func() { done <- h.guarded(work, e, begun) }()
	select {
	case o := <-done:
		return o
	case <-work.Done():
	}
	grace := time.NewTimer(last.Sub(stop))
	defer grace.Stop()
	select {
	case o := <-done:
		return o
	case <-grace.C:
	}
	if r := begun.Load(); r != nil {
		return outcome{result: r, pending: true}
	}
	return outcome{err: errNoTime, unsure: true}
}

// window returns when the provider is to stop, and when the response is made without it.
func (h *Handler[P]) window(ctx context.Context, e *Event, since time.Time) (stop, last time.Time) {
	end := since.Add(h.limit(e))
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(end) {
		end = deadline
	}
	margin := h.Margin
	if margin == 0 {
		margin = min(2*time.Second, max(0, time.Until(end)/4))
	}
	return end.Add(-margin), end.Add(-margin / 2)
}

func (h *Handler[P]) limit(e *Event) time.Duration {
	if h.Limit > 0 {
		return h.Limit
	}
	return e.serviceTimeout()
}

// hasMoreTime reports whether another run of the request could still come to something.
func (h *Handler[P]) hasMoreTime(e *Event, since time.Time) bool {
	return time.Until(since.Add(h.limit(e))) > 5*time.Second
}

// serviceTimeout is for how long the response is waited for.
func (e *Event) serviceTimeout() time.Duration {
	var p struct{ ServiceTimeout string }
	_ = Decode(e.ResourceProperties, &p) // other properties are none of its business
	if n, err := strconv.Atoi(p.ServiceTimeout); err == nil && n > 0 && e.Dialect == AWS {
		return time.Duration(min(n, int(e.Dialect.longest()/time.Second))) * time.Second
	}
	return e.Dialect.longest()
}

// guarded asks the provider, and turns what goes wrong in any way into an outcome. It sets begun when
// something has begun that takes longer.
func (h *Handler[P]) guarded(ctx context.Context, e *Event, begun *atomic.Pointer[Result]) (o outcome) {
	secrets := []string{e.ResponseURL.Reveal(), e.IntranetResponseURL.Reveal()}
	defer func() {
		if panicked := recover(); panicked != nil {
			h.log().LogAttrs(ctx, slog.LevelError, "custom resource provider panicked", slog.Any("event", e),
				slog.String("panic", redact(fmt.Sprint(panicked), secrets)), slog.String("stack", redact(string(debug.Stack()), secrets)))
			o = outcome{result: begun.Load(), err: errPanicked, unsure: true}
		}
		o.secrets = secrets
	}()
	if e.RequestType == Delete && (e.PhysicalResourceID == "" || NeverCreated(e.PhysicalResourceID)) {
		return outcome{}
	}
	r, err := newRequest[P](e)
	secrets = secretsIn(reflect.ValueOf(&r.OldProperties), secretsIn(reflect.ValueOf(&r.Properties), secrets))
	if err != nil {
		return outcome{err: err}
	}
	o = h.ask(ctx, r, begun)
	if o.err == nil && o.result != nil && o.result.Data != nil {
		o.data, o.err = encodeData(o.result.Data)
		o.unsure = o.err != nil
	}
	return o
}

// newRequest makes a typed request of an event, and refuses one that the provider need not see.
func newRequest[P any](e *Event) (*Request[P], error) {
	r := &Request[P]{Event: e}
	err := Decode(e.ResourceProperties, &r.Properties)
	switch e.RequestType {
	case Create:
	case Delete:
		r.Invalid = err
		return r, nil
	case Update:
		if e.PhysicalResourceID == "" {
			err = errors.Join(err, errors.New("an Update needs a PhysicalResourceId, and there is none"))
		}
		r.Invalid = Decode(e.OldResourceProperties, &r.OldProperties)
	default:
		err = errors.Join(err, errors.New("RequestType must be Create, Update or Delete"))
	}
	if v, ok := any(&r.Properties).(interface{ Validate() error }); ok {
		err = errors.Join(err, v.Validate())
	}
	return r, err
}

// encodeData writes what a provider tells as a JSON object.
func encodeData(data any) ([]byte, error) {
	text, err := compact(data)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the attributes cannot be written as JSON: %w", err)
	case string(text) == "null":
		return nil, nil
	case text[0] != '{':
		return nil, errors.New("the attributes are no JSON object; Result.Data must be a map or a struct")
	}
	return text, nil
}
