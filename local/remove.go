package local

import (
	"slices"

	"github.com/updraft-go/updraft/stack"
)

// A removal is how resources are let go of.
type removal struct {
	// keeps reports whether a resource is left alone.
	keeps func(*resource) bool
	// tell records an event.
	tell func(*resource, stack.Status, string)
	// gone is called when a resource has been let go of.
	gone func(*resource)
}

// remove lets go of resources, each after all that depend on it. It returns the logical IDs of those
// that could not be deleted; what they depend on is not touched then.
func (d *deployment) remove(list []*resource, how removal) (failed []string, alive bool) {
	w := &walk{waits: map[string][]string{}, onward: true}
	byID := map[string]*resource{}
	after := map[string][]string{}
	for _, r := range slices.Backward(list) {
		w.ids = append(w.ids, r.id)
		byID[r.id] = r
		after[r.id] = r.after
	}
	w.waits = reversed(after)
	w.begin = func(id string, done func(bool)) {
		r := byID[id]
		switch {
		case how.keeps(r):
			how.tell(r, stack.DeleteSkipped, "")
			how.gone(r)
			done(true)
			return
		case r.physicalID == "":
			how.gone(r)
			done(true)
			return
		}
		how.tell(r, stack.DeleteInProgress, "")
		d.act(&job{action: Delete, resource: r, then: func(err error) {
			if err != nil {
				failed = append(failed, r.id)
				how.tell(r, stack.DeleteFailed, textOf(err))
				done(false)
				return
			}
			how.tell(r, stack.DeleteComplete, "")
			how.gone(r)
			done(true)
		}})
	}
	_, alive = d.walkThrough(w)
	return failed, alive
}

// clear lets go of all resources of the stack, except for those that are to be kept.
func (d *deployment) clear(keeps func(*resource) bool) (failed []string, alive bool) {
	return d.remove(d.state.present(), removal{
		keeps: keeps,
		tell:  d.tell,
		gone: func(r *resource) {
			delete(d.state.resources, r.id)
			if r.physicalID != "" {
				d.state.history[r.id] = r
			}
		},
	})
}

// forget lets go of what a forced deletion could not delete: it stays where it is.
func (d *deployment) forget() {
	for _, r := range d.state.present() {
		d.tell(r, stack.DeleteSkipped, "")
		delete(d.state.resources, r.id)
		d.state.history[r.id] = r
	}
}

// sweep lets go of what an update or its roll-back left behind.
func (d *deployment) sweep(list []*resource, keeps func(*resource) bool) (failed []string, alive bool) {
	list = slices.DeleteFunc(slices.Clone(list), func(r *resource) bool {
		return r.status == stack.DeleteComplete || r.status == stack.DeleteSkipped // before an interruption
	})
	return d.remove(list, removal{
		keeps: keeps,
		tell: func(r *resource, s stack.Status, reason string) {
			d.state.tellCleanup(r, s, reason, d.token)
		},
		gone: func(*resource) {},
	})
}

// retained reports whether the DeletionPolicy of a resource keeps it.
func retained(r *resource) bool {
	p := policy(r.node, "DeletionPolicy")
	return p == "Retain" || p == "RetainExceptOnCreate"
}

// retainedOnCreate is retained for a resource whose creation is undone.
func (d *deployment) retainedOnCreate(r *resource) bool {
	p := policy(r.node, "DeletionPolicy")
	return p == "Retain" && !d.exceptOnCreate || r.imported && (p == "Retain" || p == "RetainExceptOnCreate")
}

// retainedOnReplace reports whether the UpdateReplacePolicy of a resource keeps it.
func retainedOnReplace(r *resource) bool { return policy(r.node, "UpdateReplacePolicy") == "Retain" }
