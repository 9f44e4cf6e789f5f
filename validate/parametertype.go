package validate

import (
	"slices"
	"strings"
)

// awsParameters are the types whose values CloudFormation looks up in the account.
var awsParameters = []string{
	"AWS::EC2::AvailabilityZone::Name", "AWS::EC2::Image::Id", "AWS::EC2::Instance::Id", "AWS::EC2::KeyPair::KeyName",
	"AWS::EC2::SecurityGroup::GroupName", "AWS::EC2::SecurityGroup::Id", "AWS::EC2::Subnet::Id", "AWS::EC2::VPC::Id",
	"AWS::EC2::Volume::Id", "AWS::Route53::HostedZone::Id",
}

var plainParameters = []string{"String", "Number", "CommaDelimitedList", "List<Number>", "List<String>"}

// parameterTypes returns the types that a parameter may have, without those of Systems Manager.
func parameterTypes() []string {
	types := slices.Clone(plainParameters)
	for _, t := range awsParameters {
		types = append(types, t, "List<"+t+">")
	}
	return append(types, "AWS::SSM::Parameter::Name")
}

func knownParameterType(t string) bool {
	if inner, ok := strings.CutPrefix(t, "AWS::SSM::Parameter::Value<"); ok {
		inner, closed := strings.CutSuffix(inner, ">")
		return closed && knownInner(inner)
	}
	return t == "AWS::SSM::Parameter::Name" || knownInner(t)
}

func knownInner(t string) bool {
	if slices.Contains(plainParameters, t) {
		return true
	}
	if inner, ok := strings.CutPrefix(t, "List<"); ok {
		t = strings.TrimSuffix(inner, ">")
	}
	return slices.Contains(awsParameters, t)
}

// isListType reports whether the value of a parameter of that type is a list.
func isListType(t string) bool {
	inner := strings.TrimSuffix(strings.TrimPrefix(t, "AWS::SSM::Parameter::Value<"), ">")
	return inner == "CommaDelimitedList" || strings.HasPrefix(inner, "List<")
}
