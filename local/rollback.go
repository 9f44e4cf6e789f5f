package local

import (
	"slices"

	"github.com/updraft-go/updraft/stack"
)

// rollbackUpdate brings back what the stack was before an update that failed.
func (d *deployment) rollbackUpdate(old snapshot) {
	d.status(stack.UpdateRollbackInProgress, d.why(""))
	d.undo(old)
}

// undo is rollbackUpdate for a stack whose state says already that it rolls back.
func (d *deployment) undo(old snapshot) {
	d.problem, d.failed, d.state.undone = "", map[Action][]string{}, nil
	d.state.settings, d.state.outputs, d.state.imports = old.settings, old.outputs, old.imports
	if !d.undoing {
		d.undoing, d.left, d.since = true, append(d.left, d.leftovers()...), len(d.retired)
	}
	ok, alive := d.restore()
	switch {
	case !alive:
		return
	case !ok:
		d.leave(old)
		d.status(stack.UpdateRollbackFailed, d.why(""))
		return
	}
	d.status(stack.UpdateRollbackCompleteCleanupInProgress, "")
	d.tidyUp()
}

// tidyUp lets go of what a roll-back has left over.
func (d *deployment) tidyUp() {
	leftovers := slices.DeleteFunc(d.withRetired(slices.Clone(d.left), d.since), func(r *resource) bool {
		now := d.state.resources[r.id]
		return now != nil && now.physicalID == r.physicalID
	})
	if _, alive := d.sweep(leftovers, func(r *resource) bool { return d.before[r.id] == nil && d.retainedOnCreate(r) }); alive {
		d.status(stack.UpdateRollbackComplete, "")
	}
}

// leftovers takes out of the stack what the update created, and returns it with what it made to take
// an old resource's place.
func (d *deployment) leftovers() []*resource {
	var list []*resource
	for _, id := range d.touched {
		now, old := d.state.resources[id], d.before[id]
		if old == nil {
			delete(d.state.resources, id)
		}
		if now != nil && now.physicalID != "" && (old == nil || now.physicalID != old.physicalID) {
			list = append(list, now)
		}
	}
	return list
}

// withRetired adds to a list what was replaced since so many were, unless it has it already.
func (d *deployment) withRetired(list []*resource, since int) []*resource {
	for _, r := range d.retired[since:] {
		if !slices.ContainsFunc(list, func(have *resource) bool { return have.id == r.id && have.physicalID == r.physicalID }) {
			list = append(list, r)
		}
	}
	return list
}

// restore makes the resources that the update changed what they were.
func (d *deployment) restore() (ok, alive bool) {
	w := &walk{waits: map[string][]string{}}
	for _, id := range d.touched {
		if old := d.before[id]; old != nil && !d.restored[id] {
			w.ids = append(w.ids, id)
			w.waits[id] = old.after
		}
	}
	slices.SortFunc(w.ids, func(a, b string) int { return d.before[a].place - d.before[b].place })
	w.begin = func(id string, done func(bool)) {
		now := d.state.resources[id]
		if d.found[id] == nil {
			d.found[id] = now
		}
		now = d.found[id]
		if d.skipped(id) {
			d.tell(now, stack.UpdateComplete, "")
			done(true)
			return
		}
		delete(d.state.inboxes, id)
		old := *d.before[id]
		d.state.resources[id] = &old
		d.tell(&old, stack.UpdateInProgress, "")
		then := func(err error) {
			if err != nil {
				d.fail(&old, Update, err)
				done(false)
				return
			}
			d.tell(&old, stack.UpdateComplete, "")
			d.restored[id] = true
			done(true)
		}
		if now.physicalID != old.physicalID && !isCustom(old.typ) {
			then(nil) // the old one was never touched
			return
		}
		old.physicalID = now.physicalID // a custom resource is asked for its old properties
		d.act(&job{action: Update, resource: &old, previous: now.properties, restoring: true, undoes: now, then: then})
	}
	return d.walkThrough(w)
}
