package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// A Site is what the schema knows of one place in a resource's properties.
type Site struct {
	// Property is the innermost property that the path goes through.
	Property *Property

	// Type is the type of the value at the end of the path.
	Type TypeRef

	// Replacement says what changing that value does to the resource: what the innermost property
	// on the path says that says anything.
	Replacement Replacement
}

// A PathError says that a path leads nowhere.
type PathError struct {
	Type   string   // the resource type
	Path   []string // up to the step that failed, and with it
	Reason string
}

// Error says where the path ends, and why.
func (e *PathError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Type, strings.Join(e.Path, "."), e.Reason)
}

// Resolve walks from the properties of a resource along path. A step is the name of a property, an
// index of a list ("0", or "*" for any), or a key of a map:
//
//	site, err := t.Resolve("LoadBalancers", "0", "ContainerPort")
//
// A step into free JSON stays there. A step that is an intrinsic function ("Fn::If", "Ref") ends the
// walk, since it stands for the value before it.
//
// # Errors
//
// A [*PathError] says which step the schema does not know.
func (t *Type) Resolve(path ...string) (Site, error) {
	if len(path) == 0 {
		return Site{}, &PathError{Type: t.Name, Reason: "the path is empty; name a property"}
	}
	p, ok := t.Property(path[0])
	if !ok {
		return Site{}, &PathError{t.Name, path[:1], "no such property"}
	}
	site := Site{p, p.Type, p.Replacement}
	for i, step := range path[1:] {
		next, reason := t.step(site, step)
		if reason != "" {
			if isIntrinsic(step) {
				return site, nil
			}
			return Site{}, &PathError{t.Name, path[:i+2], reason}
		}
		if strings.HasPrefix(step, "Fn::") {
			return site, nil
		}
		site = next
	}
	return site, nil
}

func isIntrinsic(step string) bool { return step == "Ref" || strings.HasPrefix(step, "Fn::") }

// step goes one step on from site, or says why not.
func (t *Type) step(site Site, step string) (next Site, reason string) {
	switch site.Type.Kind {
	case JSON:
		return site, ""
	case Map:
		site.Type = *site.Type.Elem
		return site, ""
	case List:
		if _, err := strconv.ParseUint(step, 10, 31); err != nil && step != "*" {
			return site, "a list takes an index"
		}
		site.Type = *site.Type.Elem
		return site, ""
	case Tag:
		return site.into(tagProperties, step)
	case Object:
		def, ok := t.Definition(site.Type.Ref)
		if !ok {
			return site, "the schema lacks the definition " + site.Type.Ref
		}
		return site.into(def.Properties, step)
	case Union:
		return t.stepUnion(site, step)
	}
	return site, "a " + site.Type.Kind.String() + " has no parts"
}

// stepUnion takes the first arm that has such a part.
func (t *Type) stepUnion(site Site, step string) (next Site, reason string) {
	for _, arm := range site.Type.Arms {
		armed := site
		armed.Type = arm
		if next, reason = t.step(armed, step); reason == "" {
			return next, ""
		}
	}
	return site, "no form of the value has such a part"
}

func (s Site) into(props []Property, name string) (next Site, reason string) {
	p, ok := property(props, name)
	if !ok {
		return s, "no such property"
	}
	s.Property, s.Type = p, p.Type
	if p.Replacement != No {
		s.Replacement = p.Replacement
	}
	return s, ""
}

// tagProperties are the properties of the builtin Tag.
var tagProperties = []Property{
	{Name: "Key", Type: TypeRef{Kind: String}, Required: true},
	{Name: "Value", Type: TypeRef{Kind: String}, Required: true},
}
