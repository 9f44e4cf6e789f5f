package stacktest

import (
	"strings"
	"testing"

	"github.com/updraft-go/updraft/stack"
)

// An Output describes outputs of a template. The zero value describes all of them; a field that is
// nil takes any.
type Output struct {
	// Name is the output's name or a matcher.
	Name any
	// Value, Description and Export, the name under which it is exported, are patterns.
	Value, Description, Export any
	// Condition is the name of its condition, or a matcher.
	Condition any
}

// HasOutput checks that a template has an output as described, and returns the names of all that are.
func HasOutput(t testing.TB, tpl *stack.Template, want Output, opts *CompareOptions) []string {
	t.Helper()
	body := fields("Value", want.Value, "Description", want.Description, "Condition", want.Condition)
	if want.Export != nil {
		body["Export"] = Object{"Name": want.Export}
	}
	return has(t, tpl, wanted{section: "Outputs", noun: "output", name: want.Name, body: body}, opts)
}

// A Parameter describes parameters of a template. The zero value describes all of them; a field that
// is nil takes any.
type Parameter struct {
	// Name is the parameter's name or a matcher.
	Name any
	// Type is the type, such as String or List<AWS::EC2::Subnet::Id>. "" takes any.
	Type string
	// Default is a pattern for the default value.
	Default any
	// Attributes are patterns for what else it says, such as AllowedValues or NoEcho.
	Attributes Object
}

// HasParameter checks that a template has a parameter as described, and returns the names of all that
// are.
func HasParameter(t testing.TB, tpl *stack.Template, want Parameter, opts *CompareOptions) []string {
	t.Helper()
	body := fields("Default", want.Default)
	for k, v := range want.Attributes {
		body[k] = v
	}
	return has(t, tpl, wanted{section: "Parameters", noun: "parameter", kind: want.Type, name: want.Name, body: body}, opts)
}

// HasEntry checks that a section of a template, such as Conditions, Mappings or Rules, has an entry
// of that name, and that it is as a pattern describes. A name that is nil takes any, a pattern that is
// nil too. It returns the names of all that fit.
func HasEntry(t testing.TB, tpl *stack.Template, section string, name, pattern any, opts *CompareOptions) []string {
	t.Helper()
	noun := strings.ToLower(strings.TrimSuffix(section, "s"))
	return has(t, tpl, wanted{section: section, noun: noun, name: name, body: pattern}, opts)
}
