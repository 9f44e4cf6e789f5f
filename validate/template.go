package validate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var templateRules = []Rule{
	{"syntax", fails, "a template is well-formed JSON or YAML"},
	{"template", fails, "a template is a map of sections"},
	{"template-ros", fails, "a template is not one of Alibaba Cloud's, which look alike"},
	{"template-size", fails, "a template has at most 1 MB"},
	{"template-inline-size", tells, "a template of more than 51,200 bytes must be put into S3 first"},
	{"section-unknown", fails, "a template has only the sections that CloudFormation knows"},
	{"section-type", fails, "a section is a map"},
	{"format-version", fails, "AWSTemplateFormatVersion is 2010-09-09"},
	{"description-type", fails, "the description is literal text"},
	{"description-size", fails, "the description has at most 1,024 bytes"},
	{"transform-type", fails, "Transform is the name of a macro, or a list of such"},
	{"no-resources", fails, "a template has a resource"},
	{"too-many-resources", fails, "a template has at most 500 resources"},
	{"too-many-parameters", fails, "a template has at most 200 parameters"},
	{"too-many-mappings", fails, "a template has at most 200 mappings"},
	{"too-many-outputs", fails, "a template has at most 200 outputs"},
	{"name", fails, "a logical name has letters and digits only"},
	{"name-length", fails, "a logical name has at most 255 characters"},
	{"name-taken", fails, "no parameter has the name of a resource"},
	{"value-null", fails, "no value is null"},
	{"interface", warns, "AWS::CloudFormation::Interface has the groups and labels that consoles read"},
	{"interface-parameter", warns, "AWS::CloudFormation::Interface names parameters of the template, each in one group"},
}

// The quotas of CloudFormation.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const (
	maxTemplate    = 1 << 20 // bytes, by way of S3
	maxInline      = 51_200  // bytes, in a request
	maxDescription = 1024    // bytes
	maxResources   = 500
	maxOthers      = 200 // parameters, mappings, outputs
	maxName        = 255
)

var sections = []string{
	"AWSTemplateFormatVersion", "Conditions", "Description", "Hooks", "Mappings", "Metadata", "Outputs",
	"Parameters", "Resources", "Rules", "Transform",
}

// template checks the sections, their sizes and their names.
func (c *checker) template() {
	for _, m := range c.doc.Members() {
		switch {
		case slices.Contains(sections, m.Key), strings.HasPrefix(m.Key, "Fn::"), m.Key == "Globals" && c.serverless, c.macro:
		default:
			c.report("section-unknown", at(m.Key), m.Value, fmt.Sprintf("%q is no section of a template", m.Key), nearest(m.Key, sections, "the sections are "+strings.Join(sections, ", ")))
		}
	}
	c.heads()
	c.counts()
	c.names()
}

// size checks the bytes of the template as it is sent.
func (c *checker) size(n int) {
	switch {
	case n > maxTemplate:
		c.report("template-size", nil, nil, fmt.Sprintf("the template has %d bytes; CloudFormation takes at most %d", n, maxTemplate), "split it into stacks that import each other's exports")
	case n > maxInline && c.located:
		c.report("template-inline-size", nil, nil, fmt.Sprintf("the template has %d bytes; a request takes at most %d", n, maxInline), "deploy it from an S3 bucket")
	}
}

// heads checks the sections that are no maps of names.
func (c *checker) heads() {
	if v := c.doc.Get("AWSTemplateFormatVersion"); v != nil && v.Str() != "2010-09-09" {
		c.report("format-version", at("AWSTemplateFormatVersion"), v, fmt.Sprintf("%s is no version of the format", shown(v.Str())), `the only one is "2010-09-09"`)
	}
	if d := c.doc.Get("Description"); d != nil {
		c.text("description-type", "description-size", at("Description"), d, maxDescription)
	}
	if t := c.doc.Get("Transform"); t != nil {
		items := t.Items()
		if !t.Is(tree.List) {
			items = []*tree.Node{t}
		}
		for _, item := range items {
			if !item.Is(tree.String) && item.Get("Name") == nil {
				c.report("transform-type", at("Transform"), item, "a transform is "+kindOf(item), "give the name of a macro, such as AWS::LanguageExtensions")
			}
		}
	}
}

// text checks that a description is literal and not too long.
func (c *checker) text(kind, size string, p *place, n *tree.Node, most int) {
	if !n.Is(tree.String) {
		if _, scalar := n.Scalar(); !scalar {
			c.report(kind, p, n, "the description is "+kindOf(n), "give literal text")
		}
		return
	}
	if len(n.Text) > most {
		c.report(size, p, n, fmt.Sprintf("the description has %d bytes; at most %d are allowed", len(n.Text), most), "shorten it; Metadata holds longer text")
	}
}

