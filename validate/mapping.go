package validate

import (
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var mappingRules = []Rule{
	{"mapping", fails, "a mapping holds maps by a key"},
	{"mapping-empty", fails, "a mapping and each of its keys hold something"},
	{"mapping-value", fails, "a value of a mapping is text or a list of texts"},
	{"mapping-key", warns, "a key of a mapping has letters, digits, hyphens, dots and underscores only"},
	{"mapping-size", fails, "a mapping has at most 200 keys"},
	{"mapping-unused", warns, "a mapping is used"},
}

// mappingSection checks that mappings have two levels, and literal values below them.
func (c *checker) mappingSection() {
	for _, m := range c.doc.Get("Mappings").Members() {
		p := at("Mappings", m.Key)
		switch {
		case strings.HasPrefix(m.Key, "Fn::") || m.Value.Get("Fn::Transform") != nil || c.macro:
			continue
		case m.Value.Kind != tree.Map:
			c.report("mapping", p, m.Value, fmt.Sprintf("the mapping %s is %s, not a map of maps", m.Key, kindOf(m.Value)), "give it two levels of keys")
			continue
		case len(m.Value.Map) == 0:
			c.report("mapping-empty", p, m.Value, fmt.Sprintf("the mapping %s is empty", m.Key), "add a key, or leave the mapping out")
		case len(m.Value.Map) > maxOthers:
			c.report("mapping-size", p, m.Value, fmt.Sprintf("the mapping has %d keys; at most %d are allowed", len(m.Value.Map), maxOthers), "split it")
		}
		for _, first := range m.Value.Map {
			c.mappingKey(p.in(first.Key), first)
			c.mappingLevel(p.in(first.Key), first.Value)
		}
	}
}

func (c *checker) mappingLevel(p *place, n *tree.Node) {
	if n.Kind != tree.Map {
		c.report("mapping", p, n, "the key holds "+kindOf(n)+"; a mapping has two levels of keys", "put the value under a second key")
		return
	}
	if _, _, function := n.Function(); function {
		c.report("mapping-value", p, n, "the key holds "+kindOf(n), "a mapping holds literal values only")
		return
	}
	if len(n.Map) == 0 {
		c.report("mapping-empty", p, n, "the key holds nothing", "add a value, or leave the key out")
	}
	for _, second := range n.Map {
		c.mappingKey(p.in(second.Key), second)
		c.mappingValue(p.in(second.Key), second.Value)
	}
}

func (c *checker) mappingValue(p *place, n *tree.Node) {
	if n.Kind == tree.Map {
		c.report("mapping-value", p, n, "the value is "+kindOf(n)+"; a mapping has no third level", "give text or a list of texts")
	}
	for i, item := range n.Items() {
		if _, ok := item.Scalar(); !ok && !c.extended {
			c.report("mapping-value", p.item(i), item, "an element of the list is "+kindOf(item), "give text")
		}
	}
}

func (c *checker) mappingKey(p *place, m tree.Member) {
	for _, r := range m.Key {
		if !alphanumeric(string(r)) && !strings.ContainsRune("-._", r) {
			c.report("mapping-key", p, m.Value, fmt.Sprintf("the key %q holds %q", m.Key, r), "use letters, digits, hyphens, dots and underscores")
			return
		}
	}
}
