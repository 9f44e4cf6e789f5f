package validate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

var policyRules = []Rule{
	{"policy", fails, "a policy document is a map with statements"},
	{"policy-version", fails, "the version of a policy is 2012-10-17 or 2008-10-17"},
	{"policy-element", fails, "a policy and its statements have only the elements of the policy language"},
	{"policy-effect", fails, "a statement has the Effect Allow or Deny"},
	{"policy-action", fails, "a statement has one of Action and NotAction"},
	{"policy-action-syntax", fails, "an action is a service and an operation, or *"},
	{"policy-resource", fails, "a statement has one of Resource and NotResource where its kind of policy needs one"},
	{"policy-resource-syntax", fails, "a resource is an ARN, or *"},
	{"policy-resource-trust", fails, "a trust policy names no Resource"},
	{"policy-principal", fails, "a policy of a resource names a Principal"},
	{"policy-principal-identity", fails, "a policy of an identity names no Principal"},
	{"policy-principal-syntax", fails, "a principal is *, or a map of AWS, Service, Federated and CanonicalUser"},
	{"policy-sid", fails, "the Sid of an IAM policy has letters and digits only"},
	{"policy-sid-twice", fails, "the Sid of a statement stands once in its policy"},
	{"policy-condition", fails, "a condition of a policy has operators that exist, each with a map"},
	{"policy-size", fails, "a managed policy has at most 6,144 characters"},
	{"policy-trust-action", warns, "a trust policy allows actions of sts"},
	{"policy-everything", warns, "a policy does not allow everything on everything"},
}

// A policyKind says to what a policy is attached.
type policyKind uint8

const (
	identityPolicy policyKind = iota
	resourcePolicy
	trustPolicy
)

// document checks free JSON where it is known to be a policy.
func (v *properties) document(p *place, n *tree.Node, prop *schema.Property) {
	if n.Kind != tree.Map {
		return
	}
	service := v.t.Service()
	switch {
	case prop.Name == "AssumeRolePolicyDocument" && service == "IAM":
		v.policy(p, n, trustPolicy)
	case service == "IAM" && prop.Name == "PolicyDocument":
		v.policy(p, n, identityPolicy)
	case prop.Name == "KeyPolicy" || prop.Name == "RepositoryPolicyText" || prop.Name == "PolicyDocument" && slices.Contains([]string{"S3", "SQS", "SNS", "Backup", "ECR"}, service):
		v.policy(p, n, resourcePolicy)
	case prop.Name == "ResourcePolicy" && service == "SecretsManager":
		v.policy(p, n, resourcePolicy)
	}
}

var statementElements = []string{
	"Action", "Condition", "Effect", "NotAction", "NotPrincipal", "NotResource", "Principal", "Resource", "Sid",
}

func (v *properties) policy(p *place, n *tree.Node, kind policyKind) {
	if _, _, function := n.Function(); function {
		return
	}
	for _, m := range n.Map {
		if m.Key != "Version" && m.Key != "Id" && m.Key != "Statement" && !strings.HasPrefix(m.Key, "Fn::") {
			v.report("policy-element", p.in(m.Key), m.Value, fmt.Sprintf("a policy has no element %q", m.Key), nearest(m.Key, []string{"Version", "Id", "Statement"}, "leave it out"))
		}
	}
	if version := n.Get("Version"); version.Is(tree.String) && version.Text != "2012-10-17" && version.Text != "2008-10-17" {
		v.report("policy-version", p.in("Version"), version, fmt.Sprintf("%s is no version of the policy language", shown(version.Text)), `use "2012-10-17"`)
	}
	statements := n.Get("Statement")
	if statements == nil && len(n.Map) > 0 && !hasTransform(n) {
		v.report("policy", p, n, "the policy has no Statement", "add one")
	}
	if statements == nil {
		return
	}
	if v.t.Name == "AWS::IAM::ManagedPolicy" && len(n.JSON()) > 2*6144 {
		v.report("policy-size", p, n, fmt.Sprintf("the policy has %d characters; at most 6144 count", len(n.JSON())), "split it")
	}
	v.statements(p.in("Statement"), statements, kind)
}

