package local

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// step makes a group do what is to be done at this time, and finds out when it is to do something
// next.
func (g *group) step() {
	for g.observe() || g.refreshing() || g.grow() || g.shrink() {
	}
	if g.ending && len(g.members) == 0 {
		if g.region.fleet.groups[g.name] == g {
			delete(g.region.fleet.groups, g.name)
		}
		g.due = time.Time{}
		return
	}
	g.due = g.nextDue()
	g.region.cloud.due = sooner(g.region.cloud.due, g.due)
}

// nextDue is the next time after now at which something happens to the group by itself.
func (g *group) nextDue() time.Time {
	now := g.region.now()
	var next time.Time
	add := func(t time.Time) {
		if t.After(now) {
			next = sooner(next, t)
		}
	}
	for _, m := range g.members {
		if i := g.region.fleet.instances[m.id]; i != nil {
			add(i.at)
		}
	}
	if len(g.active()) < g.desired {
		add(g.retry)
	}
	if r := g.refresh(); r != nil {
		add(r.due)
	}
	return next
}

// observe takes in what has become of the group's instances. It reports whether that changed anything.
func (g *group) observe() bool {
	r, now := g.region, g.region.now()
	for _, m := range g.members {
		i := r.fleet.instances[m.id]
		switch state := i.state(now); {
		case m.lifecycle == memberTerminating && state == terminated:
			m.activity.end(now, activitySuccessful, "")
			g.members = slices.DeleteFunc(g.members, func(other *groupMember) bool { return other == m })
			return true
		case m.lifecycle == memberTerminating:
		case state != running && state != pending:
			m.unhealthy = true
			g.dismiss(m, fmt.Sprintf("At %s an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.", stamp(now)))
			return true
		case m.unhealthy && m.lifecycle == memberInService:
			g.dismiss(m, fmt.Sprintf("At %s an instance was taken out of service in response to a user health-check.", stamp(now)))
			return true
		case m.lifecycle == memberPending && state == running:
			m.lifecycle, m.since = memberInService, now
			m.activity.end(now, activitySuccessful, "")
			return true
		}
	}
	return false
}

// dismiss begins the end of a member.
func (g *group) dismiss(m *groupMember, cause string) *activity {
	m.activity.end(g.region.now(), "Cancelled", "")
	m.activity = g.begin("Terminating EC2 instance: "+m.id, cause)
	m.lifecycle = memberTerminating
	i := g.region.fleet.instances[m.id]
	m.activity.zone, m.activity.subnet = i.zone, i.subnet
	g.region.terminate(i, g.region.userInitiated())
	return m.activity
}

// room is how many instances may be there: those that are wanted and, while they are replaced, some
// more.
func (g *group) room() int {
	if r := g.refresh(); r != nil {
		return g.desired + r.surplus
	}
	return g.desired
}

// grow launches what is missing.
func (g *group) grow() bool {
	now := g.region.now()
	active := len(g.active())
	if active >= g.room() || now.Before(g.retry) || g.ending {
		return false
	}
	wish := g.wish
	if wish != "" {
		wish += "  "
	}
	for range g.room() - active {
		cause := fmt.Sprintf("%sAt %s an instance was started in response to a difference between desired and actual capacity, increasing the capacity from %d to %d.",
			wish, stamp(now), active, g.room())
		if err := g.launch(cause); err != nil {
			g.failedLaunch(cause, asSentence(textOf(err)))
			g.failures++
			g.retry = now.Add(g.region.cloud.scaled(g.pause()))
			return false
		}
	}
	g.wish, g.retry, g.failures = "", time.Time{}, 0
	return true
}

// seconds is how long so many seconds of a group's last.
func (g *group) seconds(n int) time.Duration {
	return g.region.cloud.scaled(time.Duration(n) * time.Second)
}

// pause is how long a group waits before it tries again to launch what could not be launched.
func (g *group) pause() time.Duration {
	const first, longest = 15 * time.Second, 5 * time.Minute
	return min(first<<min(g.failures-1, 10), longest)
}

