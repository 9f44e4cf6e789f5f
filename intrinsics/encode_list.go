package intrinsics

import (
	"errors"
	"reflect"
	"strings"
)

var errAmong = errors.New("an expression that stands for a whole list is an element among others; CloudFormation cannot append to a list, so give the list alone or name the elements with fn.Select")

// listPlan writes a list, or the expression that stands for it as a whole: a slice of one element
// whose mark has as many stars as the slice has levels.
func listPlan(t reflect.Type) encodeFunc {
	elem, markOf := planOf(t.Elem()), markPlan(t.Elem())
	levels := 1
	for e := t.Elem(); e.Kind() == reflect.Slice; e = e.Elem() {
		levels++
	}
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		n := v.Len()
		if v.Kind() == reflect.Slice && v.IsNil() {
			return append(dst, "null"...), nil
		}
		if depth > maxDepth {
			return dst, errDeep
		}
		if n == 1 {
			if text := markOf(v.Index(0)); stars(text) == levels {
				return appendWhole(dst, text, levels, true)
			}
		}
		return appendElements(dst, v, elem, markOf, levels, depth)
	}
}

func appendElements(dst []byte, v reflect.Value, elem encodeFunc, markOf markFunc, levels, depth int) ([]byte, error) {
	dst = append(dst, '[')
	var errs mistakes
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		e := v.Index(i)
		var err error
		if stars(markOf(e)) >= levels {
			err = errAmong
		} else {
			dst, err = elem(dst, e, depth+1)
		}
		errs.atIndex(i, err)
	}
	return append(dst, ']'), errs.err()
}

// stars counts the levels of list for which a marked text stands.
func stars(text string) int {
	if len(text) < 2 || text[0] != 0 {
		return 0
	}
	n := 0
	for n+1 < len(text) && text[n+1] == markList {
		n++
	}
	return n
}

// A markFunc returns the text in which setMark put its mark, or "" where none can be.
type markFunc func(v reflect.Value) string

// markPlan returns the markFunc of a type: where setMark would have put a mark.
func markPlan(t reflect.Type) markFunc {
	switch t.Kind() {
	case reflect.String:
		return reflect.Value.String
	case reflect.Interface:
		return func(v reflect.Value) string {
			if v.IsNil() || v.Elem().Kind() != reflect.String {
				return ""
			}
			return v.Elem().String()
		}
	case reflect.Pointer:
		elem := markPlan(t.Elem())
		return func(v reflect.Value) string {
			if v.IsNil() {
				return ""
			}
			return elem(v.Elem())
		}
	case reflect.Slice:
		elem := markPlan(t.Elem())
		return func(v reflect.Value) string {
			if v.Len() != 1 {
				return ""
			}
			return elem(v.Index(0))
		}
	case reflect.Map:
		return markedKey
	case reflect.Struct:
		if f, ok := t.FieldByName("Extra"); ok && f.Type == extraType && len(f.Index) == 1 {
			return func(v reflect.Value) string { return markedKey(v.Field(f.Index[0])) }
		}
	}
	return func(reflect.Value) string { return "" }
}

func markedKey(v reflect.Value) string {
	if v.Len() != 1 || v.Type().Key().Kind() != reflect.String {
		return ""
	}
	k := v.MapKeys()[0].String()
	if !strings.HasPrefix(k, mark) {
		return ""
	}
	return k
}

// IsListExpression reports whether list is one expression as a whole, such as [Split] gives, rather
// than a list of elements.
func IsListExpression[T ~string](list []T) bool {
	return len(list) == 1 && stars(string(list[0])) == 1
}

// AppendText appends the JSON of s, as [Append] does, without boxing it.
func AppendText(dst []byte, s String) ([]byte, error) { return appendText(dst, string(s)) }

// AppendList appends the JSON of list, as [Append] does, without boxing it. Nil is an empty list.
func AppendList(dst []byte, list []String) ([]byte, error) {
	if IsListExpression(list) {
		return appendWhole(dst, string(list[0]), 1, true)
	}
	dst = append(dst, '[')
	var errs mistakes
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if stars(string(s)) > 0 {
			err = errAmong
		} else {
			dst, err = appendText(dst, string(s))
		}
		errs.atIndex(i, err)
	}
	return append(dst, ']'), errs.err()
}
