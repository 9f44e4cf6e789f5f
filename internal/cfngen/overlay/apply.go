package overlay

import (
	"fmt"
	"maps"
	"slices"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// checker amends a type and gathers what does not fit it.
type checker struct {
	file string
	t    *model.Type
	errs []error
}

func (c *checker) fail(at, what string) {
	c.errs = append(c.errs, fmt.Errorf("overlay/%s: %s.%s: %s; correct or drop the entry", c.file, c.t.Name, at, what))
}

// apply amends the type by facts.
func (c *checker) apply(f Facts) {
	c.text("deprecated", &c.t.Deprecated, f.Deprecated)
	c.t.DeleteFirst = c.t.DeleteFirst || f.DeleteFirst
	if f.Ref != nil {
		c.ref(f.Ref)
	}
	if f.Name != nil {
		c.name(f.Name)
	}
	c.shape("physicalID", f.PhysicalID)
	c.text("physicalID", &c.t.PhysicalID, f.PhysicalID)
	c.properties("properties", c.t.Properties, f.Properties)
	for _, name := range slices.Sorted(maps.Keys(f.Definitions)) {
		def, ok := c.t.Definitions[name]
		if !ok {
			c.fail("definitions."+name, "the schema has no such definition")
			continue
		}
		c.properties("definitions."+name, def, f.Definitions[name])
	}
	for _, name := range slices.Sorted(maps.Keys(f.Attributes)) {
		a, ok := c.t.Attributes[name]
		if !ok {
			c.fail("attributes."+name, "the schema has no such attribute")
			continue
		}
		c.shape("attributes."+name, f.Attributes[name])
		c.text("attributes."+name, &a.Shape, f.Attributes[name])
	}
}

// text sets a text that may be said once.
func (c *checker) text(at string, to *string, text string) {
	if text == "" {
		return
	}
	if *to != "" {
		c.fail(at, "another entry says so already")
	}
	*to = text
}

func (c *checker) ref(ref *model.Ref) {
	for _, name := range ref.Names {
		if c.t.Properties[name] == nil && c.t.Attributes[name] == nil {
			c.fail("ref", "the schema has no property or attribute "+name)
		}
	}
	c.t.Ref = ref
}

func (c *checker) name(name *Name) {
	if name.Property != "" && c.t.Properties[name.Property] == nil {
		c.fail("name.property", "the schema has no property "+name.Property)
	}
	shape := name.Shape
	if shape == "" {
		shape = usualName
	}
	c.shape("name.shape", shape)
	if c.t.NameRule != nil {
		c.fail("name", "another entry says so already")
	}
	c.t.NameRule = &model.NameRule{Property: name.Property, Shape: shape, Max: name.Max, Lower: name.Lower}
}

func (c *checker) properties(at string, props model.Properties, limits map[string]Limits) {
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		p, ok := props[name]
		if !ok {
			c.fail(at+"."+name, "the schema has no such property")
			continue
		}
		c.limits(at+"."+name, p, limits[name])
	}
}
