package local

import (
	"slices"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
	"github.com/updraft-go/updraft/stack"
)

// A plan is what new settings would change of a stack. CloudFormation makes two of each: one that
// compares values, and one that compares what is written and knows of every value that might change.
type plan struct {
	byValue  []*change
	byText   []*change
	outputs  bool // outputs change
	settings bool // something beside the template changes
	warning  string
}

func (p *plan) empty() bool {
	return len(p.byValue)+len(p.byText) == 0 && !p.outputs && !p.settings
}

// A change is what happens to one resource.
type change struct {
	action        string // Add, Modify or Remove
	id, typ       string
	physicalID    string
	policyAction  string
	replacement   string
	scope         []string
	details       []detail
	set           string     // of a nested stack: the ID of its own change set
	before, after *tree.Node // of values only
}

// A detail is a change of one property or attribute of a resource.
type detail struct {
	source, evaluation, cause string
	attribute, name           string
	recreation                string
	before, after             *tree.Node
}

// The words of change sets.
const (
	direct     = "DirectModification"
	byParam    = "ParameterReference"
	byRef      = "ResourceReference"
	byAtt      = "ResourceAttribute"
	automatic  = "Automatic"
	static     = "Static"
	dynamic    = "Dynamic"
	properties = "Properties"
)

// planner makes a plan.
type planner struct {
	state    *stackState
	next     settings
	scope    *scope
	eval     *eval.Evaluator
	replaced map[string]bool // by value: the resources that get a new physical ID
	modified map[string]bool // by text: the resources that might change
	active   map[string]bool
	plan     *plan
	unjoined []string // the resources that warnings tell of
	// unguarded are the resources that would be imported and have no policy that keeps them.
	unguarded []string
}

