package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var assertionRules = []Rule{
	{"rule", fails, "a member of Rules is a map"},
	{"rule-attribute", fails, "a member of Rules has RuleCondition and Assertions only"},
	{"rule-assertions", fails, "a member of Rules has a list of assertions"},
	{"rule-assert", fails, "an assertion has an Assert"},
}

// assertionSection checks what is declared in Rules.
func (c *checker) assertionSection() {
	for _, m := range c.doc.Get("Rules").Members() {
		p := at("Rules", m.Key)
		if m.Value.Kind != tree.Map {
			c.report("rule", p, m.Value, fmt.Sprintf("the rule %s is %s, not a map", m.Key, kindOf(m.Value)), "give it Assertions")
			continue
		}
		w := walker{checker: c, section: "Rules"}
		w.walk(p, m.Value, nil)
		known := []string{"Assertions", "RuleCondition"}
		for _, a := range m.Value.Map {
			if !slices.Contains(known, a.Key) && !strings.HasPrefix(a.Key, "Fn::") {
				c.report("rule-attribute", p.in(a.Key), a.Value, fmt.Sprintf("a rule has no attribute %q", a.Key), nearest(a.Key, known, "leave it out"))
			}
		}
		assertions := m.Value.Get("Assertions")
		if !assertions.Is(tree.List) || len(assertions.List) == 0 {
			c.report("rule-assertions", p.in("Assertions"), m.Value, "Assertions is "+described(assertions), "give a list of maps with an Assert")
		}
		for i, a := range assertions.Items() {
			if a.Get("Assert") == nil {
				c.report("rule-assert", p.in("Assertions").item(i), a, "the assertion has no Assert", "give it a test such as Fn::Equals")
			}
		}
	}
}
