package schema

import "strings"

// A Ref says what the intrinsic Ref returns for a resource. The zero value says no more than that
// it is the physical ID.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html
type Ref struct {
	Kind RefKind

	// Names are the properties or attributes whose value Ref returns: one, or the parts if Kind is
	// RefComposite. A slash parts the steps of a nested property.
	Names []string

	// Separator stands between the parts if Kind is RefComposite.
	Separator string

	// Guess says that the parts are the type's identifier, joined as CloudFormation does for most
	// types, but that it was not verified for this one.
	Guess bool
}

// A RefKind says where the value of a Ref comes from.
type RefKind uint8

// The kinds of Ref.
const (
	RefPhysicalID RefKind = iota // the physical ID, of which no more is known
	RefProperty                  // the value of a property
	RefAttribute                 // the value of an attribute
	RefComposite                 // several values, joined
)

// String says what is returned: "the attribute Arn", "RestApiId|ResourceId".
func (r Ref) String() string {
	switch r.Kind {
	case RefProperty:
		return "the property " + r.Names[0]
	case RefAttribute:
		return "the attribute " + r.Names[0]
	case RefComposite:
		return strings.Join(r.Names, r.Separator)
	}
	return "the physical ID"
}
