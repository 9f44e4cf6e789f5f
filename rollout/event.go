package rollout

import (
	"fmt"
	"time"
)

// A Step is one of the steps of a rollout.
type Step string

// The steps, in their order.
const (
	StepImage     Step = "image"     // the image is found or created
	StepAvailable Step = "available" // it becomes available
	StepCheck     Step = "check"     // it is checked
	StepVersion   Step = "version"   // the launch template version is found or created
	StepPoint     Step = "point"     // the pointer is moved to it
	StepRefresh   Step = "refresh"   // the group's instances are replaced
	StepPrune     Step = "prune"     // old images are removed
	StepRollback  Step = "rollback"  // all of it is undone: by Rollback, or after a failure
)

// Steps are the steps of a rollout, in their order.
func Steps() []Step {
	return []Step{StepImage, StepAvailable, StepCheck, StepVersion, StepPoint, StepRefresh, StepPrune}
}

// A Kind says what an [Event] tells of a step.
type Kind string

// The kinds of events.
const (
	Found    Kind = "found"    // the result of the step was there already
	Started  Kind = "started"  // something was set going or changed
	Progress Kind = "progress" // it goes on
	Done     Kind = "done"     // the step has its result
	Skipped  Kind = "skipped"  // the step has nothing to do
	Warning  Kind = "warning"  // something to know
)

// An Event is something that happened in a rollout.
type Event struct {
	// Time is when, by this machine's clock.
	Time time.Time
	// Release is the release's ID, Step the step that it is about, Kind what happened.
	Release string
	Step    Step
	Kind    Kind
	// Resource is what it is about: the ID of an image or refresh, or a version. "" is none.
	Resource string
	// Percent is how far the step is, from 0 to 100; -1 is unknown.
	Percent int
	// Text says it in words.
	Text string
}

func (e Event) String() string {
	text := fmt.Sprintf("%s: %s", e.Step, e.Text)
	if e.Kind == Warning {
		text = fmt.Sprintf("%s: warning: %s", e.Step, e.Text)
	}
	if e.Percent >= 0 {
		text += fmt.Sprintf(" (%d%%)", e.Percent)
	}
	return text
}

// A Result is what a rollout has come to.
type Result struct {
	// Release is the release's ID, ImageID its image.
	Release, ImageID string
	// LaunchTemplateID and Version are the launch template version; "" and 0 if none was made.
	LaunchTemplateID string
	Version          int64
	// From is what the pointer was before: the number of a version, or the ID of an image.
	From string
	// RefreshID is the instance refresh, "" if there was none. Stale are the instances of the group
	// that do not run the release.
	RefreshID string
	Stale     []string
	// Changed reports that something was changed by this call: false if all of it was there already.
	Changed bool
	// Warnings are what the warnings among the events say.
	Warnings []string
	// Pruned are the images that were removed.
	Pruned []string
}
