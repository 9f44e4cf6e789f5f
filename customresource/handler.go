package customresource

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// A Handler answers the events of custom resources with a [Provider]. It is a lambda.Handler of
// aws-lambda-go, an [http.Handler], and what an embedded cloud takes. Only Provider must be set. It is
// safe for concurrent use, its fields must not be changed once it has been used, and it must not be
// copied after that.
type Handler[P any] struct {
	// Provider does the work. If it is a [Completer], it is asked until the work is complete.
	Provider Provider[P]
	// Client sends responses; redirects are not followed. If nil, one with the default transport.
	Client *http.Client
	// Logger gets a record for each request, at Info or, if it failed, at Error; no property, and no
	// secret. If nil, nothing is logged.
	Logger *slog.Logger
	// Store keeps responses, so that a request that is delivered again, to another process, is
	// answered as before. If nil, this process knows its own last ones only.
	Store Store
	// Again starts the function again with a payload, in a run of its own: an asynchronous Lambda
	// invocation of the function by itself, say. It is what lets a [Completer] go on for longer than
	// one run. If nil, work that is not complete when the run is over has failed.
	Again func(ctx context.Context, payload []byte) error
	// Interval is the pause between two questions whether work is complete. If zero, five seconds.
	Interval time.Duration
	// Margin is how long before the end of a run the provider is stopped, so that there is time to
	// answer. If zero, two seconds, but not more than a quarter of the time that there is.
	Margin time.Duration
	// Limit is for how long a request may be worked on in all its runs. If zero, the ServiceTimeout
	// among the properties, else an hour on AWS and twelve on ROS, which does not tell its Timeout.
	Limit time.Duration
	// Wait makes an HTTP request, whose event names a ResponseURL, wait until the response has been
	// sent there. If false, it is answered with 200 at once, and the work goes on; but requests from
	// Function Compute always wait, since a function stops when it has answered.
	Wait bool

	once       sync.Once
	recent     *memory
	background sync.WaitGroup
}

// Invoke answers the event in a payload and sends the response. It returns the response if the event
// has no URL to send it to, else "null". Give lambda.Start the Handler, not this method: it would take
// that for a function that wants its event in Base64.
//
// # Errors
//
// One if the payload is no event that can be answered, or the response could not be delivered: Lambda
// then tries once more, and the provider is not asked again for what it has done. What fails in the
// provider is no error: it is the response.
func (h *Handler[P]) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	e, err := ParseEvent(payload)
	if err != nil {
		h.log().LogAttrs(ctx, slog.LevelError, "custom resource event refused", slog.String("reason", err.Error()))
		return nil, err
	}
	return h.handle(ctx, e)
}

func (h *Handler[P]) handle(ctx context.Context, e *Event) ([]byte, error) {
	body, err := h.remembered(ctx, e)
	switch {
	case err == nil && body == nil:
		return []byte("null"), nil
	case err == nil && e.Synchronous():
		return body, nil
	case err == nil:
		err = h.send(ctx, e, body)
	}
	if err != nil {
		h.log().LogAttrs(ctx, slog.LevelError, "custom resource response not delivered", slog.Any("event", e), slog.String("reason", err.Error()))
		return nil, err
	}
	return []byte("null"), nil
}

// Respond answers an event without sending the response: for what delivers events in this process.
// [Handler.Again] is not used; work goes on until ctx ends.
func (h *Handler[P]) Respond(ctx context.Context, e *Event) *Response {
	return h.run(ctx, e, false)
}

// encoded is the response that was run for, or the failure that there is in its place, as it is sent;
// nil if the work goes on in another run.
func (h *Handler[P]) encoded(ctx context.Context, e *Event) ([]byte, error) {
	r := h.run(ctx, e, true)
	if r == nil {
		return nil, nil
	}
	return r.Encode(e.Dialect)
}

func (h *Handler[P]) log() *slog.Logger {
	if h.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return h.Logger
}

// A continuation is what a later run of a request gets to know of the earlier ones.
type continuation struct {
	Run                int // counts them
	Since              time.Time
	PhysicalResourceID string `json:"PhysicalResourceId"`
	State              string `json:",omitempty"`
}

// again starts another run for work that is not complete.
func (h *Handler[P]) again(ctx context.Context, e *Event, c continuation) error {
	next := *e
	next.continued = &c
	payload, err := json.Marshal(&next)
	if err != nil {
		return err
	}
	return h.Again(ctx, payload)
}
