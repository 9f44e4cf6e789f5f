package goformation

import (
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/awslabs/goformation/v7/cloudformation"
)

// inspectTemplate finds what goformation would lose when it writes.
func (d *decoder) inspectTemplate(t *cloudformation.Template) {
	for name, r := range t.Resources {
		d.inspect(reflect.ValueOf(r), "Resources."+name, true)
	}
	for name, r := range t.Globals {
		d.inspect(reflect.ValueOf(r), "Globals."+name, false)
	}
	d.inspect(reflect.ValueOf(t.Metadata), "Metadata", false)
	d.inspect(reflect.ValueOf(t.Parameters), "Parameters", false)
	d.inspect(reflect.ValueOf(t.Mappings), "Mappings", false)
	d.inspect(reflect.ValueOf(t.Conditions), "Conditions", false)
	d.inspect(reflect.ValueOf(t.Outputs), "Outputs", false)
}

// inspect looks into a value. resource says that it is a resource itself, which may have attributes.
func (d *decoder) inspect(v reflect.Value, path string, resource bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			d.inspect(v.Elem(), path, resource)
		}
	case reflect.String:
		if !utf8.ValidString(v.String()) {
			d.add(path, "remove what is none", "%q is not UTF-8", v.String())
		}
	case reflect.Slice:
		for i := range v.Len() {
			d.inspect(v.Index(i), element(path, i), false)
		}
	case reflect.Map:
		for k, e := range v.Seq2() {
			d.inspect(e, below(path, k.String()), false)
		}
	case reflect.Struct:
		d.inspectFields(v, path, resource)
	}
}

func (d *decoder) inspectFields(v reflect.Value, path string, resource bool) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		attribute, ok := strings.CutPrefix(field.Name, attributePrefix)
		switch {
		case !field.IsExported():
		case ok && resource:
			d.inspect(v.Field(i), below(path, attribute), false)
		case ok && !v.Field(i).IsZero():
			d.add(below(path, attribute), "set it on the resource", "%s is set on a property; goformation does not write it there", attribute)
		case resource && field.Name != "Properties" && v.Type() != customType:
			d.inspect(v.Field(i), below(path, "Properties."+jsonName(field)), false)
		default:
			d.inspect(v.Field(i), below(path, jsonName(field)), false)
		}
	}
}

// attributePrefix begins the names of the fields for what stands beside the properties.
const attributePrefix = "AWSCloudFormation"

var customType = reflect.TypeFor[cloudformation.CustomResource]()

// jsonName is the name under which a field is written, "" if it is not.
func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "-" {
		return ""
	}
	if name == "" {
		return field.Name
	}
	return name
}
