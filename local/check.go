package local

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// sections are what may stand at the top of a template.
var sections = []string{
	"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions",
	"Transform", "Hooks", "Resources", "Outputs",
}

// attributes are what may stand beside the properties of a resource.
var resourceAttributes = []string{
	"Type", "Properties", "Condition", "DependsOn", "Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy",
	"UpdateReplacePolicy", "Description", "Version",
}

// checkSections checks the form of a template, as far as it needs no evaluation. CloudFormation does
// this before it accepts a request.
func checkSections(root *tree.Node) error {
	if err := checkNulls("", root); err != nil {
		return err
	}
	if unknown := unknownKeys(root, sections); len(unknown) > 0 {
		return invalid("Invalid template property or properties [%s]", strings.Join(unknown, ", "))
	}
	if err := checkSelect(root); err != nil {
		return err
	}
	if root.Get("Hooks") != nil {
		return notEmulated("the section Hooks of a template")
	}
	for _, name := range []string{"Parameters", "Rules", "Mappings", "Conditions", "Resources", "Outputs"} {
		if n := root.Get(name); n != nil && n.Kind != tree.Map {
			return invalid("Template format error: [/%s] Every %s member must be a map", name, name)
		}
	}
	for _, check := range []func(*tree.Node) error{checkMappings, checkParameters, checkRules, checkResources, checkOutputs} {
		if err := check(root); err != nil {
			return err
		}
	}
	return nil
}

func unknownKeys(n *tree.Node, known []string) []string {
	var unknown []string
	for _, m := range n.Map {
		if !slices.Contains(known, m.Key) {
			unknown = append(unknown, m.Key)
		}
	}
	return unknown
}

