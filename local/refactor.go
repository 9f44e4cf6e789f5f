package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

// A stackRefactor moves resources between stacks, or gives them other logical IDs, without touching them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-refactoring.html
type stackRefactor struct {
	id, description string
	stacks          []*refactoredStack
	moves           []*move
	reason          string // why it cannot be executed; "" if it can
	execution       string
	executionReason string
}

// A refactoredStack is a stack with the template that it is to have.
type refactoredStack struct {
	state *stackState
	fresh bool // the refactor makes it
	next  settings
}

// A move is where a resource goes.
type move struct {
	from, to       resourceLocation
	physicalID     string
	typ            string
	manual         bool
	source, target *refactoredStack
}

type resourceLocation struct{ StackName, LogicalResourceId string }

type refactorInput struct {
	Description         string
	EnableStackCreation bool
	ResourceMappings    []struct{ Source, Destination resourceLocation }
	StackDefinitions    []struct{ StackName, TemplateBody, TemplateURL string }
}

func createStackRefactor(c *call, in *refactorInput) (any, error) {
	if len(in.StackDefinitions) == 0 {
		return nil, required("stackDefinitions", "")
	}
	f := &stackRefactor{id: c.cloud.uuid(), description: in.Description, execution: available}
	for _, d := range in.StackDefinitions {
		s, err := in.stack(c, d.StackName)
		if err != nil {
			return nil, err
		}
		one := &refactoredStack{state: s, fresh: c.region.byID[s.id] == nil}
		if one.next, err = one.settle(d.TemplateBody, d.TemplateURL); err != nil {
			return nil, err
		}
		f.stacks = append(f.stacks, one)
	}
	if err := f.match(in); err != nil {
		f.reason, f.execution = textOf(err), unavailable
	}
	c.region.refactors = append(c.region.refactors, f)
	return &struct{ StackRefactorId string }{f.id}, nil
}

// stack returns a stack that the refactor names: a new one if it may make some.
func (in *refactorInput) stack(c *call, name string) (*stackState, error) {
	s := c.region.live(name)
	switch {
	case s == nil && !in.EnableStackCreation:
		return nil, invalid("Stack with id %s does not exist", name)
	case s == nil:
		if err := checkName("stackName", name); err != nil {
			return nil, err
		}
		return c.region.newStack(name), nil
	case !updatable(s.status):
		return nil, invalid("Stack:%s is in %s state and can not be refactored.", s.id, s.status)
	}
	return s, nil
}

// settle makes the settings of a stack with another template: its parameters keep their values.
func (one *refactoredStack) settle(body, url string) (settings, error) {
	s := one.state
	in := &stackInput{TemplateBody: body, TemplateURL: url, Capabilities: []string{capabilityNamedIAM, capabilityAutoExpand}}
	t, err := in.readTemplate(s)
	if err != nil {
		return settings{}, err
	}
	for _, m := range t.root.Get("Parameters").Members() {
		if s.parameters.get(m.Key) != nil {
			in.Parameters = append(in.Parameters, parameterInput{ParameterKey: m.Key, UsePreviousValue: true})
		}
	}
	next, err := in.settle(s)
	if err == nil {
		err = next.problem
	}
	next.capabilities = s.capabilities
	return next, err
}

// errRefactor refuses what a refactor would do besides moving.
func errRefactor(verb, where string, ids []string) error {
	return invalid("Stack Refactor does not support %s resources. Affected resources of stack %s: [%s]", verb, where, strings.Join(ids, ", "))
}

// match finds out where each resource goes.
func (f *stackRefactor) match(in *refactorInput) error {
	for _, m := range in.ResourceMappings {
		one := &move{from: m.Source, to: m.Destination, manual: true, source: f.named(m.Source.StackName), target: f.named(m.Destination.StackName)}
		if one.source == nil || one.target == nil {
			return invalid("The stacks of a resource mapping must be among the StackDefinitions")
		}
		r := one.source.state.resources[m.Source.LogicalResourceId]
		def := one.target.next.template.byID[m.Destination.LogicalResourceId]
		if r == nil || def == nil {
			return invalid("Resource mapping from %s of stack %s to %s of stack %s: there is no such resource", m.Source.LogicalResourceId, m.Source.StackName, m.Destination.LogicalResourceId, m.Destination.StackName)
		}
		if err := f.take(one, r, def); err != nil {
			return err
		}
	}
	for _, target := range f.stacks {
		if err := f.detect(target); err != nil {
			return err
		}
	}
	for _, source := range f.stacks {
		if left := f.left(source); len(left) > 0 {
			return errRefactor("deleting", source.state.name, left)
		}
	}
	return nil
}