func asSentence(text string) string {
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// launch launches one instance.
func (g *group) launch(cause string) error {
	r := g.region
	wanted, by := g.source(), ""
	if refresh := g.refresh(); refresh != nil {
		wanted, by = refresh.wanted(g), refresh.id
	}
	spec, from, err := r.sourceData(wanted)
	if err != nil {
		return err
	}
	if err := r.checkLaunch(spec); err != nil {
		return err
	}
	l := launch{spec: spec, template: from.template, stack: g.asset.state.name, group: g.name}
	l.zone, l.subnet = g.place()
	l.tags = mergeTags(launchTags(l), g.launchTags())
	i, err := r.launch(l)
	if err != nil {
		return err
	}
	m := &groupMember{id: i.id, lifecycle: memberPending, source: from, by: by, protected: g.asset.text("NewInstancesProtectedFromScaleIn") == "true"}
	m.activity = g.begin(launching(i.id), cause)
	m.activity.zone, m.activity.subnet = i.zone, i.subnet
	g.members = append(g.members, m)
	return nil
}

// launchTags are the tags that the group gives its instances.
func (g *group) launchTags() []tag {
	tags := slices.Clone(g.asset.state.tags)
	for _, t := range g.asset.properties.Get("Tags").Items() {
		if t.Get("PropagateAtLaunch").Str() == "true" {
			tags = mergeTags(tags, []tag{{t.Get("Key").Str(), t.Get("Value").Str()}})
		}
	}
	return append(tags, tag{"aws:autoscaling:groupName", g.name})
}

// place is where the next instance goes: where the fewest are.
func (g *group) place() (zone, subnet string) {
	count := map[string]int{}
	for _, m := range g.active() {
		i := g.region.fleet.instances[m.id]
		count[i.subnet]++
		count[i.zone]++
	}
	fewest := func(list []string) string {
		if len(list) == 0 {
			return ""
		}
		return slices.MinFunc(list, func(a, b string) int { return cmp.Compare(count[a], count[b]) })
	}
	if subnets := g.subnets(); len(subnets) > 0 {
		return "", fewest(subnets)
	}
	return fewest(g.zones()), ""
}

// shrink lets go of what is too much, and reports whether there was anything.
func (g *group) shrink() bool {
	active := g.active()
	if len(active) <= g.room() {
		return false
	}
	free := slices.DeleteFunc(slices.Clone(active), func(m *groupMember) bool { return m.protected && !g.ending })
	if len(free) == 0 {
		return false
	}
	m := slices.MinFunc(free, g.sooner)
	now := stamp(g.region.now())
	wish := g.wish
	if wish != "" {
		wish += "  "
	}
	g.dismiss(m, fmt.Sprintf("%sAt %s an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from %d to %d.  At %s instance %s was selected for termination.",
		wish, now, len(active), g.room(), now, m.id))
	if len(active)-1 <= g.room() {
		g.wish = ""
	}
	return true
}

// sooner orders members by which is let go of first: one that is not in service yet, one in the zone
// that has the most, one of an older launch template version, the one that is there the longest; or,
// by the termination policies of the group, the newest or oldest.
func (g *group) sooner(a, b *groupMember) int {
	inZone := map[string]int{}
	for _, m := range g.active() {
		inZone[g.region.fleet.instances[m.id].zone]++
	}
	x, y := g.region.fleet.instances[a.id], g.region.fleet.instances[b.id]
	policy := ""
	if p := names(g.asset.properties.Get("TerminationPolicies")); len(p) > 0 {
		policy = p[0]
	}
	byAge := x.launched.Compare(y.launched)
	switch policy {
	case "NewestInstance":
		return cmp.Or(-byAge, cmp.Compare(a.id, b.id))
	case "OldestInstance":
		return cmp.Or(byAge, cmp.Compare(a.id, b.id))
	}
	return cmp.Or(
		order(b.lifecycle == memberPending, a.lifecycle == memberPending),
		cmp.Compare(inZone[y.zone], inZone[x.zone]),
		cmp.Compare(a.source.version(), b.source.version()),
		byAge, cmp.Compare(a.id, b.id))
}

func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// version is the number of the launch template version, 0 if it is a launch configuration.
func (s source) version() int {
	if s.template == nil {
		return 0
	}
	n := 0
	_, _ = fmt.Sscan(s.template.Version, &n) // always a number, once it is resolved
	return n
}
