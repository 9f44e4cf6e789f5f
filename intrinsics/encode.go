package intrinsics

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// An Appender writes its own JSON: what a type does whose JSON is not that of its fields. AppendValue
// appends one JSON value to dst, which may be nil; what is not well-formed is an error when the template
// is written. Of what it returns with an error nothing is written.
type Appender interface {
	AppendValue(dst []byte) ([]byte, error)
}

// Append appends to dst the compact JSON of v as it stands in a template: expressions are written
// as CloudFormation's functions, absent fields are left out, maps are sorted by key. v is a value
// of this package, a struct, slice, map or pointer of such, or plain Go data, which is written as
// encoding/json writes it, but that a nil field is left out, numbers have no exponent, and a method of a
// pointer counts for a value without an address, too. Struct fields are named by a cfn tag, a json tag, or
// their own name.
//
// # Errors
//
// All mistakes in v are returned together, each a [*ValueError] (use errors.As or read them
// from Unwrap() []error).
func Append(dst []byte, v any) ([]byte, error) {
	return appendAny(dst, reflect.ValueOf(v))
}

// maxDepth bounds free-form values, which may hold themselves.
const maxDepth = 500

var errDeep = fmt.Errorf("a value nested more than %d levels deep (does it contain itself?)", maxDepth)

type encodeFunc func(dst []byte, v reflect.Value, depth int) ([]byte, error)

// plans caches the encoder of each type, as encoding/json does.
var plans cache[encodeFunc]

func planOf(t reflect.Type) encodeFunc {
	if f, ok := plans.load(t); ok {
		return f
	}
	// A recursive type finds this stand-in while its own plan is made.
	var (
		made sync.WaitGroup
		plan encodeFunc
	)
	made.Add(1)
	f, loaded := plans.loadOrStore(t, func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		made.Wait()
		return plan(dst, v, depth)
	})
	if loaded {
		return f
	}
	plan = newPlan(t)
	made.Done()
	plans.replace(t, plan)
	return plan
}

var (
	appenderType  = reflect.TypeFor[Appender]()
	marshalerType = reflect.TypeFor[json.Marshaler]()
	numberType    = reflect.TypeFor[json.Number]()
	rawType       = reflect.TypeFor[json.RawMessage]()
)

