package query

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
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
	// Dialect is how lists and names are spelled. If zero, as most services do.
	Dialect Dialect
}

// A Dialect is how the answers of a service are spelled.
type Dialect int

const (
	// Query is what most services speak: a result of its own, lists of member, names as they are.
	Query Dialect = iota
	// EC2 is what EC2 speaks: the result is the response, lists of item, names that begin in lower
	// case unless a tag says another.
	//
	// https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
	EC2
)

// An Element is a part of an answer that is written as it stands: the elements of Children, or Text.
type Element struct {
	Name     string
	Text     string
	Children []Element
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
	b := &encoder{dialect: r.Dialect}
	fmt.Fprintf(b, `<%sResponse xmlns="`, r.Action)
	escape(&b.Buffer, r.Namespace)
	b.WriteString(`">`)
	if r.Dialect == EC2 {
		textElement(&b.Buffer, "requestId", r.RequestID)
	}
	if err := b.result(r); err != nil {
		return nil, err
	}
	if r.Dialect == Query {
		b.WriteString("<ResponseMetadata>")
		textElement(&b.Buffer, "RequestId", r.RequestID)
		b.WriteString("</ResponseMetadata>")
	}
	fmt.Fprintf(b, "</%sResponse>", r.Action)
	return b.Bytes(), nil
}

// An encoder writes one answer.
type encoder struct {
	bytes.Buffer
	dialect Dialect
}

func (b *encoder) result(r *Response) error {
	v := reflect.ValueOf(r.Result)
	switch {
	case r.Result == nil:
		return nil
	case r.Dialect == Query:
		return b.element(r.Action+"Result", v)
	}
	return b.content(reflect.Indirect(v))
}

// item is the name of an element of a list.
func (b *encoder) item() string {
	if b.dialect == EC2 {
		return "item"
	}
	return "member"
}

// name is the name of the element of a field.
func (b *encoder) name(field reflect.StructField) string {
	name := fieldName(field)
	if b.dialect == EC2 && field.Tag.Get("query") == "" {
		name = strings.ToLower(name[:1]) + name[1:]
	}
	return name
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

func (b *encoder) element(name string, v reflect.Value) error {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case v.Type() == timeType:
		textElement(&b.Buffer, name, v.Interface().(time.Time).UTC().Format(timeFormat))
	case v.Kind() == reflect.String:
		textElement(&b.Buffer, name, v.String())
	case v.Kind() == reflect.Bool:
		textElement(&b.Buffer, name, strconv.FormatBool(v.Bool()))
	case v.CanInt():
		textElement(&b.Buffer, name, strconv.FormatInt(v.Int(), 10))
	case v.CanFloat():
		textElement(&b.Buffer, name, strconv.FormatFloat(v.Float(), 'g', -1, 64))
	case v.Kind() == reflect.Struct, v.Kind() == reflect.Slice, v.Kind() == reflect.Map:
		b.WriteString("<" + name + ">")
		if err := b.content(v); err != nil {
			return err
		}
		b.WriteString("</" + name + ">")
	default:
		return fmt.Errorf("query: %s: a %s cannot be encoded", name, v.Type())
	}
	return nil
}

func (b *encoder) content(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Slice:
		if list, ok := v.Interface().([]Element); ok {
			b.elements(list)
			return nil
		}
		for i := range v.Len() {
			if err := b.element(b.item(), v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		return b.entries(v)
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if isEmbedded(field) {
				if err := b.content(v.Field(i)); err != nil {
					return err
				}
				continue
			}
			if !field.IsExported() || absent(v.Field(i)) {
				continue
			}
			if err := b.element(b.name(field), v.Field(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// elements writes what is already spelled.
func (b *encoder) elements(list []Element) {
	for _, e := range list {
		if e.Children == nil {
			textElement(&b.Buffer, e.Name, e.Text)
			continue
		}
		b.WriteString("<" + e.Name + ">")
		b.elements(e.Children)
		b.WriteString("</" + e.Name + ">")
	}
}

func (b *encoder) entries(v reflect.Value) error {
	var keys []string
	for _, k := range v.MapKeys() {
		keys = append(keys, k.String())
	}
	slices.Sort(keys)
	for _, k := range keys {
		b.WriteString("<entry>")
		textElement(&b.Buffer, "key", k)
		if err := b.element("value", v.MapIndex(reflect.ValueOf(k).Convert(v.Type().Key()))); err != nil {
			return err
		}
		b.WriteString("</entry>")
	}
	return nil
}
