package rollout

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"
)

// A Job is one release in one place, as part of a fleet.
type Job struct {
	// Region is where it is, as failures are counted: most often the name of an AWS region. Group is
	// what the report calls it; "" is the release's Group.
	Region, Group string
	// Client rolls it out. Jobs of one account and region should share one. It is required.
	Client *Client
	// Release is what is rolled out. It is required.
	Release *Release
	// Options say how. Nil is the zero value.
	Options *Options
}

func (j *Job) name() string {
	switch r := j.Release; {
	case j.Group != "" || r == nil:
		return j.Group
	default:
		return cmp.Or(r.Group, r.LaunchTemplate, r.Parameter, r.Name)
	}
}

// A FailurePolicy says what a failure means for the jobs that have not begun. Those that have go on
// to their end.
type FailurePolicy int

const (
	// StopRegion begins no more jobs in the region of the failure; other regions go on.
	StopRegion FailurePolicy = iota
	// StopAll begins no more jobs anywhere.
	StopAll
	// KeepGoing begins all jobs.
	KeepGoing
)

// FleetOptions say how a fleet is rolled out. Nil is the zero value.
type FleetOptions struct {
	// Concurrency is how many jobs are worked on at once. If zero, sixteen.
	Concurrency int
	// RegionConcurrency is how many of them may be in one region. If zero, four.
	RegionConcurrency int
	// OnFailure is what a failure means for other jobs. If zero, [StopRegion].
	OnFailure FailurePolicy
	// RegionFailures is how many failures a region bears before OnFailure applies. If zero, none.
	RegionFailures int
	// Rollback undoes the releases instead of rolling them out.
	Rollback bool
}

// A FleetEvent is something that happened in a fleet.
type FleetEvent struct {
	// Job is the job's place among those that were given.
	Job int
	// Region and Group name the job.
	Region, Group string
	// Event is what happened in it. Where Outcome is not [Running] it is the zero value, and the job
	// has come to that end; Err is then why it failed.
	Event   Event
	Outcome Outcome
	Err     error
	// Ended is how many jobs have come to an end or will not begin, of Total.
	Ended, Total int
}

// RollAll rolls out many releases at once, and waits for the end of all.
//
// # Errors
//
// [*FleetError] if not all succeeded; the report tells of each even so. What is wrong with the jobs
// is told before any call.
func RollAll(ctx context.Context, jobs []Job, opts *FleetOptions) (*Report, error) {
	f, err := newFleet(jobs, opts)
	if err != nil {
		return nil, err
	}
	return f.run(ctx, func(FleetEvent) bool { return true })
}

// EventsAll is [RollAll] while its events are taken. Breaking out of the loop, as ending ctx, stops
// all jobs where they are; ranging again goes on from there.
//
// # Errors
//
// At most one, and last: that of [RollAll].
func EventsAll(ctx context.Context, jobs []Job, opts *FleetOptions) iter.Seq2[FleetEvent, error] {
	return func(yield func(FleetEvent, error) bool) {
		f, err := newFleet(jobs, opts)
		if err != nil {
			yield(FleetEvent{}, err)
			return
		}
		listening := true
		_, err = f.run(ctx, func(e FleetEvent) bool {
			listening = listening && yield(e, nil)
			return listening
		})
		if err != nil && listening {
			yield(FleetEvent{}, err)
		}
	}
}

// A fleet is many jobs on their way.
type fleet struct {
	FleetOptions
	jobs []Job

	mu      sync.Mutex
	reports []JobReport
	working map[string]int // jobs that run, by region; "" is all
	failed  map[string]int // likewise
	ended   int
	events  chan FleetEvent
}

// newFleet checks the jobs: all of them, before any call.
func newFleet(jobs []Job, opts *FleetOptions) (*fleet, error) {
	f := &fleet{jobs: jobs, working: map[string]int{}, failed: map[string]int{}, events: make(chan FleetEvent)}
	if opts != nil {
		f.FleetOptions = *opts
	}
	f.Concurrency, f.RegionConcurrency = cmp.Or(f.Concurrency, 16), cmp.Or(f.RegionConcurrency, 4)
	var found []error
	if f.Concurrency < 0 || f.RegionConcurrency < 0 || f.RegionFailures < 0 {
		found = append(found, errors.New("FleetOptions: Concurrency, RegionConcurrency and RegionFailures cannot be below zero"))
	}
	for n, j := range jobs {
		f.reports = append(f.reports, JobReport{Region: j.Region, Group: j.name(), Outcome: Waiting})
		if j.Client == nil {
			found = append(found, fmt.Errorf("job %d (%s %s): Client is missing", n, j.Region, j.name()))
			continue
		}
		if _, err := j.Client.prepare(j.Release, j.Options); err != nil {
			found = append(found, fmt.Errorf("job %d (%s %s): %w", n, j.Region, j.name(), err))
		}
	}
	return f, errors.Join(found...)
}

