package stack

import (
	"fmt"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// As turns the properties of a resource that was read into the typed struct for its type, puts it in
// their place and returns it: what is changed in it is written. It has its logical ID, so that its
// Ref and its Attr methods work as if it had come from [Add].
//
//	jobs, err := stack.As[sqs.Queue](t, "Jobs")
//	jobs.VisibilityTimeout = fn.Int(60)
//
// Properties are then written in the struct's order. Those that it does not know are in its Extra.
//
// # Errors
//
// A resource that is not there or is of another type, and properties that the struct cannot hold,
// each with its path. The template is then as it was.
func As[T any, R interface {
	*T
	fn.Resource
}](t *Template, logicalID string) (R, error) {
	r, ok := t.Resources.Get(logicalID)
	if !ok || r == nil {
		return nil, fmt.Errorf("resource %s: it is not in the template; give the logical ID of one that is", logicalID)
	}
	if typed, ok := r.Properties.(R); ok {
		return typed, nil
	}
	v := R(new(T))
	if want := v.CloudFormationType(); r.Type != want {
		return nil, fmt.Errorf("resource %s: its type is %s, not %s; use the struct for its type", logicalID, r.Type, want)
	}
	if r.Properties != nil {
		body, err := fn.Append(nil, r.Properties)
		if err == nil {
			err = fn.Decode(body, v)
		}
		if err != nil {
			return nil, fn.At("Resources."+logicalID+".Properties", err)
		}
	}
	fn.Bind(v, logicalID)
	r.Properties = v
	return v, nil
}
