package sam

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// A policySet are the policies of a role.
type policySet struct {
	managed []*tree.Node
	inline  []*tree.Node
}

func (p *policySet) manage(arns ...*tree.Node) {
	for _, arn := range arns {
		if !slices.ContainsFunc(p.managed, func(have *tree.Node) bool { return tree.Equal(have, arn) }) {
			p.managed = append(p.managed, arn)
		}
	}
}

// role makes the role of a function or state machine.
func (x *expansion) role(h *handler, id, service, mark string, p *policySet) {
	s := h.source
	trust := s.props.Get("AssumeRolePolicyDocument")
	if trust == nil {
		trust = object("Version", "2012-10-17", "Statement", list(object(
			"Action", list("sts:AssumeRole"), "Effect", "Allow", "Principal", object("Service", list(service)))))
	}
	props := object("AssumeRolePolicyDocument", trust)
	if len(p.managed) > 0 {
		props = with(props, "ManagedPolicyArns", tree.ListOf(p.managed...))
	}
	if len(p.inline) > 0 {
		props = with(props, "Policies", tree.ListOf(p.inline...))
	}
	props = with(props, "Path", s.props.Get("RolePath"))
	props = with(props, "PermissionsBoundary", s.props.Get("PermissionsBoundary"))
	props = with(props, "Tags", tags(mark, s.props.Get("Tags")))
	x.add(s, id, "AWS::IAM::Role", props)
}

// functionPolicies are those that a function needs, and those that it asks for.
func (x *expansion) functionPolicies(h *handler) *policySet {
	p := &policySet{}
	p.manage(x.managedARN("AWSLambdaBasicExecutionRole"))
	if mode, _ := x.literal(h.props.Get("Tracing")); mode == "Active" {
		p.manage(x.managedARN("AWSXRayDaemonWriteAccess"))
	}
	if h.props.Get("VpcConfig") != nil {
		p.manage(x.managedARN("AWSLambdaVPCAccessExecutionRole"))
	}
	for _, name := range h.managed {
		p.manage(x.managedARN(name))
	}
	x.policies(h.source, h.id+"Role", p)
	p.inline = append(p.inline, h.inline...)
	return p
}

// policies reads the property Policies: names and ARNs of managed policies, documents, and templates.
func (x *expansion) policies(s *source, role string, p *policySet) {
	given := s.props.Get("Policies")
	items := given.Items()
	if !given.Is(tree.List) && given != nil {
		items = []*tree.Node{given}
	}
	for i, one := range items {
		name := role + "Policy" + itoa(i)
		switch {
		case one.Is(tree.String):
			p.manage(x.managedARN(one.Text))
		case isFunction(one):
			p.manage(one)
		case one.Get("Statement") != nil:
			p.inline = append(p.inline, object("PolicyName", name, "PolicyDocument", one))
		case one.Is(tree.Map) && len(one.Map) == 1:
			if document := x.template(s, one.Map[0].Key, one.Map[0].Value); document != nil {
				p.inline = append(p.inline, object("PolicyName", name, "PolicyDocument", document))
			}
		default:
			x.fail(s.id, "Policy at index '"+itoa(i)+"' in the 'Policies' property is not valid")
		}
	}
}

// servicePolicies are managed policies of AWS's whose path is service-role, beside those of Lambda for
// execution roles.
var servicePolicies = []string{"AWSLambdaRole", "AWSLambdaENIManagementAccess", "AmazonAPIGatewayPushToCloudWatchLogs", "AWSLambdaDynamoDBExecutionRole"}

// managedARN is the ARN of a managed policy of AWS's by its name; what is none is returned as it is.
func (x *expansion) managedARN(name string) *tree.Node {
	switch {
	case strings.HasPrefix(name, "arn:"):
		return tree.Text(name)
	case strings.HasPrefix(name, "AWSLambda") && strings.HasSuffix(name, "ExecutionRole"), slices.Contains(servicePolicies, name):
		name = "service-role/" + name
	}
	return tree.Text("arn:" + x.Partition + ":iam::aws:policy/" + name)
}

func statement(actions *tree.Node, resources ...any) *tree.Node {
	resource := list(resources...)
	if len(resource.List) == 1 {
		resource = resource.List[0]
	}
	return object("Effect", "Allow", "Action", actions, "Resource", resource)
}

func document(statements ...*tree.Node) *tree.Node {
	return object("Version", "2012-10-17", "Statement", tree.ListOf(statements...))
}

func inlinePolicy(name string, statements ...*tree.Node) *tree.Node {
	return object("PolicyName", name, "PolicyDocument", document(statements...))
}
