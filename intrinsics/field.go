package intrinsics

import (
	"reflect"
	"slices"
	"strings"
)

// field is one field of a struct as it is written.
type field struct {
	name   string
	key    string // the name as JSON, with its colon
	tagged bool   // the name is that of a tag
	index  []int
	absent func(reflect.Value) bool // when it is left out; nil is never
	encode encodeFunc
}

var namedType = reflect.TypeFor[Named]()

// structFields returns the fields that are written, and which one is Extra, or -1. The fields of embedded
// structs are among them; of several of one name the least deep one counts, as with encoding/json.
func structFields(t reflect.Type) (fields []field, extra int) {
	extra = -1
	for _, f := range reflect.VisibleFields(t) {
		switch {
		case f.Anonymous && f.Type == extraType && len(f.Index) == 1:
			extra = f.Index[0]
		case !f.IsExported() || isSpread(f) || !isReached(t, f.Index):
		default:
			if p, ok := fieldPlan(f); ok {
				fields = append(fields, p)
			}
		}
	}
	var visible []field
	for _, f := range fields {
		if !isHidden(f, fields) {
			visible = append(visible, f)
		}
	}
	return visible, extra
}

// isSpread reports whether the fields of a field stand in its place.
func isSpread(f reflect.StructField) bool {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return f.Anonymous && t.Kind() == reflect.Struct && f.Tag.Get("cfn") == "" && nameOf(f.Tag.Get("json")) == ""
}

func nameOf(tag string) string {
	name, _, _ := strings.Cut(tag, ",")
	return name
}

// isReached reports whether all that a field is embedded in is spread. Named is no property.
func isReached(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		f := t.Field(i)
		if t = f.Type; t == namedType || !isSpread(f) {
			return false
		}
	}
	return true
}

// isHidden reports whether another field has the name of f and comes before it.
func isHidden(f field, fields []field) bool {
	for _, g := range fields {
		if g.name != f.name || &g.index[0] == &f.index[0] {
			continue
		}
		if len(g.index) < len(f.index) || len(g.index) == len(f.index) && (g.tagged || !f.tagged) {
			return true
		}
	}
	return false
}

func fieldPlan(f reflect.StructField) (field, bool) {
	p := field{name: f.Name, index: f.Index, encode: planOf(f.Type)}
	if isValueType(f.Type) {
		p.absent = isAbsent
	}
	if name, ok := f.Tag.Lookup("cfn"); ok {
		p.name, p.tagged = name, true
	} else if tag := f.Tag.Get("json"); tag == "-" {
		return field{}, false
	} else if tag != "" {
		p.readTag(f.Type, tag)
	}
	key, err := AppendKey(nil, p.name)
	if err != nil {
		return field{}, false
	}
	p.key = string(key)
	return p, true
}

// readTag takes over what a json tag says.
func (p *field) readTag(t reflect.Type, tag string) {
	options := strings.Split(tag, ",")
	if options[0] != "" {
		p.name, p.tagged = options[0], true
	}
	switch options = options[1:]; {
	case p.absent != nil && t.Kind() != reflect.Slice && t.Kind() != reflect.Map:
	case slices.Contains(options, "omitempty"):
		p.absent = isEmpty
	case slices.Contains(options, "omitzero"):
		p.absent = isZero
	}
	if slices.Contains(options, "string") && isScalar(t) {
		p.encode = quotedPlan(p.encode)
	}
}

// isValueType says whether a field of this type is absent when it is zero.
func isValueType(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return true
	case reflect.String:
		return t.PkgPath() == namedType.PkgPath()
	}
	return false
}

// isAbsent is for value types.
func isAbsent(v reflect.Value) bool {
	if v.Kind() == reflect.String {
		return v.Len() == 0
	}
	return v.IsNil()
}

// isEmpty is what omitempty asks.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Slice, reflect.Map, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// isZero is what omitzero asks.
func isZero(v reflect.Value) bool {
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	return v.IsZero()
}

// fieldOf returns a field. One in an embedded struct is missing where the struct is a nil pointer.
func fieldOf(v reflect.Value, index []int) (reflect.Value, bool) {
	for _, i := range index[:len(index)-1] {
		if v = v.Field(i); v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return reflect.Value{}, false
			}
			v = v.Elem()
		}
	}
	return v.Field(index[len(index)-1]), true
}
