package customresource

import (
	"context"
	"sync/atomic"
	"time"
)

// ask has the provider do what is asked, and waits until that is complete.
func (h *Handler[P]) ask(ctx context.Context, r *Request[P], begun *atomic.Pointer[Result]) outcome {
	var o outcome
	if c := r.continued; c != nil {
		o.result = &Result{PhysicalID: c.PhysicalResourceID, State: c.State}
	} else {
		o.result, o.err = h.begin(ctx, r)
	}
	completer, ok := h.Provider.(Completer[P])
	if !ok || o.err != nil {
		return o
	}
	first := Result{PhysicalID: r.physicalID(o.result)}
	if o.result != nil {
		first.State = o.result.State
	}
	begun.Store(&first)
	return h.complete(ctx, r, completer, &first)
}

// begin calls the method of the provider that is asked for.
func (h *Handler[P]) begin(ctx context.Context, r *Request[P]) (*Result, error) {
	switch r.RequestType {
	case Create:
		return h.Provider.Create(ctx, r)
	case Update:
		return h.Provider.Update(ctx, r)
	}
	return nil, h.Provider.Delete(ctx, r)
}

// complete asks until the work is complete, or the time of this run is over.
func (h *Handler[P]) complete(ctx context.Context, r *Request[P], completer Completer[P], begun *Result) outcome {
	e := *r.Event
	e.PhysicalResourceID = begun.PhysicalID
	asked := *r
	asked.Event, asked.State = &e, begun.State
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return outcome{result: begun, pending: true}
		case <-pause.C:
		}
		result, err := completer.IsComplete(ctx, &asked)
		switch {
		case ctx.Err() != nil && (err != nil || result == nil):
			return outcome{result: begun, pending: true}
		case err != nil || result != nil:
			return outcome{result: keepID(result, begun), err: err}
		}
		pause.Reset(h.interval())
	}
}

// keepID gives a result that names no resource the ID of the one that was begun.
func keepID(result, begun *Result) *Result {
	if result == nil {
		return &Result{PhysicalID: begun.PhysicalID}
	}
	kept := *result
	if kept.PhysicalID == "" {
		kept.PhysicalID = begun.PhysicalID
	}
	return &kept
}

func (h *Handler[P]) interval() time.Duration {
	if h.Interval > 0 {
		return h.Interval
	}
	return 5 * time.Second
}
