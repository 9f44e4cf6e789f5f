package intrinsics

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"unicode/utf8"
)

// appenderPlan writes a type that writes itself. What a type of another module writes is held to what
// [Appender] asks.
func appenderPlan(t reflect.Type) encodeFunc {
	foreign := !isOwn(t)
	return func(dst []byte, v reflect.Value, _ int) ([]byte, error) {
		if v.Kind() == reflect.Pointer && v.IsNil() {
			return append(dst, "null"...), nil
		}
		a := v.Interface().(Appender)
		if foreign {
			b, err := a.AppendValue(nil)
			switch {
			case err != nil:
				return dst, err
			case len(b) == 0:
				return dst, errMalformed
			}
			return appendForeign(dst, b)
		}
		out, err := a.AppendValue(dst)
		if err != nil {
			return dst, err
		}
		return out, nil
	}
}

// isOwn reports whether a type is one of this module.
func isOwn(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	module := strings.TrimSuffix(namedType.PkgPath(), "intrinsics")
	return strings.HasPrefix(t.PkgPath(), module) && !strings.HasSuffix(t.PkgPath(), "_test")
}

func encodeRaw(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	return appendForeign(dst, v.Bytes())
}

func encodeMarshaler(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return append(dst, "null"...), nil
	}
	b, err := v.Interface().(json.Marshaler).MarshalJSON()
	if err != nil {
		return dst, err
	}
	return appendForeign(dst, b)
}

var errMalformed = errors.New("JSON that is not well-formed; write one whole JSON value")

// appendForeign appends JSON that was written elsewhere. An expression in it is lost in escapes.
func appendForeign(dst, b []byte) ([]byte, error) {
	if strings.Contains(string(b), `\u0000`) {
		return dst, errors.New("an expression inside JSON that was marshalled by hand; give the value itself, and it is written with its expressions")
	}
	switch {
	case len(b) == 0:
		return append(dst, "null"...), nil
	case !utf8.Valid(b):
		return dst, errUTF8
	case !json.Valid(b):
		return dst, errMalformed
	}
	var out strings.Builder
	compact(&out, b)
	return append(dst, out.String()...), nil
}

// compact writes valid JSON without the white space between its tokens.
func compact(out *strings.Builder, b []byte) {
	quoted := false
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case quoted && c == '\\':
			out.WriteByte(c)
			i++
			c = b[i]
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ' ' || c == '\n' || c == '\t' || c == '\r'):
			continue
		}
		out.WriteByte(c)
	}
}
