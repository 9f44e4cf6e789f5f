package stack

import (
	"errors"
	"fmt"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// An Output is a value that a stack gives back, and may export for other stacks of its account and
// region.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
type Output struct {
	fn.Extra

	// Description is up to 1,024 bytes of text.
	Description string
	// Value is what is given back. It is required.
	Value fn.String
	// Export is the name under which the value is exported. "" exports nothing.
	Export fn.String
	// Condition, if it is set, makes the output only where it is true.
	Condition fn.Condition
	// Loop, if it is set, makes this an Fn::ForEach: see [Template.ForEachOutput]. Nothing else is
	// used then.
	Loop *Loop
}

// Output adds an output. A name that is taken is reported when the template is written.
func (t *Template) Output(name string, o Output) {
	add(t, &t.Outputs, "Outputs", name, &o)
}

// Export adds an output that is exported under exportName and returns the export, which other
// templates import. A name that is taken is reported when the template is written.
//
//	vpc := t.Export("VpcId", fn.StackName+"-vpc-id", stack.Output{Value: id.Ref()})
func (t *Template) Export(name string, exportName fn.String, o Output) *Export {
	o.Export = exportName
	t.Output(name, o)
	return &Export{template: t, output: name}
}

// An Export is an exported output of a template: the end of a reference between stacks that gives.
type Export struct {
	template *Template
	output   string
}

// Import is the exported value, for use in another template. It can be given only for an export
// whose name is literal; where the name holds expressions, it depends on the stack that exports:
// use [Export.ImportFrom].
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
func (e *Export) Import() fn.String {
	if !e.isMade() {
		return fn.Fail[fn.String](errNoExport)
	}
	name := e.name()
	if _, ok := name.Literal(); !ok {
		return fn.Fail[fn.String](fmt.Errorf("the name of the export %s depends on the stack that exports it; use ImportFrom with that stack", e.output))
	}
	return fn.ImportValue(name)
}

// ImportFrom is the value as a given stack exports it: the export's name is worked out from the
// stack's name and parameters.
func (e *Export) ImportFrom(s *Stack) fn.String {
	if !e.isMade() {
		return fn.Fail[fn.String](errNoExport)
	}
	if s == nil {
		return fn.Fail[fn.String](fmt.Errorf("the export %s of a stack that is nil; give the stack that exports it", e.output))
	}
	name, err := s.exportName(e)
	if err != nil {
		return fn.Fail[fn.String](err)
	}
	return fn.ImportValue(fn.String(name))
}

var errNoExport = errors.New("an export that was not made; use what Template.Export returns")

func (e *Export) isMade() bool { return e != nil && e.template != nil }

func (e *Export) name() fn.String {
	o, _ := e.template.Outputs.Get(e.output)
	return o.Export
}
