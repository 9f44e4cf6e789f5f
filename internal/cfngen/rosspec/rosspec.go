// Package rosspec reads what is known of the resource types of Alibaba Cloud's Resource Orchestration
// Service (ROS) from the packages of its development kit on npm, @alicloud/ros-cdk-*.
//
// Each of them holds a generated file with, for every resource type and nested type, a function that
// checks properties and one that writes them under their names in a template. Both are lines of a few
// shapes, which say the name, type, limits and allowed values of each property.
package rosspec

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

var (
	typeName  = regexp.MustCompile(`(?m)^Ros(\w+)\.ROS_RESOURCE_TYPE_NAME = "([\w:]+)";$`)
	writer    = regexp.MustCompile(`(?ms)^function ros(\w+?)ToRosTemplate\(properties.*?^}$`)
	member    = regexp.MustCompile(`(?m)^        '([^']+)': (.+)\(properties\.(\w+)\),$`)
	validator = regexp.MustCompile(`(?ms)^function Ros(\w+?)Validator\(properties\).*?^}$`)
	class     = regexp.MustCompile(`(?ms)^class Ros(\w+) extends ros\.RosResource \{.*?^}$`)
	attribute = regexp.MustCompile(`(?m)^        this\.attr\w+ = this\.getAtt\('([^']+)'\);$`)
)

// Decode reads the generated file of one package.
//
// # Errors
//
// A line of a shape that it does not know, with the type in which it stands.
func Decode(source string) ([]*model.Type, error) {
	f := file{members: map[string][][]string{}, checks: map[string]string{}}
	for _, m := range writer.FindAllStringSubmatch(source, -1) {
		f.members[m[1]] = member.FindAllStringSubmatch(m[0], -1)
		if lines := strings.Count(m[0], "\n        '"); lines != len(f.members[m[1]]) {
			return nil, fmt.Errorf("ros%sToRosTemplate: %d properties in %d lines", m[1], len(f.members[m[1]]), lines)
		}
	}
	for _, m := range validator.FindAllStringSubmatch(source, -1) {
		f.checks[strings.ReplaceAll(m[1], "_", "")] = m[0]
	}
	classes := map[string]string{}
	for _, m := range class.FindAllStringSubmatch(source, -1) {
		classes[m[1]] = m[0]
	}
	var types []*model.Type
	for _, m := range typeName.FindAllStringSubmatch(source, -1) {
		t, err := f.resource(m[1], m[2])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m[2], err)
		}
		for _, a := range attribute.FindAllStringSubmatch(classes[m[1]], -1) {
			t.Attributes[a[1]] = &model.Attribute{Type: model.Expr{Kind: model.String}}
		}
		types = append(types, t)
	}
	return types, nil
}

// file is one generated file: of each function, by the name of its type, what it writes and checks.
type file struct {
	members map[string][][]string
	checks  map[string]string
}

// resource reads a type whose class is called Ros and name.
func (f *file) resource(name, full string) (*model.Type, error) {
	t := &model.Type{Name: full, Definitions: map[string]model.Properties{}, Attributes: map[string]*model.Attribute{}}
	var err error
	t.Properties, err = f.properties(t, name, name+"Props")
	return t, err
}

// properties reads the members of a resource or of a nested type, and the nested types that they lead
// to. owner is the resource, key the name by which functions are called.
func (f *file) properties(t *model.Type, owner, key string) (model.Properties, error) {
	props := model.Properties{}
	for _, m := range f.members[key] {
		kind, err := f.expr(t, owner, m[2])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m[1], err)
		}
		p := &model.Property{Type: kind}
		if err := limits(p, f.checks[key], m[3]); err != nil {
			return nil, fmt.Errorf("%s: %w", m[1], err)
		}
		if p.Type.Kind == model.Tag || p.Type.Elem != nil && p.Type.Elem.Kind == model.Tag {
			t.TagProperty, t.TagShape = m[1], "list"
		}
		props[strings.TrimSpace(m[1])] = p // one name of the source has a space behind it
	}
	return props, nil
}

// scalars are the functions that write a value of their own.
var scalars = map[string]model.Kind{
	"ros.stringToRosTemplate":  model.String,
	"ros.numberToRosTemplate":  model.Number,
	"ros.booleanToRosTemplate": model.Boolean,
	"ros.objectToRosTemplate":  model.JSON,
	"ros.anyDictToRosTemplate": model.JSON,
	"ros.rosTagToRosTemplate":  model.Tag,
}

// expr reads the function that writes a value.
func (f *file) expr(t *model.Type, owner, call string) (model.Expr, error) {
	if kind, ok := scalars[call]; ok {
		return model.Expr{Kind: kind}, nil
	}
	for prefix, kind := range map[string]model.Kind{"ros.listMapper(": model.List, "ros.hashMapper(": model.Map} {
		if inner, ok := strings.CutPrefix(call, prefix); ok {
			elem, err := f.expr(t, owner, strings.TrimSuffix(inner, ")"))
			return model.Expr{Kind: kind, Elem: &elem}, err
		}
	}
	key, ok := strings.CutSuffix(strings.TrimPrefix(call, "ros"), "ToRosTemplate")
	name := strings.TrimSuffix(strings.TrimPrefix(key, owner), "Property")
	if !ok || f.members[key] == nil || name == "" {
		return model.Expr{}, fmt.Errorf("a value is written by %s, which is not known", call)
	}
	if _, known := t.Definitions[name]; !known {
		t.Definitions[name] = nil // a type may hold itself
		props, err := f.properties(t, owner, key)
		if err != nil {
			return model.Expr{}, fmt.Errorf("%s: %w", name, err)
		}
		t.Definitions[name] = props
	}
	return model.Expr{Kind: model.Object, Name: name}, nil
}
