package intrinsics

import (
	"errors"
	"reflect"
	"slices"
	"strings"
)

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

func onlyExtra(v reflect.Value, fields []field) bool {
	return !slices.ContainsFunc(fields, func(f field) bool {
		e, ok := fieldOf(v, f.index)
		return ok && !e.IsZero()
	})
}

func appendStruct(dst []byte, v reflect.Value, fields []field, x Extra, depth int) ([]byte, error) {
	dst = append(dst, '{')
	start := len(dst)
	var errs []error
	for i := range fields {
		f := &fields[i]
		e, ok := fieldOf(v, f.index)
		if !ok || f.absent != nil && f.absent(e) {
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