// statements checks one statement, or a list of them.
func (v *properties) statements(q *place, statements *tree.Node, kind policyKind) {
	if statements.Is(tree.Map) {
		v.statement(q, statements, kind)
		return
	}
	if !statements.Is(tree.List) {
		v.report("policy", q, statements, "Statement is "+kindOf(statements), "give a list of statements")
	}
	seen := map[string]bool{}
	for i, s := range statements.Items() {
		v.statement(q.item(i), s, kind)
		if sid := s.Get("Sid"); sid.Is(tree.String) && sid.Text != "" {
			if seen[sid.Text] {
				v.report("policy-sid-twice", q.item(i).in("Sid"), sid, fmt.Sprintf("the Sid %s stands twice", shown(sid.Text)), "change one")
			}
			seen[sid.Text] = true
		}
	}
}

func (v *properties) statement(p *place, n *tree.Node, kind policyKind) {
	if name, arg, function := n.Function(); function {
		if name == "Fn::If" && len(arg.Items()) == 3 {
			for i, arm := range arg.List[1:] {
				if !isNoValue(arm) {
					v.statement(p.in(name).item(i+1), arm, kind)
				}
			}
		}
		return
	}
	if n.Kind != tree.Map {
		v.report("policy", p, n, "a statement is "+kindOf(n), "give a map with Effect, Action and Resource")
		return
	}
	if hasTransform(n) {
		return
	}
	for _, m := range n.Map {
		if !slices.Contains(statementElements, m.Key) {
			v.report("policy-element", p.in(m.Key), m.Value, fmt.Sprintf("a statement has no element %q", m.Key), nearest(m.Key, statementElements, "leave it out"))
		}
	}
	v.effect(p, n)
	v.actions(p, n, kind)
	v.principals(p, n, kind)
	v.policyResources(p, n, kind)
	v.policyConditions(p.in("Condition"), n.Get("Condition"))
	if sid := n.Get("Sid"); v.t.Service() == "IAM" && sid.Is(tree.String) && sid.Text != "" && !alphanumeric(sid.Text) {
		v.report("policy-sid", p.in("Sid"), sid, fmt.Sprintf("the Sid %s has other characters than letters and digits", shown(sid.Text)), "leave them out")
	}
	if kind == identityPolicy && n.Get("Effect").Str() == "Allow" && n.Get("Condition") == nil && isStar(n.Get("Action")) && isStar(n.Get("Resource")) {
		v.report("policy-everything", p, n, "the statement allows everything on everything", "name the actions and resources")
	}
}

func isStar(n *tree.Node) bool {
	if items := n.Items(); len(items) == 1 {
		n = items[0]
	}
	return n.Str() == "*"
}

func (v *properties) effect(p *place, n *tree.Node) {
	effect := n.Get("Effect")
	if effect == nil {
		v.report("policy-effect", p, n, "the statement has no Effect", "set it to Allow or Deny")
		return
	}
	if text, ok := effect.Scalar(); ok && text != "Allow" && text != "Deny" {
		v.report("policy-effect", p.in("Effect"), effect, fmt.Sprintf("the Effect is %s", shown(text)), "set it to Allow or Deny")
	}
}

// each calls do for a value, or for each element of it if it is a list.
func each(p *place, n *tree.Node, do func(p *place, n *tree.Node)) {
	if n == nil {
		return
	}
	if n.Kind != tree.List {
		do(p, n)
		return
	}
	for i, item := range n.List {
		do(p.item(i), item)
	}
}

var actionSyntax = regexp.MustCompile(`^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?_-]+)$`)

func (v *properties) actions(p *place, n *tree.Node, kind policyKind) {
	action, not := n.Get("Action"), n.Get("NotAction")
	switch {
	case action == nil && not == nil:
		v.report("policy-action", p, n, "the statement has neither Action nor NotAction", "say which actions it is about")
	case action != nil && not != nil:
		v.report("policy-action", p.in("NotAction"), not, "the statement has both Action and NotAction", "leave one out")
	}
	for _, name := range []string{"Action", "NotAction"} {
		each(p.in(name), n.Get(name), func(p *place, n *tree.Node) {
			text, ok := n.Scalar()
			if !ok {
				return
			}
			if !actionSyntax.MatchString(text) {
				v.report("policy-action-syntax", p, n, fmt.Sprintf("%s is no action", shown(text)), "write it as in s3:GetObject")
			} else if kind == trustPolicy && text != "*" && !strings.HasPrefix(strings.ToLower(text), "sts:") {
				v.report("policy-trust-action", p, n, fmt.Sprintf("a trust policy allows %s", shown(text)), "it is about sts:AssumeRole and its kin; put other actions into a policy of the role")
			}
		})
	}
}

var principalKinds = []string{"AWS", "CanonicalUser", "Federated", "Service"}