// run works on the jobs, and hands on what happens to take, one at a time and all from this goroutine.
// When take reports false, all is stopped.
func (f *fleet) run(ctx context.Context, take func(FleetEvent) bool) (*Report, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go f.dispatch(ctx)
	for e := range f.events {
		if !take(e) {
			stop(errBroken)
		}
	}
	report := &Report{Jobs: f.reports}
	if n := report.Count(Succeeded, "") + report.Count(Unchanged, ""); n < len(f.jobs) {
		return report, &FleetError{Report: report}
	}
	return report, nil
}

// dispatch begins jobs while there is room, and closes the events when all have ended.
func (f *fleet) dispatch(ctx context.Context) {
	defer close(f.events)
	var workers sync.WaitGroup
	defer workers.Wait()
	free := make(chan struct{}, len(f.jobs))
	for {
		n, more := f.next(ctx)
		switch {
		case n >= 0:
			workers.Go(func() {
				f.work(ctx, n)
				free <- struct{}{}
			})
		case !more:
			return
		default:
			<-free
		}
	}
}

// next returns a job that may begin now, or -1; more reports that there is one that waits. Jobs that
// will never begin come to their end here.
func (f *fleet) next(ctx context.Context) (n int, more bool) {
	for n := range f.jobs {
		switch outcome, err := f.may(ctx, n); outcome {
		case Running:
			f.emit(n, Event{Release: f.jobs[n].Release.ID, Percent: -1, Time: time.Now(), Kind: Started, Text: "begins"}, Running, nil)
			return n, true
		case Waiting:
			more = true
		case NotBegun, Stopped:
			f.emit(n, Event{}, outcome, err)
		}
	}
	return -1, more
}

// may decides what becomes of a job that waits; "" is for one that does not.
func (f *fleet) may(ctx context.Context, n int) (Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	j := &f.reports[n]
	if j.Outcome != Waiting {
		return "", nil
	}
	switch {
	case ctx.Err() != nil:
		j.Outcome, j.Err = Stopped, &StoppedError{Release: f.jobs[n].Release.ID, Step: StepImage, Cause: context.Cause(ctx)}
	case f.OnFailure == StopRegion && f.failed[j.Region] > f.RegionFailures:
		j.Outcome = NotBegun
	case f.OnFailure == StopAll && f.tooMany():
		j.Outcome = NotBegun
	case f.working[""] >= f.Concurrency || f.working[j.Region+"/"] >= f.RegionConcurrency:
		return Waiting, nil
	default:
		j.Outcome = Running
		f.working[""]++
		f.working[j.Region+"/"]++
		return Running, nil
	}
	f.ended++
	return j.Outcome, j.Err
}

func (f *fleet) tooMany() bool {
	for _, n := range f.failed {
		if n > f.RegionFailures {
			return true
		}
	}
	return false
}

// work does one job.
func (f *fleet) work(ctx context.Context, n int) {
	j, began := f.jobs[n], time.Now()
	run, err := j.Client.prepare(j.Release, j.Options)
	if err == nil {
		run.emit = func(e Event) { f.emit(n, e, Running, nil) }
		do := run.do
		if f.Rollback {
			do = run.rollback
		}
		err = do(ctx)
	}
	outcome := outcomeOf(run, err)
	f.mu.Lock()
	report := &f.reports[n]
	report.Outcome, report.Err, report.Took = outcome, err, time.Since(began)
	if run != nil {
		report.Result = &run.result
	}
	f.working[""]--
	f.working[j.Region+"/"]--
	if outcome == Failed {
		f.failed[j.Region]++
	}
	f.ended++
	f.mu.Unlock()
	f.emit(n, Event{}, outcome, err)
}

func outcomeOf(run *run, err error) Outcome {
	switch {
	case errors.Is(err, ErrStopped):
		return Stopped
	case err != nil:
		return Failed
	case run.result.Changed:
		return Succeeded
	}
	return Unchanged
}

func (f *fleet) emit(n int, e Event, outcome Outcome, err error) {
	f.mu.Lock()
	out := FleetEvent{Job: n, Region: f.reports[n].Region, Group: f.reports[n].Group, Event: e, Outcome: outcome, Err: err, Ended: f.ended, Total: len(f.jobs)}
	f.mu.Unlock()
	f.events <- out
}
