package local

import (
	"fmt"
	"slices"
	"strings"
)

// A crew is the instances of a group while they are replaced. A group that could not launch any, since
// what it launches is not in the cloud, is counted by its properties: its instances have no IDs then.
type crew struct {
	group *group   // nil if it is counted only
	want  int      // how many there are to be in the end
	old   []string // those that are obsolete
	fresh []string // those that are new
	lost  []string // those of them that were silent for too long
}

// instancesOf are the IDs of the instances that the group of a resource has; nil if it has none.
func (r *region) instancesOf(of *resource) []string {
	g := r.fleet.groups[of.physicalID]
	if of.typ != typeGroup || g == nil {
		return nil
	}
	var ids []string
	for _, m := range g.active() {
		ids = append(ids, m.id)
	}
	return ids
}

// crewOf is the crew of a group that has just taken over new properties. before are the instances that it
// had until then.
func (r *region) crewOf(j *job, before []string) crew {
	if len(before) == 0 {
		return counted(j)
	}
	c := crew{group: r.fleet.groups[j.resource.physicalID]}
	c.want = c.group.desired
	for _, id := range r.instancesOf(j.resource) {
		launched := !slices.Contains(before, id) || slices.Contains(j.resource.launched, id)
		switch {
		case launched:
			c.fresh = append(c.fresh, id)
		case j.undoes == nil || slices.Contains(j.undoes.launched, id):
			c.old = append(c.old, id)
		}
	}
	return c
}

// counted is the crew of a group of which only the properties are known.
func counted(j *job) crew {
	c := crew{want: groupSize(j.resource.properties), old: make([]string, min(groupSize(j.previous), maxRolling+1))}
	if j.undoes != nil {
		c.old = make([]string, len(j.undoes.launched))
	}
	return c
}

// hire launches instances and returns their IDs: fewer if some could not be launched.
func (c *crew) hire(n int) []string {
	if c.group == nil {
		return make([]string, n)
	}
	g := c.group
	var before []string
	for _, m := range g.active() {
		before = append(before, m.id)
	}
	to := len(before) + n
	if to > g.desired {
		g.wish = fmt.Sprintf("At %s a user request update of AutoScalingGroup constraints to min: %d, max: %d, desired: %d changing the desired capacity from %d to %d.",
			stamp(g.region.now()), to, g.max(), to, g.desired, to)
	}
	g.desired = to
	g.again()
	var hired []string
	for _, m := range g.active() {
		if !slices.Contains(before, m.id) {
			hired = append(hired, m.id)
		}
	}
	return hired
}

// tally counts the signals of new instances. Where no IDs are known, each counts.
func (c *crew) tally(notes []note) (good, bad int) {
	for _, n := range notes {
		switch {
		case c.group != nil && (!slices.Contains(c.fresh, n.UniqueId) || slices.Contains(c.lost, n.UniqueId)):
		case n.Status == noteSuccess:
			good++
		default:
			bad++
		}
	}
	return good, bad
}

// giveUp takes those that have not signalled for lost: what they say later does not stand for others.
func (c *crew) giveUp(notes []note) {
	for _, id := range c.fresh {
		if !slices.ContainsFunc(notes, func(n note) bool { return n.UniqueId == id }) {
			c.lost = append(c.lost, id)
		}
	}
}

// unhired is why an instance could not be launched.
func (c *crew) unhired() error {
	why := ""
	for _, a := range slices.Backward(c.group.activities) {
		if a.status == activityFailed {
			why = a.message
			break
		}
	}
	return invalid("The group %s could not launch an instance. %s", c.group.name, why)
}

// dismiss terminates instances. They are not replaced before the next are hired.
func (c *crew) dismiss(ids []string) {
	if c.group == nil {
		return
	}
	g := c.group
	for _, id := range ids {
		if m := g.member(id); m != nil && m.lifecycle != memberTerminating {
			g.desired = max(0, g.desired-1)
			g.dismiss(m, fmt.Sprintf("At %s instance %s was taken out of service in response to a user request.", stamp(g.region.now()), id))
		}
	}
	g.again()
}

// settle gives the group the size that it is to have. After a failure, those that came last go first.
func (c *crew) settle() {
	if c.group == nil {
		return
	}
	if surplus := len(c.group.active()) - c.want; surplus > 0 {
		c.dismiss(c.fresh[max(0, len(c.fresh)-surplus):])
	}
	c.group.desired = c.want
	c.group.again()
}

// named are instances in the text of an event.
func named(ids []string) string {
	if len(ids) == 0 || ids[0] == "" {
		return fmt.Sprintf("%d instance(s)", len(ids))
	}
	return "instance(s) [" + strings.Join(ids, ",") + "]"
}
