package stack

import (
	"strings"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// A Parameter is a value that is given to a template when it is deployed. The zero value is a
// string without a default.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
type Parameter struct {
	fn.Extra

	// Type is String, Number, CommaDelimitedList, List<Number>, an AWS-specific type such as
	// AWS::EC2::VPC::Id or List<AWS::EC2::Subnet::Id>, or AWS::SSM::Parameter::Value<…>. "" is
	// String, or what the method that adds the parameter says.
	Type string
	// Description is up to 4,000 characters.
	Description string
	// Default is the value if none is given. "" is no default; fn.Empty is an empty one. Lists are
	// written with commas.
	Default fn.String
	// AllowedValues are all the values that are taken. Empty allows any.
	AllowedValues []string
	// AllowedPattern is a regular expression that the whole value must match. "" allows any.
	AllowedPattern string
	// MinLength and MaxLength bound the number of characters. "" is no bound.
	MinLength, MaxLength fn.Integer
	// MinValue and MaxValue bound a number. "" is no bound.
	MinValue, MaxValue fn.Double
	// ConstraintDescription is what a user reads if the value breaks a constraint.
	ConstraintDescription string
	// NoEcho keeps the value out of everything that shows the stack.
	NoEcho bool
}

// IsList reports whether the parameter's value is a list.
func (p *Parameter) IsList() bool {
	inner := strings.TrimSuffix(strings.TrimPrefix(p.Type, "AWS::SSM::Parameter::Value<"), ">")
	return inner == "CommaDelimitedList" || strings.HasPrefix(inner, "List<")
}

// A ParameterRef is a parameter of a template, as a value of type T.
type ParameterRef[T any] struct{ name string }

// Name returns the parameter's name.
func (p ParameterRef[T]) Name() string { return p.name }

// Ref is the parameter's value.
func (p ParameterRef[T]) Ref() T { return fn.RefOf[T](p.name) }

// Parameter adds a parameter whose value is text. A name that is taken is reported when the
// template is written.
func (t *Template) Parameter(name string, p Parameter) ParameterRef[fn.String] {
	return ParameterOf[fn.String](t, name, "String", p)
}

// NumberParameter adds a parameter whose value is a whole number; its Type is Number if it is "".
func (t *Template) NumberParameter(name string, p Parameter) ParameterRef[fn.Integer] {
	return ParameterOf[fn.Integer](t, name, "Number", p)
}

// ListParameter adds a parameter whose value is a list; its Type is CommaDelimitedList if it is "".
func (t *Template) ListParameter(name string, p Parameter) ParameterRef[[]fn.String] {
	return ParameterOf[[]fn.String](t, name, "CommaDelimitedList", p)
}

// ParameterOf adds a parameter whose value is used as a T: fn.Double for a fraction, say. kind is
// the Type of the parameter where p does not have one. T must be able to carry an expression: see
// [fn.IfOf].
func ParameterOf[T any](t *Template, name, kind string, p Parameter) ParameterRef[T] {
	if p.Type == "" {
		p.Type = kind
	}
	add(t, &t.Parameters, "Parameters", name, &p)
	return ParameterRef[T]{name: name}
}
