package local

import (
	"fmt"
	"slices"
	"time"
)

// stuck is for how long a refresh may not get on before it fails.
const stuck = time.Hour

// refreshing takes an instance refresh further, and reports whether that changed anything.
func (g *group) refreshing() bool {
	r := g.refresh()
	if r == nil {
		return false
	}
	r.due = time.Time{}
	if g.ending {
		r.end(g, refreshCancelled, "The Auto Scaling group was deleted.")
		return true
	}
	now := g.region.now()
	switch r.status {
	case refreshPending:
		r.begin(g)
		return true
	case refreshInProgress, refreshBaking:
		if name := r.rings(g); name != "" {
			r.fail(g, fmt.Sprintf("The alarm %s is in ALARM state.", name))
			return true
		}
	case refreshCancelling:
		if slices.ContainsFunc(g.members, func(m *groupMember) bool { return m.lifecycle != memberInService }) {
			return false
		}
		r.end(g, refreshCancelled, "Cancelled due to user request.")
		return true
	}
	if r.until.After(now) {
		r.due = r.until
		return false
	}
	if r.status == refreshBaking {
		r.succeed(g)
		return true
	}
	return r.roll(g)
}

// begin finds out what is to be replaced.
func (r *refresh) begin(g *group) {
	r.status, r.progressed = refreshInProgress, g.region.now()
	_, target, err := g.region.sourceData(r.target.source(g))
	for _, m := range g.active() {
		i := g.region.fleet.instances[m.id]
		switch {
		case *r.preferences.SkipMatching && err == nil && m.source.equal(target) && i.image == r.image(g):
		case m.protected && *r.preferences.ScaleInProtectedInstances == whileProtectedSkip:
		default:
			r.old = append(r.old, m.id)
		}
	}
	r.total = len(r.old)
}

// image is what a refresh launches.
func (r *refresh) image(g *group) string {
	spec, _, err := g.region.sourceData(r.wanted(g))
	if err != nil {
		return ""
	}
	id, _ := g.region.resolveImage(spec.Get("ImageId").Str()) // "" matches no instance
	return id
}

func (s source) equal(t source) bool {
	if s.template == nil || t.template == nil {
		return s.template == t.template && s.configuration == t.configuration
	}
	return *s.template == *t.template && s.typ == t.typ && s.image == t.image
}

// wanted is what instances are launched of while a refresh is under way.
func (r *refresh) wanted(g *group) source {
	if r.undo != nil || r.status == refreshCancelling {
		return g.source()
	}
	return r.target.source(g)
}

// rings returns an alarm that watches the refresh and has gone off, "" if none has.
func (r *refresh) rings(g *group) string {
	for _, name := range r.preferences.alarms() {
		if a := g.region.alarm(name); a != nil && a.ringing {
			return name
		}
	}
	return ""
}

// A turnover is how far the replacement of a group's instances has got.
type turnover struct {
	old   []*groupMember // still to be replaced
	fresh []*groupMember // not in service yet, or not warm
	warm  time.Time      // when the first of those that are in service is warm
	ready int            // instances that do their work, old ones among them
	done  int            // those of them that the refresh launched
}

func (r *refresh) survey(g *group) turnover {
	var t turnover
	now, warmup := g.region.now(), g.seconds(*r.preferences.InstanceWarmup)
	for _, m := range g.active() {
		warm := m.since.Add(warmup)
		switch {
		case slices.Contains(r.old, m.id):
			t.old = append(t.old, m)
			if m.lifecycle == memberInService {
				t.ready++
			}
		case m.lifecycle == memberPending:
			t.fresh = append(t.fresh, m)
		case m.by != "" && warm.After(now):
			t.fresh = append(t.fresh, m)
			t.warm = sooner(t.warm, warm)
		default:
			t.ready++
			if m.by == r.id {
				t.done++
			}
		}
	}
	return t
}

// roll replaces what may be replaced now, and reports whether that was anything.
func (r *refresh) roll(g *group) bool {
	now := g.region.now()
	t := r.survey(g)
	r.total = min(r.total, max(g.desired, r.updated)) // the group may have become smaller
	total, updated := r.count()
	if done := min(t.done, max(total-len(t.old), 0)); done != *updated {
		*updated, r.progressed = done, now
	}
	missing := max(g.desired-len(g.active()), 0)
	if r.pauses(g, *updated, t) {
		return true
	}
	if len(t.old)+len(t.fresh)+missing == 0 {
		r.complete(g)
		return true
	}
	budget := max(r.goal()-(total-len(t.old)), 0)
	if r.widen(g, t, budget) || r.replace(g, t, budget) {
		return true
	}
	return r.wait(g, t)
}

// count returns how many instances are to be replaced, and where it is told how many are.
func (r *refresh) count() (total int, updated *int) {
	if r.undo != nil {
		return r.undo.total, &r.undo.updated
	}
	return r.total, &r.updated
}

// goal is how many instances may be replaced before the next checkpoint.
func (r *refresh) goal() int {
	if r.undo != nil {
		return r.undo.total
	}
	if list := r.preferences.CheckpointPercentages; r.checkpoint < len(list) {
		return share(r.total, list[r.checkpoint])
	}
	return r.total
}

