package intrinsics

import (
	"fmt"
	"strings"
)

// ToJsonString is {"Fn::ToJsonString": v}: a map or list as text that holds its JSON. v is a map, a
// struct or a list, and may hold expressions. The template needs the transform
// AWS::LanguageExtensions.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ToJsonString.html
func ToJsonString(v any) String { return call[String]("Fn::ToJsonString", v) }

// Length is {"Fn::Length": list}: the number of elements. The template needs the transform
// AWS::LanguageExtensions.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-length.html
func Length[T any](list []T) Integer {
	if list == nil {
		list = []T{}
	}
	return call[Integer]("Fn::Length", list)
}

// FindInMapOr is [FindInMapOf] with the value that stands in where the mapping has none. The
// template needs the transform AWS::LanguageExtensions.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html
func FindInMapOr[T any](mapping, top, second String, otherwise T) T {
	return call[T]("Fn::FindInMap", []any{mapping, top, second, map[string]T{"DefaultValue": otherwise}})
}

// Transform is {"Fn::Transform": {"Name": name, "Parameters": parameters}}: what a macro makes of
// the place in which it stands. parameters may be nil.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
func Transform(name string, parameters map[string]any) String {
	return TransformOf[String](name, parameters)
}

// TransformOf is [Transform] as a value of type T: a list, a nested object, any. T must be a type
// that can carry an expression: see [IfOf].
func TransformOf[T any](name string, parameters map[string]any) T {
	return call[T]("Fn::Transform", struct {
		Name       String
		Parameters map[string]any
	}{String(name), parameters})
}

// ForEach is {"Fn::ForEach::name": [identifier, collection, body]} inside the properties of a
// resource: for each element of collection, the members of body with ${identifier} replaced. It
// goes into an object beside other properties, as its Extra, or stands for a free-form object.
// collection is a list of literals or one expression, such as the Ref to a list parameter. For
// resources, outputs and conditions see the methods of stack.Template. The template needs the
// transform AWS::LanguageExtensions.
//
//	Extra: fn.ForEach("Props", "Name", names, map[string]any{"${Name}Id": fn.Ref("Name")})
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
func ForEach(name, identifier string, collection []String, body map[string]any) Extra {
	if collection == nil {
		collection = []String{}
	}
	return Extra{"Fn::ForEach::" + name: []any{identifier, collection, body}}
}

// A StackOutput names an output of a stack, for [GetStackOutput].
type StackOutput struct {
	// StackName is the stack's name or ARN. It is required.
	StackName String
	// OutputName is the logical ID of the output. It is required.
	OutputName String
	// Region is the region in which the stack is. If it is "", the region of the stack that asks.
	Region String
	// RoleArn is the role that reads the stack, which may be in another account. If it is "", the
	// role that deploys.
	RoleArn String
}

// GetStackOutput is {"Fn::GetStackOutput": o}: the value of an output of another stack, which need
// not be exported. It is a weak reference: it is read when the stack that asks is deployed, and the
// other stack may change or go afterwards.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
func GetStackOutput(o StackOutput) String {
	var missing []string
	if o.StackName == "" {
		missing = append(missing, "StackName")
	}
	if o.OutputName == "" {
		missing = append(missing, "OutputName")
	}
	if missing != nil {
		return String(fail(fmt.Errorf("fn.GetStackOutput without %s; set it", strings.Join(missing, " and "))))
	}
	return call[String]("Fn::GetStackOutput", o)
}
