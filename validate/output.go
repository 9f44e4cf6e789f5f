package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var outputRules = []Rule{
	{"output", fails, "an output is a map"},
	{"output-attribute", fails, "an output has only the attributes that CloudFormation knows"},
	{"output-value", fails, "an output has a value"},
	{"output-value-type", fails, "the value of an output is text"},
	{"output-description-type", fails, "the description of an output is literal text"},
	{"output-description-size", fails, "the description of an output has at most 1,024 bytes"},
	{"export", fails, "an export is a map with a Name"},
	{"export-name", fails, "the name of an export is text that is not empty"},
	{"export-name-syntax", fails, "the name of an export has letters, digits, colons and hyphens only"},
	{"export-resource", fails, "the name of an export depends on no resource"},
	{"export-twice", fails, "an export is made once"},
}

var outputAttributes = []string{"Condition", "Description", "Export", "Value"}

// outputSection checks what is declared in Outputs.
func (c *checker) outputSection() {
	exports := map[string]string{}
	for _, m := range c.doc.Get("Outputs").Members() {
		p := at("Outputs", m.Key)
		if strings.HasPrefix(m.Key, "Fn::") {
			w := walker{checker: c, section: "Outputs", free: true}
			w.walk(p, m.Value, nil)
			continue
		}
		if m.Value.Kind != tree.Map {
			c.report("output", p, m.Value, fmt.Sprintf("the output %s is %s, not a map", m.Key, kindOf(m.Value)), "give it a Value")
			continue
		}
		c.output(p, m.Value)
		name := m.Value.At("Export", "Name")
		if name == nil {
			continue
		}
		text := name.JSON() + m.Value.Get("Condition").Str()
		if other, taken := exports[text]; taken {
			c.report("export-twice", p.in("Export").in("Name"), name, fmt.Sprintf("the output %s has an export of the same name", other), "give one of them another name")
		}
		exports[text] = m.Key
	}
}

func (c *checker) output(p *place, n *tree.Node) {
	w := walker{checker: c, section: "Outputs"}
	var given *facts
	if condition := n.Get("Condition"); condition != nil {
		if !condition.Is(tree.String) {
			c.report("condition-name", p.in("Condition"), condition, "the condition is "+kindOf(condition), "give the name of a condition")
		} else {
			w.condition(p.in("Condition"), condition)
			given = given.with(condition.Text, true)
		}
	}
	for _, a := range n.Map {
		if !slices.Contains(outputAttributes, a.Key) && !strings.HasPrefix(a.Key, "Fn::") {
			c.report("output-attribute", p.in(a.Key), a.Value, fmt.Sprintf("an output has no attribute %q", a.Key), nearest(a.Key, outputAttributes, "its attributes are "+strings.Join(outputAttributes, ", ")))
		} else if a.Key != "Condition" {
			w.walk(p.in(a.Key), a.Value, given)
		}
	}
	if d := n.Get("Description"); d != nil {
		c.text("output-description-type", "output-description-size", p.in("Description"), d, maxDescription)
	}
	value := n.Get("Value")
	if value == nil && !hasTransform(n) {
		c.report("output-value", p, n, "the output has no Value", "give one")
	}
	if f := c.gives(value); f == list || f == object {
		c.report("output-value-type", p.in("Value"), value, "the value of an output is "+f.String(), "join a list with Fn::Join")
	}
	c.leak(p.in("Value"), value)
	c.export(p.in("Export"), n.Get("Export"))
}

func (c *checker) export(p *place, n *tree.Node) {
	if _, _, function := n.Function(); function || n == nil {
		return
	}
	name := n.Get("Name")
	if !n.Is(tree.Map) || name == nil || len(n.Map) > 1 {
		c.report("export", p, n, "an export is a map with a Name, and no more", "write it as in {Name: …}")
		return
	}
	q := p.in("Name")
	if f := c.gives(name); f == list || f == object || name.Is(tree.String) && name.Text == "" {
		c.report("export-name", q, name, "the name of an export is "+described(name), "give text")
		return
	}
	if name.Is(tree.String) && strings.ContainsFunc(name.Text, func(r rune) bool {
		return !alphanumeric(string(r)) && !strings.ContainsRune(":-", r)
	}) {
		c.report("export-name-syntax", q, name, fmt.Sprintf("%s is no name of an export", shown(name.Text)), "use letters, digits, colons and hyphens")
	}
	w := walker{checker: c, section: "Outputs"}
	w.outside("export-resource", q, name, "the name of an export")
}
