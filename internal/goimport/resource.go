package goimport

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// resources adds the resources, each after those to which it refers.
func (im *importer) resources(section *tree.Node) {
	for _, m := range sorted(section.Members(), resourceReferences) {
		im.subject = m.Key
		im.resource(m)
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

func (im *importer) resource(m tree.Member) {
	if isLoop(m.Key) {
		im.resourceLoop(m)
		return
	}
	s := im.symbols[m.Key]
	if len(im.bodies) > 0 { // what is inside a loop has many names, and no variable
		s = &symbol{}
		s.resource, _ = lookupResource(m.Value.Get("Type").Str())
	}
	id := quotedID(m.Key)
	attributes := im.attributes(m.Value)
	typ := m.Value.Get("Type")
	if !typ.Is(tree.String) || typ.Text == "" {
		im.odd(m, id, attributes)
		return
	}
	body, comment := im.body(s, typ.Text, m.Value.Get("Properties"), attributes)
	c := call("stack.Add", goType{}, leaf(im.target(), goType{}), id, body)
	if len(attributes.items) > 0 {
		c.items = append(c.items, item{value: attributes})
	}
	st := &stmt{value: c, comment: comment, section: "resources", resource: m.Key}
	if len(im.bodies) == 0 {
		st.symbol = s
	}
	im.add(st)
}

// odd sets a resource without a type, such as a macro in the place of resources, as it is.
func (im *importer) odd(m tree.Member, id, attributes *code) {
	extra := &code{text: "fn.Extra{", close: "}"}
	for _, key := range []string{"Type", "Properties"} {
		if v := m.Value.Get(key); v != nil {
			extra.items = append(extra.items, item{key: quote(key) + ": ", value: im.free(v)})
		}
	}
	mergeExtra(attributes, extra)
	c := &code{text: "&stack.Resource{", close: "}", items: []item{{key: "Attributes: ", value: attributes}}}
	im.stmts = append(im.stmts, &stmt{value: call(im.target()+".Resources.Set", goType{}, id, c), section: "resources", resource: m.Key})
}

// mergeExtra adds members to the Extra of a struct.
func mergeExtra(c, extra *code) {
	if len(extra.items) == 0 {
		return
	}
	for i, it := range c.items {
		if it.key == "Extra: " {
			merged := *it.value
			merged.items = append(merged.items[:len(merged.items):len(merged.items)], extra.items...)
			c.items[i].value = &merged
			return
		}
	}
	c.items = append(c.items, item{key: "Extra: ", value: extra})
}

// body is the resource's struct with its properties, and a comment if it is not typed. Properties
// that are no map, or an empty one, are kept beside it.
func (im *importer) body(s *symbol, typ string, properties *tree.Node, attributes *code) (c *code, comment string) {
	if properties != nil && (!properties.Is(tree.Map) || len(properties.Map) == 0) {
		mergeExtra(attributes, &code{text: "fn.Extra{", close: "}", items: []item{{key: `"Properties": `, value: im.free(properties)}}})
		properties = nil
	}
	if s.resource != nil && (properties == nil || !isFunction(properties)) {
		t := goType{kind: object, name: s.resource.goName(""), pointer: true, shape: propertyShape{resource: s.resource}}
		if properties == nil {
			return literal(t), ""
		}
		c, _ := im.object(properties, t) // a resource takes all, in its Extra
		return c, ""
	}
	known := s.resource != nil
	s.resource = nil
	c = &code{text: "&stack.Untyped{", close: "}", items: []item{{key: "Type: ", value: leaf(quote(typ), goType{})}}}
	if properties != nil {
		c.items = append(c.items, item{key: "Properties: ", value: im.plain(properties)})
	}
	switch {
	case known:
		comment = "The properties are what a function makes."
	case !strings.HasPrefix(typ, "Custom::") && strings.Count(typ, "\n") == 0:
		comment = typ + " is not known to this version of updraft."
	}
	return c, comment
}

// attributes are what stands beside the properties.
func (im *importer) attributes(n *tree.Node) *code {
	beside := tree.Object()
	for _, a := range n.Map {
		if a.Key != "Type" && a.Key != "Properties" {
			beside.Map = append(beside.Map, a)
		}
	}
	retain := withEnum(textType, retention())
	c, _ := im.object(beside, goType{kind: object, name: "stack.Attributes", shape: &fixedShape{open: true, silent: true, fields: map[string]field{
		"DependsOn": {"DependsOn", dependsType}, "Condition": {"Condition", conditionNameType},
		"CreationPolicy": {"CreationPolicy", creationPolicy()}, "UpdatePolicy": {"UpdatePolicy", updatePolicy()},
		"DeletionPolicy": {"DeletionPolicy", retain}, "UpdateReplacePolicy": {"UpdateReplacePolicy", retain},
		"Metadata": {"Metadata", freeType},
	}}})
	return c
}

// dependsType is the names of resources.
var dependsType = goType{kind: foreign, name: "names of resources"}

// dependsOn is one name or several: those of variables as far as all have one.
func (im *importer) dependsOn(n *tree.Node) (*code, bool) {
	names := n.Items()
	if n.Is(tree.String) {
		names = []*tree.Node{n}
	} else if !n.Is(tree.List) {
		return nil, false
	}
	if len(names) == 0 {
		return nil, false
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
