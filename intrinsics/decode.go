package intrinsics

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strings"
)

// FromJSON returns the value that data, a JSON value, describes: for a function that is newer than
// this library, and for values that were written elsewhere.
//
//	QueueName: fn.FromJSON[fn.String]([]byte(`{"Fn::NewFunction": ["a", {"Ref": "B"}]}`))
//
// A mistake is told when the template is written. T must be able to carry an expression: see
// [IfOf]. See [Decode] for what becomes of each kind of value.
func FromJSON[T any](data []byte) T {
	var v T
	if err := Decode(data, &v); err != nil {
		return carryError[T](err)
	}
	return v
}

// Decode is the reverse of [Append]: it sets the value to which v points to what data, a JSON
// value, describes. Objects fill structs by the names under which their fields are written, lists
// fill slices. A function, and whatever does not fit its place but can be carried there (the text
// "5" for an [Integer]), becomes an expression and is written again as it was read. Properties that
// a struct does not know go into its [Extra]. In a free-form place objects are map[string]any, lists
// []any, numbers [json.Number].
//
// # Errors
//
// All mistakes together, each a [*ValueError]: JSON that is not well-formed, and values for which
// there is no room, such as an unknown property of a struct without Extra. What v points to is then
// filled in part.
func Decode(data []byte, v any) error {
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return fmt.Errorf("a %T, which cannot be set; give a pointer", v)
	}
	if !json.Valid(data) {
		return errors.New("JSON that is not well-formed; check it with a linter")
	}
	return decode(bytes.TrimSpace(data), p.Elem())
}

var unmarshalerType = reflect.TypeFor[json.Unmarshaler]()

// decode sets v from one well-formed JSON value.
func decode(raw []byte, v reflect.Value) error {
	t := v.Type()
	switch {
	case t.Kind() == reflect.Interface && t.NumMethod() == 0 && raw[0] != 'n':
		x, err := decodeAny(raw)
		if err == nil {
			v.Set(reflect.ValueOf(x))
		}
		return err
	case t == numberType || readsItself(t) || isBytes(t) && raw[0] == '"':
		return json.Unmarshal(raw, v.Addr().Interface())
	case t.Kind() == reflect.Pointer && !isFunction(raw):
		return decodePointer(raw, v)
	case t.Implements(appenderType) || reflect.PointerTo(t).Implements(appenderType):
		return fmt.Errorf("a %s writes JSON of its own and cannot be read; use a free-form value", t)
	case isFunction(raw) && t != conditionType:
		return decodeWhole(raw, v)
	}
	switch t.Kind() {
	case reflect.String:
		return decodeText(raw, v)
	case reflect.Slice:
		if raw[0] == '[' {
			return decodeList(raw, v)
		}
	case reflect.Array:
		if raw[0] == '[' {
			return decodeArray(raw, v)
		}
	case reflect.Map:
		if raw[0] == '{' {
			return decodeMap(raw, v)
		}
	case reflect.Struct:
		if raw[0] == '{' {
			return decodeStruct(raw, v)
		}
	case reflect.Bool, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return decodeScalar(raw, v)
	}
	return decodeWhole(raw, v)
}

// decodeWhole carries raw as an expression.
func decodeWhole(raw []byte, v reflect.Value) error {
	small, err := appendForeign(nil, raw)
	if err != nil {
		return err
	}
	if !setMark(v, 0, func(stars string) string { return mint(stars, small) }) {
		return fmt.Errorf("%s, for which a %s has no room", abbreviate(small), v.Type())
	}
	return nil
}

func abbreviate(json []byte) string {
	if len(json) > 40 {
		return string(json[:37]) + "..."
	}
	return string(json)
}

func decodePointer(raw []byte, v reflect.Value) error {
	if raw[0] == 'n' {
		return decodeWhole(raw, v)
	}
	p := reflect.New(v.Type().Elem())
	v.Set(p)
	return decode(raw, p.Elem())
}

var (
	conditionType = reflect.TypeFor[Condition]()
	stringType    = reflect.TypeFor[String]()
)

// decodeText sets a text from a scalar that is written in the same way again, or else carries it.
func decodeText(raw []byte, v reflect.Value) error {
	var s string
	if raw[0] == '"' {
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		if strings.Contains(s, mark) {
			return errors.New("text with a NUL in it, which a template cannot hold; remove it")
		}
	}
	text, ok := plainText(v.Type(), string(raw), s)
	if !ok {
		return decodeWhole(raw, v)
	}
	v.SetString(text)
	return nil
}

// plainText returns the text of type t that is written as raw, if there is one. s is what raw says
// if it is a string.
func plainText(t reflect.Type, raw, s string) (text string, ok bool) {
	quoted := raw[0] == '"'
	switch t {
	case reflect.TypeFor[Integer](), reflect.TypeFor[Double]():
		if isNumber(raw) {
			return raw, true
		}
		return s, quoted && s != "" && !isNumber(s)
	case reflect.TypeFor[Boolean]():
		if raw == "true" || raw == "false" {
			return raw, true
		}
		return s, quoted && s != "" && s != "true" && s != "false"
	case conditionType:
		return conditionName([]byte(raw))
	case reflect.TypeFor[Timestamp]():
		return s, quoted && s != ""
	case stringType:
		if quoted && s == "" {
			return string(Empty), true
		}
	}
	return s, quoted
}