func (v *properties) principals(p *place, n *tree.Node, kind policyKind) {
	principal, not := n.Get("Principal"), n.Get("NotPrincipal")
	one := principal
	if one == nil {
		one = not
	}
	switch {
	case kind == identityPolicy && one != nil:
		v.report("policy-principal-identity", p.in("Principal"), one, "a policy of an identity names a Principal", "leave it out; the identity is the principal")
		return
	case kind != identityPolicy && one == nil:
		v.report("policy-principal", p, n, "the statement names no Principal", "say who may do it")
		return
	}
	q := p.in("Principal")
	if text, ok := principal.Scalar(); ok && text != "*" {
		v.report("policy-principal-syntax", q, principal, fmt.Sprintf("the Principal is %s", shown(text)), `write it as in {"AWS": "arn:…"} or {"Service": "ecs.amazonaws.com"}`)
	}
	if _, _, function := principal.Function(); function {
		return
	}
	for _, m := range principal.Members() {
		if !slices.Contains(principalKinds, m.Key) && !strings.HasPrefix(m.Key, "Fn::") {
			v.report("policy-principal-syntax", q.in(m.Key), m.Value, fmt.Sprintf("%q is no kind of principal", m.Key), nearest(m.Key, principalKinds, "the kinds are "+strings.Join(principalKinds, ", ")))
		}
		if m.Key == "Service" {
			each(q.in(m.Key), m.Value, func(p *place, n *tree.Node) {
				if n.Is(tree.String) && n.Text != "*" && !strings.Contains(n.Text, ".") {
					v.report("policy-principal-syntax", p, n, fmt.Sprintf("%s is no service", shown(n.Text)), "write it as in ecs.amazonaws.com")
				}
			})
		}
	}
}

func (v *properties) policyResources(p *place, n *tree.Node, kind policyKind) {
	resource, not := n.Get("Resource"), n.Get("NotResource")
	switch {
	case kind == trustPolicy && (resource != nil || not != nil):
		v.report("policy-resource-trust", p.in("Resource"), n, "a trust policy names a Resource", "leave it out; the role is the resource")
		return
	case kind == identityPolicy && resource == nil && not == nil:
		v.report("policy-resource", p, n, "the statement has neither Resource nor NotResource", "say which resources it is about")
	case resource != nil && not != nil:
		v.report("policy-resource", p.in("NotResource"), not, "the statement has both Resource and NotResource", "leave one out")
	}
	if kind == trustPolicy {
		return
	}
	for _, name := range []string{"Resource", "NotResource"} {
		each(p.in(name), n.Get(name), func(p *place, n *tree.Node) {
			text, ok := n.Scalar()
			if ok && !strings.HasPrefix(text, "*") && !strings.HasPrefix(text, "arn:") && !strings.HasPrefix(text, "${") && !strings.Contains(text, "{{resolve:") && !(v.t.Service() != "IAM" && !strings.Contains(text, " ")) {
				v.report("policy-resource-syntax", p, n, fmt.Sprintf("%s is no ARN", shown(text)), "write it as in arn:aws:s3:::bucket/*, or use *")
			}
		})
	}
}

var conditionOperators = []string{
	"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "BinaryEquals", "Bool", "DateEquals", "DateGreaterThan",
	"DateGreaterThanEquals", "DateLessThan", "DateLessThanEquals", "DateNotEquals", "IpAddress", "NotIpAddress", "Null",
	"NumericEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "NumericLessThan", "NumericLessThanEquals",
	"NumericNotEquals", "StringEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotEquals",
	"StringNotEqualsIgnoreCase", "StringNotLike",
}

func (v *properties) policyConditions(p *place, n *tree.Node) {
	if _, _, function := n.Function(); function || n == nil {
		return
	}
	if n.Kind != tree.Map {
		v.report("policy-condition", p, n, "the condition of a statement is "+kindOf(n), "give a map of operators")
		return
	}
	for _, m := range n.Map {
		name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(m.Key, "ForAnyValue:"), "ForAllValues:"), "IfExists")
		switch {
		case strings.HasPrefix(name, "Fn::"):
		case !slices.ContainsFunc(conditionOperators, func(o string) bool { return strings.EqualFold(o, name) }):
			v.report("policy-condition", p.in(m.Key), m.Value, fmt.Sprintf("%q is no operator of conditions", m.Key), nearest(name, conditionOperators, "see IAM's manual for the operators"))
		case m.Value.Kind != tree.Map:
			v.report("policy-condition", p.in(m.Key), m.Value, fmt.Sprintf("the operator %s holds %s", m.Key, kindOf(m.Value)), "give it a map from keys to values")
		}
	}
}
