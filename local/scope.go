package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// A scope is what the references in one stack's template mean. It implements eval.Resolver.
type scope struct {
	state      *stackState
	template   *template
	parameters *parameters
	notified   []string // AWS::NotificationARNs
	// known returns a resource whose values are settled, nil for one whose values are not known yet.
	known func(id string) *resource
	// imported collects the names of the exports that were asked for.
	imported map[string]bool
	// holdsImports makes an import count for the stack at once, so that nobody takes the export away while
	// the stack is deployed.
	holdsImports bool
	// block is the section of the template that is evaluated, for messages.
	block string
	// lenient takes exports that are not there for values that are not known yet.
	lenient bool
	// present, if not nil, says which resources there will be.
	present map[string]bool
}

// newScope returns the scope of a stack with settings that need not be its own.
func newScope(s *stackState, with settings, known func(id string) *resource) *scope {
	return &scope{
		state: s, template: with.template, parameters: with.parameters, notified: with.notifications,
		known: known, imported: map[string]bool{}, block: "Resources",
	}
}

func (sc *scope) evaluator() *eval.Evaluator { return eval.New(sc.template.root, sc) }

// knownAfterApply is what CloudFormation says of a value that only the deployment will settle.
const knownAfterApply = "{{changeSet:KNOWN_AFTER_APPLY}}"

func unsettled() *tree.Node { return &tree.Node{Kind: tree.Unknown, Text: knownAfterApply} }

// Ref implements eval.Resolver.
func (sc *scope) Ref(name string) (*tree.Node, error) {
	if p := sc.parameters.get(name); p != nil {
		return p.value, nil
	}
	if v := sc.pseudo(name); v != nil {
		return v, nil
	}
	if sc.template.byID[name] == nil || sc.present != nil && !sc.present[name] {
		return nil, sc.unresolved(name)
	}
	r := sc.known(name)
	if r == nil {
		return unsettled(), nil
	}
	return r.ref(sc.state), nil
}

func (sc *scope) unresolved(name string) error {
	return invalid("Template format error: Unresolved resource dependencies [%s] in the %s block of the template", name, sc.block)
}

// pseudo returns the value of a pseudo parameter, nil if it is none.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
func (sc *scope) pseudo(name string) *tree.Node {
	r := sc.state.region
	switch name {
	case "AWS::AccountId":
		return tree.Text(r.account)
	case "AWS::Region":
		return tree.Text(r.name)
	case "AWS::Partition":
		return tree.Text(r.partition)
	case "AWS::URLSuffix":
		return tree.Text(r.suffix)
	case "AWS::StackName":
		return tree.Text(sc.state.name)
	case "AWS::StackId":
		return tree.Text(sc.state.id)
	case "AWS::NotificationARNs":
		list := tree.ListOf()
		for _, arn := range sc.notified {
			list.List = append(list.List, tree.Text(arn))
		}
		return list
	}
	return nil
}

// GetAtt implements eval.Resolver.
func (sc *scope) GetAtt(id, attribute string) (*tree.Node, error) {
	d := sc.template.byID[id]
	if d == nil {
		return nil, invalid("Template error: instance of Fn::GetAtt references undefined resource %s", id)
	}
	if sc.present != nil && !sc.present[id] {
		return nil, sc.unresolved(id)
	}
	if !hasAttribute(d.typ, attribute) && !sc.state.region.cloud.provides(d.typ) {
		return nil, invalid("Template error: resource %s does not support attribute type %s in Fn::GetAtt", id, attribute)
	}
	r := sc.known(id)
	if r == nil {
		return unsettled(), nil
	}
	v := r.attribute(sc.state, attribute)
	if v == nil && isCustom(r.typ) {
		return nil, invalid("CustomResource attribute error: Vendor response doesn't contain %s attribute in object %s|%s", attribute, sc.state.id, id)
	}
	if v == nil {
		return nil, invalid("Template error: resource %s does not support attribute type %s in Fn::GetAtt", id, attribute)
	}
	return v, nil
}

// hasAttribute reports whether a type has an attribute of that name. CloudFormation gives the
// properties of a resource as attributes too.
func hasAttribute(typ, name string) bool {
	if typ == typeStack {
		return strings.HasPrefix(name, "Outputs.")
	}
	if isCustom(typ) {
		return name != ""
	}
	t, ok := schema.Lookup(typ)
	if !ok {
		return false
	}
	if _, ok := t.Attribute(name); ok {
		return true
	}
	_, err := t.Resolve(strings.Split(name, ".")...)
	return err == nil
}

// Import implements eval.Resolver.
func (sc *scope) Import(name string) (*tree.Node, error) {
	e, ok := sc.state.region.export(name)
	if !ok && sc.lenient {
		return unsettled(), nil
	}
	if !ok || e.from == sc.state {
		return nil, noExport(name)
	}
	sc.imported[name] = true
	if sc.holdsImports {
		sc.state.imports[name] = true
	}
	return tree.Text(e.value), nil
}

func noExport(name string) error { return invalid("No export named %s found.", name) }

// zoneLetters are those of the availability zones that every region has here.
const zoneLetters = "abc"

// Zones implements eval.Resolver.
func (sc *scope) Zones(region string) (*tree.Node, error) {
	if region == "" {
		region = sc.state.region.name
	}
	list := tree.ListOf()
	for _, letter := range zoneLetters {
		list.List = append(list.List, tree.Text(region+string(letter)))
	}
	return list, nil
}

// active returns the resources of the template whose condition holds, in its order.
func (sc *scope) active(e *eval.Evaluator) ([]*definition, error) {
	var list []*definition
	for _, d := range sc.template.resources {
		holds, err := sc.holds(e, d.node)
		if err != nil {
			return nil, err
		}
		if holds {
			list = append(list, d)
		}
	}
	return list, nil
}

// holds reports whether the condition of a resource or output, if it has one, is true.
func (sc *scope) holds(e *eval.Evaluator, node *tree.Node) (bool, error) {
	name := node.Get("Condition")
	if name == nil {
		return true, nil
	}
	if !name.Is(tree.String) {
		return false, invalid("Template format error: Every Condition member must be a string.")
	}
	if sc.template.root.At("Conditions", name.Text) == nil {
		return false, invalid("Template format error: Unresolved condition dependency %s in the %s block of the template", name.Text, sc.block)
	}
	c, err := e.Condition(name.Text)
	if err != nil {
		return false, err
	}
	return c.Text == "true", nil
}

// evaluateOutputs returns the outputs whose condition holds.
func (sc *scope) evaluateOutputs(e *eval.Evaluator) ([]output, error) {
	var list []output
	declared := sc.template.root.Get("Outputs")
	if declared == nil {
		return nil, nil
	}
	sc.block = "Outputs"
	defer func() { sc.block = "Resources" }()
	for _, m := range declared.Map {
		holds, err := sc.holds(e, m.Value)
		if err != nil {
			return nil, err
		}
		if !holds {
			continue
		}
		o, err := evaluateOutput(e, m)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

func evaluateOutput(e *eval.Evaluator, m tree.Member) (output, error) {
	value, err := e.Value(m.Value.Get("Value"))
	if err != nil {
		return output{}, err
	}
	export, err := e.Value(m.Value.At("Export", "Name"))
	if err != nil {
		return output{}, err
	}
	if slices.Contains([]tree.Kind{tree.List, tree.Map, tree.Absent}, value.Kind) {
		return output{}, invalid("Template format error: The Value field of every Outputs member must evaluate to a String.")
	}
	return output{key: m.Key, value: value.Text, description: m.Value.Get("Description").Str(), export: export.Str()}, nil
}
