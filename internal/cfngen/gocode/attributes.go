package gocode

import (
	"slices"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// usableAttributes lists the attributes that a template can use: those that
// are no objects. The parts of an object have attributes of their own.
func usableAttributes(t *model.Type) []string {
	return slices.DeleteFunc(sortedKeys(t.Attributes), func(name string) bool {
		for range t.Attributes[name].Type.Objects {
			return true
		}
		return false
	})
}

// attributes writes the methods of t for its attributes.
func (w *writer) attributes(t *model.Type) {
	for _, name := range usableAttributes(t) {
		result := goType(t.Short(), t.Attributes[name].Type, false)
		call := "fn.GetAttOf[" + result + "](r, "
		if result == "fn.String" {
			call = "r.GetAtt("
		}
		method := attrName(name)
		w.printf("\n// %s is the attribute %s.\nfunc (r *%s) %s() %s { return %s%q) }\n",
			method, name, t.Short(), method, result, call, name)
	}
}
