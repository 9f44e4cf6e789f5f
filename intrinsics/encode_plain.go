package intrinsics

import (
	"encoding"
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"strconv"
)

// Plain Go data, as encoding/json writes it.

var textMarshalerType = reflect.TypeFor[encoding.TextMarshaler]()

// byPointer is the plan of a type whose pointer has the method that writes it. The value is copied if it
// has no address.
func byPointer(t reflect.Type) encodeFunc {
	plan := planOf(reflect.PointerTo(t))
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		if !v.CanAddr() {
			p := reflect.New(t)
			p.Elem().Set(v)
			v = p.Elem()
		}
		return plan(dst, v.Addr(), depth)
	}
}

// writesItself reports whether a type has one of the methods by which a value is written.
func writesItself(t reflect.Type) bool {
	return t.Implements(appenderType) || t.Implements(marshalerType) || t.Implements(textMarshalerType)
}

func encodeTextMarshaler(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return append(dst, "null"...), nil
	}
	text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return dst, err
	}
	return appendText(dst, string(text))
}

// encodeBytes writes bytes in base64.
func encodeBytes(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	if v.IsNil() {
		return append(dst, "null"...), nil
	}
	dst = base64.StdEncoding.AppendEncode(append(dst, '"'), v.Bytes())
	return append(dst, '"'), nil
}

// isBytes reports whether a type is a slice of bytes that do not write themselves.
func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 &&
		!writesItself(t.Elem()) && !writesItself(reflect.PointerTo(t.Elem()))
}

func floatPlan(bits int) encodeFunc {
	return func(dst []byte, v reflect.Value, _ int) ([]byte, error) {
		f := v.Float()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return appendText(dst, string(Num(f)))
		}
		return strconv.AppendFloat(dst, f, 'f', -1, bits), nil
	}
}

// quotedPlan writes a scalar as text: the option string of a json tag.
func quotedPlan(plan encodeFunc) encodeFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		text, err := plan(nil, v, depth)
		if err != nil {
			return dst, err
		}
		return appendQuoted(dst, string(text))
	}
}

func isScalar(t reflect.Type) bool {
	return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Float64 || t.Kind() == reflect.String
}

// keyPlan returns how the keys of a map are written, or nil if they cannot be.
func keyPlan(t reflect.Type) func(reflect.Value) (string, error) {
	switch {
	case t.Kind() == reflect.String:
		return func(v reflect.Value) (string, error) { return v.String(), nil }
	case t.Implements(textMarshalerType):
		return func(v reflect.Value) (string, error) {
			text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
			return string(text), err
		}
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64:
		return func(v reflect.Value) (string, error) { return fmt.Sprint(v), nil }
	}
	return nil
}
