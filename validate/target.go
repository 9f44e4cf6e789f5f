package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// target warns where a property that wants a certain attribute of a certain type of resource gets
// something else of this template.
func (v *properties) target(p *place, n *tree.Node, prop *schema.Property, ref schema.TypeRef) {
	if len(prop.Targets) == 0 || ref.Kind != schema.String {
		return
	}
	name, arg, _ := n.Function()
	var id, given string
	switch name {
	case "Ref":
		id = arg.Str()
	case "Fn::GetAtt":
		id, given = attributeOf(arg)
	default:
		return
	}
	kind := v.resources[id].Get("Type").Str()
	t, ok := schema.Lookup(kind)
	if !ok || name == "Fn::GetAtt" && given == "" {
		return
	}
	if _, there := t.Attribute(given); name == "Fn::GetAtt" && !there {
		return // told as such
	}
	if name == "Ref" {
		if len(t.Ref.Names) != 1 || t.Ref.Guess {
			return
		}
		given = t.Ref.Names[0]
	}
	v.compare(p, n, prop, kind, given)
}

// compare checks an attribute of a type against the targets of a property.
func (v *properties) compare(p *place, n *tree.Node, prop *schema.Property, kind, given string) {
	var wanted []string
	for _, target := range prop.Targets {
		if target.Type == kind {
			wanted = append(wanted, target.Attribute)
		}
	}
	if len(wanted) == 0 {
		if service(kind) == service(prop.Targets[0].Type) && !related(kind, prop.Targets) {
			v.report("property-target-type", p, n, fmt.Sprintf("%s wants a resource of type %s, and gets one of type %s", prop.Name, prop.Targets[0].Type, kind), "refer to a resource of that type")
		}
		return
	}
	if slices.Contains(wanted, given) || !unlike(given, wanted) {
		return
	}
	v.report("property-target", p, n, fmt.Sprintf("%s wants %s of %s, and gets its %s", prop.Name, strings.Join(wanted, " or "), kind, given), "use Fn::GetAtt or Ref for the one that is wanted")
}

// unlike reports whether a name and an ARN are confused, which is never right; other identifiers
// often stand for each other.
func unlike(given string, wanted []string) bool {
	arn := func(s string) bool { return strings.HasSuffix(strings.ToLower(s), "arn") }
	for _, w := range wanted {
		if arn(given) == arn(w) {
			return false
		}
	}
	return !arn(given)
}

func service(kind string) string {
	parts := strings.Split(kind, "::")
	if len(parts) < 3 {
		return ""
	}
	return parts[1]
}

// related reports whether a type stands for another one, as a version does for its function.
func related(kind string, targets []schema.Target) bool {
	return slices.ContainsFunc(targets, func(t schema.Target) bool {
		return strings.HasPrefix(kind, t.Type) || strings.HasPrefix(t.Type, kind) || service(kind) != "EC2"
	})
}
