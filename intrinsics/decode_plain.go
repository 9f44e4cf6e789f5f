package intrinsics

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

// Plain Go data, as encoding/json reads it.

var textUnmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()

// readsItself reports whether encoding/json reads a type by a method of it.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(unmarshalerType) || p.Implements(textUnmarshalerType)
}

// decodeScalar reads a number or truth value, which a template may write as text, too.
func decodeScalar(raw []byte, v reflect.Value) error {
	if raw[0] == '"' {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		if isNumber(text) || text == "true" || text == "false" {
			raw = []byte(text)
		}
	}
	return json.Unmarshal(raw, v.Addr().Interface())
}

func decodeArray(raw []byte, v reflect.Value) error {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return err
	}
	if len(items) > v.Len() {
		return fmt.Errorf("%d elements, for which a %s has no room", len(items), v.Type())
	}
	v.SetZero()
	return decodeItems(items, v)
}

// decodeKey returns the key of a map of type t that is written as text.
func decodeKey(t reflect.Type, text string) (reflect.Value, error) {
	v := reflect.New(t).Elem()
	kind := t.Kind()
	switch {
	case kind == reflect.String:
		v.SetString(text)
		return v, nil
	case reflect.PointerTo(t).Implements(textUnmarshalerType):
		return v, v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
	case kind >= reflect.Int && kind <= reflect.Int64:
		n, err := strconv.ParseInt(text, 10, t.Bits())
		v.SetInt(n)
		return v, err
	case kind >= reflect.Uint && kind <= reflect.Uint64:
		n, err := strconv.ParseUint(text, 10, t.Bits())
		v.SetUint(n)
		return v, err
	}
	return v, fmt.Errorf("a %s cannot be a key; use strings or whole numbers", t)
}

// roomFor returns a field, and makes the embedded structs that lead to it.
func roomFor(v reflect.Value, index []int) (reflect.Value, error) {
	for _, i := range index[:len(index)-1] {
		if v = v.Field(i); v.Kind() == reflect.Pointer {
			if v.IsNil() {
				if !v.CanSet() {
					return v, fmt.Errorf("a nil %s that is embedded and not exported; set it first", v.Type())
				}
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
	}
	return v.Field(index[len(index)-1]), nil
}
