package local

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// A deployment is one operation on a stack while it runs: in a goroutine of its own that holds the
// cloud's lock except while it waits.
type deployment struct {
	cloud *Cloud `record:"-"`
	state *stackState
	loop  *loop  `record:"-"`
	token string // the client's, told in events
	// endpoint is where the URLs that the deployment gives out lead.
	endpoint string

	walk      *walk               `record:"-"` // the one under way
	building  bool                `record:"-"` // it is that of build
	monitored bool                // the stack's rollback triggers are watched
	force     bool                // a deletion that forgets what it cannot delete
	ongoing   map[*ongoing]bool   `record:"-"` // what is being done
	failed    map[Action][]string // the logical IDs of what failed, without what was cancelled
	problem   string              // why it failed, if it was not a resource
	finally   func()              `record:"-"` // what to do when it is over; may be nil
	then      func()              `record:"-"` // what to do instead of going on, if it was interrupted
	again     bool                // it was interrupted by the end of a process, and taken up
	was       stack.Status        // of a deletion: the state of the stack before
	retain    []string            // of a deletion: the logical IDs of what stays
	failing   bool                // a deletion of what a failed creation made
	old       *snapshot           // of an update: what the stack was; nil if it is none
	inner     bool                // an update for an outer stack

	exceptOnCreate bool         // RetainExceptOnCreate
	policy         *stackPolicy // for this operation only; nil if the stack's own holds

	before  map[string]*resource // how resources were before this update touched them; nil if new
	touched []string             // the keys of before, in order
	retired []*resource          // what this update replaced
	dropped []*resource          // what it has taken out of the stack, since the template does not have it

	skips    []string               // what a roll-back leaves as it is
	restored map[string]bool        // what a roll-back has brought back
	left     []*resource            // what it has taken out of the stack and not deleted yet
	undoing  bool                   // it rolls back an update
	since    int                    // how much was replaced before it rolled back
	found    map[string]*resource   // how the roll-back found what it brings back
	prior    *undone                // what an update before this one left to be rolled back; nil if nothing
	nested   map[string]*deployment // updates of nested stacks, by logical ID
	built    chan struct{}          `record:"-"` // of a nested update: closed when it has gone well or not
	waits    bool                   // of a nested update: it has gone well
	verdict  verdict                // what the outer stack decided

	resting  chan struct{} `record:"-"` // closed when it is over
	slow     chan struct{} `record:"-"` // closed when it takes time
	slowOnce sync.Once     `record:"-"`
}

// launch runs an operation on a stack. The lock is held.
func (c *Cloud) launch(s *stackState, token string, operate func(*deployment)) *deployment {
	d := &deployment{
		state: s, token: token, endpoint: c.base(), before: map[string]*resource{}, failed: map[Action][]string{},
		exceptOnCreate: s.retainExceptOnCreate, nested: map[string]*deployment{}, restored: map[string]bool{}, found: map[string]*resource{},
	}
	s.running = d
	s.touch()
	d.run(c, operate)
	return d
}

// run sets an operation going. What a cloud that is closed leaves under way stays so. The lock is held.
func (d *deployment) run(c *Cloud, operate func(*deployment)) {
	d.cloud, d.loop, d.ongoing = c, newLoop(c, d.state), map[*ongoing]bool{}
	d.resting, d.slow, d.built = make(chan struct{}), make(chan struct{}), make(chan struct{})
	s := d.state
	c.running.Go(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		defer close(d.resting)
		operate(d)
		if c.closed && !s.status.Rests() {
			return
		}
		if s.running == d {
			s.running = nil
		}
		if d.finally != nil {
			d.finally()
		}
		s.touch()
		d.saveSlow()
	})
}

// saveSlow keeps how a deployment ended that no call waits for. Where it does, or where the state cannot
// be written, the next answer does.
func (d *deployment) saveSlow() {
	select {
	case <-d.slow:
		_ = d.cloud.save()
	default:
	}
}

// base is the URL at which the cloud is reached, for the URLs that it gives out.
func (c *Cloud) base() string {
	switch {
	case c.Endpoint != "":
		return c.Endpoint
	case c.endpoint != "":
		return c.endpoint
	}
	return "http://" + localHost
}

// isSlow says that the deployment takes time, so that the call that began it does not wait for it.
func (d *deployment) isSlow() { d.slowOnce.Do(func() { close(d.slow) }) }

// settled waits until the deployment is over or is known to take time.
func (d *deployment) settled(ctx context.Context) {
	select {
	case <-d.resting:
	case <-d.slow:
	case <-ctx.Done():
	}
}

// status changes the state of the stack.
func (d *deployment) status(s stack.Status, reason string) { d.state.setStatus(s, reason, d.token) }

// tell records an event of a resource.
func (d *deployment) tell(r *resource, s stack.Status, reason string) {
	d.state.tell(r, s, reason, d.token)
}

// scope is what references mean while the stack is deployed.
func (d *deployment) scope() *scope {
	sc := newScope(d.state, d.state.settings, func(id string) *resource { return d.state.resources[id] })
	sc.holdsImports = true
	return sc
}

// fail records that a resource failed, and makes the walk stop.
func (d *deployment) fail(r *resource, a Action, err error) {
	status, noun := stack.CreateFailed, "creation"
	if a == Update {
		status, noun = stack.UpdateFailed, "update"
	}
	if errors.Is(err, errCancelled) {
		d.tell(r, status, "Resource "+noun+" cancelled")
		return
	}
	d.tell(r, status, textOf(err))
	d.failed[a] = append(d.failed[a], r.id)
	d.stop()
}

