package intrinsics

import (
	"fmt"
	"reflect"
	"strings"
)

// What is generic is compiled anew for each package that has values of it, with all that it does by
// reflection. So functions that take a pointer do the work, and fill what it points to.

// convert turns a single expression, or its error, into a value of type T.
func convert[T any](text string) (v T) {
	convertInto(&v, text)
	return v
}

// carryError returns a value of type T that is err when the template is written.
func carryError[T any](err error) (v T) {
	carryErrorInto(&v, err)
	return v
}

func convertInto(pointer any, text string) {
	x, ok, err := whole(text)
	switch {
	case err != nil:
		carryErrorInto(pointer, err)
	case !ok:
		carryErrorInto(pointer, errTorn)
	default:
		carryInto(pointer, []byte(x.json))
	}
}

// carryInto carries the expression json.
//
// A type that has no room for an expression (an int, a bool, a struct without Extra) cannot even carry
// the error, so it panics: only a type argument written in the program can cause it.
func carryInto(pointer any, json []byte) {
	carryText(pointer, func(stars string) string { return mint(stars, json) })
}

func carryErrorInto(pointer any, err error) {
	text := fail(err)
	carryText(pointer, func(string) string { return text })
}

func carryText(pointer any, mark func(stars string) string) {
	v := reflect.ValueOf(pointer).Elem()
	if !setMark(v, 0, mark) {
		panic(fmt.Sprintf("intrinsics: a value of type %s cannot carry an expression; use one of this package's types, a slice or map of them, a struct that embeds Extra, or any", v.Type()))
	}
}

// setMark puts the mark where the encoder looks for it: see the package comment.
func setMark(v reflect.Value, depth int, mark func(stars string) string) bool {
	stars := func() string { return strings.Repeat("*", depth) }
	switch v.Kind() {
	case reflect.String:
		v.SetString(mark(stars()))
	case reflect.Interface:
		if v.NumMethod() > 0 {
			return false
		}
		v.Set(reflect.ValueOf(String(mark(stars()))))
	case reflect.Slice:
		s := reflect.MakeSlice(v.Type(), 1, 1)
		if !setMark(s.Index(0), depth+1, mark) {
			return false
		}
		v.Set(s)
	case reflect.Map:
		if v.Type().Key().Kind() != reflect.String {
			return false
		}
		m := reflect.MakeMap(v.Type())
		key := reflect.ValueOf(mark(stars())).Convert(v.Type().Key())
		m.SetMapIndex(key, reflect.Zero(v.Type().Elem()))
		v.Set(m)
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		if !setMark(p.Elem(), depth, mark) {
			return false
		}
		v.Set(p)
	case reflect.Struct:
		x := v.FieldByName("Extra")
		if !x.IsValid() || x.Type() != extraType {
			return false
		}
		x.Set(reflect.ValueOf(Extra{mark(stars()): nil}))
	default:
		return false
	}
	return true
}

var extraType = reflect.TypeFor[Extra]()

// Fail returns a value of type T that is err when the template is written: for helpers that return
// values and find a mistake. err must say what to do. T must be able to carry an expression: see
// [IfOf].
func Fail[T any](err error) T { return carryError[T](err) }
