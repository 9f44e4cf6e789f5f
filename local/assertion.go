package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
)

// checkRules checks the form of the section Rules.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
func checkRules(root *tree.Node) error {
	for _, m := range root.Get("Rules").Members() {
		if !isAlphanumeric(m.Key) {
			return invalid("Template format error: Rule name %s is non alphanumeric.", m.Key)
		}
		if unknown := unknownKeys(m.Value, []string{"RuleCondition", "Assertions"}); !m.Value.Is(tree.Map) || len(unknown) > 0 {
			return invalid("Template format error: Rule %s may hold RuleCondition and Assertions only", m.Key)
		}
		list := m.Value.Get("Assertions")
		if !list.Is(tree.List) || len(list.List) == 0 {
			return invalid("Template format error: Every Rules member must contain a list of Assertions; %s does not", m.Key)
		}
		for _, one := range list.List {
			if !one.Is(tree.Map) || one.Get("Assert") == nil || len(unknownKeys(one, []string{"Assert", "AssertDescription"})) > 0 {
				return invalid("Template format error: Every member of the Assertions of rule %s must contain Assert, and AssertDescription besides", m.Key)
			}
		}
	}
	return nil
}

// checkAssertions evaluates the rules of the template over its parameters.
func (sc *scope) checkAssertions(e *eval.Evaluator) error {
	rules := sc.template.root.Get("Rules")
	if undeclared := sc.undeclared(rules); len(undeclared) > 0 {
		return invalid("Template format error: Rules block references undeclared parameters: [%s]", strings.Join(undeclared, ", "))
	}
	for _, m := range rules.Members() {
		if when := m.Value.Get("RuleCondition"); when != nil {
			holds, err := sc.asserts(e, m.Key, when)
			if err != nil {
				return err
			}
			if !holds {
				continue
			}
		}
		for _, one := range m.Value.Get("Assertions").Items() {
			holds, err := sc.asserts(e, m.Key, one.Get("Assert"))
			if err != nil {
				return err
			}
			if !holds {
				return brokenRule(m.Key, one.Get("AssertDescription").Str())
			}
		}
	}
	return nil
}

func brokenRule(name, description string) error {
	if description == "" {
		description = "an assertion of rule " + name + " does not hold"
	}
	return invalid("Template validation error: %s", description)
}

func (sc *scope) undeclared(rules *tree.Node) []string {
	var list []string
	for _, m := range rules.Members() {
		for _, r := range references(m.Value) {
			if sc.parameters.get(r.name) == nil && !isPseudo(r.name) && !slices.Contains(list, r.name) {
				list = append(list, r.name)
			}
		}
	}
	return list
}

// asserts evaluates a condition or an assertion of a rule.
func (sc *scope) asserts(e *eval.Evaluator, rule string, n *tree.Node) (bool, error) {
	n, err := sc.accountValues(n)
	if err != nil {
		return false, err
	}
	v, err := e.Value(n)
	if err != nil {
		return false, asInvalid(err)
	}
	text, ok := v.Scalar()
	if !ok || text != "true" && text != "false" {
		return false, invalid("Template format error: Rule %s must evaluate to true or false", rule)
	}
	return text == "true", nil
}

// accountValues puts values in place of the functions of rules that speak of what is in the account.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
func (sc *scope) accountValues(n *tree.Node) (*tree.Node, error) {
	name, arg, _ := n.Function()
	switch name {
	case "Fn::RefAll":
		return sc.refAll(arg)
	case "Fn::ValueOfAll":
		return sc.valueOfAll(arg)
	case "Fn::ValueOf":
		return sc.valueOf(arg)
	}
	return eachChild(n, sc.accountValues)
}

// parameterTypes are the resource types whose identifiers parameters of a type may hold.
var parameterTypes = map[string]string{
	"AWS::EC2::Image::Id":          "AWS::EC2::Image",
	"AWS::EC2::Instance::Id":       "AWS::EC2::Instance",
	"AWS::EC2::KeyPair::KeyName":   "AWS::EC2::KeyPair",
	"AWS::EC2::SecurityGroup::Id":  "AWS::EC2::SecurityGroup",
	"AWS::EC2::Subnet::Id":         "AWS::EC2::Subnet",
	"AWS::EC2::Volume::Id":         "AWS::EC2::Volume",
	"AWS::EC2::VPC::Id":            "AWS::EC2::VPC",
	"AWS::Route53::HostedZone::Id": "AWS::Route53::HostedZone",
}

// ofParameterType returns what the account has of a parameter type.
func (sc *scope) ofParameterType(function string, n *tree.Node) ([]*asset, error) {
	typ, ok := parameterTypes[n.Str()]
	if !ok {
		return nil, invalid("Template error: %s does not support the parameter type %s", function, n.Str())
	}
	return sc.state.region.list(typ), nil
}

func (sc *scope) refAll(arg *tree.Node) (*tree.Node, error) {
	all, err := sc.ofParameterType("Fn::RefAll", arg)
	list := tree.ListOf()
	for _, a := range all {
		list.List = append(list.List, tree.Text(a.physicalID))
	}
	return list, err
}

func (sc *scope) valueOfAll(arg *tree.Node) (*tree.Node, error) {
	if len(arg.Items()) != 2 {
		return nil, invalid("Template error: every Fn::ValueOfAll object requires a list of a parameter type and an attribute")
	}
	all, err := sc.ofParameterType("Fn::ValueOfAll", arg.List[0])
	list := tree.ListOf()
	for _, a := range all {
		list.List = append(list.List, tree.Text(a.ruleAttribute(arg.List[1].Str())))
	}
	return list, err
}

// valueOf is the attribute of what a parameter names: a list if the parameter is one.
func (sc *scope) valueOf(arg *tree.Node) (*tree.Node, error) {
	if len(arg.Items()) != 2 {
		return nil, invalid("Template error: every Fn::ValueOf object requires a list of a parameter and an attribute")
	}
	key, attribute := arg.List[0].Str(), arg.List[1].Str()
	p := sc.parameters.get(key)
	if p == nil {
		return nil, invalid("Template format error: Rules block references undeclared parameters: [%s]", key)
	}
	typ := plainType(sc.template.root.At("Parameters", key, "Type").Str())
	inner := strings.TrimSuffix(strings.TrimPrefix(typ, "List<"), ">")
	values := func(id string) *tree.Node {
		if a := sc.state.region.asset(parameterTypes[inner], id); a != nil {
			return tree.Text(a.ruleAttribute(attribute))
		}
		return tree.Text("")
	}
	if !p.value.Is(tree.List) {
		return values(p.value.Str()), nil
	}
	list := tree.ListOf()
	for _, id := range p.value.List {
		list.List = append(list.List, values(id.Str()))
	}
	return list, nil
}

// ruleAttribute is an attribute as rules name it: Tags.Key is the value of a tag.
func (a *asset) ruleAttribute(name string) string {
	key, isTag := strings.CutPrefix(name, "Tags.")
	if !isTag {
		return a.text(name)
	}
	for _, t := range a.properties.Get("Tags").Items() {
		if t.Get("Key").Str() == key {
			return t.Get("Value").Str()
		}
	}
	return ""
}
