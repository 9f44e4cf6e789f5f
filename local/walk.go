package local

import "slices"

// A walk goes through resources in the order of what they wait for, and otherwise with all at once.
type walk struct {
	ids   []string            // in the order in which they begin if nothing keeps them
	waits map[string][]string // on which others each waits; names that are not in ids do not count
	// begin starts on a resource. It calls done, at once or later, when it has come to an end.
	begin func(id string, done func(ok bool))
	// onward says that after a failure all that does not wait for what failed goes on.
	onward bool

	all     map[string]bool // ids
	left    map[string]bool // not begun
	ended   map[string]bool // came to a good end
	active  int
	failed  bool
	stopped bool // nothing begins any more
}

// walkThrough goes through a walk in the deployment's loop. It returns whether all went well; the second
// result is false if the cloud was closed.
func (d *deployment) walkThrough(w *walk) (ok, alive bool) {
	w.all, w.left, w.ended = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, id := range w.ids {
		w.all[id], w.left[id] = true, true
	}
	d.walk = w
	defer func() { d.walk = nil }()
	w.advance()
	alive = d.loop.until(func() bool { return w.active == 0 })
	return !w.failed && len(w.left) == 0, alive
}

// advance begins all that waits for nothing any more.
func (w *walk) advance() {
	for _, id := range w.ids {
		if w.stopped {
			return
		}
		if w.left[id] && w.ready(id) {
			delete(w.left, id)
			w.active++
			w.begin(id, func(ok bool) { w.done(id, ok) })
		}
	}
}

func (w *walk) ready(id string) bool {
	return !slices.ContainsFunc(w.waits[id], func(on string) bool {
		return w.all[on] && !w.ended[on]
	})
}

func (w *walk) done(id string, ok bool) {
	w.active--
	if !ok {
		w.failed = true
		w.stopped = w.stopped || !w.onward
		return
	}
	w.ended[id] = true
	w.advance()
}

// reversed turns an order round.
func reversed(waits map[string][]string) map[string][]string {
	back := map[string][]string{}
	for id, on := range waits {
		for _, other := range on {
			back[other] = append(back[other], id)
		}
	}
	return back
}
