package schema

import (
	"sort"
	"strings"
)

// A Type is what is known of one resource type.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
type Type struct {
	Name string // "AWS::ECS::Service"

	Properties  []Property   // by name
	Definitions []Definition // nested types, by name
	Attributes  []Attribute  // by name

	// PrimaryIdentifier names the properties and attributes that identify a resource to the
	// Cloud Control API. A slash parts the steps of a nested name. It is nil if none is known.
	PrimaryIdentifier []string

	// Ref is what the intrinsic Ref returns.
	Ref Ref

	// Arn is the form of the resource's ARN, with holes such as ${Partition}, ${Region},
	// ${Account} and ${QueueName}. It is "" if none is known.
	Arn string

	// TagProperty names the property that holds the tags, "" if the type takes none.
	TagProperty string

	// TagShape says how TagProperty holds them.
	TagShape TagShape

	// Transform names the transform that a template must declare for this type, most often "".
	Transform string

	// Deprecated says why the type should not be used, "" if nothing is known against it.
	Deprecated string

	// Stateful says that a resource keeps data, which deleting or replacing it destroys.
	Stateful bool

	// DeleteFirst says that a replacement deletes the old resource before it creates the new
	// one, since the two cannot exist at a time.
	DeleteFirst bool

	// PhysicalID is how CloudFormation's physical ID of a resource looks, "" if not known.
	PhysicalID Shape

	// NameRule is how CloudFormation names a resource that is given no name. Its zero value
	// means that no rule is known.
	NameRule NameRule
}

// A TagShape is the form in which a type takes its tags.
type TagShape string

// The shapes of tags.
const (
	TagsNone TagShape = ""         // the type takes no tags
	TagsList TagShape = "standard" // a list of objects with a Key and a Value
	TagsMap  TagShape = "map"      // an object from key to value
	TagsASG  TagShape = "asg"      // a list as TagsList, with PropagateAtLaunch in each
)

// A Definition is a type of object that the properties of one resource type use.
type Definition struct {
	Name       string
	Properties []Property // by name
}

// An Attribute is a value of a resource that Fn::GetAtt returns.
type Attribute struct {
	Name string // with dots, if it is a part of an object: "Endpoint.Port"
	Type TypeRef

	// Shape is how the value looks, "" if not known.
	Shape Shape
}

// Service returns the second part of the type's name: "ECS".
func (t *Type) Service() string {
	parts := strings.SplitN(t.Name, "::", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[1]
}

// Taggable says whether resources of the type take tags.
func (t *Type) Taggable() bool { return t.TagProperty != "" }

// Required returns the names of the properties without which a resource is refused, sorted.
func (t *Type) Required() []string { return required(t.Properties) }

// Required returns the names of the properties without which an object is refused, sorted.
func (d *Definition) Required() []string { return required(d.Properties) }

// Property returns the property of the resource with that name.
func (t *Type) Property(name string) (*Property, bool) { return property(t.Properties, name) }

// Property returns the property of the object with that name.
func (d *Definition) Property(name string) (*Property, bool) { return property(d.Properties, name) }

// Definition returns the nested type with that name.
func (t *Type) Definition(name string) (*Definition, bool) {
	i := sort.Search(len(t.Definitions), func(i int) bool { return t.Definitions[i].Name >= name })
	if i == len(t.Definitions) || t.Definitions[i].Name != name {
		return nil, false
	}
	return &t.Definitions[i], true
}

// Attribute returns the attribute with that name.
func (t *Type) Attribute(name string) (*Attribute, bool) {
	i := sort.Search(len(t.Attributes), func(i int) bool { return t.Attributes[i].Name >= name })
	if i == len(t.Attributes) || t.Attributes[i].Name != name {
		return nil, false
	}
	return &t.Attributes[i], true
}

// ManualURL returns the address of the type's page in CloudFormation's manual.
func (t *Type) ManualURL() string {
	short := strings.ToLower(t.Name[strings.LastIndex(t.Name, ":")+1:])
	if t.Transform != "" {
		return "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-" + short + ".html"
	}
	return "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-" +
		strings.ToLower(t.Service()) + "-" + short + ".html"
}
