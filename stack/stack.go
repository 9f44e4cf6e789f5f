package stack

// A Stack is a template with a name and what it is deployed with: the unit of deployment. It is
// data; the executor deploys it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacks.html
type Stack struct {
	// Name is the stack's name: 1 to 128 letters, digits and hyphens, beginning with a letter.
	Name string
	// Template is what the stack is made of.
	Template *Template
	// Parameters are values for the template's parameters. One that is not named here keeps the
	// value that the deployed stack has, or else takes its default.
	Parameters map[string]string
	// Inputs are parameters whose values are outputs of other stacks: these are deployed first, and
	// the executor hands the values over. A parameter stands here or in Parameters, not in both.
	Inputs map[string]OutputRef
	// Tags are put on the stack and on the resources in it that take tags. Nil keeps those of the
	// deployed stack; an empty map removes them.
	Tags map[string]string
	// Environment is where the stack is deployed, in a set of stacks for several regions or accounts. What
	// it leaves out is as for the whole set: the zero value is the set's own place.
	Environment Environment
	// DependsOn are stacks that must be deployed before this one, beside those whose values it uses.
	DependsOn []*Stack
}

// Label is what the stack is called among others: its name, and where it is deployed if that is its
// own choice, as in "jobs (eu-west-1)".
func (s *Stack) Label() string {
	if place := s.Environment.String(); place != "" {
		return s.Name + " (" + place + ")"
	}
	return s.Name
}
