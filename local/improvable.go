package local

import (
	"context"
	"time"
)

// An improvable is a result that may become better: the caller said how long it would wait for that.
type improvable struct {
	result any
	wait   time.Duration   // from the beginning of the call
	next   time.Time       // when time alone may change it; zero if it does not
	bell   <-chan struct{} // closed when something else changes it
}

// patiently performs an operation again and again while its result may become better. ask takes the
// cloud's lock for itself.
func patiently(ctx context.Context, ask func() (any, error)) (any, error) {
	began := time.Now()
	for {
		result, err := ask()
		l, ok := result.(*improvable)
		if !ok || err != nil {
			return result, err
		}
		until := began.Add(l.wait)
		if !time.Now().Before(until) {
			return l.result, nil
		}
		if !l.next.IsZero() && l.next.Before(until) {
			until = l.next
		}
		timer := time.NewTimer(time.Until(until))
		select {
		case <-l.bell:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return l.result, nil // nobody waits for it any more
		}
		timer.Stop()
	}
}