// share is a part of a whole in hundredths, rounded up.
func share(whole, percent int) int { return (whole*percent + 99) / 100 }

// pauses makes a pause at a checkpoint that has been reached. The last one ends the refresh, whether
// all instances are replaced then or not.
func (r *refresh) pauses(g *group, updated int, t turnover) bool {
	list := r.preferences.CheckpointPercentages
	if r.undo != nil || r.checkpoint >= len(list) || updated < r.goal() || len(t.fresh) > 0 {
		return false
	}
	last := r.checkpoint == len(list)-1
	if last && len(t.old) == 0 {
		return false
	}
	if r.until.IsZero() {
		r.until = g.region.now().Add(g.seconds(*r.preferences.CheckpointDelay))
		r.reason = fmt.Sprintf("Waiting after the checkpoint of %d percent.", list[r.checkpoint])
		return true
	}
	r.until, r.reason, r.progressed = time.Time{}, "", g.region.now()
	r.checkpoint++
	if last {
		r.complete(g)
	}
	return true
}

// widen lets the group have as many instances more than it wants as the refresh may have.
func (r *refresh) widen(g *group, t turnover, budget int) bool {
	most := share(g.desired, *r.preferences.MaxHealthyPercentage) - g.desired
	before := r.surplus
	r.surplus = max(min(most, len(t.old), budget), 0)
	// What is already launched in place of an instance that still is there keeps its room.
	if over := len(g.active()) - g.desired; r.surplus < before && over > r.surplus && len(t.old) > 0 {
		r.surplus = min(over, before)
	}
	return r.surplus > before
}

// replace lets go of old instances, as many as may be missing.
func (r *refresh) replace(g *group, t turnover, budget int) bool {
	least := share(g.desired, *r.preferences.MinHealthyPercentage)
	spare := t.ready - least
	if spare <= 0 && r.surplus == 0 && len(t.fresh) == 0 && len(g.active()) >= g.desired {
		spare = 1
	}
	gone := false
	for _, m := range t.old {
		idle := m.lifecycle != memberInService
		if budget <= 0 || spare <= 0 && !idle {
			break
		}
		if m.protected && *r.preferences.ScaleInProtectedInstances == whileProtectedWait {
			continue
		}
		if !idle {
			spare--
		}
		budget--
		gone = true
		g.dismiss(m, fmt.Sprintf("At %s an instance was taken out of service in response to an instance refresh.", stamp(g.region.now())))
	}
	if gone {
		r.progressed, r.reason = g.region.now(), ""
	}
	return gone
}

// wait finds out when the refresh goes on, and gives up if it does not.
func (r *refresh) wait(g *group, t turnover) bool {
	deadline := r.progressed.Add(g.region.cloud.scaled(stuck) + g.seconds(*r.preferences.InstanceWarmup))
	r.due = sooner(t.warm, deadline)
	why := ""
	switch {
	case len(t.fresh) > 0:
		why = t.fresh[0].id + " has insufficient data to evaluate its health with Amazon EC2."
	case len(g.active()) < g.desired:
		why = "an instance could not be launched; see the scaling activities."
	default:
		for _, m := range t.old {
			if m.protected {
				why = m.id + " is protected. Remove instance scale-in protection to continue."
			}
		}
	}
	r.reason = "Waiting for remaining instances to be available. For example: " + why
	if g.region.now().Before(deadline) {
		return false
	}
	r.fail(g, "The instance refresh did not get on within an hour. "+r.reason)
	return true
}

// complete is what follows when the last instance is replaced.
func (r *refresh) complete(g *group) {
	now := g.region.now()
	r.reason, r.surplus = "", 0
	if total, updated := r.count(); len(r.survey(g).old) == 0 {
		*updated = total
	}
	switch bake := r.preferences.BakeTime; {
	case r.undo != nil:
		r.end(g, rollbackSuccessful, "")
	case bake != nil && *bake > 0:
		r.status, r.until = refreshBaking, now.Add(g.seconds(*bake))
	default:
		r.succeed(g)
	}
}

func (r *refresh) succeed(g *group) {
	r.end(g, refreshSuccessful, "")
	r.adopt(g)
}

// end ends the refresh.
func (r *refresh) end(g *group, status, reason string) {
	r.status, r.reason, r.ended, r.surplus, r.due = status, reason, g.region.now(), 0, time.Time{}
	g.retry, g.failures = time.Time{}, 0
}

// fail ends a refresh that went wrong, or begins to roll it back.
func (r *refresh) fail(g *group, why string) {
	switch {
	case r.undo != nil:
		r.end(g, rollbackFailed, why)
	case *r.preferences.AutoRollback:
		r.rollBack(g, why)
	default:
		r.end(g, refreshFailed, why)
	}
}

// rollBack begins to replace what the refresh has launched.
func (r *refresh) rollBack(g *group, why string) {
	now := g.region.now()
	r.status, r.progressed, r.until, r.surplus = rollbackInProgress, now, time.Time{}, 0
	g.retry, g.failures = time.Time{}, 0
	r.reason, r.old = why, nil
	for _, m := range g.active() {
		if m.by == r.id {
			r.old = append(r.old, m.id)
			m.by = ""
		}
	}
	r.undo = &refreshUndo{reason: why, started: now, total: len(r.old)}
}
