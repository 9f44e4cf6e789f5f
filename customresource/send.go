package customresource

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	sendAttempts = 8
	sendPause    = 200 * time.Millisecond // before the second attempt, doubled each time
	sendTimeout  = 10 * time.Second       // of one attempt
)

// send delivers a response. What the network or the other side's servers do wrong is tried again;
// what is refused is not. No error holds the URL.
func (h *Handler[P]) send(ctx context.Context, e *Event, body []byte) error {
	var last error
	pause := sendPause
	for attempt := range sendAttempts {
		if attempt > 0 {
			if err := sleep(ctx, pause); err != nil {
				return fmt.Errorf("%w; last: %w", err, last)
			}
			pause *= 2
		}
		final, err := h.deliver(ctx, e, body)
		if err == nil {
			return nil
		}
		last = fmt.Errorf("the response of %s was not delivered in %d attempts: %w", e.LogicalResourceID, attempt+1, err)
		if final || ctx.Err() != nil {
			return last
		}
	}
	return last
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// deliver makes one attempt: at the URL within Alibaba Cloud first, if there is one, and at the other
// if that is not reached. final reports that another attempt is of no use.
func (h *Handler[P]) deliver(ctx context.Context, e *Event, body []byte) (final bool, err error) {
	for _, to := range []Secret{e.IntranetResponseURL, e.ResponseURL} {
		if to == "" {
			continue
		}
		var answered bool
		if answered, final, err = h.put(ctx, e.Dialect, to, body); answered {
			return final, err
		}
	}
	return false, err
}

// put sends a response to a URL. Only the status 200 is success.
func (h *Handler[P]) put(ctx context.Context, d Dialect, to Secret, body []byte) (answered, final bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, d.Method(), to.Reveal(), bytes.NewReader(body))
	if err != nil {
		return true, true, errors.New("its URL cannot be used")
	}
	d.header(request.Header, time.Now())
	response, err := h.client().Do(request)
	if err != nil {
		return false, false, withoutURL(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // so that the connection can be used again
	if response.StatusCode == http.StatusOK {
		return true, true, nil
	}
	return true, response.StatusCode < http.StatusInternalServerError, fmt.Errorf("it was answered %d %s", response.StatusCode, http.StatusText(response.StatusCode))
}

// client is one that follows no redirect: that could turn the request into a GET, whose 200 says
// nothing.
func (h *Handler[P]) client() *http.Client {
	client := http.Client{}
	if h.Client != nil {
		client = *h.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// withoutURL takes the URL out of an error of package http, as whoever has it may answer.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}
