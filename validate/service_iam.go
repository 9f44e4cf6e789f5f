package validate

import (
	"fmt"
	"strings"
)

func iamChecks() []check {
	return []check{
		{Rule{"iam-policy-attached", fails, "an inline policy is of a user, group or role"}, on("IAM::Policy"), some("", "Groups", "Roles", "Users")},
		{Rule{"iam-path", fails, "a path begins and ends with a slash"}, on("IAM::Role", "IAM::User", "IAM::Group", "IAM::InstanceProfile", "IAM::ManagedPolicy"), textual("", "Path", "write it as in /team/", func(text string) string {
			if strings.HasPrefix(text, "/") && strings.HasSuffix(text, "/") {
				return ""
			}
			return "the path is " + shown(text)
		})},
		{Rule{"iam-profile-roles", fails, "an instance profile has one role"}, on("IAM::InstanceProfile"), most("", "Roles", 1)},
		{Rule{"iam-session", fails, "a session lasts from 3,600 to 43,200 seconds"}, on("IAM::Role"), func(s *subject) {
			v := s.props.get("MaxSessionDuration")
			if n, ok := v.number(); ok && (n < 3600 || n > 43200) {
				s.flag(v, fmt.Sprintf("MaxSessionDuration is %v", n), "use 3600 to 43200")
			}
		}},
		{Rule{"iam-managed-arn", fails, "a managed policy is named by its ARN"}, on("IAM::Role", "IAM::User", "IAM::Group"), func(s *subject) {
			items, _ := s.props.get("ManagedPolicyArns").items()
			for _, v := range items {
				if text, ok := v.text(); ok && !strings.HasPrefix(text, "arn:") {
					s.flag(v, fmt.Sprintf("%s is no ARN", shown(text)), "write it as in arn:aws:iam::aws:policy/ReadOnlyAccess")
				}
			}
		}},
		{Rule{"iam-managed-count", warns, "a role has at most 20 managed policies"}, on("IAM::Role", "IAM::User"), most("", "ManagedPolicyArns", 20)},
		{Rule{"iam-policy-twice", fails, "the name of an inline policy stands once"}, on("IAM::Role", "IAM::User", "IAM::Group"), distinct("Policies[]", "PolicyName")},
		{Rule{"iam-assume-action", warns, "a role can be assumed by somebody"}, on("IAM::Role"), func(s *subject) {
			v := s.props.get("AssumeRolePolicyDocument", "Statement")
			if items, all := v.items(); v.there() && v.n.List != nil && all && len(items) == 0 {
				s.flag(v, "the trust policy has no statement", "allow sts:AssumeRole to somebody")
			}
		}},
	}
}
