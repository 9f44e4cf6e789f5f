package validate

import (
	"fmt"
	"strings"
)

// customTypes stands for all types of custom resources that a template names itself.
const customTypes = "Custom::"

// checkedAs is the name under which the rules about a type are found.
func checkedAs(kind string) string {
	if strings.HasPrefix(kind, customTypes) {
		return customTypes
	}
	return kind
}

// customChecks are about custom resources. That AWS::CloudFormation::CustomResource has a ServiceToken,
// the schema says.
func customChecks() []check {
	return []check{
		{Rule{"custom-service-token", fails, "a custom resource names who provides it"}, []string{customTypes}, func(s *subject) {
			demand(s, s.props, []string{"ServiceToken"}, "the resource is a custom one")
		}},
		{Rule{"custom-service-timeout", fails, "a custom resource is waited for from 1 to 3,600 seconds"}, append(on("CloudFormation::CustomResource"), customTypes), func(s *subject) {
			v := s.props.get("ServiceTimeout")
			text, literal := v.text()
			if n, ok := v.number(); literal && v.there() && (!ok || n < 1 || n > 3600 || n != float64(int(n))) {
				s.flag(v, fmt.Sprintf("ServiceTimeout is %s", shown(text)), "use a number of seconds from 1 to 3600")
			}
		}},
	}
}
