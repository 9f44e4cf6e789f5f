package eval

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var absent = &tree.Node{Kind: tree.Absent}

func (e *Evaluator) ref(arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.String) {
		return nil, awsf("Template format error: the Ref function takes the name of a parameter or resource as a string")
	}
	if arg.Text == "AWS::NoValue" {
		return absent, nil
	}
	return e.resolver.Ref(arg.Text)
}

var errGetAtt = templatef("every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute")

func (e *Evaluator) getAtt(arg *tree.Node) (*tree.Node, error) {
	resource, attribute, err := e.attribute(arg)
	if err != nil {
		return nil, err
	}
	if attribute.Kind == tree.Unknown {
		return attribute, nil
	}
	return e.resolver.GetAtt(resource, attribute.Text)
}

// attribute reads the two forms: "Resource.Attribute" and ["Resource", "Attribute"], in which the
// attribute may be a Ref to a parameter.
func (e *Evaluator) attribute(arg *tree.Node) (resource string, attribute *tree.Node, err error) {
	if arg.Is(tree.String) {
		name, attr, ok := strings.Cut(arg.Text, ".")
		if !ok || name == "" || attr == "" {
			return "", nil, errGetAtt
		}
		return name, tree.Text(attr), nil
	}
	if !arg.Is(tree.List) || len(arg.List) < 2 || !arg.List[0].Is(tree.String) || arg.List[0].Text == "" {
		return "", nil, errGetAtt
	}
	if len(arg.List) > 2 { // ["Resource", "Outputs", "Name"], which the short YAML form makes
		var parts []string
		for _, p := range arg.List[1:] {
			parts = append(parts, p.Str())
		}
		return arg.List[0].Text, tree.Text(strings.Join(parts, ".")), nil
	}
	attr, err := e.Value(arg.List[1])
	if err != nil {
		return "", nil, err
	}
	if attr.Kind == tree.Unknown {
		return arg.List[0].Text, attr, nil
	}
	if attr.Kind != tree.String || attr.Text == "" {
		return "", nil, errGetAtt
	}
	return arg.List[0].Text, attr, nil
}

var errFindInMap = templatef("every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value")

func (e *Evaluator) findInMap(arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) || len(arg.List) < 3 || len(arg.List) > 4 {
		return nil, errFindInMap
	}
	var keys [3]string
	for i := range keys {
		k, err := e.Value(arg.List[i])
		if err != nil {
			return nil, err
		}
		if k.Kind == tree.Unknown {
			return k, nil
		}
		s, ok := k.Scalar()
		if !ok {
			return nil, errFindInMap
		}
		keys[i] = s
	}
	if v := e.template.At("Mappings", keys[0], keys[1], keys[2]); v != nil {
		return v, nil
	}
	if len(arg.List) == 4 {
		if d := arg.List[3].Get("DefaultValue"); d != nil {
			return e.Value(d)
		}
	}
	return nil, templatef("Unable to get mapping for %s::%s::%s", keys[0], keys[1], keys[2])
}

func importValue(e *Evaluator, name *tree.Node) (*tree.Node, error) {
	s, ok := name.Scalar()
	if !ok || s == "" {
		return nil, templatef("the attribute in Fn::ImportValue must be a string or a function that returns a string")
	}
	return e.resolver.Import(s)
}

func stackOutput(e *Evaluator, arg *tree.Node) (*tree.Node, error) {
	r, ok := e.resolver.(OutputResolver)
	if !ok {
		return nil, templatef("Fn::GetStackOutput cannot be evaluated here")
	}
	return r.StackOutput(arg)
}

func zones(e *Evaluator, region *tree.Node) (*tree.Node, error) {
	s, ok := region.Scalar()
	if !ok {
		return nil, templatef("Fn::GetAZs takes the name of a region as a string")
	}
	return e.resolver.Zones(s)
}
