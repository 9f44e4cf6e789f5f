package validate

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
	"github.com/updraft-go/updraft/stack"
)

var typeName = regexp.MustCompile(`^(Custom::[A-Za-z0-9_@-]+|[A-Za-z0-9]{2,64}(::[A-Za-z0-9]{2,64}){2,3})$`)

// resourceRules checks the types of resources, and that the properties which a type requires are
// there and those that are there exist.
func (c *checker) resourceRules() {
	for _, m := range c.doc.Get("Resources").Members() {
		path := "Resources." + m.Key
		if strings.HasPrefix(m.Key, "Fn::ForEach::") {
			continue
		}
		name := m.Value.Get("Type").Str()
		if !typeName.MatchString(name) {
			c.report("resource-type", path+".Type", m.Value, fmt.Sprintf("%q is no type of a resource", name), "use a name such as AWS::SQS::Queue")
			continue
		}
		t, ok := schema.Lookup(name)
		if !ok {
			continue
		}
		c.object(path+".Properties", m.Value.Get("Properties"), t, t.Properties)
	}
}

// object checks the members of an object against its properties. A nil object has none.
func (c *checker) object(path string, n *tree.Node, t *schema.Type, properties []schema.Property) {
	if name, arg, ok := n.Function(); ok {
		if name == "Fn::If" && len(arg.Items()) == 3 {
			for i, arm := range arg.List[1:] {
				if ref, _, isFunction := arm.Function(); !isFunction || ref != "Ref" {
					c.object(fmt.Sprintf("%s.Fn::If[%d]", path, i+1), arm, t, properties)
				}
			}
		}
		return // another function: not known
	}
	if n != nil && n.Kind != tree.Map {
		return
	}
	names := make(map[string]*schema.Property, len(properties))
	for i := range properties {
		p := &properties[i]
		names[p.Name] = p
		if p.Required && n.Get(p.Name) == nil && !hasTransform(n) {
			c.report("required", path, n, fmt.Sprintf("the property %s is missing; %s requires it", p.Name, t.Name), "set "+p.Name)
		}
	}
	for _, m := range n.Members() {
		p := names[m.Key]
		if p == nil {
			if !strings.HasPrefix(m.Key, "Fn::") {
				c.unknown(path+"."+m.Key, m.Key, m.Value, t, sortedNames(names))
			}
			continue
		}
		c.value(path+"."+m.Key, m.Value, t, p.Type)
	}
}

func hasTransform(n *tree.Node) bool {
	for _, m := range n.Members() {
		if strings.HasPrefix(m.Key, "Fn::Transform") || strings.HasPrefix(m.Key, "Fn::ForEach::") {
			return true
		}
	}
	return false
}

// value goes on into the objects that a value holds.
func (c *checker) value(path string, n *tree.Node, t *schema.Type, ref schema.TypeRef) {
	switch ref.Kind {
	case schema.Object:
		if d, ok := t.Definition(ref.Ref); ok && n.Is(tree.Map) {
			c.object(path, n, t, d.Properties)
		}
	case schema.List:
		for i, item := range n.Items() {
			c.value(fmt.Sprintf("%s[%d]", path, i), item, t, *ref.Elem)
		}
	case schema.Map:
		if _, _, function := n.Function(); function {
			return
		}
		for _, m := range n.Members() {
			c.value(path+"."+m.Key, m.Value, t, *ref.Elem)
		}
	}
}

// unknown warns of a property that the schema does not have: it may be newer than the schema.
func (c *checker) unknown(path, name string, n *tree.Node, t *schema.Type, known []string) {
	c.found = append(c.found, stack.Diagnostic{
		Severity: stack.SeverityWarning, Code: "unknown-property", Path: path, Line: n.Line, Column: n.Column,
		Summary: fmt.Sprintf("%s is not known to have the property %q here", t.Name, name),
		Cure:    nearest(name, known, "check its name in the manual, "+t.ManualURL()),
	})
}
