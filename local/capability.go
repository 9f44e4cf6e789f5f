package local

import (
	"slices"
	"strings"
)

// The capabilities that a caller must acknowledge.
const (
	capabilityIAM      = "CAPABILITY_IAM"
	capabilityNamedIAM = "CAPABILITY_NAMED_IAM"
	// capabilityAutoExpand acknowledges transforms.
	capabilityAutoExpand = "CAPABILITY_AUTO_EXPAND"
)

// identityTypes are the resource types that need a capability, with the property that names one.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
var identityTypes = map[string]string{
	"AWS::IAM::AccessKey":           "",
	"AWS::IAM::Group":               "GroupName",
	"AWS::IAM::InstanceProfile":     "InstanceProfileName",
	"AWS::IAM::ManagedPolicy":       "ManagedPolicyName",
	"AWS::IAM::Policy":              "",
	"AWS::IAM::Role":                "RoleName",
	"AWS::IAM::User":                "UserName",
	"AWS::IAM::UserToGroupAddition": "",
}

// neededCapability returns the capability that a template needs, "" if none, and the types that
// need it, sorted.
func neededCapability(t *template) (capability string, types []string) {
	for _, d := range t.resources {
		name, ok := identityTypes[d.typ]
		if !ok {
			continue
		}
		if capability == "" {
			capability = capabilityIAM
		}
		if name != "" && d.properties().Get(name) != nil {
			capability = capabilityNamedIAM
		}
		if !slices.Contains(types, d.typ) {
			types = append(types, d.typ)
		}
	}
	slices.Sort(types)
	return capability, types
}

func checkCapabilities(t *template, given []string) error {
	for _, c := range given {
		if c != capabilityIAM && c != capabilityNamedIAM && c != capabilityAutoExpand {
			return invalid("1 validation error detected: Value '[%s]' at 'capabilities' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND]]", strings.Join(given, ", "))
		}
	}
	needed, _ := neededCapability(t)
	if needed == "" || slices.Contains(given, needed) || slices.Contains(given, capabilityNamedIAM) {
		return nil
	}
	return insufficientCapabilities(needed)
}
