package goimport

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// template reads the whole document.
func (im *importer) template(doc *tree.Node) {
	if !doc.Is(tree.Map) {
		im.fail(doc, "the document", "a %s, where a template is a map of sections", doc.Kind)
		return
	}
	im.checkText(doc, "")
	im.checkSections(doc)
	if len(im.errs) > 0 {
		return
	}
	im.declare(doc)
	im.head = &code{text: "&stack.Template{", close: "}"}
	extra := &code{text: "fn.Extra{", close: "}"}
	for _, m := range doc.Map {
		if !im.header(m) {
			extra.items = append(extra.items, item{key: quote(m.Key) + ": ", value: im.free(m.Value)})
		}
	}
	if len(extra.items) > 0 {
		im.head.items = append(im.head.items, item{key: "Extra: ", value: extra})
	}
	im.each(doc, "Parameters", im.parameter)
	im.each(doc, "Rules", im.rule)
	if isTables(doc.Get("Mappings")) {
		im.each(doc, "Mappings", im.mapping)
	}
	im.conditions(doc.Get("Conditions"))
	im.resources(doc.Get("Resources"))
	im.each(doc, "Hooks", im.hook)
	im.each(doc, "Outputs", im.output)
}

// isSection says whether a key of the document is a map of named parts.
func isSection(key string) bool {
	switch key {
	case "Parameters", "Rules", "Mappings", "Conditions", "Resources", "Hooks", "Outputs":
		return true
	}
	return false
}

// checkSections refuses what is no map of maps where CloudFormation has one.
func (im *importer) checkSections(doc *tree.Node) {
	for _, s := range doc.Map {
		if !isSection(s.Key) {
			continue
		}
		if !s.Value.Is(tree.Map) {
			im.fail(s.Value, s.Key, "a %s where a map by names belongs; write one, or remove the section", s.Value.Kind)
			continue
		}
		for _, m := range s.Value.Map {
			switch {
			case isLoop(m.Key):
				im.checkLoop(m, join(s.Key, m.Key))
			case !m.Value.Is(tree.Map):
				im.fail(m.Value, join(s.Key, m.Key), "a %s where a map belongs; write what it should be", m.Value.Kind)
			}
		}
	}
}

// header reads what the template literal holds. It is false for what goes into its Extra.
func (im *importer) header(m tree.Member) bool {
	im.subject = m.Key
	field := func(name string, v *code) bool {
		im.head.items = append(im.head.items, item{key: name + ": ", value: v})
		return true
	}
	switch {
	case m.Key == "AWSTemplateFormatVersion" || m.Key == "Description":
		if !m.Value.Is(tree.String) || m.Value.Text == "" {
			return false
		}
		if m.Key == "Description" {
			im.description = m.Value.Text
		}
		return field(strings.TrimPrefix(m.Key, "AWSTemplate"), im.text(m.Value.Text))
	case m.Key == "Metadata" && !m.Value.Is(tree.Null):
		return field("Metadata", im.metadata(m.Value))
	case m.Key == "Globals" && !m.Value.Is(tree.Null):
		return field("Globals", im.free(m.Value))
	case m.Key == "Transform":
		return im.transform(m.Value, field)
	case m.Key == "Mappings" && !isTables(m.Value):
		return false
	}
	return isSection(m.Key) && len(m.Value.Map) > 0
}

// transform reads macros: by name, or with parameters. A list of one is kept as that, in Extra.
func (im *importer) transform(n *tree.Node, field func(string, *code) bool) bool {
	macros := n.Items()
	if !n.Is(tree.List) {
		macros = []*tree.Node{n}
	} else if len(macros) < 2 {
		return false
	}
	list := &code{text: "[]string{", close: "}"}
	var calls []*stmt
	for _, e := range macros {
		if e.Is(tree.String) && e.Text != "" && calls == nil {
			list.items = append(list.items, item{value: leaf(quote(e.Text), goType{})})
			continue
		}
		c, ok := im.macro(e, textType)
		if !ok {
			return false
		}
		c.text = variable("t") + ".Transform("
		calls = append(calls, &stmt{value: c, section: "transforms"})
	}
	for _, c := range calls {
		im.add(c)
	}
	return len(list.items) == 0 || field("Transforms", list)
}

