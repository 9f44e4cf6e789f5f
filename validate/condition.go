package validate

import (
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var conditionRules = []Rule{
	{"condition", fails, "a condition that is named is declared"},
	{"condition-type", fails, "a member of Conditions is a test: And, Or, Not, Equals or Condition"},
	{"condition-cycle", fails, "conditions do not name each other in a circle"},
	{"condition-unused", warns, "a condition is used"},
	{"condition-constant", warns, "a condition can hold and can fail to hold"},
	{"condition-function", fails, "a condition uses only what is known before resources are made"},
	{"fn-equals", fails, "Fn::Equals takes two values"},
	{"fn-not", fails, "Fn::Not takes a list of one test"},
	{"fn-and", fails, "Fn::And takes 2 to 10 tests"},
	{"fn-or", fails, "Fn::Or takes 2 to 10 tests"},
	{"fn-test-place", fails, "tests stand in Conditions, and in Rules"},
}

// conditionSection checks what is declared in Conditions.
func (c *checker) conditionSection() {
	for _, m := range c.doc.Get("Conditions").Members() {
		if strings.HasPrefix(m.Key, "Fn::") {
			continue
		}
		p := at("Conditions", m.Key)
		w := walker{checker: c, section: "Conditions"}
		w.test(p, m.Value)
		w.walk(p, m.Value, nil)
		if f := c.logic.formulas[m.Key]; f != nil && f.op != named && !c.macro {
			c.constant(p, m)
		}
	}
	c.conditionCycles()
}

// constant warns of a condition that says the same whatever the parameters are.
func (c *checker) constant(p *place, m tree.Member) {
	yes := c.logic.possible((*facts)(nil).with(m.Key, true))
	no := c.logic.possible((*facts)(nil).with(m.Key, false))
	if !no && len(c.logic.subjectsOf(m.Key)) > 0 {
		return // it hangs on a parameter of one value, to which others may be added
	}
	if yes != no {
		word := "never"
		if yes {
			word = "always"
		}
		c.report("condition-constant", p, m.Value, fmt.Sprintf("the condition %s %s holds", m.Key, word), "compare with a parameter, or leave the condition out")
	}
}

// test checks that a node is something that is true or false.
func (w *walker) test(p *place, n *tree.Node) {
	name, arg, _ := n.Function()
	switch name {
	case "Fn::And", "Fn::Or", "Fn::Not":
		for i, item := range arg.Items() {
			w.test(p.in(name).item(i), item)
		}
	case "Fn::Equals", "Condition", "Fn::Transform":
	case "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn":
		if w.section == "Rules" {
			return
		}
		w.report("condition-type", p, n, name+" stands outside of Rules", "use Fn::Equals")
	default:
		if w.macro {
			return
		}
		w.report("condition-type", p, n, "a condition is "+kindOf(n)+", which is neither true nor false", "use Fn::Equals, Fn::Not, Fn::And, Fn::Or or Condition")
	}
}

// conditionCycles reports each condition that depends on itself.
func (c *checker) conditionCycles() {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var visit func(name string, depth int)
	visit = func(name string, depth int) {
		state[name] = open
		for _, next := range namesOf(c.logic.formulas[name], nil) {
			switch state[next] {
			case open:
				c.report("condition-cycle", at("Conditions", name), c.conditions[name], fmt.Sprintf("the condition %s depends on %s, which depends on it", name, next), "leave one of the references out")
			case 0:
				if c.conditions[next] != nil {
					visit(next, depth+1)
				}
			}
		}
		state[name] = done
	}
	for _, m := range c.doc.Get("Conditions").Members() {
		if state[m.Key] == 0 {
			visit(m.Key, 0)
		}
	}
}

// namesOf appends the conditions that a formula names.
func namesOf(f *formula, names []string) []string {
	if f == nil {
		return names
	}
	if f.op == named {
		names = append(names, f.name)
	}
	for _, a := range f.args {
		names = namesOf(a, names)
	}
	return names
}
