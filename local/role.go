package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

const typeRole = "AWS::IAM::Role"

// assumable refuses a role that CloudFormation could not assume for a stack: one that is not there, or that
// does not trust CloudFormation. What the role permits is not looked at.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
func (c *Cloud) assumable(roleARN string) error {
	if roleARN == "" {
		return nil
	}
	parts := strings.SplitN(roleARN, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "iam" || !strings.HasPrefix(parts[5], "role/") {
		return invalid("%s is not a valid RoleARN", roleARN)
	}
	role := c.global(parts[4], typeRole, arnName(parts[5]))
	if role == nil || !trusts(trustPolicy(role), "cloudformation.amazonaws.com") {
		return invalid("Role %s is invalid or cannot be assumed", roleARN)
	}
	return nil
}

// trusts reports whether a trust policy lets a service assume the role.
func trusts(document *tree.Node, service string) bool {
	return slices.ContainsFunc(listed(document.Get("Statement")), func(s *tree.Node) bool {
		principal := s.Get("Principal")
		if principal.Is(tree.Map) {
			principal = principal.Get("Service")
		}
		return s.Get("Effect").Str() == "Allow" && slices.ContainsFunc(listed(principal), func(p *tree.Node) bool {
			return p.Str() == service || p.Str() == "*"
		})
	})
}

// listed is the elements of a list, or the one value that IAM takes in its place.
func listed(n *tree.Node) []*tree.Node {
	if n == nil || n.Is(tree.List) {
		return n.Items()
	}
	return []*tree.Node{n}
}
