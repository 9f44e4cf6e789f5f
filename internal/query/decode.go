package query

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// A DecodeError is a request that is not what it should be.
type DecodeError struct {
	// Field is the name of the parameter, such as Parameters.member.1.ParameterKey; "" is the
	// request as a whole.
	Field  string
	Reason string
}

func (e *DecodeError) Error() string {
	if e.Field == "" {
		return "request: " + e.Reason
	}
	return e.Field + ": " + e.Reason
}

// ErrTooLarge is a request of more than [MaxBody] bytes.
var ErrTooLarge = errors.New("request: the body is too large")

// A Request is one call of the Query protocol.
type Request struct {
	// Action is the operation, such as CreateStack.
	Action string
	// Version is the version of the API, such as 2010-05-15.
	Version string
	// Parameters are all fields, Action and Version among them.
	Parameters *Value
}

// Read reads a request: a POST of a form, or a GET with a query.
//
// # Errors
//
// [ErrTooLarge], a [*DecodeError], or what reading the body returned.
func Read(r *http.Request) (*Request, error) {
	form := r.URL.Query()
	if r.Method == http.MethodPost {
		body, err := readForm(r)
		if err != nil {
			return nil, err
		}
		for name, texts := range body {
			form[name] = append(form[name], texts...)
		}
	}
	tree, err := Tree(form)
	if err != nil {
		return nil, err
	}
	return &Request{Action: text(tree.Get("Action")), Version: text(tree.Get("Version")), Parameters: tree}, nil
}

func readForm(r *http.Request) (url.Values, error) {
	if kind := r.Header.Get("Content-Type"); kind != "" {
		media, _, err := mime.ParseMediaType(kind)
		if err != nil || media != "application/x-www-form-urlencoded" {
			return nil, &DecodeError{Reason: fmt.Sprintf("the content type %q is not application/x-www-form-urlencoded", shorten(kind))}
		}
	}
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	if len(body) > MaxBody {
		return nil, ErrTooLarge
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &DecodeError{Reason: "the body is not a well-formed form"}
	}
	return form, nil
}

func text(v *Value) string {
	if v == nil {
		return ""
	}
	return v.Text
}

// Decode fills the struct that into points to: its exported fields from the parameters of the same
// name, or of the name in a tag `query:"Name"`. Fields may be strings, booleans, integers, floats,
// times, pointers to these, structs, slices and maps from string; those of an embedded struct count as
// its own. A parameter that the struct does
// not know is left aside, as AWS does. An empty text for a slice is the empty list.
//
// # Errors
//
// A [*DecodeError] names the first parameter that does not fit.
func (v *Value) Decode(into any) error {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("query: cannot decode into a %T; it takes a pointer to a struct", into)
	}
	return v.structure("", target.Elem())
}

func (v *Value) structure(name string, target reflect.Value) error {
	for i := range target.NumField() {
		field := target.Type().Field(i)
		if isEmbedded(field) {
			if err := v.structure(name, target.Field(i)); err != nil {
				return err
			}
			continue
		}
		if !field.IsExported() {
			continue
		}
		part := v.Get(fieldName(field))
		if part == nil {
			continue
		}
		if err := part.into(join(name, fieldName(field)), target.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

// isEmbedded reports whether the fields of a field count as the struct's own.
func isEmbedded(field reflect.StructField) bool {
	return field.Anonymous && field.Type.Kind() == reflect.Struct && field.Tag.Get("query") == ""
}

// fieldName is the name that a field has on the wire.
func fieldName(field reflect.StructField) string {
	if tag := field.Tag.Get("query"); tag != "" {
		return tag
	}
	return field.Name
}

var timeType = reflect.TypeFor[time.Time]()

func (v *Value) into(name string, target reflect.Value) error {
	switch {
	case target.Type() == timeType:
		return v.time(name, target)
	case target.Kind() == reflect.Pointer:
		p := reflect.New(target.Type().Elem())
		target.Set(p)
		return v.into(name, p.Elem())
	case target.Kind() == reflect.Struct:
		return v.structure(name, target)
	case target.Kind() == reflect.Slice:
		return v.list(name, target)
	case target.Kind() == reflect.Map:
		return v.entries(name, target)
	}
	if v.fields != nil {
		return &DecodeError{Field: name, Reason: "a structure where a text belongs"}
	}
	return scalar(name, v.Text, target)
}

func scalar(name, text string, target reflect.Value) error {
	var err error
	switch target.Kind() {
	case reflect.String:
		target.SetString(text)
		return nil
	case reflect.Bool:
		var b bool
		if b, err = strconv.ParseBool(strings.ToLower(text)); err != nil {
			return &DecodeError{Field: name, Reason: fmt.Sprintf("%q is neither true nor false", shorten(text))}
		}
		target.SetBool(b)
		return nil
	case reflect.Int, reflect.Int32, reflect.Int64:
		var n int64
		if n, err = strconv.ParseInt(text, 10, target.Type().Bits()); err != nil {
			return &DecodeError{Field: name, Reason: fmt.Sprintf("%q is no integer that fits", shorten(text))}
		}
		target.SetInt(n)
		return nil
	case reflect.Float64:
		var f float64
		if f, err = strconv.ParseFloat(text, 64); err != nil {
			return &DecodeError{Field: name, Reason: fmt.Sprintf("%q is no number", shorten(text))}
		}
		target.SetFloat(f)
		return nil
	}
	return fmt.Errorf("query: %s: a %s cannot be decoded", name, target.Type())
}

func (v *Value) time(name string, target reflect.Value) error {
	at, err := time.Parse(time.RFC3339, v.Text)
	if err != nil {
		return &DecodeError{Field: name, Reason: fmt.Sprintf("%q is no time such as 2006-01-02T15:04:05Z", shorten(v.Text))}
	}
	target.Set(reflect.ValueOf(at))
	return nil
}

func (v *Value) list(name string, target reflect.Value) error {
	target.Set(reflect.MakeSlice(target.Type(), 0, 0))
	if v.fields == nil {
		if v.Text != "" {
			return &DecodeError{Field: name, Reason: "a text where a list belongs"}
		}
		return nil
	}
	members := v.Get("member")
	if members == nil {
		members = v // the flattened form
	}
	items, err := members.numbered()
	if err != nil {
		return &DecodeError{Field: name, Reason: err.Error()}
	}
	list := reflect.MakeSlice(target.Type(), len(items), len(items))
	for i, item := range items {
		if err := item.into(fmt.Sprintf("%s.member.%d", name, i+1), list.Index(i)); err != nil {
			return err
		}
	}
	target.Set(list)
	return nil
}

func (v *Value) entries(name string, target reflect.Value) error {
	entries := v.Get("entry")
	if entries == nil {
		entries = v
	}
	items, err := entries.numbered()
	if err != nil {
		return &DecodeError{Field: name, Reason: err.Error()}
	}
	m := reflect.MakeMapWithSize(target.Type(), len(items))
	for i, item := range items {
		at := fmt.Sprintf("%s.entry.%d", name, i+1)
		key, value := item.Get("key"), item.Get("value")
		if key == nil || value == nil {
			return &DecodeError{Field: at, Reason: "an entry without a key or a value"}
		}
		e := reflect.New(target.Type().Elem()).Elem()
		if err := value.into(at+".value", e); err != nil {
			return err
		}
		m.SetMapIndex(reflect.ValueOf(key.Text).Convert(target.Type().Key()), e)
	}
	target.Set(m)
	return nil
}
