package local

import (
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// invent gives a new resource a physical ID of AWS's form.
func (r *resource) invent(s *stackState) {
	t, ok := schema.Lookup(r.typ)
	switch {
	case !ok:
		r.physicalID = (&inventor{s: s, r: r}).fill(schema.DefaultShape)
	case t.PhysicalID != "":
		r.physicalID = (&inventor{s: s, r: r, t: t}).fill(t.PhysicalID)
	default:
		r.physicalID = (&inventor{s: s, r: r, t: t}).ref()
	}
}

// ref is what Ref returns for the resource.
func (r *resource) ref(s *stackState) *tree.Node {
	t, ok := schema.Lookup(r.typ)
	if !ok || r.provided || nativeOf(r.typ) != nil || t.Ref.Kind == schema.RefPhysicalID || t.Ref.Kind == schema.RefComposite && t.PhysicalID != "" {
		return tree.Text(r.physicalID)
	}
	return tree.Text((&inventor{s: s, r: r, t: t}).ref())
}

// attribute is what Fn::GetAtt returns for the resource, nil if it has no such attribute.
func (r *resource) attribute(s *stackState, name string) *tree.Node {
	if v := s.region.fleetAttribute(r, name); v != nil {
		return v
	}
	if v := r.attributes[name]; v != nil {
		return v
	}
	if r.typ == typeStack {
		return s.nestedOutput(r, name)
	}
	if isCustom(r.typ) {
		return nil
	}
	t, ok := schema.Lookup(r.typ)
	if !ok {
		return nil
	}
	if v := r.live().At(strings.Split(name, ".")...); v != nil {
		return v
	}
	return (&inventor{s: s, r: r, t: t}).attribute(name)
}

// An inventor makes up the values of a resource that AWS would give it. What it has made up once is
// kept with the resource. The cloud's lock is held.
type inventor struct {
	s *stackState
	r *resource
	t *schema.Type // nil if none is known
	// depth guards against shapes that need each other.
	depth int
}

// maxDepth is how many shapes may lead from one to the next.
const maxDepth = 8

func (v *inventor) ref() string {
	names := v.t.Ref.Names
	if len(names) == 0 {
		return v.physicalID()
	}
	var parts []string
	for _, name := range names {
		if part := v.value(name); part != "" { // a rule of the default bus has no bus in its reference
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, v.t.Ref.Separator)
}

func (v *inventor) physicalID() string {
	if v.r.physicalID != "" {
		return v.r.physicalID
	}
	return v.name()
}

// value is a property or attribute as text.
func (v *inventor) value(name string) string {
	if p := v.r.live().At(strings.FieldsFunc(name, func(c rune) bool { return c == '/' || c == '.' })...); p != nil {
		if text, ok := p.Scalar(); ok {
			return text
		}
		return p.JSON()
	}
	if name == v.nameProperty() || v.t == nil {
		return v.name()
	}
	if _, ok := v.t.Attribute(name); ok {
		return v.attribute(name).Str()
	}
	if p, ok := v.t.Property(name); ok {
		return tree.FromJSON(p.Default).Str() // "" if there is no default
	}
	return v.name()
}

// nameProperty is the property that names the resource.
func (v *inventor) nameProperty() string {
	switch {
	case v.t == nil:
		return ""
	case v.t.NameRule.Property != "":
		return v.t.NameRule.Property
	}
	for _, name := range v.t.PrimaryIdentifier {
		if _, ok := v.t.Property(name); ok && len(v.t.PrimaryIdentifier) == 1 {
			return name
		}
	}
	for _, hole := range schema.Shape(v.t.Arn).Holes() {
		if _, ok := v.t.Property(hole); ok {
			return hole
		}
	}
	return ""
}

// name is the resource's own name: what its properties say, or one that is made once.
func (v *inventor) name() string {
	if n := v.nameProperty(); n != "" {
		if text := v.r.live().Get(n).Str(); text != "" {
			return text
		}
	}
	if v.r.name == "" {
		rule, suffix := schema.NameRule{}, ""
		if v.t != nil {
			rule = v.t.NameRule
		}
		if v.ordered() {
			suffix = fifoSuffix
			rule.Max -= len(suffix)
		}
		v.r.name = rule.Name(v.s.name, v.r.id, func(n int) string { return v.s.region.cloud.pick(letters, n) }) + suffix
	}
	return v.r.name
}

// fifoSuffix ends the names of queues and topics that keep messages in order. Clients tell them by it.
const fifoSuffix = ".fifo"

// ordered reports whether the resource is such a queue or topic.
func (v *inventor) ordered() bool {
	property := map[string]string{typeQueue: "FifoQueue", typeTopic: "FifoTopic"}[v.r.typ]
	return property != "" && v.r.live().Get(property).Str() == "true"
}

func (v *inventor) attribute(name string) *tree.Node {
	if a := v.r.attributes[name]; a != nil {
		return a
	}
	a, ok := v.t.Attribute(name)
	if !ok {
		return v.property(name)
	}
	if v.depth++; v.depth > maxDepth {
		return tree.Text(v.name())
	}
	defer func() { v.depth-- }()
	made := v.make(a)
	if v.r.attributes == nil {
		v.r.attributes = map[string]*tree.Node{}
	}
	v.r.attributes[name] = made
	return made
}

// property is the value of a property that the template does not give.
func (v *inventor) property(name string) *tree.Node {
	p, ok := v.t.Property(name)
	switch {
	case !ok:
		return nil
	case name == v.nameProperty():
		return tree.Text(v.name())
	case p.Default != "":
		return tree.FromJSON(p.Default)
	}
	return zero(p.Type)
}

func zero(t schema.TypeRef) *tree.Node {
	switch t.Kind {
	case schema.Integer, schema.Number:
		return tree.Int(0)
	case schema.Boolean:
		return tree.Boolean(false)
	case schema.List:
		return tree.ListOf()
	case schema.Map, schema.Object, schema.JSON:
		return tree.Object()
	}
	return tree.Text("")
}

// make makes an attribute up.
func (v *inventor) make(a *schema.Attribute) *tree.Node {
	if compute := computed[v.t.Name+" "+a.Name]; compute != nil {
		return tree.Text(compute(v))
	}
	switch {
	case a.Shape != "":
		return v.typed(a.Type, v.fill(a.Shape))
	case a.Type.Kind != schema.String && a.Type.Kind != schema.Union:
		return zero(a.Type)
	case v.identifies(a.Name) && v.r.physicalID != "" && (!isArn(a.Name) || strings.HasPrefix(v.r.physicalID, "arn:")):
		return tree.Text(v.r.physicalID)
	case a.Name == v.nameProperty():
		return tree.Text(v.name())
	case v.t.Arn != "" && isArn(a.Name):
		return tree.Text(v.fill(schema.Shape(v.t.Arn)))
	case isArn(a.Name):
		return tree.Text(v.fill(v.arn()))
	case strings.HasSuffix(a.Name, "Name"):
		return tree.Text(v.name())
	}
	return tree.Text(v.fill(schema.DefaultShape))
}

// isArn reports whether an attribute of that name is an ARN.
func isArn(name string) bool { return strings.HasSuffix(name, "Arn") || strings.HasSuffix(name, "ARN") }

// identifies reports whether an attribute is what Ref returns, or the type's only identifier.
func (v *inventor) identifies(name string) bool {
	only := func(names []string) bool { return len(names) == 1 && names[0] == name }
	return only(v.t.Ref.Names) || only(v.t.PrimaryIdentifier)
}

// arn is the form of an ARN of which nothing is known.
func (v *inventor) arn() schema.Shape {
	kind := v.t.Name[strings.LastIndex(v.t.Name, ":")+1:]
	return schema.Shape("arn:${Partition}:" + strings.ToLower(v.t.Service()) + ":${Region}:${AccountID}:" + strings.ToLower(kind) + "/${Name}")
}

func (v *inventor) typed(t schema.TypeRef, text string) *tree.Node {
	switch t.Kind {
	case schema.Integer, schema.Number:
		return &tree.Node{Kind: tree.Number, Text: text}
	case schema.Boolean:
		return tree.Boolean(text == "true")
	case schema.List:
		return tree.ListOf(tree.Text(text))
	}
	return tree.Text(text)
}

// fill expands a shape.
func (v *inventor) fill(shape schema.Shape) string {
	text, err := shape.Expand(func(hole string, n int) (string, error) { return v.hole(hole, n), nil })
	if err != nil {
		return v.name()
	}
	return text
}

// revision numbers the resources of a type that have the same name, from 1.
func (v *inventor) revision() int {
	if v.r.revision == 0 {
		key := v.r.typ + " " + v.name()
		v.s.region.revisions[key]++
		v.r.revision = v.s.region.revisions[key]
	}
	return v.r.revision
}

func (v *inventor) hole(name string, n int) string {
	region, cloud := v.s.region, v.s.region.cloud
	switch name {
	case "Stack":
		return cut(v.s.name, n)
	case "LogicalID":
		return cut(v.r.id, n)
	case "Name":
		return v.name()
	case "Partition":
		return region.partition
	case "Region":
		return region.name
	case "Account", "AccountID", "AccountId":
		return region.account
	case "URLSuffix":
		return region.suffix
	case "Revision":
		return strconv.Itoa(v.revision())
	case "Random":
		return cloud.pick(letters, n)
	case "Upper":
		return cloud.pick(letters[:26]+digits, n)
	case "Lower":
		return cloud.pick(letters[26:], n)
	case "Hex":
		return cloud.pick(hexDigits, n)
	case "Digits":
		return cloud.pick(digits, n)
	case "UUID":
		return cloud.uuid()
	}
	if base, ok := strings.CutSuffix(name, "WithPath"); ok {
		return strings.TrimPrefix(v.r.live().Get("Path").Str(), "/") + v.value(base)
	}
	if base, ok := strings.CutSuffix(name, "WithoutLeadingSlash"); ok {
		return strings.TrimPrefix(v.value(base), "/")
	}
	return v.value(name)
}

func cut(s string, n int) string {
	if n > 0 && len(s) > n {
		return s[:n]
	}
	return s
}
