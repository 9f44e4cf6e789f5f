package validate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// checker holds what the rules share, and what they found.
type checker struct {
	doc     *tree.Node
	rules   *ruleSet
	located bool // whether the places of nodes are those of a source
	found   stack.Diagnostics

	parameters, resources, conditions, mappings map[string]*tree.Node

	used  map[string]bool   // "Parameters.X", "Conditions.X", "Mappings.X" that something refers to
	named map[string]string // logical IDs, by type and name
	edges map[string][]edge // by the logical ID that refers
	logic *logic

	evaluator *eval.Evaluator // of what the template alone says; made when it is wanted

	extended   bool // AWS::LanguageExtensions is declared
	serverless bool // AWS::Serverless is declared
	macro      bool // another transform is declared, which may make anything
	open       bool // a loop or an inclusion may declare further names
}

// An edge is a dependency of a resource on another, and the place that makes it.
type edge struct {
	to string
	at *place
	n  *tree.Node
}

// newChecker prepares the check of a document.
func newChecker(doc *tree.Node, located bool) *checker {
	c := &checker{
		doc: doc, rules: catalogue(), located: located,
		parameters: index(doc.Get("Parameters")),
		resources:  index(doc.Get("Resources")),
		conditions: index(doc.Get("Conditions")),
		mappings:   index(doc.Get("Mappings")),
		used:       map[string]bool{},
		named:      map[string]string{},
		edges:      map[string][]edge{},
	}
	c.transforms()
	c.logic = newLogic(c)
	return c
}

// check runs the rules.
func (c *checker) check() stack.Diagnostics {
	if !c.doc.Is(tree.Map) {
		c.report("template", nil, c.doc, "the template is "+kindOf(c.doc)+", not a map of sections", "begin with the Resources section")
		return c.found
	}
	if version := c.doc.Get("ROSTemplateFormatVersion"); version != nil {
		c.report("template-ros", at("ROSTemplateFormatVersion"), version, "the template is for Alibaba Cloud's Resource Orchestration Service, not for CloudFormation", "deploy it with package executor/ros")
		return c.found
	}
	c.template()
	c.nulls(nil, c.doc)
	c.mappingSection()
	c.parameterSection()
	c.conditionSection()
	c.resourceSection()
	c.outputSection()
	c.assertionSection()
	c.metadata()
	c.cycles()
	c.unused()
	found := c.suppressed()
	if c.located {
		slices.SortStableFunc(found, func(a, b stack.Diagnostic) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
	}
	return found
}

// transforms notes what the template says will be changed before it is deployed.
func (c *checker) transforms() {
	t := c.doc.Get("Transform")
	items := t.Items()
	if t.Is(tree.String) {
		items = []*tree.Node{t}
	}
	for _, item := range items {
		switch name := item.Str(); {
		case name == "AWS::LanguageExtensions":
			c.extended = true
		case name == "AWS::Serverless-2016-10-31":
			c.serverless = true
		case name == "AWS::Include" || item.Get("Name").Str() == "AWS::Include":
			c.open = true
		case strings.HasPrefix(name, "AWS::CodeDeployBlueGreen"), strings.HasPrefix(name, "AWS::SecretsManager"):
		default:
			c.macro, c.open = true, true
		}
	}
	for _, section := range []string{"Resources", "Parameters", "Conditions", "Mappings", "Outputs"} {
		for _, m := range c.doc.Get(section).Members() {
			if isLoop(m.Key) || m.Key == "Fn::Transform" {
				c.open = true
			}
		}
	}
	if c.doc.Get("Fn::Transform") != nil {
		c.open = true
	}
}

func isLoop(key string) bool { return strings.HasPrefix(key, "Fn::ForEach::") }

func index(section *tree.Node) map[string]*tree.Node {
	m := make(map[string]*tree.Node, len(section.Members()))
	for _, e := range section.Members() {
		m[e.Key] = e.Value
	}
	return m
}

// report adds a finding of the rule with that code.
func (c *checker) report(code string, p *place, n *tree.Node, summary, cure string) {
	severity := c.rules.byCode[code].Severity
	if code == "property-unknown" && !c.located {
		severity = warns // a program sets it on purpose, past a type that does not have it
	}
	if severity == tells && !c.located {
		return // a program has no reader for what is only worth knowing
	}
	d := stack.Diagnostic{Severity: severity, Code: code, Path: p.String(), Summary: summary, Cure: cure}
	if n != nil && c.located {
		d.Line, d.Column = n.Line, n.Column
	}
	c.found = append(c.found, d)
}

// kindOf names what a node is, for a message.
func kindOf(n *tree.Node) string {
	if n == nil {
		return "missing"
	}
	switch n.Kind {
	case tree.Map:
		if name, _, ok := n.Function(); ok {
			return "the function " + name
		}
		return "a map"
	case tree.Null:
		return "null"
	}
	return "a " + n.Kind.String()
}

// shown is a scalar for a message, cut where it is long.
func shown(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return quote(s)
}

// sortedNames returns the keys of a map in order.
func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for k := range m {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}
