package local

import (
	"github.com/updraft-go/updraft/stack"
)

// Revive makes a deployment that was read one that is over. takeUp makes those go on that are not.
func (d *deployment) Revive() {
	d.resting, d.slow, d.built = make(chan struct{}), make(chan struct{}), make(chan struct{})
	close(d.resting)
	close(d.built)
	d.isSlow()
}

// takeUp makes a deployment go on that the end of a process interrupted. The lock is held.
func (c *Cloud) takeUp(d *deployment) {
	d.again = true
	if set := d.state.executed; set != nil && set.execution == executing {
		d.finally = set.finish
	}
	d.run(c, d.goOn)
	d.isSlow() // nobody waits for it
	if d.state.status != stack.UpdateInProgress {
		close(d.built)
	}
}

// goOn does what is left to do for a stack in the state that it is in.
func (d *deployment) goOn(*deployment) {
	switch d.state.status {
	case stack.CreateInProgress:
		operateCreate(d)
	case stack.RollbackInProgress:
		d.undoCreate()
	case stack.DeleteInProgress:
		d.goOnDeleting()
	case stack.UpdateInProgress:
		d.goOnUpdating()
	case stack.UpdateCompleteCleanupInProgress:
		if d.inner {
			d.obey()
			return
		}
		d.sweepUp()
	case stack.UpdateRollbackInProgress:
		d.undo(*d.old)
	case stack.UpdateRollbackCompleteCleanupInProgress:
		d.tidyUp()
	case stack.ImportInProgress:
		operateImport(d)
	}
}

func (d *deployment) goOnDeleting() {
	if d.failing {
		d.erase(d.retainedOnCreate)
		return
	}
	operateDelete(d)
}

func (d *deployment) goOnUpdating() {
	if d.inner {
		operateNestedUpdate(d)
		return
	}
	operateUpdate(d)
}

// takeUpResource brings a resource to its end that the deployment had begun with when it was interrupted:
// old as it was left, next as it is to be. It returns false if nothing had been begun that could be gone
// on with.
func (d *deployment) takeUpResource(old, next *resource, done func(bool)) bool {
	before, begun := d.before[old.id]
	switch {
	case !begun:
		return false
	case old.status == stack.CreateComplete, old.status == stack.UpdateComplete:
		done(true)
	case old.status == stack.ImportInProgress:
		d.adopt(next, old.physicalID, done)
	case old.physicalID != "" && (before == nil || before.physicalID != old.physicalID):
		d.takeUpCreation(old, before, done)
	case old.status == stack.UpdateInProgress && before != nil && old.typ == typeStack && d.nested[old.id] != nil:
		d.finishWith(old, Update, stack.UpdateComplete, done, func(then func(error)) {
			d.act(&job{action: Update, resource: old, previous: before.properties, then: then})
		})
	case old.status == stack.UpdateInProgress && before != nil:
		d.state.resources[old.id], next.launched = before, old.launched
		d.update(before, next, done)
	default:
		return false
	}
	return true
}

// takeUpCreation brings a creation to its end that has given the resource its physical ID already: of a
// new resource, or of one that takes the place of another.
func (d *deployment) takeUpCreation(r, before *resource, done func(bool)) {
	action, born, complete := Create, stack.CreateInProgress, stack.CreateComplete
	if before != nil {
		action, born, complete = Update, stack.UpdateInProgress, stack.UpdateComplete
	}
	d.finishWith(r, action, complete, done, func(then func(error)) {
		finish := func(err error) {
			if before != nil {
				d.retired = append(d.retired, before)
			}
			then(err)
		}
		if r.typ == typeStack || r.typ == typeWaitCondition {
			d.act(&job{action: Create, resource: r, born: born, then: finish})
			return
		}
		if d.state.region.asset(r.typ, r.physicalID) == nil {
			d.state.region.record(d.state, Create, r)
		}
		d.collect(r, finish)
	})
}
