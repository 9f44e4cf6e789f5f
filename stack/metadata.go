package stack

import fn "github.com/updraft-go/updraft/intrinsics"

// Metadata is a template's metadata with what CloudFormation itself reads of it, typed. Other keys
// go into Extra.
//
//	t.Metadata = &stack.Metadata{Interface: &stack.Interface{…}}
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/metadata-section-structure.html
type Metadata struct {
	fn.Extra

	// Interface says how the console shows the parameters. Nil is none.
	Interface *Interface `cfn:"AWS::CloudFormation::Interface"`
}

// An Interface groups, orders and labels parameters where people fill them in.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-interface.html
type Interface struct {
	fn.Extra

	// ParameterGroups are the groups, in order. Parameters that are in none come last.
	ParameterGroups []ParameterGroup
	// ParameterLabels are what is shown instead of the names of parameters, by those names.
	ParameterLabels map[string]Label
}

// A ParameterGroup is a labelled list of parameters, by their names.
type ParameterGroup struct {
	fn.Extra

	Label      *Label
	Parameters []fn.String
}

// A Label is a text that is shown. Default is the text in the only language there is.
type Label struct {
	Default fn.String `cfn:"default"`
}
