package customresource

import (
	"reflect"
	"strings"
)

// fieldsOf maps the names of a struct's properties to where their fields are. A name is that of the
// json tag, or of the field; the fields of embedded structs are the struct's own, unless it has one
// of that name itself.
func fieldsOf(t reflect.Type) map[string][]int {
	fields := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" && embedded(f.Type) || !f.IsExported() || name == "-" || !reachable(t, f.Index) {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if at, taken := fields[name]; !taken || len(f.Index) < len(at) {
			fields[name] = f.Index
		}
	}
	return fields
}

// embedded reports whether an embedded field is looked into; one of another kind is a field like any.
func embedded(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct
}

// reachable reports whether a field can be set: the way to it leads through no pointer that cannot be.
func reachable(t reflect.Type, index []int) bool {
	for i, n := range index {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		f := t.Field(n)
		if i < len(index)-1 && f.Type.Kind() == reflect.Pointer && !f.IsExported() {
			return false
		}
		t = f.Type
	}
	return true
}

// fieldAt returns a field, and makes the embedded structs on the way that are pointers.
func fieldAt(v reflect.Value, index []int) reflect.Value {
	for i, n := range index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	return v
}
