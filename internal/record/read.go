package record

import (
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
)

// maxDepth is how deep values may be nested in an object.
const maxDepth = 1000

// A reader reads one object.
type reader struct {
	schema *Schema
	in     []byte
	// object returns the object of a number, a pointer; the zero Value if there is none.
	object func(number uint64) reflect.Value
	depth  int
}

var errTorn = errors.New("the bytes end too early, or are not those of a value")

func (r *reader) mark() (byte, error) {
	if len(r.in) == 0 {
		return 0, errTorn
	}
	m := r.in[0]
	r.in = r.in[1:]
	return m, nil
}

func (r *reader) uvarint() (uint64, error) {
	n, size := binary.Uvarint(r.in)
	if size <= 0 {
		return 0, errTorn
	}
	r.in = r.in[size:]
	return n, nil
}

// length reads a length, of which every item takes at least a byte.
func (r *reader) length() (int, error) {
	n, err := r.uvarint()
	if err == nil && n > uint64(len(r.in)) {
		err = errTorn
	}
	return int(n), err
}

func (r *reader) bytes() ([]byte, error) {
	n, err := r.length()
	if err != nil {
		return nil, err
	}
	b := r.in[:n]
	r.in = r.in[n:]
	return b, nil
}

// value reads a value into v, which can be set.
func (r *reader) value(v reflect.Value) error {
	if r.depth++; r.depth > maxDepth {
		return errTorn
	}
	defer func() { r.depth-- }()
	m, err := r.mark()
	if err != nil {
		return err
	}
	switch m {
	case markZero:
		v.SetZero()
		return nil
	case markNumber:
		return r.number(v)
	case markFloat:
		return r.float(v)
	case markText:
		return r.text(v)
	case markList:
		return r.list(v)
	case markMap:
		return r.entries(v)
	case markStruct:
		if v.Kind() != reflect.Struct {
			return mismatch("a struct", v)
		}
		return r.structure(v)
	case markObject:
		return r.reference(v)
	case markHeld:
		return r.held(v)
	}
	return errTorn
}

func mismatch(what string, v reflect.Value) error {
	return fmt.Errorf("%s where a %s belongs", what, v.Type())
}

func (r *reader) number(v reflect.Value) error {
	n, size := binary.Varint(r.in)
	if size <= 0 {
		return errTorn
	}
	r.in = r.in[size:]
	switch {
	case v.Kind() == reflect.Bool:
		v.SetBool(n != 0)
	case v.CanInt() && !v.OverflowInt(n):
		v.SetInt(n)
	case v.CanUint() && !v.OverflowUint(uint64(n)):
		v.SetUint(uint64(n))
	default:
		return mismatch("a number", v)
	}
	return nil
}

func (r *reader) float(v reflect.Value) error {
	if len(r.in) < 8 {
		return errTorn
	}
	if v.Kind() != reflect.Float64 {
		return mismatch("a number", v)
	}
	v.SetFloat(math.Float64frombits(binary.BigEndian.Uint64(r.in)))
	r.in = r.in[8:]
	return nil
}

func (r *reader) text(v reflect.Value) error {
	b, err := r.bytes()
	if err != nil {
		return err
	}
	t := v.Type()
	switch {
	case t == timeType && len(b) == 12:
		at := time.Unix(int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint32(b[8:])))
		v.Set(reflect.ValueOf(at))
	case r.schema.own[t]:
		return v.Addr().Interface().(encoding.BinaryUnmarshaler).UnmarshalBinary(b)
	case t.Kind() == reflect.Pointer && r.schema.own[t.Elem()]:
		v.Set(reflect.New(t.Elem()))
		return v.Interface().(encoding.BinaryUnmarshaler).UnmarshalBinary(b)
	case t.Kind() == reflect.String:
		v.SetString(string(b))
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		v.SetBytes(append([]byte{}, b...))
	default:
		return mismatch("text", v)
	}
	return nil
}

