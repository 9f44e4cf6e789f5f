package local

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// A nest is a stack that is a resource of another.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
func nest(d *deployment, j *job, o *ongoing) {
	switch {
	case j.action == Create:
		d.nestCreate(j, o)
	case j.action == Delete:
		d.nestDelete(j, o)
	case j.restoring:
		d.nestRestore(j, o)
	default:
		d.nestUpdate(j, o)
	}
}

// nestedInput makes the request for a nested stack of the settings of the outer one and its properties.
func nestedInput(outer settings, p *tree.Node) *stackInput {
	in := &stackInput{
		TemplateURL: p.Get("TemplateURL").Str(), Capabilities: outer.capabilities, Parameters: []parameterInput{},
		NotificationARNs: names(p.Get("NotificationARNs")), RoleARN: outer.role, Tags: slices.Clone(outer.tags),
	}
	for _, m := range p.Get("Parameters").Members() {
		text := m.Value.Str()
		in.Parameters = append(in.Parameters, parameterInput{ParameterKey: m.Key, ParameterValue: &text, unknown: m.Value.Is(tree.Unknown)})
	}
	for _, t := range p.Get("Tags").Items() {
		in.Tags = append(in.Tags, tag{t.Get("Key").Str(), t.Get("Value").Str()})
	}
	return in
}

// nestedSettings are the settings of a nested stack: it leaves it to the outer one to roll back.
func (d *deployment) nestedSettings(r *resource, child *stackState) (settings, error) {
	next, err := nestedInput(d.state.settings, r.properties).settle(child)
	if err != nil {
		return settings{}, err
	}
	if next.problem != nil {
		return settings{}, next.problem
	}
	next.retainExceptOnCreate = d.exceptOnCreate
	if n, err := strconv.Atoi(r.properties.Get("TimeoutInMinutes").Str()); err == nil {
		next.timeoutMinutes = &n
	}
	next.onFailure, next.config = "DO_NOTHING", d.state.config
	if set := d.state.included[r.id]; set != nil {
		next.included = set.next.included
	}
	return next, nil
}

// newNested returns a nested stack that the region does not hold yet.
func (r *region) newNested(outer *stackState, id string) *stackState {
	s := r.newStack(outer.name + "-" + id + "-" + r.cloud.pick(letters[:26]+digits, 12))
	s.parent = outer
	return s
}

func (d *deployment) nestCreate(j *job, o *ongoing) {
	region := d.state.region
	if child := region.find(j.resource.physicalID); child != nil {
		d.awaitCreation(child, o) // it was interrupted
		return
	}
	included := d.state.included[j.resource.id]
	child := region.newNested(d.state, j.resource.id)
	if included != nil && included.state.status == stack.ReviewInProgress {
		child = included.state
	}
	next, err := d.nestedSettings(j.resource, child)
	if err != nil {
		o.finish(err)
		return
	}
	if region.byID[child.id] == nil {
		region.add(child)
	}
	child.settings = next
	child.setStatus(stack.CreateInProgress, "", d.token)
	d.begun(j, child.id)
	included.begin(d.cloud.launch(child, d.token, operateCreate))
	d.awaitCreation(child, o)
}

func (d *deployment) awaitCreation(child *stackState, o *ongoing) {
	finish := func() { o.finish(child.embedded("created", stack.CreateComplete)) }
	inner := child.running
	if inner == nil {
		finish()
		return
	}
	o.cancel = func() { inner.abandon(invalid("Resource creation cancelled")) }
	d.await(inner.resting, inner.slow, finish)
}

// embedded is the error of an outer stack whose nested one did not come to the state that it should.
func (s *stackState) embedded(done string, want stack.Status) error {
	switch {
	case s.status == want:
		return nil
	case s.reason == "Resource creation cancelled":
		return errCancelled
	}
	return invalid("Embedded stack %s was not successfully %s: %s", s.id, done, s.reason)
}

func (d *deployment) nestDelete(j *job, o *ongoing) {
	child := d.state.region.live(j.resource.physicalID)
	if child == nil {
		o.finish(nil)
		return
	}
	inner := child.running
	if inner == nil || child.status != stack.DeleteInProgress { // else it was interrupted
		was := child.status
		child.setStatus(stack.DeleteInProgress, "", d.token)
		inner = d.cloud.launch(child, d.token, operateDelete)
		inner.was = was
		inner.force, child.config = d.force, d.state.config
	}
	d.await(inner.resting, inner.slow, func() { o.finish(child.embedded("deleted", stack.DeleteComplete)) })
}

