package executor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// named maps the types that need CAPABILITY_IAM to the property that gives the resource a name of
// its own, and so asks for CAPABILITY_NAMED_IAM. It is never written.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html
var named = map[string]string{
	"AWS::IAM::AccessKey":           "",
	"AWS::IAM::Group":               "GroupName",
	"AWS::IAM::GroupPolicy":         "",
	"AWS::IAM::InstanceProfile":     "InstanceProfileName",
	"AWS::IAM::ManagedPolicy":       "ManagedPolicyName",
	"AWS::IAM::Policy":              "",
	"AWS::IAM::Role":                "RoleName",
	"AWS::IAM::RolePolicy":          "",
	"AWS::IAM::User":                "UserName",
	"AWS::IAM::UserPolicy":          "",
	"AWS::IAM::UserToGroupAddition": "",
}

// needs returns the capabilities that a template needs. What macros and nested templates hold is
// not to be seen from here, so for these all that they might need.
func needs(template *tree.Node) []types.Capability {
	iam, name := false, false
	expand := template.Get("Transform") != nil || contains(template, "Fn::Transform")
	for _, m := range template.Get("Resources").Members() {
		kind := m.Value.Get("Type").Str()
		property, isIAM := named[kind]
		iam = iam || isIAM
		name = name || property != "" && m.Value.At("Properties", property) != nil
		expand = expand || kind == "AWS::CloudFormation::Stack"
	}
	switch {
	case expand:
		return []types.Capability{types.CapabilityCapabilityNamedIam, types.CapabilityCapabilityAutoExpand}
	case name:
		return []types.Capability{types.CapabilityCapabilityNamedIam}
	case iam:
		return []types.Capability{types.CapabilityCapabilityIam}
	}
	return nil
}

// grant returns the capabilities to send: those that the template needs, if the caller granted them.
// Granted nil grants all.
func grant(stackName string, needed, granted []types.Capability) ([]types.Capability, stack.Diagnostics) {
	if granted == nil {
		return needed, nil
	}
	var missing []string
	for _, n := range needed {
		covered := slices.Contains(granted, n) ||
			n == types.CapabilityCapabilityIam && slices.Contains(granted, types.CapabilityCapabilityNamedIam)
		if !covered {
			missing = append(missing, string(n))
		}
	}
	if len(missing) > 0 {
		return nil, stack.Diagnostics{{
			Code: "capability", Stack: stackName,
			Summary: fmt.Sprintf("the template needs %s, which was not granted", strings.Join(missing, " and ")),
			Cure:    "add it to Options.Capabilities, or leave these nil to grant what the template needs",
		}}
	}
	return granted, nil
}
