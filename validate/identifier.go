package validate

import (
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

var identifierRules = []Rule{
	{"identifier", fails, "the literal identifier of something in EC2 begins as its kind does"},
	{"resource-name-twice", fails, "two resources of a type do not have one name"},
	{"sub-missing", warns, "text with ${} in it that names something stands in Fn::Sub"},
}

// identifierBegin is how the identifiers begin that a property takes, "" if that is not known.
func identifierBegin(property string) string {
	switch property {
	case "VpcId", "PeerVpcId":
		return "vpc-"
	case "SubnetId", "SubnetIds", "VPCZoneIdentifier":
		return "subnet-"
	case "SecurityGroupIds", "VpcSecurityGroupIds", "VPCSecurityGroups", "SourceSecurityGroupId", "DestinationSecurityGroupId":
		return "sg-"
	case "ImageId":
		return "ami-"
	case "RouteTableId":
		return "rtb-"
	case "InternetGatewayId":
		return "igw-"
	case "NatGatewayId":
		return "nat-"
	case "NetworkAclId":
		return "acl-"
	}
	return ""
}

// identifier checks a literal identifier by how it begins.
func (v *properties) identifier(p *place, n *tree.Node, prop *schema.Property, text string) {
	switch v.t.Service() {
	case "EC2", "ElasticLoadBalancingV2", "ECS", "AutoScaling", "Lambda", "RDS", "EFS", "ElastiCache":
	default:
		return
	}
	begin := identifierBegin(prop.Name)
	if begin == "" || text == "" || strings.HasPrefix(text, begin) || strings.HasPrefix(text, "resolve:") {
		return
	}
	v.report("identifier", p, n, fmt.Sprintf("%s is %s, which does not begin with %s", prop.Name, shown(text), begin), "give an identifier, or refer to the resource")
}

// sameName reports a resource that has the name of an earlier one of its type.
func (c *checker) sameName(p *place, n *tree.Node, t *schema.Type) {
	property := t.NameRule.Property
	name := n.At("Properties", property)
	if property == "" || name == nil || n.Get("Condition") != nil || t.Service() == "ECS" && t.Name != "AWS::ECS::Cluster" {
		return
	}
	if function, _, ok := name.Function(); ok && function != "Ref" && function != "Fn::Sub" || isNoValue(name) {
		return
	}
	key := t.Name + " " + name.JSON()
	if other, taken := c.named[key]; taken {
		c.report("resource-name-twice", p.in("Properties").in(property), name, fmt.Sprintf("the resource %s has the same name", other), "change one of them, or leave the name out")
		return
	}
	c.named[key] = p.key
}

// unsubstituted warns of ${Name} in text that is not that of Fn::Sub.
func (w *walker) unsubstituted(p *place, n *tree.Node) {
	if w.free || w.section != "Resources" || len(n.Text) > 1<<16 {
		return
	}
	for rest := n.Text; ; {
		_, after, ok := strings.Cut(rest, "${")
		if !ok {
			return
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			return
		}
		if name != "AWS::NoValue" && (strings.HasPrefix(name, "AWS::") || w.parameters[name] != nil) {
			w.report("sub-missing", p, n, fmt.Sprintf("${%s} stands in text that is taken as it is", cut(name)), "put Fn::Sub around it")
			return
		}
		rest = tail
	}
}
