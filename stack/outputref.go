package stack

import (
	"fmt"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// An OutputRef is an output of a stack, as another stack uses it. How strong the bond is, is the
// writer's choice:
//
//   - [Export.ImportFrom] is strong: CloudFormation refuses to change or delete the value while it
//     is imported.
//   - [OutputRef.Weak] is weak: the value is read when the stack that asks is deployed.
//   - [Stack.Inputs] hands the value over as a parameter: the executor reads it, CloudFormation
//     knows nothing of the bond, and the two stacks may be in different regions and accounts.
//
// The zero value refers to nothing, and is an error where it is used.
type OutputRef struct {
	// Stack is the stack that has the output.
	Stack *Stack
	// Name is the output's logical ID.
	Name string
}

// Output refers to an output of the stack by its logical ID.
func (s *Stack) Output(name string) OutputRef { return OutputRef{Stack: s, Name: name} }

// Weak is the output as Fn::GetStackOutput, with the region if the stack's Environment names one.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
func (r OutputRef) Weak() fn.String {
	if err := r.check(); err != nil {
		return fn.Fail[fn.String](err)
	}
	return fn.GetStackOutput(fn.StackOutput{
		StackName: fn.String(r.Stack.Name), OutputName: fn.String(r.Name), Region: fn.String(r.Stack.Environment.Region),
	})
}

// check finds a reference that cannot hold.
func (r OutputRef) check() error {
	if r.Stack == nil || r.Stack.Template == nil {
		return fmt.Errorf("a reference to the output %q of no stack; make it with the stack's Output method", r.Name)
	}
	if _, ok := r.Stack.Template.Outputs.Get(r.Name); !ok {
		return fmt.Errorf("stack %s has no output %q; add it to its template, or use the name of one that is there", r.Stack.Name, r.Name)
	}
	return nil
}
