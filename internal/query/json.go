package query

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// WantsJSON reports whether the sender of a request asks for an answer in JSON, as the programs of
// aws-cfn-bootstrap do.
func (r *Request) WantsJSON() bool {
	asked := r.Parameters.Get("ContentType")
	return asked != nil && asked.Text == "JSON"
}

// JSON is XML as JSON: the elements are members, lists are arrays, and times seconds since 1970.
//
// # Errors
//
// A result that holds something else is an error of the program.
func (r *Response) JSON() ([]byte, error) {
	response := map[string]any{"ResponseMetadata": map[string]any{"RequestId": r.RequestID}}
	if r.Result != nil {
		result, err := plain(reflect.ValueOf(r.Result))
		if err != nil {
			return nil, err
		}
		response[r.Action+"Result"] = result
	}
	return json.Marshal(map[string]any{r.Action + "Response": response})
}

// plain is a value as package json writes it.
func plain(v reflect.Value) (any, error) {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case v.Type() == timeType:
		return float64(v.Interface().(time.Time).UnixMilli()) / 1000, nil
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.Kind() == reflect.Bool:
		return v.Bool(), nil
	case v.CanInt():
		return v.Int(), nil
	case v.CanFloat():
		return v.Float(), nil
	case v.Kind() == reflect.Struct:
		members := map[string]any{}
		return members, addMembers(members, v)
	case v.Kind() == reflect.Slice && v.Type() != reflect.TypeFor[[]Element]():
		list := make([]any, 0, v.Len())
		for i := range v.Len() {
			one, err := plain(v.Index(i))
			if err != nil {
				return nil, err
			}
			list = append(list, one)
		}
		return list, nil
	}
	return nil, fmt.Errorf("query: a %s cannot be encoded in JSON", v.Type())
}

func addMembers(members map[string]any, v reflect.Value) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		switch {
		case isEmbedded(field):
			if err := addMembers(members, v.Field(i)); err != nil {
				return err
			}
			continue
		case !field.IsExported() || absent(v.Field(i)):
			continue
		}
		member, err := plain(v.Field(i))
		if err != nil {
			return err
		}
		members[fieldName(field)] = member
	}
	return nil
}

// JSON is XML as JSON.
func (e *Error) JSON(requestID string) []byte {
	text, err := json.Marshal(map[string]any{
		"Error": map[string]string{"Type": e.fault(), "Code": e.Code, "Message": e.Message}, "RequestId": requestID,
	})
	if err != nil {
		return nil // texts always encode
	}
	return text
}

// fault is whose the error is: the sender's below status 500, else the receiver's.
func (e *Error) fault() string {
	if e.HTTPStatus() >= 500 {
		return "Receiver"
	}
	return "Sender"
}