// counts checks the kinds and sizes of the sections.
func (c *checker) counts() {
	for _, s := range []string{"Conditions", "Mappings", "Metadata", "Outputs", "Parameters", "Resources", "Rules"} {
		if n := c.doc.Get(s); n != nil && n.Kind != tree.Map {
			c.report("section-type", at(s), n, fmt.Sprintf("the section %s is %s, not a map", s, kindOf(n)), "give each member a name")
		}
	}
	if c.doc.Get("Resources") == nil || c.doc.Get("Resources").Is(tree.Map) && len(c.doc.Get("Resources").Map) == 0 {
		if !c.open {
			c.report("no-resources", at("Resources"), c.doc.Get("Resources"), "the template has no resources", "add one")
		}
	}
	for _, s := range []struct {
		section, code string
		most          int
	}{
		{"Parameters", "too-many-parameters", maxOthers}, {"Mappings", "too-many-mappings", maxOthers},
		{"Resources", "too-many-resources", maxResources}, {"Outputs", "too-many-outputs", maxOthers},
	} {
		if n := len(c.doc.Get(s.section).Members()); n > s.most {
			c.report(s.code, at(s.section), c.doc.Get(s.section), fmt.Sprintf("the template has %d %s; at most %d are allowed", n, s.section, s.most), "split it into several stacks")
		}
	}
}

// names checks the logical names of every section that has such.
func (c *checker) names() {
	for _, section := range []string{"Parameters", "Mappings", "Conditions", "Resources", "Outputs"} {
		for _, m := range c.doc.Get(section).Members() {
			p := at(section, m.Key)
			switch {
			case len(m.Key) > maxName:
				c.report("name-length", p, m.Value, fmt.Sprintf("the name has %d characters; at most %d are allowed", len(m.Key), maxName), "shorten it")
			case section == "Mappings" || section == "Conditions" || strings.HasPrefix(m.Key, "Fn::"):
			case !alphanumeric(m.Key):
				c.report("name", p, m.Value, fmt.Sprintf("%q is no logical name", m.Key), "use letters and digits only")
			case section == "Resources" && c.parameters[m.Key] != nil:
				c.report("name-taken", p, m.Value, fmt.Sprintf("%q is the name of a parameter too", m.Key), "give one of them another name")
			}
		}
	}
}

func alphanumeric(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != ""
}

func quote(s string) string { return strconv.Quote(s) }

// nulls reports each null in the document.
func (c *checker) nulls(p *place, n *tree.Node) {
	switch n.Kind {
	case tree.Null:
		c.report("value-null", p, n, "the value is null, which a template cannot hold", "leave the key out, or use AWS::NoValue")
	case tree.List:
		for i, item := range n.List {
			if item.Kind >= tree.List || item.Kind == tree.Null {
				c.nulls(p.item(i), item)
			}
		}
	case tree.Map:
		for i := range n.Map {
			m := &n.Map[i]
			if m.Value.Kind >= tree.List || m.Value.Kind == tree.Null {
				c.nulls(p.in(m.Key), m.Value)
			}
		}
	}
}

// metadata checks the part of Metadata that consoles read.
func (c *checker) metadata() {
	p := at("Metadata", "AWS::CloudFormation::Interface")
	face := c.doc.At("Metadata", "AWS::CloudFormation::Interface")
	if face == nil {
		return
	}
	for _, m := range face.Members() {
		if m.Key != "ParameterGroups" && m.Key != "ParameterLabels" {
			c.report("interface", p.in(m.Key), m.Value, fmt.Sprintf("%q is not read by any console", m.Key), nearest(m.Key, []string{"ParameterGroups", "ParameterLabels"}, "leave it out"))
		}
	}
	seen := map[string]bool{}
	for i, g := range face.Get("ParameterGroups").Items() {
		for j, name := range g.Get("Parameters").Items() {
			c.faceParameter(p.in("ParameterGroups").item(i).in("Parameters").item(j), name, name.Str(), seen[name.Str()])
			seen[name.Str()] = true
		}
	}
	for _, m := range face.Get("ParameterLabels").Members() {
		c.faceParameter(p.in("ParameterLabels").in(m.Key), m.Value, m.Key, false)
		if m.Value.Get("default") == nil {
			c.report("interface", p.in("ParameterLabels").in(m.Key), m.Value, fmt.Sprintf("the label of %s has no text", m.Key), `give it as the member "default"`)
		}
	}
}

func (c *checker) faceParameter(p *place, n *tree.Node, name string, twice bool) {
	switch {
	case twice:
		c.report("interface-parameter", p, n, fmt.Sprintf("the parameter %q stands in two groups", name), "leave it out of one")
	case c.parameters[name] == nil && !c.open:
		c.report("interface-parameter", p, n, fmt.Sprintf("%q is no parameter of this template", name), nearest(name, sortedNames(c.parameters), "leave it out"))
	}
}
