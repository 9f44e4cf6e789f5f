package goimport

import (
	"regexp"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var logicalID = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// template reads the whole document.
func (im *importer) template(doc *tree.Node) {
	if !doc.Is(tree.Map) {
		im.fail(doc, "the document", "a %s, where a template is a map of sections", doc.Kind)
		return
	}
	im.checkText(doc, "")
	if len(im.errs) > 0 {
		return
	}
	im.declare(doc)
	im.head = &code{text: "&stack.Template{", close: "}"}
	for _, m := range doc.Map {
		im.section(m)
	}
	for _, s := range []struct {
		name string
		read func(m tree.Member, path string)
	}{{"Parameters", im.parameter}, {"Mappings", im.mapping}} {
		im.each(doc, s.name, s.read)
	}
	im.conditions(doc.Get("Conditions"))
	im.resources(doc.Get("Resources"))
	im.each(doc, "Outputs", im.output)
}

// section reads what the template literal holds, and refuses what is not known.
func (im *importer) section(m tree.Member) {
	field := func(name string, v *code) {
		im.head.items = append(im.head.items, item{key: name + ": ", value: v})
	}
	switch m.Key {
	case "AWSTemplateFormatVersion", "Description":
		s, ok := m.Value.Scalar()
		if !ok {
			im.fail(m.Value, m.Key, "a %s where text belongs", m.Value.Kind)
			return
		}
		im.subject = m.Key
		if m.Key == "Description" {
			im.description = s
		}
		if s == "" {
			im.note(m.Value, "%s is empty and is left out", m.Key)
			return
		}
		field(strings.TrimPrefix(m.Key, "AWSTemplate"), im.text(s))
	case "Metadata":
		im.subject = m.Key
		field("Metadata", im.free(m.Value))
	case "Transform":
		im.transform(m.Value, field)
	case "Parameters", "Mappings", "Conditions", "Resources", "Outputs":
		if !m.Value.Is(tree.Map) {
			im.fail(m.Value, m.Key, "a %s where a map by names belongs", m.Value.Kind)
		} else if len(m.Value.Map) == 0 {
			im.note(m.Value, "the section %s is empty and is left out", m.Key)
		}
	default:
		im.fail(m.Value, m.Key, "a section that has no counterpart in Go; remove it, or keep this template as a file and read it with stack.Parse")
	}
}

func (im *importer) transform(n *tree.Node, field func(string, *code)) {
	names := n.Items()
	if n.Is(tree.String) {
		names = []*tree.Node{n}
	}
	list := &code{text: "[]string{", close: "}"}
	for _, e := range names {
		if !e.Is(tree.String) || e.Text == "" {
			im.fail(e, "Transform", "a %s where the name of a macro belongs; a macro with parameters has no counterpart in Go", e.Kind)
			return
		}
		list.items = append(list.items, item{value: leaf(quote(e.Text), goType{})})
	}
	if len(names) == 0 {
		im.fail(n, "Transform", "a %s where the name of a macro or a list of names belongs", n.Kind)
		return
	}
	field("Transforms", list)
}

// each calls read with each member of a section.
func (im *importer) each(doc *tree.Node, section string, read func(m tree.Member, path string)) {
	for _, m := range doc.Get(section).Members() {
		path := section + "." + m.Key
		if !im.named(m, path) {
			continue
		}
		if !m.Value.Is(tree.Map) {
			im.fail(m.Value, path, "a %s where a map belongs", m.Value.Kind)
			continue
		}
		im.subject = m.Key
		read(m, path)
	}
}

// named refuses a name that is no logical ID.
func (im *importer) named(m tree.Member, path string) bool {
	if strings.HasPrefix(m.Key, "Fn::") {
		im.fail(m.Value, path, "a %s in the place of a name, which has no counterpart in Go; write out what it stands for, as a loop in Go perhaps", m.Key)
		return false
	}
	if !logicalID.MatchString(m.Key) {
		im.fail(m.Value, path, "the name %q; letters and digits are allowed", m.Key)
		return false
	}
	return true
}

// declare gives every part that can be referred to its name in Go.
func (im *importer) declare(doc *tree.Node) {
	for _, m := range doc.Get("Parameters").Members() {
		_, typ := parameterKind(m.Value.Get("Type").Str())
		im.symbols[m.Key] = &symbol{id: m.Key, name: im.names.pick(m.Key, "Param"), kind: parameterSymbol, typ: typ}
	}
	for _, m := range doc.Get("Mappings").Members() {
		im.mapped[m.Key] = &symbol{id: m.Key, name: im.names.pick(m.Key, "Map"), kind: mappingSymbol}
	}
	for _, m := range doc.Get("Conditions").Members() {
		im.tests[m.Key] = &symbol{id: m.Key, name: im.names.pick(m.Key, "Condition"), kind: conditionSymbol, typ: conditionType}
	}
	for _, m := range doc.Get("Resources").Members() {
		s := &symbol{id: m.Key, kind: resourceSymbol, typ: textType}
		short := "Resource"
		if r, ok := lookupResource(m.Value.Get("Type").Str()); ok {
			s.resource = r
			short = r.short
		}
		s.name = im.names.pick(m.Key, short, "Resource")
		im.symbols[m.Key] = s
	}
}

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

var parameterShape = &fixedShape{fields: map[string]field{
	"Type": {"Type", textType}, "Description": {"Description", textType}, "Default": {"Default", textType},
	"AllowedPattern": {"AllowedPattern", textType}, "ConstraintDescription": {"ConstraintDescription", textType},
	"MinLength": {"MinLength", wholeType}, "MaxLength": {"MaxLength", wholeType},
	"MinValue": {"MinValue", fractionType}, "MaxValue": {"MaxValue", fractionType},
	"AllowedValues": {"AllowedValues", listOf(goType{kind: scalar, name: "string"})},
	"NoEcho":        {"NoEcho", goType{kind: foreign, name: "bool"}},
}}

func (im *importer) parameter(m tree.Member, path string) {
	method, _ := parameterKind(m.Value.Get("Type").Str())
	body := &code{text: "stack.Parameter{", close: "}"}
	if m.Value.Get("Type") == nil {
		im.fail(m.Value, path, "a parameter without a Type; add one, such as String")
	}
	for _, p := range m.Value.Map {
		if p.Key == "Type" && impliedType(method) == p.Value.Str() {
			continue
		}
		at := join(path, p.Key)
		f, ok := parameterShape.field(p.Key)
		if !ok {
			im.fail(p.Value, at, "a key that parameters do not have; remove it")
			continue
		}
		v, ok := im.parameterValue(p, f)
		if !ok {
			im.fail(p.Value, at, "a %s that cannot stand there", p.Value.Kind)
		} else if v != nil {
			body.items = append(body.items, item{key: f.name + ": ", value: v})
		}
	}
	c := call(variable("t")+"."+method, goType{}, leaf(quote(m.Key), goType{}), body)
	im.add(&stmt{symbol: im.symbols[m.Key], value: c, section: "parameters"})
}

// impliedType is the Type of a parameter that a method adds.
func impliedType(method string) string {
	return map[string]string{"Parameter": "String", "NumberParameter": "Number", "ListParameter": "CommaDelimitedList"}[method]
}

// parameterValue is one field of a parameter. It is nil for what is left out, as its absence means
// the same.
func (im *importer) parameterValue(p tree.Member, f field) (*code, bool) {
	s, isScalar := p.Value.Scalar()
	switch {
	case p.Key == "NoEcho":
		if s == "false" {
			im.note(p.Value, "NoEcho is false, as it is where it is not said, and is left out")
			return nil, true
		}
		return leaf("true", goType{}), s == "true"
	case p.Key == "AllowedValues":
		return im.value(p.Value, f.typ)
	case !isScalar:
		return nil, false
	case s == "" && p.Key != "Default":
		im.note(p.Value, "%s is empty and is left out", p.Key)
		return nil, true
	}
	return im.value(p.Value, f.typ)
}

func (im *importer) mapping(m tree.Member, path string) {
	body := &code{text: "stack.Mapping{", close: "}"}
	for _, top := range m.Value.Map {
		if !top.Value.Is(tree.Map) {
			im.fail(top.Value, join(path, top.Key), "a %s where a map of values belongs", top.Value.Kind)
			continue
		}
		row := im.plain(top.Value)
		row.text = "{"
		body.items = append(body.items, item{key: quote(top.Key) + ": ", value: row})
	}
	c := call(variable("t")+".Mapping", goType{}, leaf(quote(m.Key), goType{}), body)
	im.add(&stmt{symbol: im.mapped[m.Key], value: c, section: "mappings"})
}

func (im *importer) output(m tree.Member, path string) {
	body := &code{text: "stack.Output{", close: "}"}
	var name *code
	for _, p := range m.Value.Map {
		at := join(path, p.Key)
		var v *code
		var ok bool
		switch p.Key {
		case "Description":
			if v, ok = im.scalar(p.Value, textType); ok && p.Value.Str() == "" {
				im.note(p.Value, "Description is empty and is left out")
				continue
			}
		case "Value":
			v, ok = im.value(p.Value, textType)
		case "Condition":
			if ok = p.Value.Is(tree.String) && p.Value.Text != ""; ok {
				v = im.conditionRef(p.Value.Text)
			}
		case "Export":
			n := p.Value.Get("Name")
			if n == nil || len(p.Value.Map) != 1 {
				im.fail(p.Value, at, "an export that is not a map of the one key Name")
				continue
			}
			if name, ok = im.value(n, textType); ok {
				continue
			}
		default:
			im.fail(p.Value, at, "a key that outputs do not have; remove it")
			continue
		}
		if !ok {
			im.fail(p.Value, at, "a value for which there is no Go code")
			continue
		}
		body.items = append(body.items, item{key: p.Key + ": ", value: v})
	}
	if m.Value.Get("Value") == nil {
		im.fail(m.Value, path, "an output without a Value; add it")
	}
	args := []*code{leaf(quote(m.Key), goType{}), body}
	method := ".Output"
	if name != nil {
		method, args = ".Export", []*code{args[0], name, body}
	}
	im.add(&stmt{value: call(variable("t")+method, goType{}, args...), section: "outputs"})
}
