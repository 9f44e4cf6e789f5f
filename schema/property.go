package schema

import "sort"

// A Property is one property of a resource type or of a nested definition.
//
// Enum, Pattern, the lengths and the bounds speak of the scalar inside Type: of each element if
// the property is a list. Those that are zero or nil are not known, or there is no such limit.
type Property struct {
	Name        string
	Type        TypeRef
	Required    bool
	Replacement Replacement

	// Enum lists the values that were allowed when the schema was made; newer ones may exist.
	Enum []string

	// Pattern is the regular expression that the text must match somewhere: see [Property.Matches].
	Pattern string

	MinLength, MaxLength *int     // of a text, in characters
	Minimum, Maximum     *float64 // of a number

	// Default is the value that an absent property has, as JSON: `60`, `"LATEST"`.
	Default string

	// Targets names what the value is the identifier of: most often one attribute or property of
	// a type, such as the Arn of an AWS::IAM::Role.
	Targets []Target

	// Deprecated says that the property should no longer be used.
	Deprecated bool
}

// A Target is an attribute or property of a type, whose value another property wants.
type Target struct {
	Type      string // "AWS::IAM::Role"
	Attribute string // "Arn"
}

// A Replacement says what the change of a property does to its resource.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
type Replacement uint8

// The answers to whether a change replaces the resource.
const (
	No    Replacement = iota // it is updated in place
	Maybe                    // it depends on the values
	Yes                      // a new resource takes the place of the old one
)

// String returns "no", "maybe" or "yes".
func (r Replacement) String() string {
	switch r {
	case Maybe:
		return "maybe"
	case Yes:
		return "yes"
	}
	return "no"
}

func property(props []Property, name string) (*Property, bool) {
	i := sort.Search(len(props), func(i int) bool { return props[i].Name >= name })
	if i == len(props) || props[i].Name != name {
		return nil, false
	}
	return &props[i], true
}

func required(props []Property) []string {
	var names []string
	for i := range props {
		if props[i].Required {
			names = append(names, props[i].Name)
		}
	}
	return names
}
