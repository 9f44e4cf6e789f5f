package local

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// operateCreate makes a stack that is CREATE_IN_PROGRESS.
func operateCreate(d *deployment) {
	if d.state.timeoutMinutes != nil {
		d.timeout(*d.state.timeoutMinutes)
	}
	ok, alive := d.buildMonitored()
	switch {
	case !alive:
		return
	case d.then != nil:
		d.then()
		return
	case ok && d.publish():
		d.status(stack.CreateComplete, "")
		return
	}
	switch {
	case d.state.onFailure == "DO_NOTHING" || d.state.disableRollback:
		d.status(stack.CreateFailed, d.why(""))
	case d.state.onFailure == "DELETE":
		d.failing = true
		d.status(stack.DeleteInProgress, d.why("Delete requested by user."))
		d.erase(d.retainedOnCreate)
	default:
		d.rollbackCreate()
	}
}

// rollbackCreate lets go of what a failed creation made.
func (d *deployment) rollbackCreate() {
	d.status(stack.RollbackInProgress, d.why("Rollback requested by user."))
	d.undoCreate()
}

// undoCreate is rollbackCreate for a stack whose state says already that it rolls back.
func (d *deployment) undoCreate() {
	d.state.deleted = time.Now()
	failed, alive := d.clear(d.retainedOnCreate)
	d.state.imports = map[string]bool{}
	switch {
	case !alive:
	case d.then != nil:
		d.then()
	case len(failed) > 0:
		d.status(stack.RollbackFailed, failedToDelete(failed))
	default:
		d.status(stack.RollbackComplete, "")
	}
}

func failedToDelete(ids []string) string {
	return fmt.Sprintf("The following resource(s) failed to delete: [%s]. ", strings.Join(ids, ", "))
}

// erase lets go of all resources of a stack that is DELETE_IN_PROGRESS, and then of the stack.
func (d *deployment) erase(keeps func(*resource) bool) {
	s := d.state
	s.deleted = time.Now()
	failed, alive := d.clear(keeps)
	if !alive {
		return
	}
	if len(failed) > 0 && !d.force {
		d.status(stack.DeleteFailed, failedToDelete(failed))
		return
	}
	d.forget()
	for _, set := range slices.Clone(s.sets) {
		if set.open() && set.parent == nil {
			set.dropNested()
		}
	}
	s.outputs, s.imports = nil, map[string]bool{}
	if s.region.byName[s.name] == s {
		delete(s.region.byName, s.name)
	}
	d.status(stack.DeleteComplete, "")
}

// operateDelete deletes a stack that is DELETE_IN_PROGRESS, unless its exports are in use: then it
// is what it was before.
func operateDelete(d *deployment) {
	if err := d.state.checkImported(nil); err != nil {
		d.status(d.was, textOf(err))
		return
	}
	d.erase(func(r *resource) bool { return retained(r) || slices.Contains(d.retain, r.id) })
}

// A snapshot is what an update changes of a stack besides its resources.
type snapshot struct {
	settings settings
	outputs  []output
	imports  map[string]bool
}

// operateUpdate updates a stack that is UPDATE_IN_PROGRESS and has its new settings already.
func operateUpdate(d *deployment) {
	ok, alive := d.buildMonitored()
	switch {
	case !alive:
		return
	case ok && d.guardRemovals() && d.publish():
		d.cleanUp()
		return
	}
	if d.state.disableRollback {
		if !d.settleNested() {
			return
		}
		d.leave(*d.old)
		d.status(stack.UpdateFailed, d.why(""))
		return
	}
	d.rollbackUpdate(*d.old)
}

// cleanUp lets go of what an update replaced or dropped.
func (d *deployment) cleanUp() {
	d.status(stack.UpdateCompleteCleanupInProgress, "")
	d.sweepUp()
}

// sweepUp is cleanUp for a stack whose state says already that it cleans up.
func (d *deployment) sweepUp() {
	if !d.settleNested() {
		return
	}
	for _, r := range d.surplus() {
		d.dropped = append(d.dropped, r)
		delete(d.state.resources, r.id)
	}
	isDropped := func(r *resource) bool { return slices.Contains(d.dropped, r) }
	failed, alive := d.sweep(slices.Concat(d.dropped, d.retired), func(r *resource) bool {
		return isDropped(r) && retained(r) || !isDropped(r) && retainedOnReplace(r)
	})
	reason := ""
	if len(failed) > 0 {
		reason = "Update successful. One or more resources could not be deleted."
	}
	if alive {
		d.status(stack.UpdateComplete, reason)
	}
}

// surplus returns the resources that the stack's template does not have any more.
func (d *deployment) surplus() []*resource {
	sc := d.scope()
	active, err := sc.active(sc.evaluator())
	if err != nil {
		return nil // build evaluated the same conditions
	}
	return slices.DeleteFunc(d.state.present(), func(r *resource) bool {
		return slices.ContainsFunc(active, func(def *definition) bool { return def.id == r.id })
	})
}
