// Package record writes the objects that are reached from a root as records, one an object, and reads
// them back. It works on plain Go structs with their unexported fields, so that a program keeps what it
// has in memory without a second description of it.
//
// An object is what a pointer to a struct points to whose type has a name. Each has a number, by which
// the others refer to it, so that what was shared is shared again once it is read. Everything else is
// written inside the object that holds it: texts, numbers, booleans, times, lists, maps, structs,
// pointers to anything else, and types that marshal themselves (AppendBinary, UnmarshalBinary). Fields
// are written by name and left out if zero, so that a later version of a program may add fields, and
// drop them.
//
// A field with the tag `record:"-"` is left out: what only lives as long as the process does, such as
// channels, functions and locks, and what can be derived from the rest. A type with a method Revive
// makes up for it when it has been read.
package record

import (
	"encoding"
	"fmt"
	"reflect"
	"time"
	"unsafe"
)

// A Reviver is an object that completes itself when all objects have been read. Those with lower numbers
// come first.
type Reviver interface{ Revive() }

// A Schema knows how the types of one program are written. It is not changed once it is made.
type Schema struct {
	root    reflect.Type
	types   map[string]reflect.Type // of objects, by name
	fields  map[reflect.Type][]field
	cold    map[reflect.Type]bool
	fixed   map[reflect.Type]bool
	named   map[string]reflect.Type // what an interface may hold, by name
	visited map[reflect.Type]bool
	own     map[reflect.Type]bool // the structs that marshal themselves
}

// Options say what is special about some types.
type Options struct {
	// Cold are nil pointers to the types that have many objects. These are looked at only if they are
	// new, or if the caller says that they were touched. The root need not lead to them.
	Cold []any
	// Fixed are nil pointers to the types whose objects never change once they are part of the graph.
	Fixed []any
	// Held are nil pointers to the types of which a field that is an error may be. What is of another
	// type is kept as its text.
	Held []any
}

// A field is a field of a struct that is written.
type field struct {
	name   string
	typ    reflect.Type
	offset uintptr
}

// of returns the field of a struct, which must be addressable.
func (f *field) of(v reflect.Value) reflect.Value {
	return reflect.NewAt(f.typ, unsafe.Add(v.Addr().UnsafePointer(), f.offset)).Elem()
}

// New makes a schema of all types that a pointer to a root leads to.
//
// # Errors
//
// A type that cannot be written, with the fields that lead to it; two types of objects of one name.
func New(root any, o *Options) (*Schema, error) {
	s := &Schema{
		root: reflect.TypeOf(root).Elem(), types: map[string]reflect.Type{}, fields: map[reflect.Type][]field{},
		cold: map[reflect.Type]bool{}, fixed: map[reflect.Type]bool{}, named: map[string]reflect.Type{}, visited: map[reflect.Type]bool{}, own: map[reflect.Type]bool{},
	}
	if o == nil {
		o = &Options{}
	}
	for _, p := range o.Cold {
		t := reflect.TypeOf(p).Elem()
		s.cold[t] = true
		if err := s.object(t, t.Name()); err != nil {
			return nil, err
		}
	}
	for _, p := range o.Fixed {
		s.fixed[reflect.TypeOf(p).Elem()] = true
	}
	for _, p := range o.Held {
		t := reflect.TypeOf(p).Elem()
		s.named[t.Name()] = t
		if err := s.visit(t, t.String()); err != nil {
			return nil, err
		}
	}
	return s, s.object(s.root, s.root.Name())
}

// object takes a type of objects in.
func (s *Schema) object(t reflect.Type, path string) error {
	if have := s.types[t.Name()]; have != nil && have != t {
		return fmt.Errorf("record: %s: %s needs a name of its own", path, t)
	}
	s.types[t.Name()] = t
	return s.visit(t, path)
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	errorType = reflect.TypeFor[error]()
)

// marshals finds out whether the values of a type, or what it points to, are written by themselves.
func (s *Schema) marshals(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	p := reflect.PointerTo(t)
	if t.Kind() == reflect.Struct && t != timeType && p.Implements(reflect.TypeFor[encoding.BinaryAppender]()) && p.Implements(reflect.TypeFor[encoding.BinaryUnmarshaler]()) {
		s.own[t] = true
	}
	return s.own[t]
}

// isObject reports whether what a pointer to a type points to is an object.
func (s *Schema) isObject(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.Name() != "" && t != timeType && !s.own[t]
}

// visit takes a type in, and all that it leads to.
func (s *Schema) visit(t reflect.Type, path string) error {
	if s.visited[t] || t == timeType || t == errorType {
		return nil
	}
	s.visited[t] = true
	if s.marshals(t) {
		return nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		if s.isObject(t.Elem()) {
			return s.object(t.Elem(), path)
		}
		return s.visit(t.Elem(), path)
	case reflect.Slice:
		return s.visit(t.Elem(), path+"[]")
	case reflect.Map:
		if err := s.visit(t.Key(), path+"[key]"); err != nil {
			return err
		}
		return s.visit(t.Elem(), path+"[]")
	case reflect.Struct:
		return s.structure(t, path)
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float64:
		return nil
	}
	return fmt.Errorf("record: %s: a %s cannot be written; give the field the tag `record:\"-\"` and make it anew in Revive", path, t)
}

func (s *Schema) structure(t reflect.Type, path string) error {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("record") == "-" {
			continue
		}
		if err := s.visit(f.Type, path+"."+f.Name); err != nil {
			return err
		}
		fields = append(fields, field{f.Name, f.Type, f.Offset})
	}
	s.fields[t] = fields
	return nil
}
