package local

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// A rule is what a service demands of a resource beyond its schema.
type rule struct {
	// why says why a resource cannot be, "" if it can.
	why func(properties *tree.Node) string
	// late says that the service finds out only when the resource has its physical ID, and then cannot
	// delete it either.
	late bool
}

var rules = map[string]rule{
	"AWS::IAM::Policy": {why: policyHasPrincipal, late: true},
	"AWS::SNS::Topic":  {why: topicName},
}

// against says why a service refuses an action, "" if it does not, and whether it has given the
// resource its physical ID by then.
func (a Action) against(r *resource) (why string, late bool) {
	rule, ok := rules[r.typ]
	if !ok || a == Delete && !rule.late {
		return "", false
	}
	return rule.why(r.live()), rule.late
}

// policyHasPrincipal: an inline policy is a part of a group, role or user, and is nowhere without one.
func policyHasPrincipal(properties *tree.Node) string {
	for _, name := range []string{"Groups", "Roles", "Users"} {
		if len(properties.Get(name).Items()) > 0 {
			return ""
		}
	}
	return "At least one of [Groups,Roles,Users] must be non-empty."
}

// topicName: the name of a FIFO topic ends with .fifo, and no other does.
func topicName(properties *tree.Node) string {
	name := properties.Get("TopicName").Str()
	fifo := properties.Get("FifoTopic").Str() == "true"
	if name == "" || fifo == strings.HasSuffix(name, fifoSuffix) {
		return ""
	}
	return "Invalid parameter: Topic Name"
}
