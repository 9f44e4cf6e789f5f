package intrinsics

import (
	"errors"
	"reflect"
	"slices"
	"strings"
)

// field is one field of a struct as it is written.
type field struct {
	name   string
	key    string // the name as JSON, with its colon
	index  []int
	omit   bool // leave it out when it is zero
	encode encodeFunc
}

var namedType = reflect.TypeFor[Named]()

// structPlan writes a struct as an object of its fields, and of what its Extra holds.
func structPlan(t reflect.Type) encodeFunc {
	fields, extra := structFields(t)
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		var x Extra
		if extra >= 0 {
			x = v.Field(extra).Interface().(Extra)
		}
		if depth > maxDepth {
			return dst, errDeep
		}
		for k := range x {
			if strings.HasPrefix(k, mark) {
				return appendWhole(dst, k, stars(k), len(x) == 1 && onlyExtra(v, fields))
			}
		}
		return appendStruct(dst, v, fields, x, depth)
	}
}

// structFields returns the fields that are written, and which one is Extra, or -1.
func structFields(t reflect.Type) (fields []field, extra int) {
	extra = -1
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous && f.Type == extraType && len(f.Index) == 1 {
			extra = f.Index[0]
			continue
		}
		if f.Anonymous && (f.Type == namedType || f.Type.Kind() == reflect.Struct && f.Tag.Get("json") == "") {
			continue // Named is no property; other structs appear field by field
		}
		if p, ok := fieldPlan(t, f); ok {
			fields = append(fields, p)
		}
	}
	return fields, extra
}

func fieldPlan(t reflect.Type, f reflect.StructField) (field, bool) {
	if !f.IsExported() || throughPointer(t, f.Index) || throughNamed(t, f.Index) {
		return field{}, false
	}
	p := field{name: f.Name, index: f.Index, omit: isValueType(f.Type), encode: planOf(f.Type)}
	if name, ok := f.Tag.Lookup("cfn"); ok {
		p.name = name
	} else if tag, ok := f.Tag.Lookup("json"); ok {
		name, opts, _ := strings.Cut(tag, ",")
		if name == "-" {
			return field{}, false
		}
		if name != "" {
			p.name = name
		}
		p.omit = p.omit || strings.Contains(opts, "omitempty") || strings.Contains(opts, "omitzero")
	}
	key, err := AppendKey(nil, p.name)
	if err != nil {
		return field{}, false
	}
	p.key = string(key)
	return p, true
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

func throughPointer(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t = t.Field(i).Type; t.Kind() == reflect.Pointer {
			return true
		}
	}
	return false
}

func throughNamed(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t = t.Field(i).Type; t == namedType {
			return true
		}
	}
	return false
}

func onlyExtra(v reflect.Value, fields []field) bool {
	return !slices.ContainsFunc(fields, func(f field) bool { return !v.FieldByIndex(f.index).IsZero() })
}

func appendStruct(dst []byte, v reflect.Value, fields []field, x Extra, depth int) ([]byte, error) {
	dst = append(dst, '{')
	start := len(dst)
	var errs []error
	for i := range fields {
		f := &fields[i]
		var e reflect.Value
		if len(f.index) == 1 {
			e = v.Field(f.index[0])
		} else {
			e = v.FieldByIndex(f.index)
		}
		if f.omit && isAbsent(e) {
			continue
		}
		if _, twice := x[f.name]; twice {
			errs = append(errs, At(f.name, errors.New("set both in its field and in Extra; set it once")))
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, f.key...)
		var err error
		if dst, err = f.encode(dst, e, depth+1); err != nil {
			errs = append(errs, At(f.name, err))
		}
	}
	if len(x) > 0 {
		var err error
		if dst, err = appendExtra(dst, x, len(dst) > start, depth); err != nil {
			errs = append(errs, err)
		}
	}
	return append(dst, '}'), errors.Join(errs...)
}

func isAbsent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return v.Len() == 0
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	}
	return v.IsZero()
}

func appendExtra(dst []byte, x Extra, more bool, depth int) ([]byte, error) {
	var errs []error
	for _, k := range sortedKeys(x) {
		if more {
			dst = append(dst, ',')
		}
		more = true
		var err error
		if dst, err = AppendKey(dst, k); err == nil {
			dst, err = encodeInterface(dst, reflect.ValueOf(&x).Elem().MapIndex(reflect.ValueOf(k)), depth+1)
		}
		if err != nil {
			errs = append(errs, At(printable(k), err))
		}
	}
	return dst, errors.Join(errs...)
}
