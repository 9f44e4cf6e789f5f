package stack

import fn "github.com/updraft-go/updraft/intrinsics"

// A Rule checks the values of parameters before anything is made.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
type Rule struct {
	fn.Extra

	// RuleCondition says when the rule applies. "" is always.
	RuleCondition fn.Condition
	// Assertions are what must then be true.
	Assertions []Assertion
}

// An Assertion is a test that must be true, and what a user reads if it is not.
type Assertion struct {
	Assert            fn.Condition
	AssertDescription fn.String
}

// Rule adds a rule. A name that is taken is reported when the template is written.
func (t *Template) Rule(name string, r Rule) { add(t, &t.Rules, "Rules", name, &r) }

// A Hook is an entry of the Hooks section, such as a blue/green deployment through CodeDeploy.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/blue-green.html
type Hook struct {
	fn.Extra

	// Type is the hook's type, such as AWS::CodeDeploy::BlueGreen.
	Type string
	// Properties are free-form. Nil is none.
	Properties any
}
