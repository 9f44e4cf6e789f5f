package rollout

import (
	"fmt"
	"time"
)

// An Outcome is what has come of a [Job].
type Outcome string

// The outcomes.
const (
	Waiting   Outcome = "waiting"   // it has not begun
	Running   Outcome = "running"   // it has begun
	Succeeded Outcome = "succeeded" // it has come to its end, and changed something
	Unchanged Outcome = "unchanged" // all of it was there already
	Failed    Outcome = "failed"
	Stopped   Outcome = "stopped" // the context ended; the same call goes on with it
	NotBegun  Outcome = "skipped" // it was not begun, since others had failed
)

// A JobReport is what has come of a job.
type JobReport struct {
	// Region and Group name the job.
	Region, Group string
	Outcome       Outcome
	// Result is what there is; nil if it did not get that far. Err is why it failed.
	Result *Result
	Err    error
	// Took is how long it took.
	Took time.Duration
}

// A Report is what has come of a fleet.
type Report struct {
	// Jobs are in the order in which they were given.
	Jobs []JobReport
}

// Count returns how many jobs have an outcome, in a region; "" is all regions.
func (r *Report) Count(o Outcome, region string) int {
	n := 0
	for _, j := range r.Jobs {
		if j.Outcome == o && (region == "" || j.Region == region) {
			n++
		}
	}
	return n
}

// Regions are the regions of the jobs, in the order in which they first appear.
func (r *Report) Regions() []string {
	var list []string
	seen := map[string]bool{}
	for _, j := range r.Jobs {
		if !seen[j.Region] {
			seen[j.Region] = true
			list = append(list, j.Region)
		}
	}
	return list
}

// A FleetError says that not all jobs of a fleet have succeeded.
type FleetError struct {
	// Report is what has come of all of them.
	Report *Report
}

func (e *FleetError) Error() string {
	r := e.Report
	text := fmt.Sprintf("%d of %d jobs failed, %d were stopped, %d were not begun", r.Count(Failed, ""), len(r.Jobs), r.Count(Stopped, ""), r.Count(NotBegun, ""))
	for _, j := range r.Jobs {
		if j.Outcome == Failed {
			return fmt.Sprintf("%s; the first of them: %s %s: %v", text, j.Region, j.Group, j.Err)
		}
	}
	return text
}

// Unwrap returns the errors of the jobs.
func (e *FleetError) Unwrap() []error {
	var list []error
	for _, j := range e.Report.Jobs {
		if j.Err != nil {
			list = append(list, j.Err)
		}
	}
	return list
}
