package goimport

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// nameType is text in which no expression may stand and that is absent when it is empty.
var nameType = goType{kind: foreign, name: "string"}

// parameterKind returns the method that adds a parameter of a Type, and the type of its value.
func parameterKind(typ string) (method string, value goType) {
	inner := strings.TrimSuffix(strings.TrimPrefix(typ, "AWS::SSM::Parameter::Value<"), ">")
	switch {
	case typ == "Number":
		return "NumberParameter", wholeType
	case inner == "CommaDelimitedList", strings.HasPrefix(inner, "List<"):
		return "ListParameter", textsType
	}
	return "Parameter", textType
}

// impliedType is the Type of a parameter that a method adds.
func impliedType(method string) string {
	switch method {
	case "NumberParameter":
		return "Number"
	case "ListParameter":
		return "CommaDelimitedList"
	}
	return "String"
}

func parameterType() goType {
	return goType{kind: object, name: "stack.Parameter", shape: &fixedShape{open: true, silent: true, fields: map[string]field{
		"Type": {"Type", nameType}, "Description": {"Description", nameType}, "Default": {"Default", textType},
		"AllowedPattern": {"AllowedPattern", nameType}, "ConstraintDescription": {"ConstraintDescription", nameType},
		"MinLength": {"MinLength", wholeType}, "MaxLength": {"MaxLength", wholeType},
		"MinValue": {"MinValue", fractionType}, "MaxValue": {"MaxValue", fractionType},
		"AllowedValues": {"AllowedValues", listOf(goType{kind: scalar, name: "string"})},
		"NoEcho":        {"NoEcho", goType{kind: foreign, name: "bool"}},
	}}}
}

// parameter adds a parameter by the method for its type. One without a type, such as a macro in
// the place of parameters, is set as it is.
func (im *importer) parameter(m tree.Member) {
	t := parameterType()
	kind := m.Value.Get("Type")
	if !kind.Is(tree.String) || kind.Text == "" {
		t.pointer = true
		c, _ := im.object(m.Value, t)
		im.symbols[m.Key].declared = false
		im.stmts = append(im.stmts, &stmt{value: call(variable("t")+".Parameters.Set", goType{}, leaf(quote(m.Key), goType{}), c), section: "parameters"})
		return
	}
	method, _ := parameterKind(kind.Text)
	c, _ := im.object(m.Value, t)
	if impliedType(method) == kind.Text {
		for i, it := range c.items {
			if it.key == "Type: " {
				c.items = append(c.items[:i:i], c.items[i+1:]...)
				break
			}
		}
	}
	im.add(&stmt{
		symbol: im.symbols[m.Key], section: "parameters",
		value: call(variable("t")+"."+method, goType{}, leaf(quote(m.Key), goType{}), c),
	})
}

// foreignValue is a value of a plain Go type, which the zero value of the type cannot say.
func (im *importer) foreignValue(n *tree.Node, t goType) (*code, bool) {
	switch {
	case t.name == "bool" && n.Str() == "true":
		return leaf("true", goType{}), true
	case t.same(nameType) && n.Is(tree.String) && n.Text != "":
		return im.text(n.Text), true
	}
	return nil, false
}
