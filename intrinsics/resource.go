package intrinsics

import (
	"fmt"
	"reflect"
)

// A Resource is a typed resource: a pointer to a struct that embeds [Named] and has a type. The
// packages under resources hold one for each type that CloudFormation has; a struct of your own
// serves for a third-party or custom type.
type Resource interface {
	// CloudFormationType is the type's name, such as AWS::SQS::Queue.
	CloudFormationType() string
	// LogicalID is the name that the resource has in its template, or "" before it was added to one.
	LogicalID() string
	// Ref is the value that CloudFormation's Ref gives for the resource.
	Ref() String
	// GetAtt is the attribute with a name that the typed methods do not cover.
	GetAtt(attribute string) String

	named() *Named
}

// Named gives a resource its logical ID and what follows from it. Embed it in the struct of a
// resource; [Bind] fills it, and stack.Add calls Bind. The zero value has no name, and a reference
// to it is an error when the template is written.
type Named struct{ id string }

// LogicalID returns the name that the resource has in its template, "" before it was added to one.
func (n *Named) LogicalID() string { return n.id }

// Ref returns {"Ref": id}. What it evaluates to depends on the type: see the type's comment.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html
func (n *Named) Ref() String {
	if n.id == "" {
		return String(fail(fmt.Errorf("a Ref to a resource that was not added to a template; add it with stack.Add first")))
	}
	return Ref(n.id)
}

// GetAtt returns {"Fn::GetAtt": [id, attribute]}. The typed Attr methods of a resource are to be
// preferred: a wrong name does not compile there.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
func (n *Named) GetAtt(attribute string) String {
	if n.id == "" {
		return String(fail(fmt.Errorf("the attribute %s of a resource that was not added to a template; add it with stack.Add first", attribute)))
	}
	return GetAtt(n.id, attribute)
}

//lint:ignore U1000 it makes a pointer to a struct that embeds Named a Resource
func (n *Named) named() *Named { return n }

// Bind gives r its logical ID. stack.Add does so; a program has no need to.
func Bind(r Resource, logicalID string) { r.named().id = logicalID }

// NameOf returns the logical ID of r, "" before it was added to a template. It is not ok where r is nil, or a
// nil pointer.
func NameOf(r Resource) (logicalID string, ok bool) {
	if v := reflect.ValueOf(r); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return "", false
	}
	return r.LogicalID(), true
}

// GetAttOf is the attribute of r as a value of type T: []String for a list, [Integer] for a number.
// It is what the typed Attr methods of resources are made of. T must be a type that can carry an
// expression: see [IfOf].
func GetAttOf[T any](r Resource, attribute string) T {
	return convert[T](string(r.GetAtt(attribute)))
}