// why is the reason of a failed deployment: what was wrong, or the resources that failed. after, if
// it is not empty, is what follows from it.
func (d *deployment) why(after string) string {
	var b strings.Builder
	b.WriteString(d.problem)
	for _, a := range []Action{Create, Update, Delete, actionImport} {
		if len(d.failed[a]) > 0 && d.problem == "" {
			fmt.Fprintf(&b, "The following resource(s) failed to %s: [%s]. ", strings.ToLower(string(a)), strings.Join(d.failed[a], ", "))
		}
	}
	if after != "" && d.problem != "" {
		b.WriteString(" ")
	}
	return b.String() + after
}

// abandon ends the walk for a reason that is no resource's.
func (d *deployment) abandon(err error) {
	if d.problem == "" {
		d.problem = textOf(err)
	}
	d.stop()
}

// build makes the stack's resources what its template says. It returns whether all went well, and
// whether the cloud is still open.
func (d *deployment) build() (ok, alive bool) {
	if d.problem != "" || len(d.failed) > 0 {
		return false, true // it was interrupted when it had failed
	}
	if d.state.problem != nil {
		d.abandon(d.state.problem)
		return false, true
	}
	sc := d.scope()
	e := sc.evaluator()
	active, err := sc.active(e)
	if err != nil {
		d.abandon(err)
		return false, true
	}
	w := &walk{waits: map[string][]string{}}
	defs := map[string]*definition{}
	for _, def := range active {
		w.ids = append(w.ids, def.id)
		w.waits[def.id] = d.state.template.dependencies(def)
		defs[def.id] = def
	}
	w.begin = func(id string, done func(bool)) {
		properties, err := e.Value(defs[id].properties())
		def := defs[id]
		if err == nil {
			def, err = withPolicies(e, def)
		}
		var actual *tree.Node
		if err == nil {
			actual, err = d.state.region.resolve(properties)
		}
		if err != nil {
			d.abandon(err)
			done(false)
			return
		}
		d.apply(def, properties, actual, w.waits[id], done)
	}
	d.building = true
	ok, alive = d.walkThrough(w)
	d.building = false
	if ok && alive {
		d.state.imports = sc.imported
	}
	return ok && d.problem == "", alive
}

// apply makes one resource what its definition says.
func (d *deployment) apply(def *definition, properties, actual *tree.Node, waits []string, done func(bool)) {
	old := d.state.resources[def.id]
	next := &resource{id: def.id, typ: def.typ, properties: properties, actual: actual, node: def.node, after: waits}
	if old != nil && d.again && d.takeUpResource(old, next, done) {
		return
	}
	if old != nil && d.state.revertsDrift {
		old = d.state.asItIs(old)
	}
	if old == nil || old.physicalID == "" {
		d.touch(def.id, nil)
		if id := d.state.adopts[def.id]; id != "" && old == nil {
			d.adopt(next, id, done)
			return
		}
		d.create(next, done)
		return
	}
	d.update(old, next, done)
}

// touch remembers how a resource was before this deployment changed it.
func (d *deployment) touch(id string, old *resource) {
	if _, ok := d.before[id]; ok {
		return
	}
	d.before[id] = old
	d.touched = append(d.touched, id)
	delete(d.state.inboxes, id) // signals are for what is done now
}

// create makes a new resource.
func (d *deployment) create(r *resource, done func(bool)) {
	d.add(r)
	d.tell(r, stack.CreateInProgress, "")
	d.finishWith(r, Create, stack.CreateComplete, done, func(then func(error)) {
		d.act(&job{action: Create, resource: r, born: stack.CreateInProgress, then: then})
	})
}

// finishWith checks the properties of a resource, does something to it, and tells how it went.
func (d *deployment) finishWith(r *resource, a Action, complete stack.Status, done func(bool), do func(then func(error))) {
	then := func(err error) {
		if err != nil {
			d.fail(r, a, err)
			done(false)
			return
		}
		d.tell(r, complete, "")
		done(true)
	}
	if err := checkProperties(r); err != nil {
		then(err)
		return
	}
	do(then)
}

// add puts a resource into the stack.
func (d *deployment) add(r *resource) {
	r.place = d.state.places
	d.state.places++
	d.state.resources[r.id] = r
}

// publish evaluates the outputs, and checks the exports against those of other stacks.
func (d *deployment) publish() bool {
	sc := d.scope()
	outputs, err := sc.evaluateOutputs(sc.evaluator())
	if err == nil {
		err = d.state.checkExports(outputs)
	}
	if err != nil {
		d.abandon(err)
		return false
	}
	d.state.outputs = outputs
	return true
}

// checkExports refuses exports that another stack has, and changes of those that others import.
func (s *stackState) checkExports(outputs []output) error {
	kept := map[string]string{}
	for _, o := range outputs {
		if o.export == "" {
			continue
		}
		if e, ok := s.region.export(o.export); ok && e.from != s {
			return invalid("Export with name %s is already exported by stack %s.", o.export, e.from.name)
		}
		kept[o.export] = o.value
	}
	return s.checkImported(kept)
}

// checkImported refuses to let go of exports that others import.
func (s *stackState) checkImported(kept map[string]string) error {
	for _, o := range s.outputs {
		if o.export == "" {
			continue
		}
		users := strings.Join(s.region.importers(o.export), " and ")
		if users == "" {
			continue
		}
		value, ok := kept[o.export]
		switch {
		case !ok:
			return invalid("Export %s cannot be deleted as it is in use by %s", o.export, users)
		case value != o.value:
			return invalid("Export %s cannot be updated as it is in use by %s", o.export, users)
		}
	}
	return nil
}
