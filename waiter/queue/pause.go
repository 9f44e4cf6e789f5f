package queue

import (
	"context"
	"math/rand/v2"
	"time"
)

// longest is the longest pause, before it is spread.
const longest = 30 * time.Second

// backoff is the pause after faults+1 faults in a row.
func (r *Reader) backoff(faults int) time.Duration {
	d := r.Pause
	if d <= 0 {
		d = time.Second
	}
	for ; faults > 0 && d < longest; faults-- {
		d *= 2
	}
	d = min(longest, d)
	return d*4/5 + rand.N(d*2/5+1)
}

// sleep waits, and returns the cause if ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
