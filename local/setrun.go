package local

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/updraft-go/updraft/internal/query"
)

// A setRun is one operation on a stack set. It goes through regions and, in each, through accounts.
type setRun struct {
	set         *stackSet
	id          string
	action      string // CREATE, UPDATE, DELETE or DETECT_DRIFT
	status      string
	reason      string
	preferences *setPreferences
	retain      *bool // RetainStacks
	created     time.Time
	ended       time.Time
	results     []*setResult

	do       func(*setResult, func(error)) `record:"-"` // does it in one place
	loop     *loop                         `record:"-"`
	resting  chan struct{}                 `record:"-"` // closed when it is over
	slow     chan struct{}                 `record:"-"` // closed when it takes time
	slowOnce sync.Once                     `record:"-"`
}

// The states of operations on stack sets, and of what they do in one place.
const (
	runQueued    = "QUEUED"
	runRunning   = "RUNNING"
	runStopping  = "STOPPING"
	runStopped   = "STOPPED"
	runPending   = "PENDING"
	runCancelled = "CANCELLED"
)

// A setResult is how an operation goes in one account and region.
type setResult struct {
	instance *stackInstance
	status   string
	reason   string
}

func (run *setRun) over() bool { return !run.ended.IsZero() }

// Revive ends an operation that the end of a process interrupted: what it had not done is cancelled.
func (run *setRun) Revive() {
	run.resting, run.slow = make(chan struct{}), make(chan struct{})
	close(run.resting)
	run.isSlow()
	if !run.over() {
		run.reason = "The embedded cloud was closed while the operation was running"
		run.finish(runStopped)
	}
}

// newRun checks whether another operation may begin, and returns it.
func (set *stackSet) newRun(action, id string, p *setPreferences) (*setRun, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if !set.managed.on() {
		if err := set.idle(); err != nil {
			return nil, err
		}
	}
	if id == "" {
		id = set.region.cloud.uuid()
	}
	if slices.ContainsFunc(set.runs, func(run *setRun) bool { return run.id == id }) {
		return nil, &query.Error{Code: "OperationIdAlreadyExistsException", Message: "Operation " + id + " already exists", Status: 409}
	}
	return &setRun{
		set: set, id: id, action: action, status: runQueued, preferences: p, created: time.Now(),
		resting: make(chan struct{}), slow: make(chan struct{}),
	}, nil
}

// at adds places to an operation: those of the accounts in each region, in the order of the regions.
func (run *setRun) at(i *stackInstance) {
	i.last, i.detailed, i.reason = run.id, runPending, ""
	run.results = append(run.results, &setResult{instance: i, status: runPending})
}

// start sets an operation going. The lock is held.
func (run *setRun) start(c *call, do func(*setResult, func(error))) {
	cloud := run.set.region.cloud
	run.set.runs = append(run.set.runs, run)
	run.loop, run.do = newLoop(cloud, nil), do
	if c != nil {
		c.settleSet = run
	}
	cloud.running.Go(func() {
		cloud.mu.Lock()
		defer cloud.mu.Unlock()
		defer close(run.resting)
		run.perform()
		cloud.touch(run.set.region)
		run.saveSlow()
		for _, other := range run.set.runs {
			if !other.over() {
				other.loop.interrupt()
			}
		}
	})
}

// settled waits until the operation is over or is known to take time.
func (run *setRun) settled(ctx context.Context) {
	select {
	case <-run.resting:
	case <-run.slow:
	case <-ctx.Done():
	}
}

// saveSlow keeps how the operation ended if no call waits for it.
func (run *setRun) saveSlow() {
	select {
	case <-run.slow:
		_ = run.set.region.cloud.save() // what could not be written is tried again with the next answer
	default:
	}
}

func (run *setRun) isSlow() { run.slowOnce.Do(func() { close(run.slow) }) }

// first reports whether all operations that were asked for earlier are over.
func (run *setRun) first() bool {
	i := slices.IndexFunc(run.set.runs, func(other *setRun) bool { return !other.over() })
	return i >= 0 && run.set.runs[i] == run
}

func (run *setRun) perform() {
	if !run.first() {
		run.isSlow()
	}
	if !run.loop.until(run.first) {
		return
	}
	if run.status == runQueued {
		run.status = runRunning
	}
	alive := true
	waves := run.waves()
	for _, w := range waves {
		if alive = run.through(w); !alive || run.status != runRunning || w.failed() {
			break
		}
	}
	if !alive {
		return
	}
	switch {
	case run.status == runStopping:
		run.finish(runStopped)
	case slices.ContainsFunc(waves, wave.failed):
		run.finish(opFailed)
	default:
		run.finish(opSucceeded)
	}
}

// finish ends the operation; what has not begun is cancelled.
func (run *setRun) finish(status string) {
	run.status, run.ended = status, time.Now()
	for _, r := range run.results {
		if r.status == runPending || r.status == runRunning {
			r.status, r.reason = runCancelled, "Cancelled since failure tolerance has exceeded"
			if status == runStopped {
				r.reason = "Cancelled since the operation was stopped"
			}
			r.instance.detailed, r.instance.reason = runCancelled, r.reason
			if r.instance.status == "" || run.action == string(Update) {
				r.instance.status = instanceOutdated
			}
		}
	}
}

// failures counts the places where the operation failed.
func (run *setRun) failures() int {
	n := 0
	for _, r := range run.results {
		if r.status == opFailed {
			n++
		}
	}
	return n
}

func stopStackSetOperation(c *call, in *struct {
	setName
	OperationId string
}) (any, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, err
	}
	run := set.run(in.OperationId)
	switch {
	case run == nil:
		return nil, setOperationNotFound(in.OperationId)
	case run.over():
		return nil, &query.Error{Code: "InvalidOperationException", Message: "Operation " + run.id + " is not in a state in which it can be stopped: " + run.status, Status: 400}
	}
	run.status = runStopping
	run.loop.interrupt()
	return &struct{}{}, nil
}

// run returns an operation on the set, nil if there is none of that ID.
func (set *stackSet) run(id string) *setRun {
	for _, run := range set.runs {
		if run.id == id {
			return run
		}
	}
	return nil
}
