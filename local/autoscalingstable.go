package local

import (
	"fmt"
	"slices"
	"time"
)

// unstable is for how long CloudFormation waits for the instances of a new group.
const unstable = 15 * time.Minute

// stabilize waits until a new group has the instances that it wants. Other resources, and groups that
// launch what the cloud does not know, have nothing to wait for.
func (d *deployment) stabilize(r *resource, then func(error)) {
	g := d.state.region.fleet.groups[r.physicalID]
	if r.typ != typeGroup || g == nil || g.stable() {
		then(nil)
		return
	}
	if _, _, err := g.region.sourceData(g.source()); err != nil {
		then(nil)
		return
	}
	d.isSlow()
	o, deadline := d.hold(then), g.created.Add(d.cloud.scaled(unstable))
	var look func()
	look = func() {
		d.cloud.advance()
		switch now := time.Now(); {
		case !d.ongoing[o]:
		case g.stable():
			o.finish(nil)
		case !now.Before(deadline):
			o.finish(g.unstable())
		default:
			d.loop.at(sooner(deadline, g.due), look)
		}
	}
	d.loop.after(0, look)
}

// stable reports whether all instances that the group wants are in service.
func (g *group) stable() bool {
	active := g.active()
	return len(active) >= g.desired && !slices.ContainsFunc(active, func(m *groupMember) bool { return m.lifecycle == memberPending })
}

// unstable is why a group did not come to have its instances.
func (g *group) unstable() error {
	text := fmt.Sprintf("Group did not stabilize. {current/minSize/maxSize} group size = {%d/%d/%d}.", len(g.active()), g.min(), g.max())
	for _, a := range slices.Backward(g.activities) {
		if a.status == activityFailed {
			return invalid("%s Failed Scaling Activity: %s", text, a.description)
		}
	}
	return invalid("%s", text)
}
