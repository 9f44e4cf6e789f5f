package customresource

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Decode fills the struct that v points to with properties. It is lenient in what each value is
// written as, since CloudFormation makes text of numbers and booleans: a bool takes "true", an integer
// "5", a string 5 and true; an empty text is an absent number or boolean. It is strict in names: they
// are those of the json tags or of the fields, in just that spelling, and an unknown one is an error,
// save ServiceToken and ServiceTimeout.
//
// # Errors
//
// All mistakes together, each with its path. No error holds a value, since that may be a secret.
func Decode(properties json.RawMessage, v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return fmt.Errorf("properties are decoded into a pointer, not into %T", v)
	}
	if len(bytes.TrimSpace(properties)) == 0 {
		properties = json.RawMessage("{}")
	}
	if !json.Valid(properties) {
		return errors.New("the properties are no JSON")
	}
	var x decoder
	x.value("", bytes.TrimSpace(properties), target.Elem())
	return errors.Join(x.mistakes...)
}

// A decoder sets values to what JSON says that is known to be well-formed.
type decoder struct{ mistakes []error }

func (x *decoder) wrong(path, format string, a ...any) {
	if path == "" {
		path = "ResourceProperties"
	}
	x.mistakes = append(x.mistakes, fmt.Errorf("property %s: %s", path, fmt.Sprintf(format, a...)))
}

// value sets one value. What is null is absent.
func (x *decoder) value(path string, from json.RawMessage, to reflect.Value) {
	switch {
	case string(from) == "null":
		to.SetZero()
	case x.own(path, from, to):
	case to.Kind() == reflect.Pointer:
		p := reflect.New(to.Type().Elem())
		x.value(path, from, p.Elem())
		to.Set(p)
	case to.Kind() == reflect.Interface && to.NumMethod() == 0:
		if v := reflect.ValueOf(free(from)); v.IsValid() {
			to.Set(v)
		}
	case to.Kind() == reflect.Struct:
		x.object(path, from, to)
	case to.Kind() == reflect.Map && to.Type().Key().Kind() == reflect.String:
		x.mapping(path, from, to)
	case to.Kind() == reflect.Slice:
		x.list(path, from, to)
	default:
		x.scalar(path, from, to)
	}
}

// own lets a type decode itself that can. It reports whether it could.
func (x *decoder) own(path string, from json.RawMessage, to reflect.Value) bool {
	var err error
	switch self := to.Addr().Interface().(type) {
	case json.Unmarshaler:
		err = self.UnmarshalJSON(bytes.Clone(from))
	case encoding.TextUnmarshaler:
		text, ok := textOf(from)
		if !ok {
			return false
		}
		err = self.UnmarshalText([]byte(text))
	default:
		return false
	}
	if err != nil {
		x.wrong(path, "it is no %s", to.Type()) // err may hold the value
	}
	return true
}

// members returns the members of an object, and says so if it is none.
func (x *decoder) members(path string, from json.RawMessage) map[string]json.RawMessage {
	var all map[string]json.RawMessage
	if json.Unmarshal(from, &all) != nil {
		x.wrong(path, "it is %s where an object is wanted", kindOf(from))
	}
	return all
}

func (x *decoder) object(path string, from json.RawMessage, to reflect.Value) {
	all, fields := x.members(path, from), fieldsOf(to.Type())
	for _, name := range slices.Sorted(maps.Keys(all)) {
		index, known := fields[name]
		switch {
		case known:
			x.value(join(path, name), all[name], fieldAt(to, index))
		case path == "" && (name == "ServiceToken" || name == "ServiceTimeout"):
		default:
			x.wrong(join(path, name), "there is no such property; there are %s", strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
		}
	}
}

func (x *decoder) mapping(path string, from json.RawMessage, to reflect.Value) {
	all := x.members(path, from)
	made := reflect.MakeMapWithSize(to.Type(), len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		v := reflect.New(to.Type().Elem()).Elem()
		x.value(join(path, name), all[name], v)
		made.SetMapIndex(reflect.ValueOf(name).Convert(to.Type().Key()), v)
	}
	to.Set(made)
}

func (x *decoder) list(path string, from json.RawMessage, to reflect.Value) {
	var all []json.RawMessage
	if json.Unmarshal(from, &all) != nil {
		x.wrong(path, "it is %s where a list is wanted", kindOf(from))
		return
	}
	made := reflect.MakeSlice(to.Type(), len(all), len(all))
	for i := range all {
		x.value(fmt.Sprintf("%s[%d]", path, i), all[i], made.Index(i))
	}
	to.Set(made)
}

func (x *decoder) scalar(path string, from json.RawMessage, to reflect.Value) {
	text, ok := textOf(from)
	if !ok {
		x.wrong(path, "it is %s where %s is wanted", kindOf(from), noun(to.Kind()))
		return
	}
	if to.Kind() == reflect.String {
		to.SetString(text)
		return
	}
	if text == "" { // an optional parameter of the template that was left empty
		to.SetZero()
		return
	}
	if err := setNumber(text, to); err != nil {
		x.wrong(path, "its text of %d characters is no %s", len(text), to.Type())
	}
}

// setNumber sets a number or boolean. A whole number may be written as 5.0 or 5e3.
func setNumber(text string, to reflect.Value) error {
	bits := 0
	switch to.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		bits = to.Type().Bits()
	}
	switch {
	case to.Kind() == reflect.Bool:
		b, err := strconv.ParseBool(strings.ToLower(text))
		if err == nil {
			to.SetBool(b)
		}
		return err
	case to.CanInt():
		n, err := strconv.ParseInt(whole(text), 10, bits)
		if err == nil {
			to.SetInt(n)
		}
		return err
	case to.CanUint():
		n, err := strconv.ParseUint(whole(text), 10, bits)
		if err == nil {
			to.SetUint(n)
		}
		return err
	case to.CanFloat():
		n, err := strconv.ParseFloat(text, bits)
		if err == nil {
			to.SetFloat(n)
		}
		return err
	}
	return errors.ErrUnsupported
}

// whole writes a whole number without a fraction or an exponent, if it is small enough to be exact.
func whole(text string) string {
	if !strings.ContainsAny(text, ".eE") {
		return text
	}
	const exact = 1 << 53
	if f, err := strconv.ParseFloat(text, 64); err == nil && f == float64(int64(f)) && f < exact && f > -exact {
		return strconv.FormatInt(int64(f), 10)
	}
	return text
}

// free is JSON as a value that is not typed; its numbers are of type json.Number.
func free(from json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(from))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil // what is well-formed can be decoded, unless it is nested too deeply
	}
	return v
}

// textOf is a scalar as text.
func textOf(from json.RawMessage) (string, bool) {
	switch from[0] {
	case '{', '[':
		return "", false
	case '"':
		var text string
		err := json.Unmarshal(from, &text)
		return text, err == nil
	}
	return string(from), true
}

func kindOf(from json.RawMessage) string {
	switch from[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 't', 'f':
		return "a boolean"
	}
	return "a number"
}

func noun(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "a boolean"
	}
	return "a number"
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
