package local

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// An ongoing action is something that is being done to a resource.
type ongoing struct {
	cancel context.CancelFunc // for a provider; nil if none is at work
	finish func(error)        // ends it; later calls do nothing
}

// errCancelled ends an action that another's failure made pointless.
var errCancelled = errors.New("cancelled")

// A job is something to do to a resource.
type job struct {
	action   Action
	resource *resource
	previous *tree.Node // the properties before an update
	// restoring says that an update brings back what was before.
	restoring bool
	// undoes is then the resource as the update left it; nil otherwise.
	undoes *resource
	// born is the state in which a creation first tells the physical ID.
	born stack.Status
	// then is called once, as a step of the loop.
	then func(error)
}

// act does a job: what the type's provider does or, without one, what takes some time and gives a new
// resource its physical ID.
func (d *deployment) act(j *job) {
	provider := d.cloud.providers[j.resource.typ]
	own := nativeOf(j.resource.typ)
	if provider != nil {
		own = nil
	}
	out := d.foresee(j, provider != nil || own != nil)
	if out.wait > 0 || provider != nil {
		d.isSlow()
	}
	o := &ongoing{}
	o.finish = func(err error) {
		if !d.ongoing[o] {
			return
		}
		delete(d.ongoing, o)
		before := d.state.region.instancesOf(j.resource)
		if err == nil {
			d.state.region.record(d.state, j.action, j.resource)
		}
		switch {
		case err == nil && j.action == Create:
			d.collect(j.resource, j.then)
		case err == nil && j.action == Update:
			d.updated(j, before)
		default:
			j.then(err)
		}
	}
	d.ongoing[o] = true
	if out.born && j.resource.physicalID == "" {
		j.resource.invent(d.state)
		d.tell(j.resource, j.born, initiated)
	}
	d.loop.after(out.wait, func() {
		switch {
		case !d.ongoing[o]:
		case out.why != "":
			o.finish(errors.New(out.why))
		case provider != nil:
			d.ask(provider, j, o)
		case own != nil:
			own(d, j, o)
		default:
			o.finish(nil)
		}
	})
}

// An outlook is how a job will go.
type outlook struct {
	wait time.Duration
	why  string // it fails, "" if it does not
	born bool   // the resource gets a made-up physical ID at once
}

// foresee decides how a job will go, as far as its provider does not.
func (d *deployment) foresee(j *job, hasProvider bool) outlook {
	out := outlook{wait: d.cloud.Delay}
	if d.state.config.express() {
		out.wait = 0
	}
	if fault := d.cloud.strike(d.state, j.resource, j.action); fault != nil {
		out.wait += fault.Delay
		out.why = fault.Reason
	}
	if hasProvider {
		return out
	}
	out.born = j.action == Create && out.why == ""
	if why, late := j.action.against(j.resource); out.why == "" && why != "" {
		out.why, out.born = why, out.born && late
	}
	if why := d.state.region.refuses(j); out.why == "" && why != "" {
		out.why, out.born = why, false
	}
	if j.action == Create && out.why == "" {
		if why := d.nameTaken(j.resource); why != "" {
			out.why, out.born = why, false
		}
	}
	return out
}

// initiated is the reason of the event that first tells a physical ID.
const initiated = "Resource creation Initiated"

// ask lets a provider do it.
func (d *deployment) ask(p Provider, j *job, o *ongoing) {
	request := requestFor(d.state, j.resource, j.previous)
	ctx, cancel := context.WithCancel(d.loop.ctx)
	o.cancel = cancel
	d.loop.call(func() func() {
		made, err := perform(ctx, p, j.action, request)
		if ctx.Err() != nil {
			err = errCancelled
		}
		cancel()
		return func() {
			o.finish(d.taken(j, made, err))
		}
	})
}

// taken takes over what a provider made, and passes its error on.
func (d *deployment) taken(j *job, made *Resource, err error) error {
	r := j.resource
	if takeErr := r.take(made); err == nil {
		err = takeErr
	}
	if j.action != Create {
		return err
	}
	if err == nil && r.physicalID == "" {
		r.invent(d.state)
	}
	if r.physicalID != "" {
		d.tell(r, j.born, initiated)
	}
	return err
}

// perform calls a provider, and makes an error of its panic: a fault in a test's own code must not
// hang the cloud.
func perform(ctx context.Context, p Provider, a Action, r *Request) (made *Resource, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("the provider of %s panicked: %v", r.Type, panicked)
		}
	}()
	switch a {
	case Create:
		return p.Create(ctx, r)
	case Update:
		return p.Update(ctx, r)
	}
	return nil, p.Delete(ctx, r)
}

// stop begins nothing more in the walk that is under way, and cancels what is being done. Providers
// are told by their context, and waited for.
func (d *deployment) stop() {
	if d.walk != nil {
		d.walk.stopped = true
		d.walk.failed = true
	}
	for o := range d.ongoing {
		if o.cancel != nil {
			o.cancel()
			continue
		}
		d.loop.after(0, func() { o.finish(errCancelled) })
	}
	d.loop.interrupt()
}

// timeout is how long a creation may take, in minutes.
func (d *deployment) timeout(minutes int) {
	const century = 100 * 365 * 24 * 60 // longer ones could not be told in nanoseconds
	d.loop.after(time.Duration(min(minutes, century))*time.Minute, func() {
		if d.building && d.problem == "" {
			d.abandon(invalid("Stack creation time exceeded the specified timeout."))
		}
	})
}
