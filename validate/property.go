package validate

import (
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

var propertyRules = []Rule{
	{"required", fails, "a property that its type requires is set, under every condition"},
	{"property-unknown", fails, "a property is one that its type has (a warning for a program, which may set newer ones on purpose)"},
	{"property-misspelled", fails, "a property is spelled as CloudFormation spells it"},
	{"property-read-only", fails, "a property is not an attribute, which the resource gives"},
	{"property-type", fails, "a property is a single value, a list or a map as its type says"},
	{"property-integer", fails, "a whole number is one"},
	{"property-number", fails, "a number is one"},
	{"property-timestamp", fails, "a point in time is written as in 2006-01-02T15:04:05Z"},
	{"property-boolean", fails, "a boolean is true or false"},
	{"property-value", warns, "a property has one of the values that the schema knows"},
	{"property-pattern", fails, "a text matches the pattern of its property"},
	{"property-length", fails, "a text is not shorter or longer than its property allows"},
	{"property-range", fails, "a number is within the bounds of its property"},
	{"property-target", warns, "a property that wants one attribute of a resource gets that one"},
	{"property-target-type", warns, "a property that wants a resource of a type gets one of that type"},
	{"list-twice", warns, "a list of identifiers has each once"},
	{"tag-shape", fails, "a tag is a map of Key and Value"},
	{"tag-twice", fails, "the key of a tag stands once"},
	{"tag-reserved", fails, "the key of a tag does not begin with aws:"},
	{"tag-length", fails, "the key of a tag has 1 to 128 characters, its value at most 256"},
	{"tag-count", fails, "a resource has at most 50 tags"},
	{"cidr", fails, "a block of addresses is written as in 10.0.0.0/16"},
	{"arn", warns, "the ARN of something begins with arn:"},
}

// properties checks the properties of a resource against its type, and by the rules of its type.
func (c *checker) properties(p *place, n *tree.Node, t *schema.Type) {
	v := &properties{checker: c, t: t}
	var given *facts
	if condition := n.Get("Condition"); condition.Is(tree.String) && c.conditions[condition.Text] != nil {
		given = given.with(condition.Text, true)
	}
	props := n.Get("Properties")
	q := p.in("Properties")
	v.object(q, props, "", t.Properties, given, n)
	if t.TagProperty != "" && t.TagShape != schema.TagsNone {
		c.tags(q.in(t.TagProperty), props.Get(t.TagProperty), t)
	}
	c.sameName(p, n, t)
	c.practiceResource(p, n, t)
	c.services(p, n, t.Name)
}

// properties walks the properties of one resource.
type properties struct {
	*checker
	t *schema.Type
}

// customResource is the type whose properties are its provider's.
const customResource = "AWS::CloudFormation::CustomResource"

// object checks the members of an object against its definition, whose name is "" for the resource
// itself. A nil object has no members; owner is then where a finding is.
func (v *properties) object(p *place, n *tree.Node, name string, known []schema.Property, given *facts, owner *tree.Node) {
	if function, arg, ok := n.Function(); ok {
		if function == "Fn::If" && len(arg.Items()) == 3 {
			v.arms(p, arg, given, func(p *place, n *tree.Node, given *facts) { v.object(p, n, name, known, given, owner) })
		}
		return // another function: not known
	}
	if n != nil && n.Kind != tree.Map {
		return
	}
	open := hasTransform(n)
	for i := range known {
		prop := &known[i]
		value := n.Get(prop.Name)
		if value != nil {
			v.value(p.in(prop.Name), value, prop, prop.Type, given)
		}
		if prop.Required && !open {
			v.required(p, n, owner, prop.Name, value, given)
		}
	}
	for _, m := range n.Members() {
		if find(known, m.Key) == nil && !strings.HasPrefix(m.Key, "Fn::") && !v.macro {
			v.unknown(p.in(m.Key), m, n, name, known)
		}
	}
}

// find looks a property up in a list that is sorted by name.
func find(known []schema.Property, name string) *schema.Property {
	low, high := 0, len(known)
	for low < high {
		mid := (low + high) / 2
		switch {
		case known[mid].Name == name:
			return &known[mid]
		case known[mid].Name < name:
			low = mid + 1
		default:
			high = mid
		}
	}
	return nil
}

// arms checks the arms of an Fn::If that can be taken.
func (v *properties) arms(p *place, arg *tree.Node, given *facts, do func(*place, *tree.Node, *facts)) {
	for i, arm := range arg.List[1:] {
		if isNoValue(arm) {
			continue
		}
		assumed := given
		if name := arg.List[0].Str(); v.conditions[name] != nil {
			assumed = given.with(name, i == 0)
			if !v.logic.possible(assumed) {
				continue
			}
		}
		do(p.in("Fn::If").item(i+1), arm, assumed)
	}
}

// required reports a property that is missing, or that is absent under some condition.
func (v *properties) required(p *place, n, owner *tree.Node, name string, value *tree.Node, given *facts) {
	if n == nil {
		n = owner
	}
	cure := "set " + name
	function, arg, _ := value.Function()
	switch {
	case value == nil:
		v.report("required", p, n, fmt.Sprintf("the property %s is missing; %s requires it", name, v.t.Name), cure)
	case isNoValue(value):
		v.report("required", p.in(name), value, fmt.Sprintf("the property %s is AWS::NoValue; %s requires it", name, v.t.Name), cure)
	case function == "Fn::If" && len(arg.Items()) == 3:
		for i, arm := range arg.List[1:] {
			condition := arg.List[0].Str()
			if v.conditions[condition] == nil || !v.logic.possible(given.with(condition, i == 0)) {
				continue
			}
			if isNoValue(arm) {
				v.report("required", p.in(name).in("Fn::If").item(i+1), arm, fmt.Sprintf("the property %s is AWS::NoValue where the condition %s %s; %s requires it", name, condition, [2]string{"holds", "does not hold"}[i], v.t.Name), cure)
			} else if f, _, _ := arm.Function(); f == "Fn::If" {
				v.required(p, n, owner, name, arm, given.with(condition, i == 0))
			}
		}
	}
}

func hasTransform(n *tree.Node) bool {
	for _, m := range n.Members() {
		if strings.HasPrefix(m.Key, "Fn::Transform") || isLoop(m.Key) {
			return true
		}
	}
	return false
}

// unknown reports a property that the schema does not have: it may be newer than the schema, unless
// it is a slip.
func (v *properties) unknown(p *place, m tree.Member, n *tree.Node, definition string, known []schema.Property) {
	if v.t.Name == customResource {
		return // what its provider takes
	}
	if definition == "" {
		if _, ok := v.t.Attribute(m.Key); ok {
			v.report("property-read-only", p, m.Value, fmt.Sprintf("%s is an attribute of %s, which the resource gives", m.Key, v.t.Name), "leave it out, and read it with Fn::GetAtt")
			return
		}
	}
	names := make([]string, 0, len(known))
	for i := range known {
		if n.Get(known[i].Name) == nil {
			names = append(names, known[i].Name)
		}
	}
	cure := nearest(m.Key, names, "check its name in the manual, "+v.t.ManualURL())
	for _, name := range names {
		if misspelled(m.Key, name) {
			v.report("property-misspelled", p, m.Value, fmt.Sprintf("%s is not known to have the property %q here", v.t.Name, m.Key), fmt.Sprintf("did you mean %q?", name))
			return
		}
	}
	v.report("property-unknown", p, m.Value, fmt.Sprintf("%s is not known to have the property %q here", v.t.Name, m.Key), cure)
}

// value checks a value against the type of its place.
func (v *properties) value(p *place, n *tree.Node, prop *schema.Property, ref schema.TypeRef, given *facts) {
	if name, arg, ok := n.Function(); ok {
		if name == "Fn::If" && len(arg.Items()) == 3 {
			v.arms(p, arg, given, func(p *place, n *tree.Node, given *facts) { v.value(p, n, prop, ref, given) })
			return
		}
		if v.formed(p, n, ref) {
			v.evaluated(p, n, prop, ref, given)
		}
		v.target(p, n, prop, ref)
		return
	}
	if !v.formed(p, n, ref) {
		return
	}
	switch ref.Kind {
	case schema.Object:
		if d, ok := v.t.Definition(ref.Ref); ok {
			v.object(p, n, ref.Ref, d.Properties, given, n)
		}
	case schema.List:
		v.elements(p, n, prop, *ref.Elem, given)
	case schema.Map:
		for _, m := range n.Members() {
			if !strings.HasPrefix(m.Key, "Fn::") {
				v.value(p.in(m.Key), m.Value, prop, *ref.Elem, given)
			}
		}
	case schema.JSON:
		v.document(p, n, prop)
	case schema.Union:
		v.union(p, n, prop, ref, given)
	case schema.Tag:
	default:
		v.scalar(p, n, prop, ref.Kind)
	}
}

// evaluated checks the value of a function, as far as the template alone says it.
func (v *properties) evaluated(p *place, n *tree.Node, prop *schema.Property, ref schema.TypeRef, given *facts) {
	if value := v.known(n); value != nil && fits(v.gives(value), ref) {
		v.value(p, value, prop, ref, given)
	}
}

func (v *properties) elements(p *place, n *tree.Node, prop *schema.Property, elem schema.TypeRef, given *facts) {
	seen := map[string]bool{}
	for i, item := range n.Items() {
		v.value(p.item(i), item, prop, elem, given)
		if elem.Kind != schema.String || len(n.List) < 2 || !strings.HasSuffix(prop.Name, "Ids") && !strings.HasSuffix(prop.Name, "Arns") && prop.Name != "Subnets" && prop.Name != "SecurityGroups" {
			continue
		}
		text := item.JSON()
		if seen[text] {
			v.report("list-twice", p.item(i), item, fmt.Sprintf("the list %s has an element twice", prop.Name), "leave one out")
		}
		seen[text] = true
	}
}

// union checks a value that may be of several types, where only one of them can be meant.
func (v *properties) union(p *place, n *tree.Node, prop *schema.Property, ref schema.TypeRef, given *facts) {
	var fitting []schema.TypeRef
	for _, arm := range ref.Arms {
		if fits(v.gives(n), arm) {
			fitting = append(fitting, arm)
		}
	}
	if len(fitting) == 1 {
		v.value(p, n, prop, fitting[0], given)
		return
	}
	for _, arm := range fitting {
		if arm.Kind == schema.JSON {
			v.document(p, n, prop)
		}
	}
}

// fits reports whether a value of a form can be of a type.
func fits(f form, ref schema.TypeRef) bool {
	switch ref.Kind {
	case schema.JSON:
		return true
	case schema.List:
		return f == anything || f == list
	case schema.Map, schema.Object, schema.Tag:
		return f == anything || f == object
	case schema.Union:
		for _, arm := range ref.Arms {
			if fits(f, arm) {
				return true
			}
		}
		return false
	}
	return f == anything || f == scalar
}

// formed reports a value whose form its type does not have.
func (v *properties) formed(p *place, n *tree.Node, ref schema.TypeRef) bool {
	f := v.gives(n)
	if fits(f, ref) {
		return true
	}
	what := kindOf(n)
	if name, arg, ok := n.Function(); ok {
		what = strings.TrimSpace(name+" "+arg.Str()) + " gives " + f.String() + ","
	}
	cure := "give " + ref.String()
	if ref.Kind == schema.List {
		cure = "put it into a list, or split it with Fn::Split"
	} else if f == list {
		cure = "select one element with Fn::Select, or join the list with Fn::Join"
	}
	v.report("property-type", p, n, what+" where "+strings.ToLower(ref.String()[:1])+ref.String()[1:]+" belongs", cure)
	return false
}
