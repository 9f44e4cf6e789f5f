package local

import (
	"strconv"
	"unicode/utf8"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// length checks how long a text is.
func (c *checker) length(at string, p *schema.Property, text string) {
	n := utf8.RuneCountInString(text)
	switch {
	case p.MinLength != nil && n < *p.MinLength:
		c.say(at, "expected minLength: %d, actual: %d", *p.MinLength, n)
	case p.MaxLength != nil && n > *p.MaxLength:
		c.say(at, "expected maxLength: %d, actual: %d", *p.MaxLength, n)
	}
}

// pattern checks a text against its pattern.
func (c *checker) pattern(at string, p *schema.Property, v *tree.Node) {
	if !p.Matches(v.Str()) {
		c.say(at, "string [%s] does not match pattern %s", shownText(v), p.Pattern)
	}
}

// bounds checks that a number is not too small or too large.
func (c *checker) bounds(at string, p *schema.Property, v *tree.Node) {
	f, err := strconv.ParseFloat(v.Str(), 64)
	switch {
	case err != nil: // told already
	case p.Minimum != nil && f < *p.Minimum:
		c.say(at, "%s is not greater or equal to %s", shownText(v), decimal(*p.Minimum))
	case p.Maximum != nil && f > *p.Maximum:
		c.say(at, "%s is not less or equal to %s", shownText(v), decimal(*p.Maximum))
	}
}

// decimal writes a number without an exponent.
func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
