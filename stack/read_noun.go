package stack

import (
	"strings"

	fn "github.com/updraft-go/updraft/intrinsics"

	"github.com/updraft-go/updraft/internal/tree"
)

// readMembers gives each member to known, and keeps in Extra what it does not take.
func readMembers(n *tree.Node, x *fn.Extra, known func(key string, v *tree.Node) bool) {
	for _, m := range n.Map {
		if !known(m.Key, m.Value) {
			setExtra(x, m)
		}
	}
}

// put sets a field if the value that was read fits it.
func put[T any](field *T, v T, ok bool) bool {
	if ok {
		*field = v
	}
	return ok
}

func readParameter(m tree.Member) (*Parameter, error) {
	p := &Parameter{}
	readMembers(m.Value, &p.Extra, p.readMember)
	return p, mapOf("parameter", m)
}

func (p *Parameter) readMember(key string, v *tree.Node) bool {
	text, isText := literal(v)
	number, isScalar := v.Scalar()
	isScalar = isScalar && number != ""
	switch key {
	case "Type":
		return put(&p.Type, text, isText)
	case "Description":
		return put(&p.Description, text, isText)
	case "Default":
		s, ok := scalarText(v)
		return put(&p.Default, s, ok)
	case "AllowedValues":
		values, ok := scalars(v)
		return put(&p.AllowedValues, values, ok)
	case "AllowedPattern":
		return put(&p.AllowedPattern, text, isText)
	case "ConstraintDescription":
		return put(&p.ConstraintDescription, text, isText)
	case "MinLength":
		return put(&p.MinLength, fn.Integer(number), isScalar)
	case "MaxLength":
		return put(&p.MaxLength, fn.Integer(number), isScalar)
	case "MinValue":
		return put(&p.MinValue, fn.Double(number), isScalar)
	case "MaxValue":
		return put(&p.MaxValue, fn.Double(number), isScalar)
	case "NoEcho":
		yes := strings.EqualFold(number, "true")
		return put(&p.NoEcho, yes, yes || strings.EqualFold(number, "false"))
	}
	return false
}

// scalars reads a list of scalars as their texts.
func scalars(n *tree.Node) ([]string, bool) {
	if n.Kind != tree.List {
		return nil, false
	}
	out := []string{}
	for _, item := range n.List {
		s, ok := item.Scalar()
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

func readResource(m tree.Member) (*Resource, error) {
	r := &Resource{}
	if strings.HasPrefix(m.Key, forEach) {
		var err error
		r.Loop, err = readLoop("Resources", m)
		return r, err
	}
	readMembers(m.Value, &r.Extra, r.readMember)
	return r, mapOf("resource", m)
}

func (r *Resource) readMember(key string, v *tree.Node) bool {
	text, isText := literal(v)
	switch key {
	case "Type":
		return put(&r.Type, text, isText)
	case "Condition":
		return put(&r.Condition, fn.Condition(text), isText)
	case "DependsOn":
		names, ok := namesOf(v)
		return put(&r.DependsOn, names, ok)
	case "Properties":
		if v.Kind == tree.Map {
			r.Properties = objectOf(v)
		}
		return v.Kind == tree.Map
	case "Metadata":
		return put(&r.Metadata, freeOf(v), v.Kind != tree.Null)
	case "CreationPolicy":
		p, ok := decodeMap[CreationPolicy](v)
		return put(&r.CreationPolicy, p, ok)
	case "UpdatePolicy":
		p, ok := decodeMap[UpdatePolicy](v)
		return put(&r.UpdatePolicy, p, ok)
	case "DeletionPolicy":
		return put(&r.DeletionPolicy, textOf(v), isText || v.Kind == tree.Map)
	case "UpdateReplacePolicy":
		return put(&r.UpdateReplacePolicy, textOf(v), isText || v.Kind == tree.Map)
	}
	return false
}

func readLoop(section string, m tree.Member) (*Loop, error) {
	v := m.Value
	if v.Kind != tree.List || len(v.List) != 3 || !v.List[0].Is(tree.String) || !v.List[2].Is(tree.Map) {
		return nil, syntaxAt(v, "%s without an identifier, a collection and a map to repeat; write a list of these three", m.Key)
	}
	body, err := fromTree(tree.Object(tree.Field(section, v.List[2])))
	if err != nil {
		return nil, err
	}
	return &Loop{Identifier: v.List[0].Text, Collection: expressionOf[[]fn.String](v.List[1]), Body: body}, nil
}

func readOutput(m tree.Member) (*Output, error) {
	o := &Output{}
	if strings.HasPrefix(m.Key, forEach) {
		var err error
		o.Loop, err = readLoop("Outputs", m)
		return o, err
	}
	readMembers(m.Value, &o.Extra, o.readMember)
	return o, mapOf("output", m)
}

func (o *Output) readMember(key string, v *tree.Node) bool {
	text, isText := literal(v)
	switch key {
	case "Description":
		return put(&o.Description, text, isText)
	case "Condition":
		return put(&o.Condition, fn.Condition(text), isText)
	case "Value":
		return put(&o.Value, textOf(v), v.Kind != tree.Null)
	case "Export":
		name := v.Get("Name")
		ok := name != nil && len(v.Map) == 1 && name.Kind != tree.Null
		if !ok {
			return false
		}
		o.Export = textOf(name)
		return true
	}
	return false
}

func readCondition(m tree.Member) (fn.Condition, error) {
	return expressionOf[fn.Condition](m.Value), nil
}

func readRule(m tree.Member) (*Rule, error) {
	r := &Rule{}
	readMembers(m.Value, &r.Extra, func(key string, v *tree.Node) bool {
		switch key {
		case "RuleCondition":
			return put(&r.RuleCondition, expressionOf[fn.Condition](v), v.Kind == tree.Map)
		case "Assertions":
			var list []Assertion
			ok := v.Kind == tree.List && fn.Decode(v.AppendJSON(nil), &list) == nil
			return put(&r.Assertions, list, ok)
		}
		return false
	})
	return r, mapOf("rule", m)
}

func readHook(m tree.Member) (*Hook, error) {
	h := &Hook{}
	readMembers(m.Value, &h.Extra, func(key string, v *tree.Node) bool {
		text, isText := literal(v)
		switch key {
		case "Type":
			return put(&h.Type, text, isText)
		case "Properties":
			return put(&h.Properties, freeOf(v), v.Kind != tree.Null)
		}
		return false
	})
	return h, mapOf("hook", m)
}

// readMapping reads a table, or carries what is none: a macro that gives one, say.
func readMapping(m tree.Member) (Mapping, error) {
	table := Mapping{}
	for _, top := range m.Value.Members() {
		if top.Value.Kind != tree.Map {
			return expressionOf[Mapping](tree.Object(m.Value.Map...)), nil
		}
		row := make(map[string]any, len(top.Value.Map))
		for _, second := range top.Value.Map {
			row[second.Key] = freeOf(second.Value)
		}
		table[top.Key] = row
	}
	return table, mapOf("mapping", m)
}