func (r *reader) list(v reflect.Value) error {
	n, err := r.length()
	switch {
	case err != nil:
		return err
	case v.Kind() == reflect.Pointer && n == 1:
		v.Set(reflect.New(v.Type().Elem()))
		return r.value(v.Elem())
	case v.Kind() != reflect.Slice:
		return mismatch("a list", v)
	}
	// The list grows as it is read: a length in torn bytes is no reason to take memory.
	list := reflect.MakeSlice(v.Type(), 0, min(n, 64))
	for range n {
		e := reflect.New(v.Type().Elem()).Elem()
		if err := r.value(e); err != nil {
			return err
		}
		list = reflect.Append(list, e)
	}
	v.Set(list)
	return nil
}

func (r *reader) entries(v reflect.Value) error {
	n, err := r.length()
	switch {
	case err != nil:
		return err
	case v.Kind() != reflect.Map:
		return mismatch("a map", v)
	}
	m := reflect.MakeMap(v.Type())
	for range n {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if err := r.value(key); err != nil {
			return err
		}
		if err := r.value(value); err != nil {
			return err
		}
		m.SetMapIndex(key, value)
	}
	v.Set(m)
	return nil
}

// structure reads the fields of a struct. Those that it has not are passed over. Maps that were not
// written are empty, so that a field which is younger than the record can be filled.
func (r *reader) structure(v reflect.Value) error {
	for _, f := range r.schema.fields[v.Type()] {
		if f.typ.Kind() == reflect.Map {
			f.of(v).Set(reflect.MakeMap(f.typ))
		}
	}
	for {
		name, err := r.bytes()
		if err != nil || len(name) == 0 {
			return err
		}
		if f := r.field(v, string(name)); f.IsValid() {
			err = r.value(f)
		} else {
			err = r.skip()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
}

func (r *reader) field(v reflect.Value, name string) reflect.Value {
	fields := r.schema.fields[v.Type()]
	for i := range fields {
		if fields[i].name == name {
			return fields[i].of(v)
		}
	}
	return reflect.Value{}
}

func (r *reader) reference(v reflect.Value) error {
	n, err := r.uvarint()
	if err != nil {
		return err
	}
	o := r.object(n)
	switch {
	case !o.IsValid():
		return fmt.Errorf("object %d is missing", n)
	case o.Type() != v.Type():
		return mismatch(fmt.Sprintf("object %d, a %s,", n, o.Type()), v)
	}
	v.Set(o)
	return nil
}

func (r *reader) held(v reflect.Value) error {
	name, err := r.bytes()
	if err != nil {
		return err
	}
	if v.Type() != errorType {
		return mismatch("an error", v)
	}
	if t := r.schema.named[string(name)]; t != nil {
		e := reflect.New(t)
		v.Set(e)
		return r.value(e.Elem())
	}
	var text string
	err = r.value(reflect.ValueOf(&text).Elem())
	v.Set(reflect.ValueOf(errors.New(text)))
	return err
}

// skip passes over a value.
func (r *reader) skip() error {
	if r.depth++; r.depth > maxDepth {
		return errTorn
	}
	defer func() { r.depth-- }()
	m, err := r.mark()
	if err != nil {
		return err
	}
	switch m {
	case markZero:
		return nil
	case markNumber, markObject:
		_, err = r.uvarint()
		return err
	case markFloat:
		var f float64
		return r.float(reflect.ValueOf(&f).Elem())
	case markText:
		_, err = r.bytes()
		return err
	case markList:
		return r.skipMany(1)
	case markMap:
		return r.skipMany(2)
	case markHeld:
		if _, err := r.bytes(); err != nil {
			return err
		}
		return r.skip()
	case markStruct:
		return r.skipFields()
	}
	return errTorn
}

func (r *reader) skipMany(each int) error {
	n, err := r.length()
	for i := 0; i < n*each && err == nil; i++ {
		err = r.skip()
	}
	return err
}

func (r *reader) skipFields() error {
	for {
		name, err := r.bytes()
		if err != nil || len(name) == 0 {
			return err
		}
		if err := r.skip(); err != nil {
			return err
		}
	}
}
