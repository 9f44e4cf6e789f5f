package ros

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/updraft-go/updraft/internal/tree"
)

// A deployment is one operation of a stack, under way.
type deployment struct {
	cloud    *Cloud
	stack    *stack
	template *template
	values   map[string]*tree.Node
	verb     string // CREATE, UPDATE, DELETE, ROLLBACK
	done     []undo // what was done to resources, in that order
}

// An undo is what was done to a resource, and what it was before; nil if it was made.
type undo struct {
	resource *resource
	before   *tree.Node
}

// run does work in the background, as the stack's only operation.
func (c *Cloud) run(d *deployment, work func()) {
	d.stack.deployment = d
	c.running.Go(func() {
		work()
		c.mu.Lock()
		d.stack.deployment = nil
		c.mu.Unlock()
	})
}

// create makes a stack's resources, and removes them again if one of them fails.
func (d *deployment) create() {
	err := d.make()
	if err == nil {
		err = d.outputs()
	}
	switch {
	case d.cloud.life.Err() != nil:
	case err == nil:
		d.state("CREATE_COMPLETE", "Stack CREATE completed successfully")
	case !d.stack.rollback:
		d.state("CREATE_FAILED", err.Error())
	default:
		d.state("CREATE_ROLLBACK_IN_PROGRESS", err.Error())
		reason := err.Error()
		if err := d.undo(); err != nil {
			d.state("CREATE_ROLLBACK_FAILED", err.Error())
			return
		}
		d.state("CREATE_ROLLBACK_COMPLETE", reason)
	}
}

// update brings the resources to what the new template says, and back if one of them fails.
func (d *deployment) update(before *deployment) {
	err := d.make()
	if err == nil {
		err = d.outputs()
	}
	if err == nil {
		d.adopt()
		err = d.removeOthers()
	}
	switch {
	case d.cloud.life.Err() != nil:
	case err == nil:
		d.state("UPDATE_COMPLETE", "Stack UPDATE completed successfully")
	case !d.stack.rollback:
		d.state("UPDATE_FAILED", err.Error())
	default:
		d.state("ROLLBACK_IN_PROGRESS", err.Error())
		reason := err.Error()
		before.adopt()
		if err := d.undo(); err != nil {
			d.state("ROLLBACK_FAILED", err.Error())
			return
		}
		d.state("ROLLBACK_COMPLETE", reason)
	}
}

// remove deletes a stack's resources, the last first.
func (d *deployment) remove(retain []string) {
	d.cloud.mu.Lock()
	all := slices.Clone(d.stack.resources)
	d.cloud.mu.Unlock()
	slices.Reverse(all)
	for _, r := range all {
		if r.retain || slices.Contains(retain, r.id) || slices.Contains(retain, r.base) || r.physical == "" {
			continue
		}
		if err := d.deleteResource(r); err != nil {
			d.state("DELETE_FAILED", err.Error())
			return
		}
	}
	d.cloud.mu.Lock()
	d.stack.resources, d.stack.outputs = nil, nil
	d.cloud.mu.Unlock()
	d.state("DELETE_COMPLETE", "Stack DELETE completed successfully")
}

func (d *deployment) state(status, reason string) {
	d.cloud.mu.Lock()
	defer d.cloud.mu.Unlock()
	d.stack.state(status, reason)
}

// adopt makes the deployment's template and values those of the stack.
func (d *deployment) adopt() {
	d.cloud.mu.Lock()
	defer d.cloud.mu.Unlock()
	d.stack.template, d.stack.parameters = d.template, d.values
}

func (d *deployment) scope(index int) scope {
	return scope{d.cloud, d.stack, d.template, d.values, index, false}
}

// make creates and updates the resources of the template, each when what it needs is there. After a
// failure nothing more is begun. The error is the first failure.
func (d *deployment) make() error {
	order, err := d.template.order()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(d.cloud.life)
	defer cancel(nil)
	finished := map[string]chan struct{}{}
	for _, id := range order {
		finished[id] = make(chan struct{})
	}
	var all sync.WaitGroup
	for _, id := range order {
		all.Go(func() {
			defer close(finished[id])
			for _, other := range d.template.refers[id] {
				<-finished[other]
			}
			if ctx.Err() != nil {
				return
			}
			if err := d.makeAll(id); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return told("Resource %s failed: %w", d.verb, err)
	}
	return nil
}

// makeAll makes one resource of the template, or as many as its Count says.
func (d *deployment) makeAll(id string) error {
	part := d.template.doc.At("Resources", id)
	d.cloud.mu.Lock()
	wanted, err := d.scope(-1).holds(part)
	count, countErr := d.scope(-1).count(part)
	d.cloud.mu.Unlock()
	if err = errors.Join(err, countErr); err != nil {
		return fmt.Errorf("resources.%s: %w", id, err)
	}
	if !wanted {
		return nil
	}
	if count < 0 {
		return d.makeOne(id, part, -1)
	}
	var all sync.WaitGroup
	failed := make([]error, count)
	for i := range count {
		all.Go(func() { failed[i] = d.makeOne(id, part, i) })
	}
	all.Wait()
	return errors.Join(failed...)
}

// removeOthers deletes the resources that the template does not have any more, the last first.
func (d *deployment) removeOthers() error {
	d.cloud.mu.Lock()
	var others []*resource
	for _, r := range slices.Backward(d.stack.resources) {
		if !d.keeps(r) {
			others = append(others, r)
		}
	}
	d.cloud.mu.Unlock()
	for _, r := range others {
		if !r.retain {
			if err := d.deleteResource(r); err != nil {
				return err
			}
		}
		d.cloud.mu.Lock()
		d.stack.resources = slices.DeleteFunc(d.stack.resources, func(other *resource) bool { return other == r })
		d.cloud.mu.Unlock()
	}
	return nil
}

// keeps reports whether the deployment made or kept a resource. The lock is held.
func (d *deployment) keeps(r *resource) bool {
	part := d.template.doc.At("Resources", r.base)
	if part == nil {
		return false
	}
	wanted, err := d.scope(-1).holds(part)
	count, countErr := d.scope(-1).count(part)
	return err == nil && countErr == nil && wanted && (count < 0) == (r.index < 0) && r.index < max(count, 0)
}

// undo takes back what the deployment did, the last first.
func (d *deployment) undo() error {
	d.cloud.mu.Lock()
	done := slices.Clone(d.done)
	d.cloud.mu.Unlock()
	for _, u := range slices.Backward(done) {
		if u.before != nil {
			if err := d.apply(u.resource, u.before); err != nil {
				return err
			}
			continue
		}
		if err := d.deleteResource(u.resource); err != nil {
			return err
		}
		d.cloud.mu.Lock()
		d.stack.resources = slices.DeleteFunc(d.stack.resources, func(r *resource) bool { return r == u.resource })
		d.cloud.mu.Unlock()
	}
	return nil
}

// outputs evaluates what the template gives out.
func (d *deployment) outputs() error {
	d.cloud.mu.Lock()
	defer d.cloud.mu.Unlock()
	var out []tree.Member
	for _, m := range d.template.outputs {
		wanted, err := d.scope(-1).holds(m.Value)
		if err == nil && !wanted {
			continue
		}
		v, evalErr := d.scope(-1).evaluator().Value(m.Value.Get("Value"))
		if err = errors.Join(err, evalErr); err != nil {
			return fmt.Errorf("outputs.%s: %w", m.Key, err)
		}
		out = append(out, tree.Field(m.Key, v))
	}
	d.stack.outputs = out
	return nil
}
