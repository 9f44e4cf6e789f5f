package broker

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// A field is a parameter that a request may set, or a plan.
type field struct {
	name, kind, title, group, description string // kind is string, integer or number
	fallback                              *string
	allowed                               []string
	pattern                               *regexp.Regexp
	minLength, maxLength                  *int
	min, max                              *float64
	hint                                  string // what the template's author says of its values
	secret                                bool
}

// fieldOf makes a field of a parameter of a template.
func fieldOf(name string, p *stack.Parameter) *field {
	f := &field{
		name: name, kind: "string", description: p.Description, allowed: p.AllowedValues, hint: p.ConstraintDescription,
		secret: p.NoEcho, fallback: defaultOf(p),
		minLength: whole(p.MinLength), maxLength: whole(p.MaxLength), min: real(p.MinValue), max: real(p.MaxValue),
	}
	if p.AllowedPattern != "" {
		// Patterns that Go does not understand are CloudFormation's to check.
		f.pattern, _ = regexp.Compile(`\A(?:` + p.AllowedPattern + `)\z`)
	}
	if p.Type == "Number" {
		f.kind = "integer"
		if f.fractional() {
			f.kind = "number"
		}
	}
	return f
}

func defaultOf(p *stack.Parameter) *string {
	switch p.Default {
	case "":
		return nil
	case fn.Empty:
		return new(string)
	}
	text := string(p.Default)
	return &text
}

func whole(n fn.Integer) *int {
	if i, err := strconv.Atoi(string(n)); err == nil {
		return &i
	}
	return nil
}

func real(n fn.Double) *float64 {
	if x, err := strconv.ParseFloat(string(n), 64); err == nil {
		return &x
	}
	return nil
}

// fractional reports whether a number need not be a whole one.
func (f *field) fractional() bool {
	values := slices.Clone(f.allowed)
	if f.fallback != nil {
		values = append(values, *f.fallback)
	}
	for _, bound := range []*float64{f.min, f.max} {
		if bound != nil && *bound != math.Trunc(*bound) {
			return true
		}
	}
	return slices.ContainsFunc(values, func(v string) bool {
		_, err := strconv.ParseInt(v, 10, 64)
		return err != nil
	})
}

// check says what is wrong with a value, "" if nothing is.
func (f *field) check(value string) string {
	switch {
	case len(f.allowed) > 0:
		if !slices.Contains(f.allowed, value) {
			return "must be one of " + strings.Join(f.allowed, ", ")
		}
	case f.kind != "string":
		return f.checkNumber(value)
	}
	n := utf8.RuneCountInString(value)
	switch {
	case f.minLength != nil && n < *f.minLength:
		return "must have " + strconv.Itoa(*f.minLength) + " characters or more"
	case f.maxLength != nil && n > *f.maxLength:
		return "must have " + strconv.Itoa(*f.maxLength) + " characters or fewer"
	case f.pattern != nil && !f.pattern.MatchString(value):
		if f.hint != "" {
			return f.hint
		}
		return "must match " + f.pattern.String()
	}
	return ""
}

func (f *field) checkNumber(value string) string {
	x, err := strconv.ParseFloat(value, 64)
	switch {
	case err != nil || math.IsNaN(x) || math.IsInf(x, 0):
		return "must be a number"
	case f.kind == "integer" && x != math.Trunc(x):
		return "must be a whole number"
	case f.min != nil && x < *f.min:
		return "must be " + number(*f.min) + " or more"
	case f.max != nil && x > *f.max:
		return "must be " + number(*f.max) + " or less"
	}
	return ""
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// schema is the field as a property of a JSON schema.
func (f *field) schema() map[string]any {
	s := map[string]any{"type": f.kind}
	for key, text := range map[string]string{"title": f.title, "description": f.description} {
		if text != "" {
			s[key] = text
		}
	}
	if f.fallback != nil && !f.secret {
		s["default"] = f.typed(*f.fallback)
	}
	if len(f.allowed) > 0 {
		values := make([]any, len(f.allowed))
		for i, v := range f.allowed {
			values[i] = f.typed(v)
		}
		s["enum"] = values
	}
	if f.pattern != nil {
		s["pattern"] = "^(?:" + strings.TrimSuffix(strings.TrimPrefix(f.pattern.String(), `\A(?:`), `)\z`) + ")$"
	}
	addBound(s, "minLength", f.minLength)
	addBound(s, "maxLength", f.maxLength)
	addBound(s, "minimum", f.min)
	addBound(s, "maximum", f.max)
	return s
}

func addBound[T any](s map[string]any, key string, bound *T) {
	if bound != nil {
		s[key] = *bound
	}
}

// typed is a value as JSON has it for the field's type.
func (f *field) typed(value string) any {
	if f.kind != "string" {
		if x, err := strconv.ParseFloat(value, 64); err == nil {
			return x
		}
	}
	return value
}