func checkNulls(path string, n *tree.Node) error {
	switch n.Kind {
	case tree.Null:
		return invalid("[%s] 'null' values are not allowed in templates", path)
	case tree.List:
		for i, e := range n.List {
			if err := checkNulls(fmt.Sprintf("%s/%d", path, i), e); err != nil {
				return err
			}
		}
	case tree.Map:
		for _, m := range n.Map {
			if err := checkNulls(path+"/"+m.Key, m.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSelect refuses a Fn::Select that shows as it is written that it selects nothing.
func checkSelect(n *tree.Node) error {
	if name, arg, ok := n.Function(); ok && name == "Fn::Select" && len(arg.Items()) == 2 && arg.List[1].Is(tree.List) {
		index, literal := arg.List[0].Scalar()
		if i, err := strconv.Atoi(index); literal && err == nil && (i < 0 || i >= len(arg.List[1].List)) {
			return invalid("Template error: Fn::Select requires a list argument with two elements: an integer index and a list")
		}
	}
	for _, e := range n.List {
		if err := checkSelect(e); err != nil {
			return err
		}
	}
	for _, m := range n.Map {
		if err := checkSelect(m.Value); err != nil {
			return err
		}
	}
	return nil
}

func checkMappings(root *tree.Node) error {
	mappings := root.Get("Mappings")
	if mappings == nil {
		return nil
	}
	for _, mapping := range mappings.Map {
		if mapping.Value.Kind != tree.Map {
			return invalid("Template format error: Every Mappings member %s must be a map", mapping.Key)
		}
		for _, key := range mapping.Value.Map {
			if key.Value.Kind != tree.Map {
				return invalid("Template format error: Every Mappings member %s must be a map", key.Key)
			}
			for _, attribute := range key.Value.Map {
				if attribute.Value.Kind == tree.Map {
					return invalid("Template format error: Every Mappings attribute must be a String or a List.")
				}
			}
		}
	}
	return nil
}

func checkResources(root *tree.Node) error {
	resources := root.Get("Resources")
	if resources == nil || len(resources.Map) == 0 {
		return invalid("Template format error: At least one Resources member must be defined.")
	}
	var unknown []string
	for _, m := range resources.Map {
		if !isAlphanumeric(m.Key) {
			return invalid("Template format error: Resource name %s is non alphanumeric.", m.Key)
		}
		if err := checkResource(m.Key, m.Value); err != nil {
			return err
		}
		if typ := m.Value.Get("Type").Str(); !isKnown(typ) && !slices.Contains(unknown, typ) {
			unknown = append(unknown, typ)
		}
	}
	if len(unknown) > 0 {
		return invalid("Template format error: Unrecognized resource types: [%s]", strings.Join(unknown, ", "))
	}
	return nil
}

func checkResource(id string, n *tree.Node) error {
	if n.Kind != tree.Map {
		return invalid("Template format error: [/Resources/%s] Every Resources member must be an object.", id)
	}
	if unknown := unknownKeys(n, resourceAttributes); len(unknown) > 0 {
		return invalid("Invalid template resource property '%s'", unknown[0])
	}
	typ := n.Get("Type")
	if typ == nil {
		return invalid("Template format error: [/Resources/%s] Every Resources object must contain a Type member.", id)
	}
	if typ.Kind != tree.String {
		return invalid("Template format error: [/Resources/%s/Type] Every Type member must be a string.", id)
	}
	if p := n.Get("Properties"); p != nil && p.Kind != tree.Map {
		return invalid("Template format error: [/Resources/%s/Properties] Properties must be an object.", id)
	}
	for _, name := range []string{"DeletionPolicy", "UpdateReplacePolicy"} {
		if p := n.Get(name); p != nil && !isFunction(p) && !isPolicy(p.Str()) {
			return unrecognizedPolicy(name, id, p)
		}
	}
	return checkEmulated(id, n)
}

func unrecognizedPolicy(name, id string, value *tree.Node) error {
	return invalid("Template error: Unrecognized %s %s for resource %s", name, value.JSON(), id)
}

func isFunction(n *tree.Node) bool {
	_, _, ok := n.Function()
	return ok
}

func isPolicy(name string) bool {
	return slices.Contains([]string{"Delete", "Retain", "Snapshot", "RetainExceptOnCreate"}, name)
}

// checkEmulated refuses what the cloud does not emulate.
func checkEmulated(id string, n *tree.Node) error {
	switch {
	case n.At("UpdatePolicy", "AutoScalingInstanceRefresh") != nil:
		return notEmulated("the AutoScalingInstanceRefresh of " + id)
	case n.At("UpdatePolicy", "CodeDeployLambdaAliasUpdate", "BeforeAllowTrafficHook") != nil, n.At("UpdatePolicy", "CodeDeployLambdaAliasUpdate", "AfterAllowTrafficHook") != nil:
		return notEmulated("the hooks of the CodeDeployLambdaAliasUpdate of " + id)
	}
	return nil
}

func isKnown(typ string) bool {
	if typ == typeMetadata || isCustom(typ) {
		return true
	}
	_, ok := schema.Lookup(typ)
	return ok && !isServerless(typ)
}

// typeMetadata is a type of the CDK's that CloudFormation knows, though no schema lists it.
const typeMetadata = "AWS::CDK::Metadata"

func isAlphanumeric(s string) bool {
	return s != "" && strings.Trim(s, letters) == ""
}

func checkOutputs(root *tree.Node) error {
	outputs := root.Get("Outputs")
	if outputs == nil {
		return nil
	}
	for _, m := range outputs.Map {
		if !isAlphanumeric(m.Key) {
			return invalid("Template format error: Output name %s is non alphanumeric.", m.Key)
		}
		if m.Value.Kind != tree.Map {
			return invalid("Template format error: Output %s is malformed. It must be an object.", m.Key)
		}
		if m.Value.Get("Value") == nil {
			return invalid("Template format error: Every Outputs member must contain a Value object")
		}
		if unknown := unknownKeys(m.Value, []string{"Value", "Description", "Export", "Condition"}); len(unknown) > 0 {
			return invalid("Invalid template output property '%s'", unknown[0])
		}
	}
	return nil
}
