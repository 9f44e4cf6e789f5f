package waiter

import (
	"context"
	"sync"
	"time"
)

const (
	defaultRate = 4.0 // calls a second, below the lowest quota that was ever reported
	lowestRate  = 0.2
)

// A limiter spaces calls: at most its rate, after a burst of two seconds' worth. A throttled call
// halves the rate, at most once a second; it grows back by a twentieth of the full rate a second.
type limiter struct {
	mu      sync.Mutex
	full    float64 // 0 before the first use
	rate    float64
	next    time.Time // when the next call is due if there is no burst
	changed time.Time // when rate was last changed
	cut     time.Time // when it was last halved
}

// take waits for the turn of a call. full is the rate when nothing is throttled; below 0 there is
// no limit.
func (l *limiter) take(ctx context.Context, full float64) error {
	if full < 0 {
		return cause(ctx)
	}
	if full == 0 {
		full = defaultRate
	}
	return sleep(ctx, l.reserve(time.Now(), full))
}

func (l *limiter) reserve(now time.Time, full float64) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full != full {
		l.full, l.rate, l.changed = full, full, now
	}
	l.rate = min(l.full, l.rate+l.full/20*now.Sub(l.changed).Seconds())
	l.changed = now
	step := time.Duration(float64(time.Second) / l.rate)
	if earliest := now.Add(min(0, step-2*time.Second)); l.next.Before(earliest) {
		l.next = earliest
	}
	due := l.next
	l.next = l.next.Add(step)
	return due.Sub(now)
}

func (l *limiter) throttled() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.full == 0 || now.Sub(l.cut) < time.Second {
		return
	}
	l.cut, l.changed = now, now
	l.rate = max(l.rate/2, lowestRate)
}

// sleep waits, and returns the cause if ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return cause(ctx)
	}
}

// cause returns why ctx ended, or nil.
func cause(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}
