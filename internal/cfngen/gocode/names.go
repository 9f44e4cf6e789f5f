package gocode

import (
	"fmt"
	"go/token"
	"strings"
	"unicode"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// fieldName is the CloudFormation name with its first letter upper.
func fieldName(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// attrName is the name of the method for an attribute.
func attrName(name string) string {
	parts := strings.Split(name, ".")
	for i, part := range parts {
		parts[i] = fieldName(part)
	}
	return "Attr" + strings.Join(parts, "_")
}

// goType is the Go type of a property, or of an element of a list or map.
func goType(owner string, e model.Expr, element bool) string {
	pointer := "*"
	if element {
		pointer = ""
	}
	switch e.Kind {
	case model.String:
		return "fn.String"
	case model.Integer:
		return "fn.Integer"
	case model.Number:
		return "fn.Double"
	case model.Boolean:
		return "fn.Boolean"
	case model.Timestamp:
		return "fn.Timestamp"
	case model.Tag:
		return pointer + "fn.Tag"
	case model.Object:
		return pointer + owner + "_" + e.Name
	case model.List:
		return "[]" + goType(owner, *e.Elem, true)
	case model.Map:
		return "map[string]" + goType(owner, *e.Elem, true)
	}
	return "any"
}

// valueName turns an allowed value into the last part of a constant's name:
// the words of the value, each with its first letter upper. Two digits that
// something else parts stay parted, by an underscore: TLSv1.2 is TLSv1_2. It
// returns "" for a value without a letter or digit.
func valueName(value string) string {
	var b strings.Builder
	var last rune // the last letter or digit
	gap := true
	for _, r := range value {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = true
			continue
		}
		if gap && unicode.IsDigit(r) && unicode.IsDigit(last) {
			b.WriteByte('_')
		}
		if gap {
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
		last, gap = r, false
	}
	return b.String()
}

// scope is a set of Go names in use, each with what it stands for.
type scope map[string]string

// declare adds a name. It is an error if it is taken or no identifier.
func (s scope) declare(name, what string) error {
	if other, taken := s[name]; taken {
		return fmt.Errorf("%s and %s are both called %s in Go", other, what, name)
	}
	if !token.IsIdentifier(name) {
		return fmt.Errorf("%s cannot be called %q in Go", what, name)
	}
	s[name] = what
	return nil
}

// packageName is the name of a service's package.
func packageName(service string) string { return strings.ToLower(service) }
