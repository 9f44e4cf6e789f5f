package executor

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/waiter"
)

const (
	tries        = 8                // of one call, beside those of the SDK itself
	longestPause = 15 * time.Second // between two tries
	firstContact = 30 * time.Second // for the first answer of an endpoint
)

// call makes one call for a stack. What may go away by itself is tried again with the same input,
// so with the same token; but an endpoint that never answered is given up soon, since it is more
// often wrong than down.
func call[I, O any](ctx context.Context, c *Client, name, stackName string, f func(context.Context, *I, ...func(*cloudformation.Options)) (*O, error), in *I) (*O, error) {
	for try := 1; ; try++ {
		began := time.Now()
		out, err := attempt(ctx, c, f, in)
		c.log().LogAttrs(ctx, slog.LevelDebug, "call", slog.String("operation", name), slog.String("stack", stackName),
			slog.Int("try", try), slog.Duration("took", time.Since(began)), slog.Bool("ok", err == nil))
		switch {
		case err == nil:
			c.reached.Store(true)
			return out, nil
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case try == tries || !waiter.Transient(err) || !c.reached.Load() && !waiter.Throttled(err):
			return nil, explain(stackName, name, err)
		}
		if waiter.Throttled(err) {
			c.watcher().MakeRoom()
		}
		if err := pause(ctx, try); err != nil {
			return nil, err
		}
	}
}

func attempt[I, O any](ctx context.Context, c *Client, f func(context.Context, *I, ...func(*cloudformation.Options)) (*O, error), in *I) (*O, error) {
	if !c.reached.Load() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, firstContact)
		defer cancel()
	}
	return f(ctx, in)
}

// once keeps the SDK from trying again itself, where the poller does.
func once(o *cloudformation.Options) { o.Retryer = aws.NopRetryer{} }

// pause waits before the next try: half a second at first, twice as long each time, give or take a
// half.
func pause(ctx context.Context, try int) error {
	d := min(longestPause, time.Second/2<<(try-1))
	timer := time.NewTimer(d/2 + rand.N(d))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
