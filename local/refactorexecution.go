package local

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// A beforeRefactor is what a refactor changes of a stack.
type beforeRefactor struct {
	snapshot
	resources map[string]*resource
}

// perform moves the resources, and checks that nothing else changes; its error says what would.
func (f *stackRefactor) perform(r *region) error {
	before := map[*refactoredStack]beforeRefactor{}
	exported := map[string]string{}
	for _, e := range r.exports() {
		exported[e.name] = e.value
	}
	for _, one := range f.stacks {
		s := one.state
		before[one] = beforeRefactor{snapshot: snapshot{s.settings, s.outputs, maps.Clone(s.imports)}, resources: maps.Clone(s.resources)}
	}
	err := f.rearrange()
	if err == nil {
		err = f.evaluate()
	}
	if err == nil {
		err = r.stillExports(exported)
	}
	if err != nil {
		for one, was := range before {
			s := one.state
			s.settings, s.outputs, s.imports, s.resources = was.settings, was.outputs, was.imports, was.resources
		}
		return err
	}
	for _, m := range f.moves {
		if a := r.asset(m.typ, m.physicalID); a != nil {
			known := *a.resource
			known.id = m.to.LogicalResourceId
			a.resource, a.state = &known, m.target.state
		}
	}
	return nil
}

// rearrange gives the stacks their new templates and resources.
func (f *stackRefactor) rearrange() error {
	next := map[*refactoredStack]map[string]*resource{}
	for _, one := range f.stacks {
		next[one] = maps.Clone(one.state.resources)
	}
	for _, m := range f.moves {
		if m.source.state.resources[m.from.LogicalResourceId] == nil {
			return invalid("Resource %s does not exist for stack %s", m.from.LogicalResourceId, m.from.StackName)
		}
		delete(next[m.source], m.from.LogicalResourceId)
	}
	for _, m := range f.moves {
		moved := *m.source.state.resources[m.from.LogicalResourceId]
		moved.id, moved.drift = m.to.LogicalResourceId, nil
		next[m.target][moved.id] = &moved
	}
	for _, one := range f.stacks {
		s := one.state
		one.next.disableRollback, one.next.onFailure, one.next.timeoutMinutes = s.disableRollback, s.onFailure, s.timeoutMinutes
		s.settings, s.resources, s.outputs = one.next, next[one], nil
	}
	return nil
}

// evaluate evaluates the new templates. Those that import what another exports come after it.
func (f *stackRefactor) evaluate() error {
	open := slices.Clone(f.stacks)
	for len(open) > 0 {
		var errs []error
		open = slices.DeleteFunc(open, func(one *refactoredStack) bool {
			err := one.evaluate()
			errs = append(errs, err)
			return err == nil
		})
		if !slices.Contains(errs, nil) {
			return errors.Join(errs[0])
		}
	}
	return nil
}

func (one *refactoredStack) evaluate() error {
	s := one.state
	sc := newScope(s, s.settings, func(id string) *resource { return s.resources[id] })
	e := sc.evaluator()
	for _, def := range s.template.resources {
		r := s.resources[def.id]
		if r == nil {
			continue // its condition does not hold
		}
		v, err := e.Value(def.properties())
		if err != nil {
			return asInvalid(err)
		}
		if !tree.Equal(v, r.properties) {
			return errRefactor("modifying", s.name, []string{def.id})
		}
		changed := *r
		changed.properties, changed.node, changed.after = v, def.node, s.template.dependencies(def)
		s.resources[def.id] = &changed
	}
	outputs, err := sc.evaluateOutputs(e)
	if err != nil {
		return asInvalid(err)
	}
	for _, o := range outputs {
		if e, ok := s.region.export(o.export); o.export != "" && ok && e.from != s {
			return invalid("Export with name %s is already exported by stack %s.", o.export, e.from.name)
		}
	}
	s.outputs, s.imports = outputs, sc.imported
	return nil
}

// stillExports refuses to take exports away that stacks import, or to change them.
func (r *region) stillExports(before map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(before)) {
		users := strings.Join(r.importers(name), " and ")
		e, ok := r.export(name)
		switch {
		case users == "":
		case !ok:
			return invalid("Export %s cannot be deleted as it is in use by %s", name, users)
		case e.value != before[name]:
			return invalid("Export %s cannot be updated as it is in use by %s", name, users)
		}
	}
	return nil
}

func executeStackRefactor(c *call, in *struct{ StackRefactorId string }) (any, error) {
	f, err := c.region.refactor(in.StackRefactorId)
	if err != nil {
		return nil, err
	}
	if f.execution != available {
		return nil, invalid("Stack refactor %s cannot be executed in its current execution status of [%s]", f.id, f.execution)
	}
	for _, one := range f.stacks {
		if !one.fresh && !updatable(one.state.status) || one.fresh && c.region.byName[one.state.name] != nil {
			return nil, invalid("Stack:%s is in %s state and can not be refactored.", one.state.id, one.state.status)
		}
	}
	for _, one := range f.stacks {
		one.begin(c.region)
	}
	err = f.perform(c.region)
	f.execution = executed
	if err != nil {
		f.execution, f.executionReason = "ROLLBACK_COMPLETE", textOf(err)
	}
	for _, one := range f.stacks {
		one.end(f, err)
	}
	return &struct{}{}, nil
}

const byRefactor = "Stack Refactor"

func (one *refactoredStack) begin(r *region) {
	if one.fresh {
		r.add(one.state)
		one.state.setStatus(stack.CreateInProgress, byRefactor, "")
		return
	}
	one.state.updated = time.Now()
	one.state.setStatus(stack.UpdateInProgress, byRefactor, "")
}

func (one *refactoredStack) end(f *stackRefactor, err error) {
	s := one.state
	switch {
	case err != nil && one.fresh:
		s.deleted = time.Now()
		delete(s.region.byName, s.name)
		s.setStatus(stack.DeleteComplete, textOf(err), "")
		return
	case err != nil:
		s.setStatus(stack.UpdateRollbackInProgress, textOf(err), "")
		s.setStatus(stack.UpdateRollbackComplete, "", "")
		return
	}
	for _, m := range f.moves {
		if m.target == one {
			s.tell(s.resources[m.to.LogicalResourceId], stack.UpdateComplete, byRefactor, "")
		}
	}
	if one.fresh {
		s.setStatus(stack.CreateComplete, "", "")
		return
	}
	s.setStatus(stack.UpdateComplete, "", "")
}
