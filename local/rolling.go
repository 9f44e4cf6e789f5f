package local

import (
	"fmt"
	"math"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// maxPause is the longest PauseTime.
const maxPause = time.Hour

// A rolling is an update of a group that replaces its instances in batches. A signal counts for whichever
// new instance has not been heard of.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
type rolling struct {
	d    *deployment
	r    *resource
	box  *inbox
	then func(error)
	crew // who is replaced, and by whom

	total     int // new instances in the end
	batch     int
	keep      int // how many instances are in service at each time
	surge     int // how many new ones come before an old one goes
	percent   int // of the new ones that must succeed
	waits     bool
	pause     time.Duration
	pauseText string

	gone     int // how many of the old ones are no more
	launched int // new instances
	missing  int // those whose signal did not come in time
}

// fit makes batches fit between the fewest instances that must be in service and the most that the
// group may have.
func (u *rolling) fit(inService, most int, surges bool) {
	size := len(u.old)
	u.batch = max(1, min(u.batch, size))
	if room := most - inService; u.batch > room {
		u.batch = max(1, room)
	}
	u.keep = max(0, min(inService, most-u.batch))
	now := size + len(u.fresh)
	u.surge = max(0, u.total-now)
	if surges && size > 0 {
		u.surge = max(u.surge, min(most, u.keep+u.batch)-now)
	}
	u.surge = max(0, min(u.surge, u.total-len(u.fresh)))
}

// begin starts the update, unless there is nothing to do.
func (u *rolling) begin() {
	if len(u.old) == 0 && (u.total == 0 || !u.waits) {
		u.then(nil)
		return
	}
	u.box = u.d.state.inbox(u.r.id)
	u.box.observed = func(n note) { u.say("Received %s signal with UniqueId %s", n.Status, n.UniqueId) }
	if len(u.old) > 0 {
		u.announce()
	}
	u.launch(u.surge, len(u.fresh))
}

func (u *rolling) announce() {
	until := ""
	if u.waits {
		until = fmt.Sprintf(" Waiting on resource signals with a timeout of %s when new instances are added to the autoscaling group.", u.pauseText)
	}
	u.say("Rolling update initiated. Terminating %d obsolete instance(s) in batches of %d, while keeping at least %d instance(s) in service.%s", len(u.old), u.batch, u.keep, until)
	if u.surge > 0 {
		u.say("Temporarily setting autoscaling group MinSize and DesiredCapacity to %d.", len(u.old)+len(u.fresh)+u.surge)
	}
}

func (u *rolling) say(format string, args ...any) {
	u.d.tell(u.r, stack.UpdateInProgress, fmt.Sprintf(format, args...))
}

// next replaces one batch.
func (u *rolling) next() {
	size := len(u.old)
	if u.gone == size {
		u.end(nil)
		return
	}
	leaving := u.old[u.gone:min(u.gone+u.batch, size)]
	coming := max(0, min(len(leaving), u.total-u.launched))
	u.say("Terminating %s; replacing with %d new instance(s).", named(leaving), coming)
	u.dismiss(leaving)
	u.gone += len(leaving)
	u.say("Successfully terminated %s (Progress %d%%).", named(leaving), (200*u.gone+size)/(2*size))
	u.launch(coming, 0)
}

// launch adds instances, and goes on when they and those that are new already have signalled or, without
// signals, after the pause.
func (u *rolling) launch(n, already int) {
	hired := u.hire(n)
	u.fresh = append(u.fresh, hired...)
	u.r.launched = u.fresh
	if len(hired) < n && !u.waits {
		u.end(u.unhired())
		return
	}
	n += already
	u.launched += n
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
	good, bad := u.tally(u.box.notes)
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
	u.giveUp(u.box.notes)
	u.say("Failed to receive %d resource signal(s) for the current batch.  Each resource signal timeout is counted as a FAILURE.", silent)
	if bad+u.missing > spare {
		return true, invalid("Received %d SUCCESS signal(s) out of %d.  Unable to satisfy %d%% MinSuccessfulInstancesPercent requirement", good, u.total, u.percent)
	}
	return true, nil
}

func (u *rolling) end(err error) {
	u.settle()
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
