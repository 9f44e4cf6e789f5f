package query

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// timeFormat is how CloudFormation writes times.
const timeFormat = "2006-01-02T15:04:05.000Z"

// A Response is the answer to a call.
type Response struct {
	// Action is the operation that is answered.
	Action string
	// Namespace is the XML namespace of the API.
	Namespace string
	// Result is a struct, or a pointer to one; nil if the operation answers nothing.
	Result any
	// RequestID is told in the metadata.
	RequestID string
}

// XML returns the document. Fields of the result are elements by their name, or by that in a tag
// `query:"Name"`. A field that is "", nil or a zero time is left out, and so is a nil slice; an empty
// slice is an empty element, which clients read as an empty list. Numbers and booleans are always
// written: those that may be absent are pointers, as is a string that may be "" and yet there.
//
// # Errors
//
// A result that holds something else is an error of the program.
func (r *Response) XML() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<%sResponse xmlns="`, r.Action)
	escape(&b, r.Namespace)
	b.WriteString(`">`)
	if r.Result != nil {
		if err := element(&b, r.Action+"Result", reflect.ValueOf(r.Result)); err != nil {
			return nil, err
		}
	}
	b.WriteString("<ResponseMetadata>")
	textElement(&b, "RequestId", r.RequestID)
	fmt.Fprintf(&b, "</ResponseMetadata></%sResponse>", r.Action)
	return b.Bytes(), nil
}

func escape(b *bytes.Buffer, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a buffer does not fail
}

func textElement(b *bytes.Buffer, name, s string) {
	b.WriteString("<" + name + ">")
	escape(b, s)
	b.WriteString("</" + name + ">")
}

// absent reports whether a field is left out.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return v.Type() == timeType && v.IsZero()
	}
	return false
}

func element(b *bytes.Buffer, name string, v reflect.Value) error {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case v.Type() == timeType:
		textElement(b, name, v.Interface().(time.Time).UTC().Format(timeFormat))
	case v.Kind() == reflect.String:
		textElement(b, name, v.String())
	case v.Kind() == reflect.Bool:
		textElement(b, name, strconv.FormatBool(v.Bool()))
	case v.CanInt():
		textElement(b, name, strconv.FormatInt(v.Int(), 10))
	case v.CanFloat():
		textElement(b, name, strconv.FormatFloat(v.Float(), 'g', -1, 64))
	case v.Kind() == reflect.Struct, v.Kind() == reflect.Slice, v.Kind() == reflect.Map:
		b.WriteString("<" + name + ">")
		if err := content(b, v); err != nil {
			return err
		}
		b.WriteString("</" + name + ">")
	default:
		return fmt.Errorf("query: %s: a %s cannot be encoded", name, v.Type())
	}
	return nil
}

func content(b *bytes.Buffer, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			if err := element(b, "member", v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		return entries(b, v)
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if isEmbedded(field) {
				if err := content(b, v.Field(i)); err != nil {
					return err
				}
				continue
			}
			if !field.IsExported() || absent(v.Field(i)) {
				continue
			}
			if err := element(b, fieldName(field), v.Field(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

func entries(b *bytes.Buffer, v reflect.Value) error {
	var keys []string
	for _, k := range v.MapKeys() {
		keys = append(keys, k.String())
	}
	slices.Sort(keys)
	for _, k := range keys {
		b.WriteString("<entry>")
		textElement(b, "key", k)
		if err := element(b, "value", v.MapIndex(reflect.ValueOf(k).Convert(v.Type().Key()))); err != nil {
			return err
		}
		b.WriteString("</entry>")
	}
	return nil
}
