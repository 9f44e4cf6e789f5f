package waiter

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

// A Poller reads the state of stacks for any number of waits in one account and region. Only API
// must be set. It has no goroutines of its own: those who wait do the work, and share what they
// read. It is safe for concurrent use and must not be copied after its first use.
type Poller struct {
	// API is where the stacks are read. It is required.
	API API
	// Logger gets a record at Debug for each call, and at Warn for those that are tried again. If
	// nil, nothing is logged.
	Logger *slog.Logger
	// MinInterval is the pause between two reads for a wait that is young. If zero, one second.
	MinInterval time.Duration
	// MaxInterval is the pause for a wait that is old; in between, it is a twentieth of the wait's
	// age. If zero, three seconds, or MinInterval if that is more. Lists of all stacks in progress are
	// a third further apart than the reads of a typical wait would be.
	MaxInterval time.Duration
	// Rate is how many calls a second are made at most of each kind, since CloudFormation has a
	// quota for each, for all waits together; what was left in the last two seconds may be made up for.
	// If zero, four; below zero there is no limit, as suits an endpoint without a quota. While
	// CloudFormation throttles, fewer are made.
	Rate float64
	// SweepAbove is the number of open waits above which all stacks in progress are listed
	// together, instead of each being read by name: a list is one call, if it fits on a page. If
	// zero, two; below zero they never are.
	SweepAbove int
	// Grace is how long a wait bears with a status that does not belong to its operation, such as
	// one from before it. If zero, thirty seconds.
	Grace time.Duration
	// CallTimeout is how long one call may take before it is given up and made again. If zero,
	// thirty seconds.
	CallTimeout time.Duration

	limiters [kinds]limiter
	mu       sync.Mutex
	waits    map[*watch]bool // open now
	bells    map[bell]string // to the stack that each is rung for
	sweep    sweep
}

// A kind of call has a quota of its own.
type kind int

const (
	describeStacks kind = iota
	describeEvents
	listStacks
	others // of those who use Poll

	kinds // how many there are
)

func (p *Poller) grace() time.Duration { return orElse(p.Grace, 30*time.Second) }

// interval is the pause after a read by a wait that began so long ago.
func (p *Poller) interval(age time.Duration) time.Duration { return jitter(p.even(age)) }

// even is interval without its jitter.
func (p *Poller) even(age time.Duration) time.Duration {
	low := orElse(p.MinInterval, time.Second)
	high := max(low, orElse(p.MaxInterval, 3*time.Second))
	return min(high, max(low, age/20))
}

// Poll calls read, at once and then at the pace of the poller, until it reports done. An error that
// may go away by itself ([Transient]) only slows it down; one that says that the caller may not
// ([Denied]) ends it when it comes twice in a row; any other ends it at once. When ctx ends, Poll
// returns its cause.
//
// It is for whatever else is waited for in the same account and region, such as a change set; each
// call of read counts as one call.
func (p *Poller) Poll(ctx context.Context, read func(context.Context) (done bool, err error)) error {
	return p.poll(ctx, func(ctx context.Context) (bool, error) {
		return call(ctx, p, others, func(ctx context.Context, _ func(*cloudformation.Options)) (bool, error) { return read(ctx) })
	})
}

// poll is Poll for a read whose calls each wait for their turn.
func (p *Poller) poll(ctx context.Context, read func(context.Context) (bool, error)) error {
	pace := pacer{poller: p, began: time.Now()}
	for {
		done, err := pace.read(ctx, read)
		if done || err != nil {
			return err
		}
		if err := pace.rest(ctx); err != nil {
			return err
		}
	}
}

// A pacer is the pace of one wait.
type pacer struct {
	poller *Poller
	began  time.Time
}

// rest waits until it is time for the next read.
func (c *pacer) rest(ctx context.Context) error {
	return sleep(ctx, c.poller.interval(time.Since(c.began)))
}

// read calls read until it gives an answer, or an error that trying again does not cure.
func (c *pacer) read(ctx context.Context, read func(context.Context) (bool, error)) (bool, error) {
	denied := false
	for faults := 0; ; faults++ {
		done, err := read(ctx)
		switch {
		case err == nil:
			return done, nil
		case ctx.Err() != nil:
			return false, context.Cause(ctx)
		case Transient(err):
			denied = false
		case Denied(err) && !denied:
			denied = true
		default:
			return false, err
		}
		pause := backoff(orElse(c.poller.MinInterval, time.Second), faults)
		c.poller.log().LogAttrs(ctx, slog.LevelWarn, "read failed, trying again", slog.String("error", err.Error()), slog.Duration("pause", pause))
		if err := sleep(ctx, pause); err != nil {
			return false, err
		}
	}
}

// call makes one call when its turn has come: in one attempt, since the poller tries again itself
// and must see each throttling, and within CallTimeout.
func call[T any](ctx context.Context, p *Poller, k kind, f func(context.Context, func(*cloudformation.Options)) (T, error)) (T, error) {
	var none T
	if err := p.limiters[k].take(ctx, p.Rate); err != nil {
		return none, err
	}
	bounded, cancel := context.WithTimeout(ctx, orElse(p.CallTimeout, 30*time.Second))
	defer cancel()
	out, err := f(bounded, func(o *cloudformation.Options) { o.Retryer = aws.NopRetryer{} })
	if err == nil {
		return out, nil
	}
	if Throttled(err) {
		p.limiters[k].throttled()
	}
	if ctx.Err() == nil && bounded.Err() != nil {
		err = context.DeadlineExceeded // the call's own end, however the client words it
	}
	return none, err
}

func (p *Poller) log() *slog.Logger {
	if p.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return p.Logger
}

// backoff is the pause before the next try after faults+1 faults: doubled each time, at most half a
// minute.
func backoff(first time.Duration, faults int) time.Duration {
	return jitter(min(30*time.Second, first<<min(faults, 8)))
}

// jitter spreads d by a fifth to either side.
func jitter(d time.Duration) time.Duration {
	return d*4/5 + rand.N(d*2/5+1)
}

func orElse[T comparable](v, zero T) T {
	var none T
	if v == none {
		return zero
	}
	return v
}