// each calls read with each member of a section.
func (im *importer) each(doc *tree.Node, section string, read func(m tree.Member)) {
	for _, m := range doc.Get(section).Members() {
		im.subject = m.Key
		read(m)
	}
}

// declare gives every part that can be referred to its name in Go.
func (im *importer) declare(doc *tree.Node) {
	for _, m := range doc.Get("Parameters").Members() {
		_, typ := parameterKind(m.Value.Get("Type").Str())
		im.symbols[m.Key] = &symbol{id: m.Key, name: im.names.pick(m.Key, "Param"), kind: parameterSymbol, typ: typ}
	}
	for _, m := range doc.Get("Mappings").Members() {
		if !isTables(doc.Get("Mappings")) {
			break
		}
		im.mapped[m.Key] = &symbol{id: m.Key, name: im.names.pick(m.Key, "Map"), kind: mappingSymbol}
	}
	for _, m := range doc.Get("Conditions").Members() {
		if !isLoop(m.Key) {
			im.tests[m.Key] = &symbol{id: m.Key, name: im.names.pick(m.Key, "Condition"), kind: conditionSymbol, typ: conditionType}
		}
	}
	for _, m := range doc.Get("Resources").Members() {
		if isLoop(m.Key) {
			continue
		}
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

// isTables says whether all mappings are tables: no macro stands in the place of one.
func isTables(mappings *tree.Node) bool {
	for _, m := range mappings.Members() {
		for _, row := range m.Value.Map {
			if !row.Value.Is(tree.Map) {
				return false
			}
		}
	}
	return true
}

// mapping adds a mapping.
func (im *importer) mapping(m tree.Member) {
	body := &code{text: "stack.Mapping{", close: "}"}
	for _, top := range m.Value.Map {
		row := im.plain(top.Value)
		row.text = "{"
		body.items = append(body.items, item{key: quote(top.Key) + ": ", value: row})
	}
	c := call(variable("t")+".Mapping", goType{}, leaf(quote(m.Key), goType{}), body)
	im.add(&stmt{symbol: im.mapped[m.Key], value: c, section: "mappings"})
}

// rule adds a rule.
func (im *importer) rule(m tree.Member) {
	assertion := goType{kind: object, name: "stack.Assertion", shape: &fixedShape{fields: map[string]field{
		"Assert": {"Assert", conditionType}, "AssertDescription": {"AssertDescription", textType},
	}}}
	c, _ := im.object(m.Value, goType{kind: object, name: "stack.Rule", shape: &fixedShape{open: true, silent: true, fields: map[string]field{
		"RuleCondition": {"RuleCondition", conditionType}, "Assertions": {"Assertions", listOf(assertion)},
	}}})
	im.add(&stmt{value: call(variable("t")+".Rule", goType{}, leaf(quote(m.Key), goType{}), c), section: "rules"})
}

// hook adds an entry of the Hooks section.
func (im *importer) hook(m tree.Member) {
	c, _ := im.object(m.Value, stackObject("Hook", true, map[string]field{
		"Type": {"Type", nameType}, "Properties": {"Properties", freeType},
	}))
	im.add(&stmt{value: call(variable("t")+".Hooks.Set", goType{}, leaf(quote(m.Key), goType{}), c), section: "hooks"})
}

// metadata is a template's metadata: typed if it says how parameters are shown.
func (im *importer) metadata(n *tree.Node) *code {
	if n.Get("AWS::CloudFormation::Interface") == nil {
		return im.free(n)
	}
	label := stackObject("Label", false, map[string]field{"default": {"Default", textType}})
	flatLabel := label
	flatLabel.pointer = false
	group := stackObject("ParameterGroup", true, map[string]field{"Label": {"Label", label}, "Parameters": {"Parameters", textsType}})
	group.pointer = false
	face := stackObject("Interface", true, map[string]field{
		"ParameterGroups": {"ParameterGroups", listOf(group)}, "ParameterLabels": {"ParameterLabels", dictOf(flatLabel)},
	})
	t := stackObject("Metadata", true, map[string]field{"AWS::CloudFormation::Interface": {"Interface", face}})
	t.shape.(*fixedShape).silent = true
	c, _ := im.object(n, t)
	return c
}
