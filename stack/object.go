package stack

import (
	"encoding/json"
	"errors"
	"iter"
	"strconv"

	"github.com/updraft-go/updraft/internal/tree"
	fn "github.com/updraft-go/updraft/intrinsics"
)

// An Object is a free-form value whose members keep their order: what the properties and metadata
// of a template that was read are. The zero value is empty and ready; nil is empty and can be read.
//
// The values of one that was read are *Object, []any, string, json.Number (with the literal as it
// was written), bool and nil. A function is an Object of one member, such as Ref. What is set may be
// any value that a free-form property takes, those of package intrinsics included.
//
// An Object is not safe for concurrent writes.
type Object struct{ Section[any] }

// Get returns the value of that name.
func (o *Object) Get(name string) (any, bool) {
	if o == nil {
		return nil, false
	}
	return o.Section.Get(name)
}

// Len returns the number of values.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.values)
}

// All returns the names with their values, in order. A name that is deleted meanwhile may still come.
func (o *Object) All() iter.Seq2[string, any] {
	if o == nil {
		return func(func(string, any) bool) {}
	}
	return o.Section.All()
}

// At follows names through Objects, and returns nil where one is missing.
//
//	zones := properties.At("VpcConfig", "SubnetIds")
func (o *Object) At(names ...string) any {
	var v any = o
	for _, name := range names {
		inner, ok := v.(*Object)
		if !ok {
			return nil
		}
		v, _ = inner.Get(name)
	}
	return v
}

// SortAll puts the names in alphabetical order, also in the Objects inside.
func (o *Object) SortAll() {
	if o == nil {
		return
	}
	o.Sort()
	for _, v := range o.values {
		sortValue(v)
	}
}

func sortValue(v any) {
	switch v := v.(type) {
	case *Object:
		v.SortAll()
	case []any:
		for _, item := range v {
			sortValue(item)
		}
	}
}

// AppendValue appends the JSON of the Object; it is called when the template is written.
func (o *Object) AppendValue(dst []byte) ([]byte, error) { return appendObject(dst, o, 0) }

// MarshalJSON makes an Object usable with encoding/json.
func (o *Object) MarshalJSON() ([]byte, error) { return o.AppendValue(nil) }

// UnmarshalJSON sets the Object to what data holds, in its order.
func (o *Object) UnmarshalJSON(data []byte) error {
	n, err := tree.Parse(data)
	if err != nil {
		return exported(err)
	}
	if n.Kind != tree.Map {
		return syntaxAt(n, "a %s where an object is to be", n.Kind)
	}
	if err := refuseNUL(n); err != nil {
		return err
	}
	*o = *objectOf(n)
	return nil
}

// maxObjects bounds how deep Objects are nested: one may hold itself.
const maxObjects = 1000

var errDeep = errors.New("an object nested more than 1000 levels deep; does it contain itself?")

func appendObject(dst []byte, o *Object, depth int) ([]byte, error) {
	if o == nil {
		return append(dst, "null"...), nil
	}
	if depth > maxObjects {
		return dst, errDeep
	}
	dst = append(dst, '{')
	var errs []error
	for i, name := range o.names.list {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = fn.AppendKey(dst, name); err == nil {
			dst, err = appendFree(dst, o.values[i], depth)
		}
		if err != nil {
			errs = append(errs, fn.At(name, err))
		}
	}
	return append(dst, '}'), errors.Join(errs...)
}

// appendFree appends the JSON of a member of an Object. It takes the values of a document that was
// read by a short way.
func appendFree(dst []byte, v any, depth int) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return fn.AppendText(dst, fn.String(v))
	case *Object:
		return appendObject(dst, v, depth+1)
	case []any:
		return appendFreeList(dst, v, depth+1)
	case bool:
		return strconv.AppendBool(dst, v), nil
	case nil:
		return append(dst, "null"...), nil
	}
	return fn.Append(dst, v)
}

func appendFreeList(dst []byte, list []any, depth int) ([]byte, error) {
	if list == nil {
		return append(dst, "null"...), nil
	}
	if depth > maxObjects {
		return dst, errDeep
	}
	if len(list) == 1 {
		switch list[0].(type) {
		case *Object, []any, bool, nil, json.Number:
		default: // it may be an expression that stands for the whole list
			return fn.Append(dst, list)
		}
	}
	dst = append(dst, '[')
	var errs []error
	for i, item := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendFree(dst, item, depth); err != nil {
			errs = append(errs, fn.At("["+strconv.Itoa(i)+"]", err))
		}
	}
	return append(dst, ']'), errors.Join(errs...)
}
