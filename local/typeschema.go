package local

import (
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// resourceSchema writes what is known of a type as a resource type schema.
//
// https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
func resourceSchema(t *schema.Type) *tree.Node {
	out := tree.Object(tree.Field("typeName", tree.Text(t.Name)), tree.Field("description", tree.Text("Resource type "+t.Name)))
	definitions := tree.Object()
	for _, d := range t.Definitions {
		definitions.Map = append(definitions.Map, tree.Field(d.Name, objectSchema(d.Properties, d.Required())))
	}
	own := objectSchema(t.Properties, t.Required())
	all := own.Get("properties")
	var readOnly, createOnly []string
	for _, a := range t.Attributes {
		readOnly = append(readOnly, pointer(a.Name))
		if !strings.Contains(a.Name, ".") && all.Get(a.Name) == nil {
			all.Map = append(all.Map, tree.Field(a.Name, typeSchema(a.Type)))
		}
	}
	for _, p := range t.Properties {
		if p.Replacement == schema.Yes {
			createOnly = append(createOnly, pointer(p.Name))
		}
	}
	if len(definitions.Map) > 0 {
		out.Map = append(out.Map, tree.Field("definitions", definitions))
	}
	out.Map = append(out.Map, own.Map[1:]...) // all but its type
	var identifier []string
	for _, name := range t.PrimaryIdentifier {
		identifier = append(identifier, pointer(name))
	}
	for _, list := range []struct {
		name  string
		items []string
	}{{"readOnlyProperties", readOnly}, {"createOnlyProperties", createOnly}, {"primaryIdentifier", identifier}} {
		if len(list.items) > 0 {
			out.Map = append(out.Map, tree.Field(list.name, textList(list.items)))
		}
	}
	tagging := tree.Object(tree.Field("taggable", tree.Boolean(t.Taggable())))
	if t.Taggable() {
		tagging.Map = append(tagging.Map, tree.Field("tagProperty", tree.Text(pointer(t.TagProperty))))
	}
	out.Map = append(out.Map, tree.Field("tagging", tagging), tree.Field("additionalProperties", tree.Boolean(false)))
	return out
}

// pointer is where a property stands in a resource type schema.
func pointer(name string) string {
	return "/properties/" + strings.NewReplacer(".", "/").Replace(name)
}

func textList(items []string) *tree.Node {
	list := tree.ListOf()
	for _, s := range items {
		list.List = append(list.List, tree.Text(s))
	}
	return list
}

// objectSchema describes an object; its type comes first.
func objectSchema(properties []schema.Property, required []string) *tree.Node {
	members := tree.Object()
	for i := range properties {
		members.Map = append(members.Map, tree.Field(properties[i].Name, propertySchema(&properties[i])))
	}
	out := tree.Object(tree.Field("type", tree.Text("object")), tree.Field("properties", members))
	if len(required) > 0 {
		out.Map = append(out.Map, tree.Field("required", textList(required)))
	}
	return out
}

func propertySchema(p *schema.Property) *tree.Node {
	out := typeSchema(p.Type)
	add := func(name string, value *tree.Node) { out.Map = append(out.Map, tree.Field(name, value)) }
	if len(p.Enum) > 0 {
		add("enum", textList(p.Enum))
	}
	if p.Pattern != "" {
		add("pattern", tree.Text(p.Pattern))
	}
	count := func(name string, n *int) {
		if n != nil {
			add(name, tree.Int(*n))
		}
	}
	number := func(name string, n *float64) {
		if n != nil {
			add(name, tree.FromJSON(strconv.FormatFloat(*n, 'f', -1, 64)))
		}
	}
	count("minLength", p.MinLength)
	count("maxLength", p.MaxLength)
	number("minimum", p.Minimum)
	number("maximum", p.Maximum)
	if p.Default != "" {
		add("default", tree.FromJSON(p.Default))
	}
	return out
}

// typeSchema describes the type of a value.
func typeSchema(t schema.TypeRef) *tree.Node {
	kind := func(name string, more ...tree.Member) *tree.Node {
		return tree.Object(append([]tree.Member{tree.Field("type", tree.Text(name))}, more...)...)
	}
	switch t.Kind {
	case schema.Integer:
		return kind("integer")
	case schema.Number:
		return kind("number")
	case schema.Boolean:
		return kind("boolean")
	case schema.Timestamp:
		return kind("string", tree.Field("format", tree.Text("date-time")))
	case schema.JSON:
		return tree.Object(tree.Field("type", textList([]string{"object", "string"})))
	case schema.Tag:
		text := kind("string")
		return kind("object", tree.Field("properties", tree.Object(tree.Field("Key", text), tree.Field("Value", text))), tree.Field("required", textList([]string{"Key", "Value"})))
	case schema.Object:
		return tree.Object(tree.Field("$ref", tree.Text("#/definitions/"+t.Ref)))
	case schema.List:
		return kind("array", tree.Field("items", typeSchema(*t.Elem)))
	case schema.Map:
		return kind("object", tree.Field("patternProperties", tree.Object(tree.Field(".*", typeSchema(*t.Elem)))))
	case schema.Union:
		arms := tree.ListOf()
		for _, arm := range t.Arms {
			arms.List = append(arms.List, typeSchema(arm))
		}
		return tree.Object(tree.Field("oneOf", arms))
	}
	return kind("string")
}