// plan compares what the stack is with what it would be.
func (s *stackState) plan(next settings) (*plan, error) {
	if next.problem != nil {
		return nil, next.problem
	}
	pl := &planner{state: s, next: next, replaced: map[string]bool{}, modified: map[string]bool{}, active: map[string]bool{}, plan: &plan{}}
	pl.scope = newScope(s, next, func(id string) *resource {
		if pl.replaced[id] {
			return nil
		}
		return s.resources[id]
	})
	pl.eval = pl.scope.evaluator()
	active, err := pl.scope.active(pl.eval)
	if err != nil {
		return nil, asInvalid(err)
	}
	for _, def := range next.template.inOrder(active) {
		pl.active[def.id] = true
		if err := pl.resource(def); err != nil {
			return nil, err
		}
	}
	if err := pl.checkUnguarded(); err != nil {
		return nil, err
	}
	pl.removals()
	byID := func(a, b *change) int { return compareText(a.id, b.id) }
	slices.SortStableFunc(pl.plan.byValue, byID)
	slices.SortStableFunc(pl.plan.byText, byID)
	if err := pl.outputs(); err != nil {
		return nil, err
	}
	pl.plan.settings = !slices.Equal(s.tags, next.tags) || !slices.Equal(s.notifications, next.notifications) || s.role != next.role ||
		!s.rollback.equal(next.rollback)
	pl.plan.warning = pl.warnings()
	return pl.plan, nil
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (pl *planner) resource(def *definition) error {
	after, err := pl.eval.Value(def.properties())
	if err == nil {
		def, err = withPolicies(pl.eval, def)
	}
	if err != nil {
		return asInvalid(err)
	}
	pl.warn(def)
	old := pl.compared(def.id)
	if old == nil || old.status == stack.CreateFailed {
		pl.add(def, after)
		return nil
	}
	if old.typ != def.typ {
		return invalid("Update of resource type is not permitted. The new template modifies resource type of the following resources: [%s]", def.id)
	}
	byValue := pl.byValue(def, old, after)
	byText := pl.byText(def, old, after)
	attributes := attributeDetails(old, def)
	byValue, byText = append(byValue, attributes...), append(byText, attributes...)
	if def.typ == typeStack && len(byText) == 0 && !pl.next.steady[def.id] {
		// CloudFormation looks into a nested stack only when it updates it.
		might := detail{source: automatic, evaluation: dynamic, attribute: properties}
		byValue, byText = []detail{might}, []detail{might}
	}
	if len(byValue) > 0 {
		c := pl.modify(old, def, byValue)
		c.before, c.after = old.properties, after
		pl.plan.byValue = append(pl.plan.byValue, c)
		pl.replaced[def.id] = c.replacement == "True"
	}
	if len(byText) > 0 {
		c := pl.modify(old, def, byText)
		pl.plan.byText = append(pl.plan.byText, c)
		pl.modified[def.id] = true
	}
	return nil
}

func (pl *planner) add(def *definition, after *tree.Node) {
	c := change{action: "Add", id: def.id, typ: def.typ}
	pl.takes(&c, def, after)
	pl.plan.byText = append(pl.plan.byText, &c)
	withValues := c
	withValues.after = after
	pl.plan.byValue = append(pl.plan.byValue, &withValues)
}

func (pl *planner) removals() {
	for _, r := range pl.state.present() {
		if pl.active[r.id] {
			continue
		}
		c := change{action: "Remove", id: r.id, typ: r.typ, physicalID: r.physicalID, policyAction: "Delete"}
		if retained(r) {
			c.policyAction = "Retain"
		}
		pl.plan.byText = append(pl.plan.byText, &c)
		withValues := c
		withValues.before = pl.written(r)
		pl.plan.byValue = append(pl.plan.byValue, &withValues)
	}
}

// written is what the properties of a resource were, with every reference to a resource unknown: so
// CloudFormation tells of what is removed.
func (pl *planner) written(r *resource) *tree.Node {
	sc := newScope(pl.state, pl.state.settings, func(string) *resource { return nil })
	sc.lenient = true
	v, err := sc.evaluator().Value((&definition{node: r.node}).properties())
	if err != nil {
		return r.properties // the template was evaluated before
	}
	return v
}

// modify sums the details of a resource up.
func (pl *planner) modify(old *resource, def *definition, details []detail) *change {
	c := &change{action: "Modify", id: def.id, typ: def.typ, physicalID: old.physicalID, replacement: "False", details: details}
	for _, d := range details {
		if !slices.Contains(c.scope, d.attribute) {
			c.scope = append(c.scope, d.attribute)
		}
		switch {
		case d.recreation == always && d.certain(details):
			c.replacement = "True"
		case d.recreation != never && d.recreation != "" && c.replacement == "False":
			c.replacement = "Conditional"
		}
	}
	if c.replacement == "True" {
		c.policyAction = "ReplaceAndDelete"
		if policy(def.node, "UpdateReplacePolicy") == "Retain" {
			c.policyAction = "ReplaceAndRetain"
		}
	}
	return c
}

// certain reports whether the property of a detail is known to change: one entry of it is static.
func (d *detail) certain(details []detail) bool {
	return slices.ContainsFunc(details, func(o detail) bool { return o.name == d.name && o.evaluation == static })
}

// The answers to whether a change needs a new resource.
const (
	never         = "Never"
	always        = "Always"
	conditionally = "Conditionally"
)

func recreation(r schema.Replacement) string {
	switch r {
	case schema.Yes:
		return always
	case schema.Maybe:
		return conditionally
	}
	return never
}

// byValue lists the properties whose values differ.
func (pl *planner) byValue(def *definition, old *resource, after *tree.Node) []detail {
	var details []detail
	for _, name := range changedProperties(old.properties, after) {
		d := pl.detail(def, name, old.properties.Get(name), after.Get(name))
		causes := pl.causes(def.properties().Get(name), d, false)
		if len(causes) == 0 {
			d.evaluation = static
		}
		details = append(append(details, d), causes...)
	}
	return details
}

// byText lists the properties that differ or might.
func (pl *planner) byText(def *definition, old *resource, after *tree.Node) []detail {
	var details []detail
	changed := changedProperties(old.properties, after)
	for _, m := range def.properties().Map {
		d := pl.detail(def, m.Key, nil, nil)
		d.recreation = recreation(replacementOfChange(def.typ, m.Key, old.properties.Get(m.Key), after.Get(m.Key)))
		causes := pl.causes(m.Value, d, true)
		if slices.Contains(changed, m.Key) {
			details = append(details, textual(d, causes)...)
		} else {
			details = append(details, slices.DeleteFunc(causes, func(c detail) bool { return c.evaluation == static })...)
		}
	}
	for _, name := range changed {
		if def.properties().Get(name) == nil {
			d := pl.detail(def, name, nil, nil)
			d.evaluation = static
			d.recreation = recreation(replacementOfChange(def.typ, name, old.properties.Get(name), nil))
			details = append(details, d)
		}
	}
	return details
}

// textual is what is told of a property that changed: what caused it and, if a parameter or nothing
// else did, that it was written differently.
func textual(d detail, causes []detail) []detail {
	if len(causes) == 0 {
		d.evaluation = static
		return []detail{d}
	}
	if slices.ContainsFunc(causes, func(c detail) bool { return c.source == byParam }) {
		return append([]detail{d}, causes...)
	}
	return causes
}

func (pl *planner) detail(def *definition, name string, before, after *tree.Node) detail {
	return detail{
		source: direct, evaluation: dynamic, attribute: properties, name: name, before: before, after: after,
		recreation: recreation(replacementOfChange(def.typ, name, before, after)),
	}
}

func replacementOfChange(typ, name string, before, after *tree.Node) schema.Replacement {
	t, ok := schema.Lookup(typ)
	if !ok {
		return schema.No
	}
	return replacementOf(t, []string{name}, before, after)
}

// causes lists what made a value change, of what it refers to. might says that resources count which
// are changed in place.
func (pl *planner) causes(value *tree.Node, d detail, might bool) []detail {
	var list []detail
	for _, r := range references(value) {
		d.cause, d.evaluation = r.name, static
		p, isResource := pl.next.parameters.get(r.name), pl.next.template.byID[r.name] != nil
		switch {
		case p != nil:
			if old := pl.state.parameters.get(r.name); old != nil && old.text == p.text {
				continue
			}
			d.source = byParam
		case isResource && pl.replaced[r.name] && r.attribute == "":
			d.source = byRef
		case isResource && pl.replaced[r.name]:
			d.source, d.cause = byAtt, r.name+"."+r.attribute
		case isResource && might && r.attribute != "" && pl.modified[r.name]:
			d.source, d.cause, d.evaluation = byAtt, r.name+"."+r.attribute, dynamic
		default:
			continue
		}
		list = append(list, d)
	}
	return list
}

// attributeDetails lists what changes beside the properties.
func attributeDetails(old *resource, def *definition) []detail {
	var details []detail
	for _, name := range []string{"Metadata", "DeletionPolicy", "UpdateReplacePolicy", "CreationPolicy", "UpdatePolicy"} {
		before, after := old.node.Get(name), def.node.Get(name)
		if before == nil && after == nil || before != nil && after != nil && tree.Equal(before, after) {
			continue
		}
		details = append(details, detail{source: direct, evaluation: static, attribute: name, before: before, after: after})
	}
	return details
}

// outputs finds out whether outputs change.
func (pl *planner) outputs() error {
	pl.scope.lenient = true
	list, err := pl.scope.evaluateOutputs(pl.eval)
	if err != nil {
		return asInvalid(err)
	}
	pl.plan.outputs = !slices.Equal(list, pl.state.outputs)
	return nil
}
