package local

import (
	"strconv"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// The types that wait for signals.
const (
	typeWaitCondition = "AWS::CloudFormation::WaitCondition"
	typeWaitHandle    = "AWS::CloudFormation::WaitConditionHandle"
)

// handle does a job for a wait condition handle: its physical ID is a URL to put signals to.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-waitcondition.html
func handle(d *deployment, j *job, o *ongoing) {
	key := d.state.id + "/" + j.resource.id
	switch j.action {
	case Create:
		box := &inbox{}
		url, err := d.open(slotWait, key, &slot{box: box})
		if err != nil {
			o.finish(err)
			return
		}
		d.state.region.handles[url] = box
		d.begun(j, url)
	case Delete:
		d.close(slotWait, key)
		delete(d.state.region.handles, j.resource.physicalID)
	}
	o.finish(nil)
}

// maxTimeout is the most seconds for which a wait condition waits.
const maxTimeout = 43_200

// waitFor does a job for a wait condition.
func waitFor(d *deployment, j *job, o *ongoing) {
	r := j.resource
	switch {
	case j.action == Update && !j.restoring:
		o.finish(invalid("Update to resource type %s is not supported.", r.typ))
		return
	case j.action != Create:
		o.finish(nil)
		return
	}
	if r.creationPolicy() != nil && r.properties.Get("Handle") == nil {
		d.begun(j, d.state.id+"/"+r.id)
		o.finish(nil) // the creation policy waits
		return
	}
	box := d.state.region.handles[r.properties.Get("Handle").Str()]
	seconds, err := strconv.Atoi(r.properties.Get("Timeout").Str())
	switch {
	case box == nil:
		o.finish(invalid("Invalid WaitConditionHandle"))
		return
	case err != nil || seconds < 0 || seconds > maxTimeout:
		o.finish(invalid("Timeout must be a number of seconds from 0 to %d", maxTimeout))
		return
	}
	count := 1
	if n := r.properties.Get("Count"); n != nil {
		if count, err = strconv.Atoi(n.Str()); err != nil || count < 0 {
			o.finish(invalid("Count must be an integer that is not negative"))
			return
		}
	}
	d.begun(j, handleID(r.properties.Get("Handle").Str(), d.state.id))
	d.waitOn(box, time.Duration(seconds)*time.Second, o, func(expired bool) (bool, error) {
		return conditionMet(r, box, count, expired)
	})
}

// handleID is the physical ID of a wait condition: that of its stack, with the logical ID of its
// handle, which stands in the handle's URL.
func handleID(url, stackID string) string {
	before, _, _ := strings.Cut(url, "?")
	return stackID + "/" + before[strings.LastIndex(before, "/")+1:]
}

// conditionMet finds out whether a wait condition has come to an end.
func conditionMet(r *resource, box *inbox, count int, expired bool) (over bool, err error) {
	if box.torn {
		return true, invalid("Unparsable WaitCondition data")
	}
	if f := box.failure(); f != nil {
		return true, invalid("WaitCondition received failed message: '%s' for uniqueId: %s", f.Reason, f.UniqueId)
	}
	n := box.count(noteSuccess)
	if n < count {
		if expired {
			err = invalid("WaitCondition timed out. Received %d conditions when expecting %d", n, count)
		}
		return expired, err
	}
	r.attributes = map[string]*tree.Node{"Data": tree.Text(box.data())}
	return true, nil
}

// waitOn finishes an action when a question about an inbox is answered. It is asked at once, whenever a
// signal comes, and once more when the time is over.
func (d *deployment) waitOn(box *inbox, limit time.Duration, o *ongoing, ask func(expired bool) (over bool, err error)) {
	check := func(expired bool) {
		if !d.ongoing[o] {
			box.leave(o)
			return
		}
		if over, err := ask(expired); over {
			box.leave(o)
			o.finish(err)
		}
	}
	check(false)
	if !d.ongoing[o] {
		return
	}
	d.isSlow()
	box.waiting = append(box.waiting, waiting{o, func() {
		d.loop.after(0, func() { check(false) })
		d.loop.interrupt()
	}})
	d.loop.after(limit, func() { check(true) })
}
