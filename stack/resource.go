package stack

import (
	"fmt"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// A Resource is one resource of a template: its type, its properties, and what CloudFormation puts
// beside them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
type Resource struct {
	// Type is the resource's type, such as AWS::SQS::Queue.
	Type string
	// Properties are the typed struct that was given to [Add], or any value that is written as an
	// object. Nil is none.
	Properties any
	// Attributes stand beside the properties.
	Attributes
	// Loop, if it is set, makes this an Fn::ForEach: see [Template.ForEachResource]. Nothing else is
	// used then.
	Loop *Loop
}

// Attributes are what CloudFormation puts beside a resource's properties. The zero value adds
// nothing.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html
type Attributes struct {
	// Extra holds attributes that this library does not know, such as those of SAM, by their names.
	fn.Extra

	// DependsOn are the logical IDs of resources that must be there first, beside those to which a
	// property refers: see [After].
	DependsOn []string
	// Condition, if it is set, makes the resource only where it is true.
	Condition fn.Condition
	// CreationPolicy makes the creation wait for signals.
	CreationPolicy *CreationPolicy
	// UpdatePolicy says how an update is carried out.
	UpdatePolicy *UpdatePolicy
	// DeletionPolicy says what becomes of the resource when its stack lets go of it: Delete (also if
	// it is ""), Retain, RetainExceptOnCreate or Snapshot.
	DeletionPolicy fn.String
	// UpdateReplacePolicy says the same of a resource that an update replaced: Delete (also if it
	// is ""), Retain or Snapshot.
	UpdateReplacePolicy fn.String
	// Metadata is free-form.
	Metadata any
}

// Values of DeletionPolicy and UpdateReplacePolicy.
const (
	Delete               = "Delete"
	Retain               = "Retain"
	RetainExceptOnCreate = "RetainExceptOnCreate"
	Snapshot             = "Snapshot"
)

// Add adds a resource to a template under a logical ID and returns it, now with a name: its Ref and
// its Attr methods refer to it. At most one Attributes is taken.
//
//	queue := stack.Add(t, "Jobs", &sqs.Queue{}, stack.Attributes{DeletionPolicy: stack.Retain})
//
// A resource belongs to one template, under one ID: adding it again, or adding nil, is reported when the
// template is written. That an ID is alphanumeric is checked by package validate. Add panics if the template
// already has a resource of that ID: the program has two names for one thing, and no error that came
// later could say where.
func Add[R fn.Resource](t *Template, logicalID string, resource R, attributes ...Attributes) R {
	t.addResource(logicalID, resource, attributes)
	return resource
}

func (t *Template) addResource(logicalID string, resource fn.Resource, attributes []Attributes) {
	if _, taken := t.Resources.Get(logicalID); taken {
		panic(fmt.Sprintf("stack: the template already has a resource with the logical ID %q; give one of the two another ID", logicalID))
	}
	note := func(code, summary, cure string) {
		t.problems = append(t.problems, Diagnostic{Code: code, Path: "Resources." + logicalID, Summary: summary, Cure: cure})
	}
	before, ok := fn.NameOf(resource)
	if !ok {
		note("nil-resource", "stack.Add was given nil", "make the resource's struct first")
		return
	}
	if before != "" {
		note("added-twice", fmt.Sprintf("the value was already added, as %q", before), "make a struct of its own for each resource")
	}
	if len(attributes) > 1 {
		note("attributes-twice", "stack.Add was given more than one stack.Attributes", "put them into one")
	}
	r := &Resource{Type: resource.CloudFormationType(), Properties: resource}
	if len(attributes) > 0 {
		r.Attributes = attributes[0]
	}
	t.Resources.add(logicalID, r)
	fn.Bind(resource, logicalID)
}

// After returns the logical IDs of resources, for DependsOn.
func After(resources ...fn.Resource) []string {
	ids := make([]string, len(resources))
	for i, r := range resources {
		ids[i], _ = fn.NameOf(r) // "" is a mistake that is told when the template is written
	}
	return ids
}

// Untyped is a resource of a type for which there is no struct: a third-party type, a custom
// resource, or one that is newer than this library.
type Untyped struct {
	fn.Named
	// Type is the type's name, such as Custom::Seed or MyOrg::MyService::Thing.
	Type string
	// Properties are the resource's properties. Values are as in any free-form position. Nil is
	// none.
	Properties map[string]any
}

// CloudFormationType returns the type's name.
func (u *Untyped) CloudFormationType() string { return u.Type }

// AppendValue writes the properties; it is called when the template is written.
func (u *Untyped) AppendValue(dst []byte) ([]byte, error) {
	if u.Properties == nil {
		return append(dst, "{}"...), nil
	}
	return fn.Append(dst, u.Properties)
}