// nestUpdate updates a nested stack, if there is something to update. Its cleanup waits for the verdict
// of the outer stack.
func (d *deployment) nestUpdate(j *job, o *ongoing) {
	child := d.state.region.live(j.resource.physicalID)
	if inner := d.nested[j.resource.id]; inner != nil {
		d.awaitUpdate(inner, o) // it was interrupted
		return
	}
	if child == nil || !updatable(child.status) {
		o.finish(invalid("Stack:%s can not be updated.", j.resource.physicalID))
		return
	}
	next, err := d.nestedSettings(j.resource, child)
	if err == nil {
		err = child.checkChanges(next)
	}
	if err != nil {
		if errors.Is(err, errNoUpdates) {
			err = nil
		}
		o.finish(err)
		return
	}
	old := snapshot{child.settings, child.outputs, maps.Clone(child.imports)}
	child.settings, child.updated = next, time.Now()
	child.setStatus(stack.UpdateInProgress, "", d.token)
	inner := d.cloud.launch(child, d.token, operateNestedUpdate)
	inner.inner, inner.old = true, &old
	d.state.included[j.resource.id].begin(inner)
	d.nested[j.resource.id] = inner
	d.awaitUpdate(inner, o)
}

func (d *deployment) awaitUpdate(inner *deployment, o *ongoing) {
	o.cancel = func() { inner.abandon(invalid("Resource update cancelled")) }
	d.await(inner.built, inner.slow, func() {
		if inner.verdictDue() {
			o.finish(nil)
			return
		}
		o.finish(invalid("Embedded stack %s was not successfully updated. Currently in %s with reason: %s",
			inner.state.id, inner.state.status, inner.state.reason))
	})
}

// A verdict is what an outer stack decides of a nested one that it updated.
type verdict int

const (
	undecided verdict = iota
	keepUpdate
	undoUpdate
)

// verdictDue reports whether a nested update has gone well and waits for the outer stack.
func (d *deployment) verdictDue() bool { return d.waits && d.verdict == undecided }

// decide tells a nested update how it goes on.
func (d *deployment) decide(v verdict) {
	d.verdict = v
	d.loop.interrupt()
}

// operateNestedUpdate updates a nested stack as operateUpdate does, but leaves it to the outer stack
// whether what it has done stays.
func operateNestedUpdate(d *deployment) {
	ok, alive := d.build()
	if !alive {
		return
	}
	if !ok || !d.guardRemovals() || !d.publish() {
		d.endBuild(stack.UpdateRollbackInProgress, d.why(""))
		d.undo(*d.old)
		return
	}
	d.waits = true
	d.endBuild(stack.UpdateCompleteCleanupInProgress, "")
	d.obey()
}

// obey waits for the verdict of the outer stack and does what it says.
func (d *deployment) obey() {
	alive := d.loop.until(func() bool { return d.verdict != undecided })
	switch {
	case !alive:
	case d.verdict == keepUpdate:
		d.sweepUp()
	default:
		d.status(stack.UpdateRollbackInProgress, "")
		d.undo(*d.old)
	}
}

// endBuild tells how a nested update went, and lets the outer stack go on.
func (d *deployment) endBuild(s stack.Status, reason string) {
	d.status(s, reason)
	close(d.built)
}

// nestRestore brings a nested stack back to what it was, if the update touched it.
func (d *deployment) nestRestore(j *job, o *ongoing) {
	inner := d.nested[j.resource.id]
	if inner == nil {
		o.finish(nil)
		return
	}
	if inner.verdictDue() {
		inner.decide(undoUpdate)
	}
	d.await(inner.resting, inner.slow, func() { o.finish(inner.state.embedded("rolled back", stack.UpdateRollbackComplete)) })
}

// settleNested lets the nested stacks keep what an update made of them, and waits for their cleanup.
func (d *deployment) settleNested() (alive bool) {
	open := 0
	for _, id := range slices.Sorted(maps.Keys(d.nested)) {
		inner := d.nested[id]
		switch {
		case inner.verdictDue():
			inner.decide(keepUpdate)
		case inner.state.running != inner:
			continue
		}
		open++
		d.await(inner.resting, inner.slow, func() { open-- })
	}
	return d.loop.until(func() bool { return open == 0 })
}

// nestedOutput is the attribute Outputs.Name of a nested stack, nil if it has no such output.
func (s *stackState) nestedOutput(r *resource, name string) *tree.Node {
	child := s.region.byID[r.physicalID]
	if child == nil {
		return nil
	}
	for _, o := range child.outputs {
		if "Outputs."+o.key == name {
			return tree.Text(o.value)
		}
	}
	return nil
}

// root is the outermost of the stacks in which a stack is nested.
func (s *stackState) root() *stackState {
	for s.parent != nil {
		s = s.parent
	}
	return s
}