// conditionName returns the name in {"Condition": name}.
func conditionName(raw []byte) (string, bool) {
	var ref map[string]string
	if raw[0] != '{' || json.Unmarshal(raw, &ref) != nil || len(ref) != 1 || ref["Condition"] == "" {
		return "", false
	}
	return ref["Condition"], true
}

// isFunction reports whether raw is an object of the one key Ref or Fn::something.
func isFunction(raw []byte) bool {
	if raw[0] != '{' {
		return false
	}
	body := bytes.TrimLeft(raw[1:], " \t\r\n")
	if !bytes.HasPrefix(body, []byte(`"Ref"`)) && !bytes.HasPrefix(body, []byte(`"Fn::`)) {
		return false
	}
	var members map[string]json.RawMessage
	return json.Unmarshal(raw, &members) == nil && len(members) == 1
}

func decodeList(raw []byte, v reflect.Value) error {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return err
	}
	list := reflect.MakeSlice(v.Type(), len(items), len(items))
	err := decodeItems(items, list)
	v.Set(list)
	return err
}

func decodeItems(items []json.RawMessage, list reflect.Value) error {
	var errs mistakes
	for i, item := range items {
		errs.atIndex(i, decode(item, list.Index(i)))
	}
	return errs.err()
}

func decodeMap(raw []byte, v reflect.Value) error {
	t := v.Type()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return err
	}
	m := reflect.MakeMapWithSize(t, len(members))
	var errs mistakes
	for _, k := range sortedKeys(members) {
		e := reflect.New(t.Elem()).Elem()
		key, err := decodeKey(t.Key(), k)
		if err == nil {
			err = decodeMember(k, members[k], e)
		}
		if err != nil {
			errs.at(k, err)
			continue
		}
		m.SetMapIndex(key, e)
	}
	v.Set(m)
	return errs.err()
}

// decodeMember sets v to the value of a member.
func decodeMember(key string, raw []byte, v reflect.Value) error {
	if strings.Contains(key, mark) {
		return errKey
	}
	return decode(raw, v)
}

// fieldsOf caches the fields of each struct type by the names under which they are written.
var fieldsOf cache[map[string][]int]

func fieldIndex(t reflect.Type) map[string][]int {
	if m, ok := fieldsOf.load(t); ok {
		return m
	}
	m := map[string][]int{}
	fields, _ := structFields(t)
	for _, f := range fields {
		m[f.name] = f.index
	}
	m, _ = fieldsOf.loadOrStore(t, m)
	return m
}

func decodeStruct(raw []byte, v reflect.Value) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return err
	}
	index := fieldIndex(v.Type())
	var errs mistakes
	for _, k := range sortedKeys(members) {
		if i, ok := index[k]; ok {
			errs.at(k, decodeField(members[k], v, i))
		} else {
			errs.at(k, decodeExtra(k, members[k], v))
		}
	}
	return errs.err()
}

func decodeField(raw []byte, v reflect.Value, index []int) error {
	f, err := roomFor(v, index)
	if err != nil {
		return err
	}
	return decode(raw, f)
}

func decodeExtra(key string, raw []byte, v reflect.Value) error {
	extra := v.FieldByName("Extra")
	if !extra.IsValid() || extra.Type() != extraType {
		return fmt.Errorf("a property that %s does not have", v.Type())
	}
	var x any
	if err := decodeMember(key, raw, reflect.ValueOf(&x).Elem()); err != nil {
		return err
	}
	if extra.IsNil() {
		extra.Set(reflect.ValueOf(Extra{}))
	}
	extra.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(&x).Elem())
	return nil
}

// decodeAny returns a free-form value.
func decodeAny(raw []byte) (any, error) {
	switch {
	case isFunction(raw):
		return decodeAs(new(any), raw, decodeWhole)
	case raw[0] == '{':
		return decodeAs(new(map[string]any), raw, decodeMap)
	case raw[0] == '[':
		return decodeAs(new([]any), raw, decodeList)
	case raw[0] == '"':
		return decodeAs(new(string), raw, decodeText)
	case raw[0] == 't' || raw[0] == 'f':
		return raw[0] == 't', nil
	}
	return json.Number(raw), nil
}

// decodeAs decodes what pointer points to, and returns it.
func decodeAs(pointer any, raw []byte, f func([]byte, reflect.Value) error) (any, error) {
	v := reflect.ValueOf(pointer).Elem()
	err := f(raw, v)
	return v.Interface(), err
}

func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] }) // slices.Sort is compiled anew for each package
	return keys
}
