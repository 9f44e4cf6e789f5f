// Package stack holds CloudFormation's nouns: a [Template] with its parameters, mappings,
// conditions, resources and outputs; a [Stack], which is a template with a name; the [Status] of
// one, and the [Event]s in its life. Nothing here talks to a cloud, and nothing has a clock.
//
// A template is built by calls, or read with [Parse]; it is written as JSON or YAML, and [Diff] says
// what changes from one to another.
//
//	t := &stack.Template{Description: "a queue"}
//	queue := stack.Add(t, "Jobs", &sqs.Queue{VisibilityTimeout: fn.Int(30)})
//	t.Output("URL", stack.Output{Value: queue.Ref()})
//	body, err := t.JSON()
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
package stack

import (
	"fmt"

	"github.com/updraft-go/updraft/internal/tree"
	fn "github.com/updraft-go/updraft/intrinsics"
)

// A Template describes the resources of a stack. The zero value is an empty template, ready to be
// filled. Sections keep the order in which they were filled, and the same calls give the same
// bytes. A Template is not safe for concurrent writes.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
type Template struct {
	// FormatVersion is AWSTemplateFormatVersion. "" leaves it out, which CloudFormation takes as
	// the only version there is, 2010-09-09.
	FormatVersion string
	// Description is up to 1,024 bytes of text about the template.
	Description string
	// Metadata is free-form: structs such as [Metadata], maps, lists and the values of package
	// intrinsics. Nil is none.
	Metadata any
	// Transforms are the macros that process the template, such as AWS::LanguageExtensions. For
	// those that take parameters see [Template.Transform].
	Transforms []string
	// Globals are SAM's defaults for its resources; free-form. Nil is none.
	//
	// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
	Globals any
	// The sections of the template, in order. The methods of Template fill them.
	Parameters Section[*Parameter]
	Rules      Section[*Rule]
	Mappings   Section[Mapping]
	Conditions Section[fn.Condition]
	Resources  Section[*Resource]
	Hooks      Section[*Hook]
	Outputs    Section[*Output]
	// Extra holds sections that this library does not know, by their names.
	fn.Extra

	problems Diagnostics // mistakes in calls that return no error
	source   *tree.Node  // what the template was read from: the order and spelling of what is unchanged
}

// A Mapping is a table of literal values: by a top-level key and a second-level key. The values are
// strings, numbers, booleans, or lists of such.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html
type Mapping map[string]map[string]any

// A MappingRef is a mapping of a template, to look values up in.
type MappingRef struct{ name string }

// Find is the value under the two keys, as Fn::FindInMap.
func (m MappingRef) Find(top, second fn.String) fn.String {
	return fn.FindInMap(fn.String(m.name), top, second)
}

// Mapping adds a mapping. A name that is taken is reported when the template is written.
func (t *Template) Mapping(name string, m Mapping) MappingRef {
	add(t, &t.Mappings, "Mappings", name, m)
	return MappingRef{name: name}
}

// Condition adds a condition and returns it by its name, as resources, outputs, fn.If and other
// conditions take it. A name that is taken is reported when the template is written.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
func (t *Template) Condition(name string, test fn.Condition) fn.Condition {
	add(t, &t.Conditions, "Conditions", name, test)
	return fn.Condition(name)
}

// add sets a value in a section, or notes that its name is taken.
func add[T any](t *Template, s *Section[T], section, name string, value T) {
	if t.isNew(&s.names, section, name) {
		s.add(name, value)
	}
}

// isNew reports whether a section does not have a name yet, and notes it as a mistake if it has.
func (t *Template) isNew(names *nameList, section, name string) bool {
	if names.place(name) < 0 {
		return true
	}
	t.problems = append(t.problems, Diagnostic{
		Code: "duplicate-name", Path: section + "." + name,
		Summary: fmt.Sprintf("the name %q stands twice in %s", name, section),
		Cure:    "give one of them another name",
	})
	return false
}
