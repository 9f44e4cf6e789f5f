package local

import (
	"container/heap"
	"context"
	"time"
)

// A loop runs the steps of one deployment one after another, in the order in which they fall due.
// Those that fall due at the same time run in the order in which they were asked for, so that a
// deployment without providers always goes the same way. Steps run with the cloud's lock held; it is
// let go while the loop waits.
type loop struct {
	cloud   *Cloud
	state   *stackState // that is deployed; nil if the loop is of none
	ctx     context.Context
	steps   steps
	asked   int         // how many steps were ever asked for
	busy    int         // calls that have not come back
	results chan func() // what calls that came back want done
	wake    chan struct{}
}

func newLoop(c *Cloud, s *stackState) *loop {
	return &loop{cloud: c, state: s, ctx: c.life, results: make(chan func()), wake: make(chan struct{}, 1)}
}

// A step is something to do at a time.
type step struct {
	due   time.Time
	order int
	do    func()
}

type steps []step

func (s steps) Len() int { return len(s) }
func (s steps) Less(i, j int) bool {
	if s[i].due.Equal(s[j].due) {
		return s[i].order < s[j].order
	}
	return s[i].due.Before(s[j].due)
}
func (s steps) Swap(i, j int) { s[i], s[j] = s[j], s[i] }
func (s *steps) Push(x any)   { *s = append(*s, x.(step)) }
func (s *steps) Pop() any {
	last := len(*s) - 1
	x := (*s)[last]
	*s = (*s)[:last]
	return x
}

// after asks for a step that is due in a while.
func (l *loop) after(wait time.Duration, do func()) {
	l.at(time.Now().Add(l.cloud.scaled(max(wait, 0))), do)
}

// at asks for a step that is due at a time.
func (l *loop) at(due time.Time, do func()) {
	l.asked++
	heap.Push(&l.steps, step{due, l.asked, do})
}

// scaled is how long something lasts, by the cloud's TimeScale.
func (c *Cloud) scaled(d time.Duration) time.Duration {
	if c.TimeScale > 0 {
		return time.Duration(float64(d) / c.TimeScale)
	}
	return d
}

// call runs f beside the loop, without the lock; what f returns is a step of the loop.
func (l *loop) call(f func() func()) {
	l.busy++
	l.cloud.running.Go(func() {
		do := f()
		select {
		case l.results <- do:
		case <-l.ctx.Done():
		}
	})
}

// interrupt makes a loop that waits look at its condition. The lock is held.
func (l *loop) interrupt() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// until runs steps until a condition holds. It returns false if the cloud was closed first.
func (l *loop) until(done func() bool) bool {
	for !done() {
		if l.ctx.Err() != nil {
			return false
		}
		if len(l.steps) > 0 && !l.steps[0].due.After(time.Now()) {
			heap.Pop(&l.steps).(step).do()
			continue
		}
		l.wait()
	}
	return true
}

// wait waits for a step to fall due, a call to come back, or an interruption.
func (l *loop) wait() {
	var due <-chan time.Time
	if len(l.steps) > 0 {
		timer := time.NewTimer(time.Until(l.steps[0].due))
		defer timer.Stop()
		due = timer.C
	}
	if l.state != nil {
		l.state.touch()
	}
	_ = l.cloud.save() // an error is told to the next caller
	l.cloud.mu.Unlock()
	var do func()
	select {
	case <-due:
	case do = <-l.results:
	case <-l.wake:
	case <-l.ctx.Done():
	}
	l.cloud.mu.Lock()
	if l.ctx.Err() != nil {
		return // what came back was cancelled, and is done again when the cloud goes on
	}
	if do != nil {
		l.busy--
		do()
	}
}
