package schema

import "strings"

// A Kind is the outermost form of a value.
type Kind uint8

// The kinds of value.
const (
	String Kind = iota + 1
	Integer
	Number
	Boolean
	JSON      // any JSON: a policy document, for instance
	Timestamp // a text such as 2006-01-02T15:04:05Z
	Tag       // an object with the texts Key and Value
	Object    // an object of a nested definition
	List
	Map   // an object with any keys
	Union // one of several types
)

// A TypeRef is the type of a property or an attribute.
type TypeRef struct {
	Kind Kind
	Ref  string    // the name of the definition, if Kind is Object
	Elem *TypeRef  // what a List or Map holds
	Arms []TypeRef // what a Union may be
}

var kindNames = [...]string{
	String: "String", Integer: "Integer", Number: "Number", Boolean: "Boolean", JSON: "JSON",
	Timestamp: "Timestamp", Tag: "Tag", Object: "Object", List: "List", Map: "Map", Union: "Union",
}

// String returns the kind's name, such as "Integer".
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return "unknown"
}

// String returns the type as a manual would say it: "List of LoadBalancer", "JSON or String".
func (t TypeRef) String() string {
	switch t.Kind {
	case Object:
		return t.Ref
	case List, Map:
		elem := t.Elem.String()
		if t.Elem.Kind == Union {
			elem = "(" + elem + ")"
		}
		return t.Kind.String() + " of " + elem
	case Union:
		words := make([]string, len(t.Arms))
		for i, arm := range t.Arms {
			words[i] = arm.String()
		}
		return strings.Join(words, " or ")
	}
	return t.Kind.String()
}
