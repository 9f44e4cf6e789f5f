package gocode

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// constant is a named allowed value.
type constant struct{ name, value string }

// constantsOf names the allowed values of a property whose scalar is a string.
// Values that come out alike, such as those that differ in case only, get a
// number: the value that is written as its name goes first.
func constantsOf(prefix string, p *model.Property) []constant {
	if !holdsString(p.Type) {
		return nil
	}
	values := slices.Clone(p.Enum)
	slices.SortFunc(values, func(a, b string) int {
		if exactA, exactB := valueName(a) == a, valueName(b) == b; exactA != exactB {
			if exactA {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	taken := map[string]bool{}
	var out []constant
	for _, value := range values {
		name := valueName(value)
		if name == "" {
			continue
		}
		for n := 2; taken[name]; n++ {
			name = valueName(value) + "_" + strconv.Itoa(n)
		}
		taken[name] = true
		out = append(out, constant{prefix + "_" + name, value})
	}
	slices.SortFunc(out, func(a, b constant) int { return strings.Compare(a.name, b.name) })
	return out
}

func holdsString(e model.Expr) bool {
	for e.Elem != nil {
		e = *e.Elem
	}
	return e.Kind == model.String || slices.ContainsFunc(e.Arms, holdsString)
}

// constants writes the constants of one struct's properties.
func (w *writer) constants(structName string, props model.Properties) error {
	for _, name := range sortedKeys(props) {
		list := constantsOf(structName+"_"+fieldName(name), props[name])
		if len(list) == 0 {
			continue
		}
		w.printf("\n// Allowed values of [%s].%s.\nconst (\n", structName, fieldName(name))
		for _, c := range list {
			what := fmt.Sprintf("the value %q of %s.%s", c.value, structName, name)
			if err := w.scope.declare(c.name, what); err != nil {
				return err
			}
			w.printf("%s = %q\n", c.name, c.value)
		}
		w.printf(")\n")
	}
	return nil
}
