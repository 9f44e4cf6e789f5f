package overlay

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// apply amends one type.
func (f Facts) apply(t *model.Type) error {
	c := checker{t: t}
	if f.Deprecated != "" {
		t.Deprecated = f.Deprecated
	}
	t.DeleteFirst = t.DeleteFirst || f.DeleteFirst
	if f.Ref != nil {
		c.ref(f.Ref)
		t.Ref = f.Ref
	}
	if f.Name != nil {
		c.name(f.Name)
	}
	if f.PhysicalID != "" {
		c.shape("physicalID", f.PhysicalID)
		t.PhysicalID = f.PhysicalID
	}
	c.limits("properties", t.Properties, f.Properties)
	for _, name := range slices.Sorted(maps.Keys(f.Definitions)) {
		def, ok := t.Definitions[name]
		if !ok {
			c.fail("definitions."+name, "the schema has no such definition")
			continue
		}
		c.limits("definitions."+name, def, f.Definitions[name])
	}
	for _, name := range slices.Sorted(maps.Keys(f.Attributes)) {
		a, ok := t.Attributes[name]
		if !ok {
			c.fail("attributes."+name, "the schema has no such attribute")
			continue
		}
		c.shape("attributes."+name, f.Attributes[name])
		a.Shape = f.Attributes[name]
	}
	return errors.Join(c.errs...)
}

// checker amends a type and gathers what does not fit it.
type checker struct {
	t    *model.Type
	errs []error
}

func (c *checker) fail(at, what string) {
	c.errs = append(c.errs, fmt.Errorf("overlay %s.%s: %s; correct or drop the entry", c.t.Name, at, what))
}

func (c *checker) ref(ref *model.Ref) {
	for _, name := range ref.Names {
		if c.t.Properties[name] == nil && c.t.Attributes[name] == nil {
			c.fail("ref", "the schema has no property or attribute "+name)
		}
	}
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
	c.t.NameRule = &model.NameRule{Property: name.Property, Shape: shape, Max: name.Max, Lower: name.Lower}
}

func (c *checker) limits(at string, props model.Properties, limits map[string]Limits) {
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		p, ok := props[name]
		if !ok {
			c.fail(at+"."+name, "the schema has no such property")
			continue
		}
		c.limit(at+"."+name, p, limits[name])
	}
}

func (c *checker) limit(at string, p *model.Property, l Limits) {
	switch l.Replacement {
	case "":
	case "no":
		p.Replacement = ""
	case "maybe", "yes":
		p.Replacement = l.Replacement
	default:
		c.fail(at+".replacement", fmt.Sprintf("%q is none of no, maybe, yes", l.Replacement))
	}
	if _, err := regexp.Compile(l.Pattern); err != nil {
		c.fail(at+".pattern", err.Error())
	}
	if low, high := l.Length[0], l.Length[1]; low != nil && high != nil && *low > *high {
		c.fail(at+".length", "the ends are in the wrong order")
	}
	if low, high := l.Range[0], l.Range[1]; low != nil && high != nil && *low > *high {
		c.fail(at+".range", "the ends are in the wrong order")
	}
	if l.Enum != nil && p.Enum != nil {
		c.fail(at+".enum", "the schema knows the allowed values")
	}
	c.kind(at, p, l)
	p.Pattern = l.Pattern
	p.MinLength, p.MaxLength = l.Length[0], l.Length[1]
	p.Minimum, p.Maximum = l.Range[0], l.Range[1]
	if l.Enum != nil {
		p.Enum = l.Enum
	}
}

// kind checks that limits of a text are not put on a number, and the reverse.
func (c *checker) kind(at string, p *model.Property, l Limits) {
	e := p.Type
	for e.Elem != nil {
		e = *e.Elem
	}
	text := l.Pattern != "" || l.Length != [2]*int{}
	number := l.Range != [2]*float64{}
	if text && e.Kind != model.String && e.Kind != model.Union {
		c.fail(at, "a "+string(e.Kind)+" has no pattern and no length")
	}
	if number && e.Kind != model.Integer && e.Kind != model.Number {
		c.fail(at, "a "+string(e.Kind)+" has no range")
	}
}
