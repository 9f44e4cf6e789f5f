package goimport

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// resources adds the resources, each after those to which it refers.
func (im *importer) resources(section *tree.Node) {
	for _, m := range sorted(section.Members(), resourceReferences) {
		path := "Resources." + m.Key
		if !im.named(m, path) {
			continue
		}
		if !m.Value.Is(tree.Map) {
			im.fail(m.Value, path, "a %s where a resource belongs", m.Value.Kind)
			continue
		}
		im.subject = m.Key
		im.resource(m, path)
	}
}

// resourceReferences finds the names to which a resource refers by Ref, GetAtt and DependsOn.
func resourceReferences(n *tree.Node, found func(string)) {
	depends := n.Get("DependsOn")
	if depends.Is(tree.String) {
		found(depends.Text)
	}
	for _, d := range depends.Items() {
		found(d.Str())
	}
	eachNode(n, func(n *tree.Node) {
		switch name, arg, ok := n.Function(); {
		case ok && name == "Ref":
			found(arg.Str())
		case ok && name == "Fn::GetAtt":
			id, _, _ := attributeOf(arg)
			found(id)
		}
	})
}

func (im *importer) resource(m tree.Member, path string) {
	typ := m.Value.Get("Type")
	if !typ.Is(tree.String) || typ.Text == "" {
		im.fail(m.Value, path, "a resource without a Type; add one, such as AWS::SQS::Queue")
		return
	}
	s := im.symbols[m.Key]
	body, comment := im.body(s, typ.Text, m.Value.Get("Properties"), path)
	c := call("stack.Add", goType{}, leaf(variable("t"), goType{}), leaf(quote(m.Key), goType{}), body)
	if a := im.attributes(m, path); len(a.items) > 0 {
		c.items = append(c.items, item{value: a})
	}
	im.add(&stmt{symbol: s, value: c, comment: comment, section: "resources", resource: m.Key})
}

// body is the resource's struct with its properties, and a comment if it is not typed.
func (im *importer) body(s *symbol, typ string, properties *tree.Node, path string) (c *code, comment string) {
	typed := s.resource != nil && (properties == nil || properties.Is(tree.Map) && !isFunction(properties))
	if properties != nil && !properties.Is(tree.Map) {
		im.fail(properties, path+".Properties", "a %s where a map of properties belongs", properties.Kind)
		return nil, ""
	}
	if properties.Is(tree.Map) && len(properties.Map) == 0 {
		im.note(properties, "%s.Properties is empty and is left out", path)
	}
	if typed {
		t := goType{kind: object, name: s.resource.goName(""), pointer: true, shape: propertyShape{resource: s.resource}}
		if properties == nil {
			return literal(t), ""
		}
		c, _ := im.object(properties, t) // a resource takes all, in its Extra
		return c, ""
	}
	s.resource = nil
	c = &code{text: "&stack.Untyped{", close: "}", items: []item{{key: "Type: ", value: leaf(quote(typ), goType{})}}}
	if properties != nil && len(properties.Map) > 0 {
		c.items = append(c.items, item{key: "Properties: ", value: im.plain(properties)})
	}
	if !strings.HasPrefix(typ, "Custom::") && typ != "AWS::CloudFormation::CustomResource" {
		comment = "The type " + typ + " is not known to this version of updraft."
		if _, known := lookupResource(typ); known {
			comment = "The properties of " + path + " are made by a function."
		}
	}
	return c, comment
}

// attributes are what stands beside the properties.
func (im *importer) attributes(m tree.Member, path string) *code {
	c := &code{text: "stack.Attributes{", close: "}"}
	for _, a := range m.Value.Map {
		var v *code
		ok := true
		switch a.Key {
		case "Type", "Properties":
			continue
		case "DependsOn":
			if v, ok = im.dependsOn(a.Value); ok && v == nil {
				im.note(a.Value, "%s.DependsOn is empty and is left out", path)
				continue
			}
		case "Condition":
			if ok = a.Value.Is(tree.String) && a.Value.Text != ""; ok {
				v = im.conditionRef(a.Value.Text)
			}
		case "CreationPolicy":
			v, ok = im.attributeObject(a.Value, creationPolicy())
		case "UpdatePolicy":
			v, ok = im.attributeObject(a.Value, updatePolicy())
		case "DeletionPolicy", "UpdateReplacePolicy":
			v, ok = im.value(a.Value, withEnum(textType, retention()))
		case "Metadata":
			v = im.free(a.Value)
		default:
			im.fail(a.Value, join(path, a.Key), "an attribute that resources do not have; remove it")
			continue
		}
		if !ok {
			im.fail(a.Value, join(path, a.Key), "a value for which there is no Go code")
			continue
		}
		c.items = append(c.items, item{key: a.Key + ": ", value: v})
	}
	return c
}

