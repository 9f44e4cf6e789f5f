package local

import (
	"fmt"
	"math"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// maxPause is the longest PauseTime.
const maxPause = time.Hour

// A rolling is an update of a group that replaces its instances in batches. It counts by the group's
// properties; a signal counts for whichever new instance has not been heard of.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
type rolling struct {
	d    *deployment
	r    *resource
	box  *inbox
	then func(error)

	size      int  // obsolete instances at first
	total     int  // new instances in the end
	grows     bool // nothing is obsolete; instances are only added
	batch     int
	keep      int // how many instances are in service at each time
	surge     int // how many new ones come before an old one goes
	percent   int // of the new ones that must succeed
	waits     bool
	pause     time.Duration
	pauseText string

	gone     int // obsolete instances that are no more
	launched int // new instances
	missing  int // those whose signal did not come in time
}

// fit makes batches fit between the fewest instances that must be in service and the most that the
// group may have.
func (u *rolling) fit(inService, most int) {
	u.batch = max(1, min(u.batch, u.size))
	if room := most - inService; u.batch > room {
		u.batch = max(1, room)
	}
	u.keep = max(0, min(inService, most-u.batch))
	u.surge = max(0, max(u.total, min(most, u.keep+u.batch))-u.size)
	u.surge = min(u.surge, u.total)
}

// begin starts the update, unless there is nothing to do.
func (u *rolling) begin() {
	if u.size == 0 && (u.total == 0 || !u.waits) {
		u.then(nil)
		return
	}
	u.box = u.d.state.inbox(u.r.id)
	u.box.observed = func(n note) { u.say("Received %s signal with UniqueId %s", n.Status, n.UniqueId) }
	if u.grows {
		u.launch(u.total)
		return
	}
	until := ""
	if u.waits {
		until = fmt.Sprintf(" Waiting on resource signals with a timeout of %s when new instances are added to the autoscaling group.", u.pauseText)
	}
	u.say("Rolling update initiated. Terminating %d obsolete instance(s) in batches of %d, while keeping at least %d instance(s) in service.%s", u.size, u.batch, u.keep, until)
	if u.surge > 0 {
		u.say("Temporarily setting autoscaling group MinSize and DesiredCapacity to %d.", u.size+u.surge)
	}
	u.launch(u.surge)
}

func (u *rolling) say(format string, args ...any) {
	u.d.tell(u.r, stack.UpdateInProgress, fmt.Sprintf(format, args...))
}

// next replaces one batch.
func (u *rolling) next() {
	if u.gone == u.size {
		u.end(nil)
		return
	}
	leaving := min(u.batch, u.size-u.gone)
	coming := min(leaving, u.total-u.launched)
	u.say("Terminating %d instance(s); replacing with %d new instance(s).", leaving, coming)
	u.gone += leaving
	u.say("Successfully terminated %d instance(s) (Progress %d%%).", leaving, (200*u.gone+u.size)/(2*u.size))
	u.launch(coming)
}

// launch adds instances, and goes on when they have signalled or, without signals, after the pause.
func (u *rolling) launch(n int) {
	u.launched += n
	u.r.launched = u.launched
	switch {
	case n == 0:
		u.next()
	case u.waits:
		u.say("New instance(s) added to autoscaling group - Waiting on %d resource signal(s) with a timeout of %s.", n, u.pauseText)
		u.d.waitOn(u.box, u.pause, u.d.hold(u.proceed), u.heard)
	case u.pause > 0:
		u.d.isSlow()
		o := u.d.hold(u.proceed)
		u.d.loop.after(u.pause, func() { o.finish(nil) })
	default:
		u.next()
	}
}

func (u *rolling) proceed(err error) {
	if err != nil {
		u.end(err)
		return
	}
	u.next()
}

// heard finds out whether all new instances have signalled, or too many will not.
func (u *rolling) heard(expired bool) (over bool, err error) {
	good, bad := u.box.count(noteSuccess), u.box.count(noteFailure)
	spare := u.total - int(math.Ceil(float64(u.total*u.percent)/100))
	if bad+u.missing > spare {
		return true, invalid("Received %d FAILURE signal(s) out of %d.  Unable to satisfy %d%% MinSuccessfulInstancesPercent requirement", bad, u.total, u.percent)
	}
	silent := u.launched - u.missing - good - bad
	if silent <= 0 {
		return true, nil
	}
	if !expired {
		return false, nil
	}
	u.missing += silent
	u.say("Failed to receive %d resource signal(s) for the current batch.  Each resource signal timeout is counted as a FAILURE.", silent)
	if bad+u.missing > spare {
		return true, invalid("Received %d SUCCESS signal(s) out of %d.  Unable to satisfy %d%% MinSuccessfulInstancesPercent requirement", good, u.total, u.percent)
	}
	return true, nil
}

func (u *rolling) end(err error) {
	u.box.observed = nil
	delete(u.d.state.inboxes, u.r.id)
	u.then(err)
}

// hold makes something that is under way and that a failure elsewhere cancels; then is called when it
// has ended.
func (d *deployment) hold(then func(error)) *ongoing {
	o := &ongoing{}
	o.finish = func(err error) {
		if d.ongoing[o] {
			delete(d.ongoing, o)
			then(err)
		}
	}
	d.ongoing[o] = true
	return o
}
