package goimport

import (
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

const noValue = "AWS::NoValue"

// pseudo are the constants for pseudo parameters.
func pseudo(name string) string {
	switch name {
	case "AWS::AccountId":
		return "fn.AccountID"
	case "AWS::Partition":
		return "fn.Partition"
	case "AWS::Region":
		return "fn.Region"
	case "AWS::StackId":
		return "fn.StackID"
	case "AWS::StackName":
		return "fn.StackName"
	case "AWS::URLSuffix":
		return "fn.URLSuffix"
	case noValue:
		return "fn.NoValue"
	}
	return ""
}

// isNoValue says whether n removes what stands in its place.
func isNoValue(n *tree.Node) bool {
	name, arg, ok := n.Function()
	return ok && name == "Ref" && arg.Str() == noValue
}

// ref is a Ref: a constant for a pseudo parameter, a method of the variable that holds a parameter
// or resource, or the name as text where there is no variable yet.
func (im *importer) ref(arg *tree.Node, t goType) (*code, bool) {
	if !arg.Is(tree.String) {
		return nil, false
	}
	name := arg.Text
	if c := pseudo(name); c != "" && (t.kind == scalar || t.kind == free) {
		return as(t)(leaf(c, textType), true)
	}
	if name == "AWS::NotificationARNs" && (t.kind == free || t.same(textsType)) {
		return call("fn.NotificationARNs", textsType), true
	}
	if s := im.symbols[name]; s != nil && s.declared {
		if c, ok := as(t)(call(variable(s.name)+".Ref", s.typ), true); ok {
			return c, true
		}
	}
	return im.byName("fn.Ref", t, name)
}

// byName is a reference by text, typed by its place.
func (im *importer) byName(function string, t goType, names ...string) (*code, bool) {
	args := make([]*code, len(names))
	for i, n := range names {
		args[i] = leaf(strconv.Quote(n), goType{})
	}
	if t.kind == free || t.same(textType) {
		return call(function, textType, args...), true
	}
	if function == "fn.Ref" {
		return call("fn.RefOf["+t.String()+"]", t, args...), true
	}
	return as(t)(call(function, textType, args...), true)
}

// attributeOf returns the two names of a GetAtt.
func attributeOf(arg *tree.Node) (resource, attribute string, ok bool) {
	if arg.Is(tree.String) {
		return strings.Cut(arg.Text, ".")
	}
	args, ok := items(arg, 2, 2)
	if !ok || !args[0].Is(tree.String) || !args[1].Is(tree.String) {
		return "", "", false
	}
	return args[0].Text, args[1].Text, true
}

// getAtt is Fn::GetAtt: the typed method of the resource's variable where there is one.
func (im *importer) getAtt(arg *tree.Node, t goType) (*code, bool) {
	id, attribute, ok := attributeOf(arg)
	if !ok {
		return nil, false
	}
	s := im.symbols[id]
	if s == nil || s.kind != resourceSymbol || !s.declared {
		return im.byName("fn.GetAtt", t, id, attribute)
	}
	if typ, ok := s.attribute(attribute); ok {
		if c, ok := as(t)(call(variable(s.name)+"."+attrName(attribute), typ), true); ok {
			return c, true
		}
	}
	name := leaf(strconv.Quote(attribute), goType{})
	if c, ok := as(t)(call(variable(s.name)+".GetAtt", textType, name), true); ok {
		return c, true
	}
	return call("fn.GetAttOf["+t.String()+"]", t, leaf(variable(s.name), goType{}), name), true
}

// attribute is the type of the method for an attribute, if the resource has one.
func (s *symbol) attribute(name string) (goType, bool) {
	if s.resource == nil {
		return goType{}, false
	}
	a, ok := s.resource.Attribute(name)
	if !ok {
		return goType{}, false
	}
	t := s.resource.goType(a.Type, false)
	return t, !holdsObject(t)
}

// holdsObject says whether a value of type t holds an object of a nested type, for which there is
// no method.
func holdsObject(t goType) bool {
	switch t.kind {
	case object, free:
		return t.name != tagName
	case list, dict:
		return holdsObject(*t.elem)
	}
	return false
}

const tagName = "fn.Tag"

// attrName is the name of the method for an attribute.
func attrName(attribute string) string {
	parts := strings.Split(attribute, ".")
	for i, p := range parts {
		parts[i] = fieldName(p)
	}
	return "Attr" + strings.Join(parts, "_")
}

// conditionRef is a condition by its variable, or by its name where there is none yet.
func (im *importer) conditionRef(name string) *code {
	if s := im.tests[name]; s != nil && s.declared {
		return leaf(variable(s.name), conditionType)
	}
	return leaf(strconv.Quote(name), goType{})
}

// ifOf is Fn::If: fn.If for text, fn.IfOf for everything else.
func (im *importer) ifOf(arg *tree.Node, t goType) (*code, bool) {
	args, ok := items(arg, 3, 3)
	if !ok || !args[0].Is(tree.String) || args[0].Text == "" {
		return nil, false
	}
	test := im.conditionRef(args[0].Text)
	if t.kind == free {
		if c, ok := im.ifText(test, args[1], args[2]); ok {
			return c, true
		}
	}
	yes, ok1 := im.arm(args[1], t)
	no, ok2 := im.arm(args[2], t)
	if !ok1 || !ok2 {
		return nil, false
	}
	if t.same(textType) {
		return call("fn.If", textType, test, yes, no), true
	}
	if t.kind != free && (yes.typ.same(t) || no.typ.same(t)) {
		return call("fn.IfOf", t, test, yes, no), true
	}
	return call("fn.IfOf["+t.String()+"]", t, test, yes, no), true
}

// ifText is Fn::If in free-form JSON, if its arms are text.
func (im *importer) ifText(test *code, yes, no *tree.Node) (*code, bool) {
	for _, n := range []*tree.Node{yes, no} {
		name, _, _ := n.Function()
		if !n.Is(tree.String) && !isNoValue(n) && name != "Fn::Sub" && name != "Fn::Join" {
			return nil, false
		}
	}
	y, ok1 := im.arm(yes, textType)
	n, ok2 := im.arm(no, textType)
	if !ok1 || !ok2 {
		return nil, false
	}
	return call("fn.If", textType, test, y, n), true
}

// arm is an arm of Fn::If. AWS::NoValue is the zero of the type.
func (im *importer) arm(n *tree.Node, t goType) (*code, bool) {
	if isNoValue(n) && !t.same(textType) {
		return zero(t), true
	}
	c, ok := im.value(n, t)
	if !ok || t.kind == object && !t.pointer && c.close == "}" && len(c.items) == 0 {
		return nil, false // an empty object is not the absent one
	}
	if t.kind == free && c.text == "nil" && c.close == "" {
		return nil, false // nor is null
	}
	return c, ok
}

// zero is the zero value of a type.
func zero(t goType) *code {
	switch {
	case t.kind == scalar:
		return leaf(`""`, goType{})
	case t.kind == object && !t.pointer:
		return literal(t)
	}
	return leaf("nil", goType{})
}
