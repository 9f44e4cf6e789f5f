package validate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// A check is a rule about the resources of certain types.
type check struct {
	Rule
	types []string
	run   func(s *subject)
}

// on names types, without the AWS:: in front.
func on(names ...string) []string {
	for i, n := range names {
		names[i] = "AWS::" + n
	}
	return names
}

// A subject is a resource as it is where certain conditions hold and others do not.
type subject struct {
	*checker
	code  string // of the rule that is checked
	node  *tree.Node
	props value
	truth map[string]bool
	told  map[string]bool // findings, which are the same in many cases
}

// services runs the rules of a resource's type, once for each case that its conditions make.
func (c *checker) services(p *place, n *tree.Node, kind string) {
	checks := c.rules.checks[checkedAs(kind)]
	if len(checks) == 0 || c.macro {
		return
	}
	names := conditionsIn(n.Get("Properties"), nil)
	if len(names) > maxDecisions {
		names = names[:maxDecisions]
	}
	told := map[string]bool{}
	for mask := range 1 << len(names) {
		var given *facts
		truth := make(map[string]bool, len(names)+1)
		if condition := n.Get("Condition"); condition.Is(tree.String) && c.conditions[condition.Text] != nil {
			given = given.with(condition.Text, true)
			truth[condition.Text] = true
		}
		for i, name := range names {
			truth[name] = mask>>i&1 == 1
			if c.conditions[name] != nil {
				given = given.with(name, truth[name])
			}
		}
		if !c.logic.possible(given) {
			continue
		}
		s := &subject{checker: c, node: n, truth: truth, told: told}
		s.props = s.properties(p, n)
		for i := range checks {
			s.code = checks[i].Code
			checks[i].run(s)
		}
	}
}

var noProperties = &tree.Node{Kind: tree.Map}

// properties returns the properties of a resource; those of one that has none are empty.
func (s *subject) properties(p *place, n *tree.Node) value {
	props := n.Get("Properties")
	if props == nil {
		props = noProperties
	}
	return s.resolve(props, p.in("Properties"))
}

// conditionsIn appends the conditions of every Fn::If in a value.
func conditionsIn(n *tree.Node, names []string) []string {
	if n == nil {
		return names
	}
	if name, arg, ok := n.Function(); ok && name == "Fn::If" && len(arg.Items()) == 3 {
		if c := arg.List[0].Str(); !slices.Contains(names, c) {
			names = append(names, c)
		}
	}
	for _, item := range n.List {
		if item.Kind >= tree.List {
			names = conditionsIn(item, names)
		}
	}
	for i := range n.Map {
		if n.Map[i].Value.Kind >= tree.List {
			names = conditionsIn(n.Map[i].Value, names)
		}
	}
	return names
}

// flag reports a finding of the rule that is checked.
func (s *subject) flag(v value, summary, cure string) {
	key := s.code + " " + v.at.String() + " " + summary
	if s.told[key] {
		return
	}
	s.told[key] = true
	n := v.n
	if n == nil || n == noProperties {
		n = s.node
	}
	s.report(s.code, v.at, n, summary, cure)
}

// each calls do for every object at a path below the properties: "Rules[].Filter".
func (s *subject) each(path string, do func(v value)) { s.props.each(path, do) }

// A value is a part of a subject.
type value struct {
	s  *subject
	n  *tree.Node // nil if it is missing
	at *place
	// unsure says that it cannot be told whether the value is there, or what is in it.
	unsure bool
}

// resolve follows the arms that the subject's conditions take.
func (s *subject) resolve(n *tree.Node, p *place) value {
	for {
		name, arg, ok := n.Function()
		if !ok || name != "Fn::If" || len(arg.Items()) != 3 {
			break
		}
		holds, known := s.truth[arg.List[0].Str()]
		if !known {
			return value{s: s, at: p, unsure: true}
		}
		i := 2
		if holds {
			i = 1
		}
		n, p = arg.List[i], p.in(name).item(i)
	}
	if isNoValue(n) {
		return value{s: s, at: p}
	}
	if name, _, ok := n.Function(); ok && name == "Fn::Transform" {
		return value{s: s, at: p, unsure: true}
	}
	return value{s: s, n: n, at: p}
}

// there reports whether the value is set for sure; missing whether it is not, for sure.
func (v value) there() bool   { return v.n != nil }
func (v value) missing() bool { return v.n == nil && !v.unsure }

// get goes down by keys.
func (v value) get(keys ...string) value {
	for _, k := range keys {
		switch _, _, function := v.n.Function(); {
		case v.unsure || function:
			return value{s: v.s, at: v.at.in(k), unsure: true}
		case v.n == nil:
			return value{s: v.s, at: v.at.in(k)}
		}
		n := v.n.Get(k)
		if n == nil {
			v = value{s: v.s, at: v.at.in(k), unsure: v.n.Kind != tree.Map || hasTransform(v.n)}
			continue
		}
		v = v.s.resolve(n, v.at.in(k))
	}
	return v
}

// items returns the elements of a list, and whether those are all of them.
func (v value) items() (items []value, all bool) {
	if v.n == nil || v.n.Kind != tree.List {
		return nil, v.missing()
	}
	all = true
	for i, n := range v.n.List {
		item := v.s.resolve(n, v.at.item(i))
		switch {
		case item.unsure:
			all = false
		case item.there():
			items = append(items, item)
		}
	}
	return items, all
}

// each calls do for every object at a path below.
func (v value) each(path string, do func(v value)) {
	if path == "" {
		if v.n.Is(tree.Map) {
			if _, _, function := v.n.Function(); !function {
				do(v)
			}
		}
		return
	}
	step, rest, _ := strings.Cut(path, ".")
	name, isList := strings.CutSuffix(step, "[]")
	w := v.get(name)
	if !isList {
		w.each(rest, do)
		return
	}
	items, _ := w.items()
	for _, item := range items {
		item.each(rest, do)
	}
}

// text returns a literal value.
func (v value) text() (string, bool) {
	s, ok := v.n.Scalar()
	return s, ok && !strings.Contains(s, "{{resolve:")
}

// is reports whether the value is that literal text.
func (v value) is(texts ...string) bool {
	s, ok := v.text()
	return ok && slices.Contains(texts, s)
}

// isTrue reports whether the value is literally true.
func (v value) isTrue() bool {
	s, _ := v.text()
	return strings.EqualFold(s, "true")
}

// number returns a literal number.
func (v value) number() (float64, bool) {
	s, ok := v.text()
	f, err := strconv.ParseFloat(s, 64)
	return f, ok && err == nil
}

// refersTo returns the logical ID of the resource that the value is a reference to, or "".
func (v value) refersTo() string {
	switch name, arg, _ := v.n.Function(); name {
	case "Ref":
		if v.s.resources[arg.Str()] != nil {
			return arg.Str()
		}
	case "Fn::GetAtt":
		id, _ := attributeOf(arg)
		return id
	}
	return ""
}

// resource returns the properties of the resource that the value refers to, if it is of that type.
func (v value) resource(kind string) (value, bool) {
	id := v.refersTo()
	n := v.s.resources[id]
	if id == "" || n.Get("Type").Str() != "AWS::"+kind {
		return value{}, false
	}
	return v.s.properties(at("Resources", id), n), true
}
