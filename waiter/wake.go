package waiter

import (
	"context"
	"time"
)

// Wake makes the waits for a stack, named by its ARN, and the streams of its events look at it at
// once instead of when their pause is over. It is for those who are told of what happens to stacks:
// [StackOf] and [StatusOf] read such messages, and package waiter/queue a queue of them. It does nothing
// if nobody waits for the stack.
//
// A message may be lost, so the poller goes on reading, too; where messages come, it may do so
// seldom: set MinInterval to a minute.
func (p *Poller) Wake(stackID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for b, stack := range p.bells {
		if stack == stackID {
			select {
			case b <- struct{}{}:
			default: // it was rung already
			}
		}
	}
}

// MakeRoom has the poller read at half its rate, from which it grows back slowly, as when one of its
// own calls is throttled. It is for those who write to the same account and region when these writes
// are throttled: they matter more.
func (p *Poller) MakeRoom() {
	for k := range p.limiters {
		p.limiters[k].throttled()
	}
}

// A bell is rung when something has happened to a stack. It holds one ring.
type bell chan struct{}

// hang returns a bell for a stack, which unhang takes away again.
func (p *Poller) hang(stack string) bell {
	b := make(bell, 1)
	p.rehang(b, stack)
	return b
}

// rehang makes b the bell of another stack: that which the name of the first stood for.
func (p *Poller) rehang(b bell, stack string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bells == nil {
		p.bells = map[bell]string{}
	}
	p.bells[b] = stack
}

func (p *Poller) unhang(b bell) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.bells, b)
}

// sleep sleeps until d has passed or the bell rings, and reports which.
func (b bell) sleep(ctx context.Context, d time.Duration) (rung bool, err error) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return false, nil
	case <-b:
		return true, nil
	case <-ctx.Done():
		return false, cause(ctx)
	}
}
