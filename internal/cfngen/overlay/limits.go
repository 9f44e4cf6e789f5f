package overlay

import (
	"cmp"
	"fmt"
	"regexp"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// limits amends one property.
func (c *checker) limits(at string, p *model.Property, l Limits) {
	c.kind(at, p, l)
	c.replacement(at+".replacement", p, l.Replacement)
	if _, err := regexp.Compile(l.Pattern); err != nil {
		c.fail(at+".pattern", err.Error())
	}
	c.text(at+".pattern", &p.Pattern, l.Pattern)
	span(c, at+".length", &p.MinLength, &p.MaxLength, l.Length)
	span(c, at+".range", &p.Minimum, &p.Maximum, l.Range)
	if l.Enum != nil {
		if p.Enum != nil {
			c.fail(at+".enum", "the allowed values are known already")
		}
		p.Enum = l.Enum
	}
}

func (c *checker) replacement(at string, p *model.Property, replacement string) {
	known := p.Replacement
	switch replacement {
	case "":
		return
	case "no":
		p.Replacement = ""
	case "maybe", "yes":
		p.Replacement = replacement
	default:
		c.fail(at, fmt.Sprintf("%q is none of no, maybe, yes", replacement))
	}
	if p.Replacement == known {
		c.fail(at, "the schema says so already")
	}
}

// span sets the two ends of a length or a range.
func span[T cmp.Ordered](c *checker, at string, low, high **T, ends [2]*T) {
	if ends == [2]*T{} {
		return
	}
	if *low != nil || *high != nil {
		c.fail(at, "another entry says so already")
	}
	if ends[0] != nil && ends[1] != nil && *ends[0] > *ends[1] {
		c.fail(at, "the ends are in the wrong order")
	}
	*low, *high = ends[0], ends[1]
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
		c.fail(at, "the kind "+string(e.Kind)+" has no pattern and no length")
	}
	if number && e.Kind != model.Integer && e.Kind != model.Number {
		c.fail(at, "the kind "+string(e.Kind)+" has no range")
	}
}
