package goformation

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/awslabs/goformation/v7/cloudformation"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// ToTemplate turns a template into goformation's. The order of names is lost. t is not changed.
//
// # Errors
//
// stack.Diagnostics, each with its path: those of writing the template, and whatever goformation
// cannot carry: see the package comment.
func ToTemplate(t *stack.Template) (*cloudformation.Template, error) {
	body, err := t.Minified()
	if err != nil {
		return nil, err
	}
	doc, err := tree.Parse(body)
	if err != nil {
		return nil, err
	}
	e := encoder{types: cloudformation.AllResources()}
	theirs := e.template(doc)
	if err := e.err(); err != nil {
		return nil, err
	}
	written, err := theirs.JSON()
	if err != nil {
		return nil, fmt.Errorf("write the goformation template: %w", err)
	}
	again, err := tree.Parse(written)
	if err != nil {
		return nil, fmt.Errorf("read what goformation wrote: %w", err)
	}
	e.compare(doc, again, "")
	if err := e.err(); err != nil {
		return nil, err
	}
	return theirs, nil
}

// ToResource turns a resource of a template into goformation's, whose type is T: *sqs.Queue of
// goformation, say. Errors are those of [ToTemplate], and that the resource is of another type.
func ToResource[T cloudformation.Resource](r *stack.Resource) (T, error) {
	var none T
	if r == nil {
		return none, errors.New("a nil resource; take one from a template's Resources")
	}
	t := &stack.Template{}
	t.Resources.Set(single, r)
	theirs, err := ToTemplate(t)
	if err != nil {
		return none, ofOne(err)
	}
	out, ok := theirs.Resources[single].(T)
	if !ok {
		return none, fmt.Errorf("a resource of type %s is a %T of goformation, not a %T", r.Type, theirs.Resources[single], none)
	}
	return out, nil
}

// encoder turns a document into goformation's structs.
type encoder struct {
	problems
	types  map[string]cloudformation.Resource
	packed int // bytes of expressions
}

func (e *encoder) template(doc *tree.Node) *cloudformation.Template {
	out := &cloudformation.Template{}
	out.Resources = cloudformation.Resources{}
	rest := tree.Object()
	for _, m := range doc.Map {
		switch m.Key {
		case "Resources":
			for _, r := range m.Value.Members() {
				out.Resources[r.Key] = e.resource(r.Value, "Resources."+r.Key)
			}
		case "Transform":
			e.transform(m.Value)
			rest.Map = append(rest.Map, m)
		case "Globals":
			out.Globals = e.globals(m.Value)
		default:
			rest.Map = append(rest.Map, tree.Field(m.Key, e.section(m)))
		}
	}
	if len(e.list) == 0 {
		if err := json.Unmarshal(rest.AppendJSON(nil), out); err != nil {
			e.add("", "keep it out of goformation", "goformation cannot read the template: %v", err)
		}
	}
	return out
}

// section encodes what stands in a field of goformation's template.
func (e *encoder) section(m tree.Member) *tree.Node {
	t := reflect.TypeFor[cloudformation.Template]()
	for i := range t.NumField() {
		if jsonName(t.Field(i)) == m.Key {
			return e.value(t.Field(i).Type, m.Value, m.Key)
		}
	}
	e.add(m.Key, "take it out of the template", "goformation has no section %s", m.Key)
	return m.Value
}

func (e *encoder) transform(n *tree.Node) {
	items := n.Items()
	if items == nil {
		items = []*tree.Node{n}
	}
	for _, item := range items {
		if !item.Is(tree.String) {
			e.add("Transform", "name the macro only", "goformation does not carry a transform with parameters")
		}
	}
}

// globals encodes SAM's defaults, for the kinds of resources for which goformation has them.
func (e *encoder) globals(n *tree.Node) cloudformation.Globals {
	out := cloudformation.Globals{}
	for _, m := range n.Members() {
		path := "Globals." + m.Key
		proto, ok := e.types[m.Key]
		if !ok || strings.Contains(m.Key, "::") {
			e.add(path, "set it on the resources", "goformation has no Globals for %s", m.Key)
			continue
		}
		found := len(e.list)
		global := newOf(proto)
		body := e.fields(reflect.TypeOf(global).Elem(), m.Value, path)
		if len(e.list) > found {
			continue
		}
		if err := json.Unmarshal(body.AppendJSON(nil), global); err != nil {
			e.add(path, "keep it out of goformation", "goformation cannot read it: %v", err)
		}
		out[m.Key] = global
	}
	return out
}

// newOf returns a new resource of the type of another.
func newOf(r cloudformation.Resource) cloudformation.Resource {
	out, _ := reflect.New(reflect.TypeOf(r).Elem()).Interface().(cloudformation.Resource)
	return out
}

func (e *encoder) resource(n *tree.Node, path string) cloudformation.Resource {
	out := e.ofType(n.Get("Type").Str(), path)
	if out == nil {
		return nil
	}
	found := len(e.list)
	body := tree.Object()
	for _, m := range n.Map {
		body.Map = append(body.Map, tree.Field(m.Key, e.attribute(reflect.TypeOf(out).Elem(), m, path)))
	}
	if len(e.list) > found {
		return nil
	}
	if err := json.Unmarshal(body.AppendJSON(nil), out); err != nil {
		e.add(path, "keep it out of goformation", "goformation cannot read the resource: %v", err)
		return nil
	}
	return out
}

// ofType returns a new resource of goformation.
func (e *encoder) ofType(name, path string) cloudformation.Resource {
	if strings.HasPrefix(name, "Custom::") {
		return &cloudformation.CustomResource{Type: name}
	}
	proto, ok := e.types[name]
	if !ok || !strings.Contains(name, "::") {
		if name == "" {
			e.add(path, "keep it out of goformation", "no Type: goformation carries neither loops nor macros that stand for resources")
		} else {
			e.add(path, "keep it out of goformation", "goformation has no type %s", name)
		}
		return nil
	}
	return newOf(proto)
}

// attribute encodes a member of a resource.
func (e *encoder) attribute(t reflect.Type, m tree.Member, path string) *tree.Node {
	path = below(path, m.Key)
	switch m.Key {
	case "Type":
		return m.Value
	case "Properties":
		if t == customType {
			return e.free(m.Value, path)
		}
		return e.fields(t, m.Value, path)
	case "DependsOn":
		if m.Value.Is(tree.String) {
			return tree.ListOf(m.Value)
		}
	case "Version":
		if t == customType {
			return m.Value
		}
	}
	field, ok := t.FieldByName(attributePrefix + m.Key)
	if !ok {
		e.add(path, "take it out of the template", "goformation's %s has no %s", t, m.Key)
		return m.Value
	}
	return e.value(field.Type, m.Value, path)
}
