package goimport

import (
	"strings"

	"github.com/updraft-go/updraft/schema"
)

// kind is the form of a Go type that a value can have.
type kind int

const (
	none    kind = iota // no type: nil, an untyped constant
	scalar              // fn.String and its brothers
	free                // any
	list                // a slice
	dict                // a map by strings
	object              // a struct, or a pointer to one
	foreign             // a type that only one function of package stack takes
)

// goType is a Go type.
type goType struct {
	kind    kind
	name    string // of a scalar, object or foreign type: fn.String, ecs.Service_LoadBalancer
	pointer bool   // of an object
	elem    *goType
	shape   shape // of an object
	enum    *enum // of a scalar: the constants that it may be
}

var (
	textType      = goType{kind: scalar, name: "fn.String"}
	wholeType     = goType{kind: scalar, name: "fn.Integer"}
	fractionType  = goType{kind: scalar, name: "fn.Double"}
	booleanType   = goType{kind: scalar, name: "fn.Boolean"}
	timeType      = goType{kind: scalar, name: "fn.Timestamp"}
	conditionType = goType{kind: foreign, name: "fn.Condition"}
	freeType      = goType{kind: free}
	textsType     = listOf(textType)
)

func listOf(elem goType) goType { return goType{kind: list, elem: &elem} }
func dictOf(elem goType) goType { return goType{kind: dict, elem: &elem} }

// String is the type as Go spells it.
func (t goType) String() string {
	switch t.kind {
	case free:
		return "any"
	case list:
		return "[]" + t.elem.String()
	case dict:
		return "map[string]" + t.elem.String()
	case object:
		if t.pointer {
			return "*" + t.name
		}
	}
	return t.name
}

// literalName is the type as it stands before the brace of a literal.
func (t goType) literalName() string {
	if t.kind == object && t.pointer {
		return "&" + t.name
	}
	return t.String()
}

// same says whether two types are one in Go.
func (t goType) same(u goType) bool { return t.kind == u.kind && t.String() == u.String() }

// A shape is what an object's fields are.
type shape interface {
	// field returns the field for a property; false if there is none.
	field(property string) (field, bool)
	// extra says whether the struct takes properties that it does not know.
	extra() bool
	// quiet says that nothing is odd about a property that the struct does not know.
	quiet() bool
}

type field struct {
	name string // in Go
	typ  goType
}

// fieldName is a property's name in Go: with its first letter upper.
func fieldName(property string) string { return strings.ToUpper(property[:1]) + property[1:] }

// resourceType is a resource type that has a struct.
type resourceType struct {
	*schema.Type
	pkg   string // ecs
	short string // Service
}

// lookupResource returns the type of that name, if there is a struct for it.
func lookupResource(name string) (*resourceType, bool) {
	t, ok := schema.Lookup(name)
	parts := strings.Split(name, "::")
	if !ok || len(parts) != 3 {
		return nil, false
	}
	return &resourceType{Type: t, pkg: strings.ToLower(parts[1]), short: parts[2]}, true
}

// goName is the name of the resource's struct, or of the nested type definition.
func (r *resourceType) goName(definition string) string {
	if definition == "" {
		return r.pkg + "." + r.short
	}
	return r.pkg + "." + r.short + "_" + definition
}

// goType is the Go type of a value in a property or attribute, or in an element of a list or map.
func (r *resourceType) goType(t schema.TypeRef, element bool) goType {
	switch t.Kind {
	case schema.String:
		return textType
	case schema.Integer:
		return wholeType
	case schema.Number:
		return fractionType
	case schema.Boolean:
		return booleanType
	case schema.Timestamp:
		return timeType
	case schema.Tag:
		return goType{kind: object, name: tagName, pointer: !element, shape: tagShape}
	case schema.Object:
		return goType{kind: object, name: r.goName(t.Ref), pointer: !element, shape: propertyShape{r, t.Ref}}
	case schema.List:
		return listOf(r.goType(*t.Elem, true))
	case schema.Map:
		return dictOf(r.goType(*t.Elem, true))
	}
	return freeType
}

// propertyShape is the struct of a resource type, or of one of its nested types.
type propertyShape struct {
	resource   *resourceType
	definition string // "" for the resource itself
}

func (s propertyShape) extra() bool { return true }
func (s propertyShape) quiet() bool { return false }

func (s propertyShape) field(property string) (field, bool) {
	p, ok := s.resource.Property(property)
	if s.definition != "" {
		d, found := s.resource.Definition(s.definition)
		if !found {
			return field{}, false
		}
		p, ok = d.Property(property)
	}
	if !ok {
		return field{}, false
	}
	f := field{name: fieldName(property), typ: s.resource.goType(p.Type, false)}
	if len(p.Enum) > 0 && holdsString(p.Type) {
		f.typ = withEnum(f.typ, newEnum(s.resource.goName(s.definition)+"_"+f.name, p.Enum))
	}
	return f, true
}

// withEnum gives the scalar inside t its constants.
func withEnum(t goType, e *enum) goType {
	switch t.kind {
	case scalar:
		if t.name == textType.name {
			t.enum = e
		}
	case list, dict:
		elem := withEnum(*t.elem, e)
		t.elem = &elem
	}
	return t
}

// fixedShape is a struct of package stack or intrinsics.
type fixedShape struct {
	fields map[string]field
	open   bool
	silent bool
}

func (s *fixedShape) extra() bool { return s.open }
func (s *fixedShape) quiet() bool { return s.silent }

func (s *fixedShape) field(property string) (field, bool) {
	f, ok := s.fields[property]
	return f, ok
}

var tagShape = &fixedShape{open: true, fields: map[string]field{
	"Key": {"Key", textType}, "Value": {"Value", textType},
}}