func newPlan(t reflect.Type) encodeFunc {
	switch {
	case t.Kind() == reflect.Interface:
		return encodeInterface
	case t.Implements(appenderType):
		return appenderPlan(t)
	case t == rawType:
		return encodeRaw
	case t == numberType:
		return encodeText(appendNumber)
	case t.Implements(marshalerType):
		return encodeMarshaler
	case t.Implements(textMarshalerType):
		return encodeTextMarshaler
	case t.Kind() != reflect.Pointer && writesItself(reflect.PointerTo(t)):
		return byPointer(t)
	case isBytes(t):
		return encodeBytes
	}
	switch t.Kind() {
	case reflect.String:
		return stringPlan(t)
	case reflect.Bool:
		return func(dst []byte, v reflect.Value, _ int) ([]byte, error) {
			return strconv.AppendBool(dst, v.Bool()), nil
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(dst []byte, v reflect.Value, _ int) ([]byte, error) {
			return strconv.AppendInt(dst, v.Int(), 10), nil
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(dst []byte, v reflect.Value, _ int) ([]byte, error) {
			return strconv.AppendUint(dst, v.Uint(), 10), nil
		}
	case reflect.Float32, reflect.Float64:
		return floatPlan(t.Bits())
	case reflect.Pointer:
		return pointerPlan(t)
	case reflect.Slice, reflect.Array:
		return listPlan(t)
	case reflect.Map:
		return mapPlan(t)
	case reflect.Struct:
		return structPlan(t)
	}
	return func(dst []byte, _ reflect.Value, _ int) ([]byte, error) {
		return dst, fmt.Errorf("a %s cannot be written in a template", t)
	}
}

func stringPlan(t reflect.Type) encodeFunc {
	switch t {
	case reflect.TypeFor[Integer](), reflect.TypeFor[Double]():
		return encodeText(appendNumber)
	case reflect.TypeFor[Boolean]():
		return encodeText(appendBoolean)
	case reflect.TypeFor[Condition]():
		return encodeText(appendCondition)
	}
	return encodeText(appendText)
}

func encodeText(f func([]byte, string) ([]byte, error)) encodeFunc {
	return func(dst []byte, v reflect.Value, _ int) ([]byte, error) { return f(dst, v.String()) }
}

func encodeInterface(dst []byte, v reflect.Value, depth int) ([]byte, error) {
	if v.IsNil() {
		return append(dst, "null"...), nil
	}
	if depth > maxDepth {
		return dst, errDeep
	}
	e := v.Elem()
	return planOf(e.Type())(dst, e, depth+1)
}

func appendAny(dst []byte, v reflect.Value) ([]byte, error) {
	if !v.IsValid() {
		return append(dst, "null"...), nil
	}
	return planOf(v.Type())(dst, v, 0)
}

func pointerPlan(t reflect.Type) encodeFunc {
	elem := planOf(t.Elem())
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		if depth > maxDepth {
			return dst, errDeep
		}
		return elem(dst, v.Elem(), depth+1)
	}
}

func mapPlan(t reflect.Type) encodeFunc {
	text := keyPlan(t.Key())
	if text == nil {
		return func(dst []byte, _ reflect.Value, _ int) ([]byte, error) {
			return dst, fmt.Errorf("a %s cannot be written in a template: its keys must be strings or whole numbers", t)
		}
	}
	elem := planOf(t.Elem())
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		if depth > maxDepth {
			return dst, errDeep
		}
		members, err := membersOf(v, text)
		if err != nil {
			return dst, err
		}
		if len(members) > 0 && strings.HasPrefix(members[0].key, mark) {
			return appendWhole(dst, members[0].key, 0, len(members) == 1)
		}
		dst, err = appendMembers(append(dst, '{'), members, elem, false, depth)
		return append(dst, '}'), err
	}
}

// member is one entry of a map.
type member struct {
	key   string
	value reflect.Value
}

// membersOf returns the entries of a map, sorted by what their keys are written as.
func membersOf(v reflect.Value, text func(reflect.Value) (string, error)) ([]member, error) {
	members := make([]member, 0, v.Len())
	for entries := v.MapRange(); entries.Next(); {
		key, err := text(entries.Key())
		if err != nil {
			return nil, err
		}
		members = append(members, member{key, entries.Value()})
	}
	sort.Slice(members, func(i, j int) bool { return members[i].key < members[j].key })
	for i := 1; i < len(members); i++ {
		if members[i].key == members[i-1].key {
			return nil, fmt.Errorf("two keys that are both written as %q; a key of a template stands once", members[i].key)
		}
	}
	return members, nil
}

// appendMembers writes the members of an object, without its braces. more says that there are some already.
func appendMembers(dst []byte, members []member, elem encodeFunc, more bool, depth int) ([]byte, error) {
	var errs mistakes
	for _, m := range members {
		if more {
			dst = append(dst, ',')
		}
		more = true
		var err error
		if dst, err = AppendKey(dst, m.key); err == nil {
			dst, err = elem(dst, m.value, depth+1)
		}
		errs.at(m.key, err)
	}
	return dst, errs.err()
}

var errKey = errors.New("an expression in a key; a key of a template is literal text")

// AppendKey appends a key of an object and its colon. A key cannot hold an expression.
func AppendKey(dst []byte, key string) ([]byte, error) {
	if strings.Contains(key, mark) {
		return dst, errKey
	}
	dst, err := appendQuoted(dst, key)
	return append(dst, ':'), err
}

// appendWhole writes the expression that stands for a whole list, map or object. alone says that
// nothing stands beside it.
func appendWhole(dst []byte, text string, depth int, alone bool) ([]byte, error) {
	x, ok, err := whole(text)
	switch {
	case err != nil:
		return dst, err
	case !ok:
		return dst, errTorn
	case x.depth > depth:
		return dst, errList
	case !alone:
		return dst, errors.New("an expression that stands for the whole has something beside it; put the parts together inside its arms instead")
	}
	return append(dst, x.json...), nil
}