func (im *importer) attributeObject(n *tree.Node, t goType) (*code, bool) {
	if !n.Is(tree.Map) || isFunction(n) {
		return nil, false
	}
	return im.object(n, t)
}

// dependsOn is nil for an empty list.
func (im *importer) dependsOn(n *tree.Node) (*code, bool) {
	names := n.Items()
	if n.Is(tree.String) {
		names = []*tree.Node{n}
	} else if !n.Is(tree.List) {
		return nil, false
	}
	if len(names) == 0 {
		return nil, true
	}
	after := call("stack.After", goType{})
	after.layout = inline
	texts := &code{text: "[]string{", close: "}"}
	for _, e := range names {
		if !e.Is(tree.String) || e.Text == "" {
			return nil, false
		}
		texts.items = append(texts.items, item{value: leaf(quote(e.Text), goType{})})
		if s := im.symbols[e.Text]; s != nil && s.kind == resourceSymbol && s.declared {
			after.items = append(after.items, item{value: leaf(variable(s.name), goType{})})
		}
	}
	if len(after.items) == len(names) {
		return after, true
	}
	return texts, true
}

// retention are the constants for what becomes of a resource.
func retention() *enum {
	return &enum{names: map[string]string{
		"Delete": "stack.Delete", "Retain": "stack.Retain",
		"RetainExceptOnCreate": "stack.RetainExceptOnCreate", "Snapshot": "stack.Snapshot",
	}}
}

// stackObject is a pointer to a struct of package stack.
func stackObject(name string, open bool, fields map[string]field) goType {
	return goType{kind: object, name: "stack." + name, pointer: true, shape: &fixedShape{fields: fields, open: open}}
}

func creationPolicy() goType {
	return stackObject("CreationPolicy", true, map[string]field{
		"ResourceSignal": {"ResourceSignal", stackObject("ResourceSignal", false, map[string]field{
			"Count": {"Count", wholeType}, "Timeout": {"Timeout", textType},
		})},
		"AutoScalingCreationPolicy": {"AutoScalingCreationPolicy", stackObject("AutoScalingCreationPolicy", false, map[string]field{
			"MinSuccessfulInstancesPercent": {"MinSuccessfulInstancesPercent", wholeType},
		})},
		"StartFleet": {"StartFleet", booleanType},
	})
}

func updatePolicy() goType {
	return stackObject("UpdatePolicy", true, map[string]field{
		"AutoScalingReplacingUpdate": {"AutoScalingReplacingUpdate", stackObject("AutoScalingReplacingUpdate", false, map[string]field{
			"WillReplace": {"WillReplace", booleanType},
		})},
		"AutoScalingRollingUpdate": {"AutoScalingRollingUpdate", stackObject("AutoScalingRollingUpdate", false, map[string]field{
			"MaxBatchSize": {"MaxBatchSize", wholeType}, "MinActiveInstancesPercent": {"MinActiveInstancesPercent", wholeType},
			"MinInstancesInService":         {"MinInstancesInService", wholeType},
			"MinSuccessfulInstancesPercent": {"MinSuccessfulInstancesPercent", wholeType},
			"PauseTime":                     {"PauseTime", textType}, "SuspendProcesses": {"SuspendProcesses", textsType},
			"WaitOnResourceSignals": {"WaitOnResourceSignals", booleanType},
		})},
		"AutoScalingScheduledAction": {"AutoScalingScheduledAction", stackObject("AutoScalingScheduledAction", false, map[string]field{
			"IgnoreUnmodifiedGroupSizeProperties": {"IgnoreUnmodifiedGroupSizeProperties", booleanType},
		})},
		"CodeDeployLambdaAliasUpdate": {"CodeDeployLambdaAlias", stackObject("CodeDeployLambdaAliasUpdate", false, map[string]field{
			"AfterAllowTrafficHook": {"AfterAllowTrafficHook", textType}, "ApplicationName": {"ApplicationName", textType},
			"BeforeAllowTrafficHook": {"BeforeAllowTrafficHook", textType}, "DeploymentGroupName": {"DeploymentGroupName", textType},
		})},
		"EnableVersionUpgrade": {"EnableVersionUpgrade", booleanType},
		"UseOnlineResharding":  {"UseOnlineResharding", booleanType},
	})
}
