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

var errTwice = errors.New("set both in its field and in Extra; set it once")

func appendStruct(dst []byte, v reflect.Value, fields []field, x Extra, depth int) ([]byte, error) {
	dst = append(dst, '{')
	start := len(dst)
	var errs mistakes
	for i := range fields {
		f := &fields[i]
		e, ok := fieldOf(v, f.index)
		if !ok || f.absent != nil && f.absent(e) {
			continue
		}
		if _, twice := x[f.name]; twice {
			errs.at(f.name, errTwice)
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, f.key...)
		var err error
		dst, err = f.encode(dst, e, depth+1)
		errs.at(f.name, err)
	}
	err := errs.err()
	if len(x) > 0 {
		var more error
		dst, more = appendExtra(dst, x, len(dst) > start, depth)
		err = errors.Join(err, more)
	}
	return append(dst, '}'), err
}

func appendExtra(dst []byte, x Extra, more bool, depth int) ([]byte, error) {
	members, err := membersOf(reflect.ValueOf(x), keyPlan(reflect.TypeFor[string]()))
	if err != nil {
		return dst, err
	}
	return appendMembers(dst, members, encodeInterface, more, depth)
}
