package local

import (
	"slices"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// includeNested makes a change set for each nested stack that a change set touches. If one of them fails, the
// others are made nevertheless.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html
func (set *changeSet) includeNested(c *call) {
	set.includes, set.next.included, set.next.steady = true, map[string]*changeSet{}, map[string]bool{}
	if set.plan == nil {
		return
	}
	failed := ""
	for _, ch := range set.plan.byValue {
		if ch.typ != typeStack || ch.action == "Remove" {
			continue
		}
		nested := set.nestedSet(c, ch)
		nested.includeNested(c)
		if nested.status == statusFailed && nested.reason == noChanges {
			set.next.steady[ch.id] = true
			continue
		}
		nested.keep(c)
		set.next.included[ch.id] = nested
		if nested.status == statusFailed && failed == "" {
			failed = "Nested change set " + nested.id + " was not successfully created: Currently in FAILED."
		}
	}
	if len(set.next.steady) > 0 {
		set.plan = nil
		if err := set.prepare(); err != nil {
			set.failed(textOf(err))
		}
	}
	if set.plan != nil {
		set.plan.tellNested(set.next.included)
	}
	if failed != "" && set.status != statusFailed {
		set.failed(failed)
	}
}

// nestedSet makes the change set of one nested stack, which is a new one if it is to be added.
func (set *changeSet) nestedSet(c *call, ch *change) *changeSet {
	child := c.region.live(ch.physicalID)
	if child == nil {
		child = c.region.newNested(set.state, ch.id)
	}
	kind := "UPDATE"
	if child.status == "" {
		kind = "CREATE"
	}
	name := set.name + "-" + ch.id + "-" + c.cloud.pick(letters[:26]+digits, 12)
	nested := &changeSet{
		id: c.region.arn("changeSet", name, c.cloud.uuid()), name: name, state: child, created: time.Now(),
		status: "CREATE_COMPLETE", execution: available, kind: kind, parent: set, includes: true, unvalidated: set.unvalidated,
	}
	next, err := nestedInput(set.next, ch.after).settle(child)
	if err == nil {
		nested.next = next
		err = nested.prepare()
	}
	if err != nil {
		nested.failed(textOf(err))
	}
	return nested
}

// keep makes a nested change set known, and its stack if that is new.
func (set *changeSet) keep(c *call) {
	if c.region.byID[set.state.id] == nil {
		c.region.add(set.state)
		set.state.setStatus(stack.ReviewInProgress, "", "")
	}
	set.state.creation(set)
	set.state.sets = append(set.state.sets, set)
	c.region.sets[set.id] = set
}

// tellNested tells in a plan where the changes of nested stacks are.
func (p *plan) tellNested(included map[string]*changeSet) {
	for _, c := range slices.Concat(p.byValue, p.byText) {
		if nested := included[c.id]; nested != nil {
			c.set = nested.id
		}
	}
}

// root is the outermost of the change sets in which a change set is nested.
func (set *changeSet) root() *changeSet {
	for set.parent != nil {
		set = set.parent
	}
	return set
}

// parents are what descriptions tell of where a change set is nested.
func (set *changeSet) parents() (parent, root string) {
	if set.parent == nil {
		return "", ""
	}
	return set.parent.id, set.root().id
}

// onRoot refuses an operation on a nested change set alone.
func (set *changeSet) onRoot(operation string) error {
	if set.parent == nil {
		return nil
	}
	return invalid("%s can only be performed on the root change set [%s]", operation, set.root().id)
}

// drop takes a change set away.
func (set *changeSet) drop() {
	set.dropNested()
	s := set.state
	s.sets = slices.DeleteFunc(s.sets, func(other *changeSet) bool { return other == set })
	delete(s.region.sets, set.id)
}

// dropNested takes the change sets away that are nested in one, and the stacks that were made for them
// only.
func (set *changeSet) dropNested() {
	for _, id := range sorted(set.next.included) {
		nested := set.next.included[id]
		nested.drop()
		if s := nested.state; s.status == stack.ReviewInProgress {
			s.deleted = time.Now()
			delete(s.region.byName, s.name)
			s.setStatus(stack.DeleteComplete, "", "")
		}
	}
}

// begin records that a nested stack's change set is being executed, with that of the outer stack. It takes
// nil, which is none.
func (set *changeSet) begin(d *deployment) {
	if set == nil {
		return
	}
	set.execution, set.state.executed = executing, set
	d.finally = set.finish
}
