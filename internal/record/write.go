package record

import (
	"bytes"
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"
)

// The first byte of a value says what follows.
const (
	markZero   = iota // nothing: the zero value
	markNumber        // a varint: integers and booleans
	markFloat         // eight bytes
	markText          // a length and bytes: text, bytes, what marshals itself, a time
	markList          // a length and values: lists, arrays, what a pointer points to
	markMap           // a length and pairs of values
	markStruct        // a length and pairs of a name and a value
	markObject        // the number of an object
	markHeld          // a name and a value: what an interface holds
)

// A writer writes one object.
type writer struct {
	schema *Schema
	out    []byte
	// number returns the number of an object that is referred to.
	number func(object reflect.Value) uint64
	err    error
}

// object writes a whole object: the name of its type, and what it holds.
func (w *writer) object(v reflect.Value) {
	w.text(v.Type().Name())
	w.structure(v)
}

func (w *writer) length(n int) { w.out = binary.AppendUvarint(w.out, uint64(n)) }

func (w *writer) text(s string) {
	w.length(len(s))
	w.out = append(w.out, s...)
}

// value writes a value, which must be addressable if it is a struct.
func (w *writer) value(v reflect.Value) {
	t := v.Type()
	switch {
	case t == errorType:
		w.held(v)
		return
	case t == timeType:
		w.time(*v.Addr().Interface().(*time.Time))
		return
	case w.schema.own[t]:
		w.marshal(v.Addr())
		return
	}
	switch v.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.integer(v)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		w.number64(int64(v.Uint()))
	case reflect.Float64:
		if f := v.Float(); f != 0 {
			w.out = binary.BigEndian.AppendUint64(append(w.out, markFloat), math.Float64bits(f))
			return
		}
		w.out = append(w.out, markZero)
	case reflect.String:
		if v.Len() == 0 {
			w.out = append(w.out, markZero)
			return
		}
		w.out = append(w.out, markText)
		w.text(v.String())
	case reflect.Struct:
		w.structure(v)
	case reflect.Pointer:
		w.pointer(v)
	case reflect.Slice:
		w.list(v)
	case reflect.Map:
		w.entries(v)
	}
}

func (w *writer) integer(v reflect.Value) {
	if v.Kind() == reflect.Bool {
		n := int64(0)
		if v.Bool() {
			n = 1
		}
		w.number64(n)
		return
	}
	w.number64(v.Int())
}

func (w *writer) number64(n int64) {
	if n == 0 {
		w.out = append(w.out, markZero)
		return
	}
	w.out = binary.AppendVarint(append(w.out, markNumber), n)
}

// time keeps the wall clock of a time, to the nanosecond.
func (w *writer) time(t time.Time) {
	if t.IsZero() {
		w.out = append(w.out, markZero)
		return
	}
	w.out = append(w.out, markText)
	w.length(12)
	w.out = binary.BigEndian.AppendUint64(w.out, uint64(t.Unix()))
	w.out = binary.BigEndian.AppendUint32(w.out, uint32(t.Nanosecond()))
}

// marshal writes what a pointer points to, by its own method.
func (w *writer) marshal(p reflect.Value) {
	b, err := p.Interface().(encoding.BinaryAppender).AppendBinary(nil)
	if err != nil {
		w.err = err
	}
	w.out = append(w.out, markText)
	w.length(len(b))
	w.out = append(w.out, b...)
}

func (w *writer) structure(v reflect.Value) {
	w.out = append(w.out, markStruct)
	for _, f := range w.schema.fields[v.Type()] {
		at := len(w.out)
		w.text(f.name)
		begin := len(w.out)
		w.value(f.of(v))
		if tail := w.out[begin:]; tail[0] == markZero || len(tail) == 2 && tail[0] == markStruct {
			w.out = w.out[:at]
		}
	}
	w.length(0) // no name is empty
}

func (w *writer) pointer(v reflect.Value) {
	e := v.Type().Elem()
	switch {
	case v.IsNil():
		w.out = append(w.out, markZero)
	case w.schema.own[e]:
		w.marshal(v)
	case w.schema.isObject(e):
		object := reflect.ValueOf(v.Interface()) // v may be a variable that changes
		w.out = binary.AppendUvarint(append(w.out, markObject), w.number(object))
	default:
		w.out = append(w.out, markList, 1)
		w.value(v.Elem())
	}
}

func (w *writer) list(v reflect.Value) {
	switch {
	case v.IsNil():
		w.out = append(w.out, markZero)
		return
	case v.Type().Elem().Kind() == reflect.Uint8:
		w.out = append(w.out, markText)
		w.length(v.Len())
		w.out = append(w.out, v.Bytes()...)
		return
	}
	w.out = append(w.out, markList)
	w.length(v.Len())
	for i := range v.Len() {
		w.value(v.Index(i))
	}
}

// entries writes a map in the order of its keys as they are written, so that equal maps give equal
// bytes.
func (w *writer) entries(v reflect.Value) {
	if v.IsNil() {
		w.out = append(w.out, markZero)
		return
	}
	type entry struct{ key, value []byte }
	all := make([]entry, 0, v.Len())
	inner := &writer{schema: w.schema, number: w.number}
	key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	for it := v.MapRange(); it.Next(); {
		key.SetIterKey(it)
		value.SetIterValue(it)
		begin := len(inner.out)
		inner.value(key)
		middle := len(inner.out)
		inner.value(value)
		all = append(all, entry{inner.out[begin:middle:middle], inner.out[middle:len(inner.out):len(inner.out)]})
	}
	slices.SortFunc(all, func(a, b entry) int { return bytes.Compare(a.key, b.key) })
	w.out = append(w.out, markMap)
	w.length(len(all))
	for _, e := range all {
		w.out = append(append(w.out, e.key...), e.value...)
	}
	w.err = errors.Join(w.err, inner.err)
}

// held writes an error: with its type if that is known, else as its text.
func (w *writer) held(v reflect.Value) {
	if v.IsNil() {
		w.out = append(w.out, markZero)
		return
	}
	w.out = append(w.out, markHeld)
	if e := v.Elem(); e.Kind() == reflect.Pointer && !e.IsNil() && w.schema.named[e.Type().Elem().Name()] == e.Type().Elem() {
		w.text(e.Type().Elem().Name())
		w.value(e.Elem())
		return
	}
	w.text("")
	w.out = append(w.out, markText)
	w.text(fmt.Sprint(v.Interface()))
}
