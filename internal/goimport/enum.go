package goimport

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/updraft-go/updraft/schema"
)

// enum is the constants for the allowed values of a property.
type enum struct{ names map[string]string }

// newEnum names the values as the packages under resources do: values that come out alike get
// a number, and the value that is written as its name goes first.
func newEnum(prefix string, values []string) *enum {
	sorted := slices.Clone(values)
	slices.SortFunc(sorted, func(a, b string) int {
		if exactA, exactB := valueName(a) == a, valueName(b) == b; exactA != exactB {
			if exactA {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	e := &enum{names: map[string]string{}}
	taken := map[string]bool{}
	for _, value := range sorted {
		name := valueName(value)
		if name == "" {
			continue
		}
		for n := 2; taken[name]; n++ {
			name = valueName(value) + "_" + strconv.Itoa(n)
		}
		taken[name] = true
		e.names[value] = prefix + "_" + name
	}
	return e
}

// constant returns the name of the constant for a value, or "".
func (e *enum) constant(value string) string {
	if e == nil {
		return ""
	}
	return e.names[value]
}

// holdsString says whether the scalar inside t is a text.
func holdsString(t schema.TypeRef) bool {
	for t.Elem != nil {
		t = *t.Elem
	}
	return t.Kind == schema.String || slices.ContainsFunc(t.Arms, holdsString)
}

// valueName turns an allowed value into the last part of its constant's name: its words, each with
// the first letter upper. Two digits that something else parts stay parted by an underscore.
func valueName(value string) string {
	var b strings.Builder
	var last rune
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