func (f *stackRefactor) named(name string) *refactoredStack {
	for _, one := range f.stacks {
		if one.state.name == name || one.state.id == name {
			return one
		}
	}
	return nil
}

// take adds a move, if it changes nothing of the resource.
func (f *stackRefactor) take(m *move, r *resource, def *definition) error {
	switch {
	case nativeOf(r.typ) != nil:
		return invalid("Stack Refactor does not support resources of type %s", r.typ)
	case r.typ != def.typ, !m.target.keeps(def, r):
		return errRefactor("modifying", m.target.state.name, []string{def.id})
	}
	m.physicalID, m.typ = r.physicalID, r.typ
	f.moves = append(f.moves, m)
	return nil
}

// keeps reports whether a definition says what a resource is, as far as that is known before it is moved.
func (one *refactoredStack) keeps(def *definition, r *resource) bool {
	sc := newScope(one.state, one.next, func(string) *resource { return nil })
	sc.lenient = true
	v, err := sc.evaluator().Value(def.properties())
	return err == nil && agrees(v, r.properties)
}

// agrees compares two values; what is not known agrees with everything.
func agrees(a, b *tree.Node) bool {
	switch {
	case a.Is(tree.Unknown) || b.Is(tree.Unknown):
		return true
	case a.Is(tree.Map) && b.Is(tree.Map):
		if len(a.Map) != len(b.Map) {
			return false
		}
		return !slices.ContainsFunc(a.Map, func(m tree.Member) bool { return b.Get(m.Key) == nil || !agrees(m.Value, b.Get(m.Key)) })
	case a.Is(tree.List) && b.Is(tree.List):
		return slices.EqualFunc(a.List, b.List, agrees)
	}
	return tree.Equal(a, b)
}

// detect finds where the resources come from that a stack does not have yet.
func (f *stackRefactor) detect(target *refactoredStack) error {
	for _, def := range target.next.template.resources {
		moved := slices.ContainsFunc(f.moves, func(m *move) bool { return m.target == target && m.to.LogicalResourceId == def.id })
		own := target.state.resources[def.id]
		switch {
		case moved:
			continue
		case own != nil:
			if own.typ != def.typ || !target.keeps(def, own) {
				return errRefactor("modifying", target.state.name, []string{def.id})
			}
			continue
		}
		m, r := f.origin(target, def)
		if m == nil {
			return errRefactor("creating", target.state.name, []string{def.id})
		}
		if err := f.take(m, r, def); err != nil {
			return err
		}
	}
	return nil
}

// origin finds the resource that a definition speaks of, among those that their stack lets go of: one of
// the same logical ID first, otherwise the only one that agrees.
func (f *stackRefactor) origin(target *refactoredStack, def *definition) (*move, *resource) {
	var found []*move
	var resources []*resource
	for _, source := range f.stacks {
		for _, id := range f.left(source) {
			r := source.state.resources[id]
			if r.typ != def.typ || !target.keeps(def, r) {
				continue
			}
			m := &move{from: resourceLocation{source.state.name, id}, to: resourceLocation{target.state.name, def.id}, source: source, target: target}
			if id == def.id {
				return m, r
			}
			found, resources = append(found, m), append(resources, r)
		}
	}
	if len(found) != 1 {
		return nil, nil
	}
	return found[0], resources[0]
}

// left are the resources that a stack lets go of and that go nowhere yet.
func (f *stackRefactor) left(source *refactoredStack) []string {
	var ids []string
	for _, r := range source.state.present() {
		gone := slices.ContainsFunc(f.moves, func(m *move) bool { return m.source == source && m.from.LogicalResourceId == r.id })
		if !gone && source.next.template.byID[r.id] == nil {
			ids = append(ids, r.id)
		}
	}
	return ids
}

func (r *region) refactor(id string) (*stackRefactor, error) {
	if err := required("stackRefactorId", id); err != nil {
		return nil, err
	}
	for _, f := range r.refactors {
		if f.id == id {
			return f, nil
		}
	}
	return nil, &query.Error{Code: "StackRefactorNotFoundException", Message: "Stack refactor " + id + " does not exist", Status: 404}
}
