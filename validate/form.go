package validate

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// A form is what a value turns out to be when it is evaluated.
type form uint8

const (
	anything form = iota // not known
	scalar
	list
	object
)

func (f form) String() string {
	return [...]string{"anything", "a single value", "a list", "a map"}[f]
}

// gives says what a value turns out to be.
func (c *checker) gives(n *tree.Node) form {
	if n == nil {
		return anything
	}
	switch n.Kind {
	case tree.Bool, tree.Number:
		return scalar
	case tree.String:
		if strings.Contains(n.Text, "{{resolve:") {
			return anything
		}
		return scalar
	case tree.List:
		return list
	case tree.Map:
		if name, arg, ok := n.Function(); ok {
			return c.result(name, arg)
		}
		for _, m := range n.Map {
			if strings.HasPrefix(m.Key, "Fn::") {
				return anything
			}
		}
		return object
	}
	return anything
}

// result says what a function gives.
func (c *checker) result(name string, arg *tree.Node) form {
	switch name {
	case "Fn::Join", "Fn::Sub", "Fn::Base64", "Fn::ImportValue", "Fn::ToJsonString", "Fn::Length":
		return scalar
	case "Fn::Split", "Fn::GetAZs", "Fn::Cidr":
		return list
	case "Ref":
		return c.refGives(arg.Str())
	case "Fn::GetAtt":
		resource, attribute := attributeOf(arg)
		return c.attributeGives(resource, attribute)
	case "Fn::If":
		if len(arg.Items()) == 3 {
			return c.eitherGives(arg.List[1], arg.List[2])
		}
	case "Fn::FindInMap":
		if items := arg.Items(); len(items) == 3 {
			if v := c.mappings[items[0].Str()].At(items[1].Str(), items[2].Str()); v != nil {
				return c.gives(v)
			}
		}
	}
	return anything
}

func (c *checker) eitherGives(a, b *tree.Node) form {
	switch x, y := c.gives(a), c.gives(b); {
	case x == y, isNoValue(b):
		return x
	case isNoValue(a):
		return y
	}
	return anything
}

func isNoValue(n *tree.Node) bool {
	name, arg, _ := n.Function()
	return name == "Ref" && arg.Str() == "AWS::NoValue"
}

func (c *checker) refGives(name string) form {
	if name == "AWS::NotificationARNs" {
		return list
	}
	if p := c.parameters[name]; p != nil {
		kind := p.Get("Type").Str()
		if !knownParameterType(kind) {
			return anything
		}
		return formOfParameter(kind)
	}
	if r := c.resources[name]; r != nil && strings.HasSuffix(r.Get("Type").Str(), "::MODULE") || name == "AWS::NoValue" || r == nil && !strings.HasPrefix(name, "AWS::") {
		return anything
	}
	return scalar
}

func formOfParameter(kind string) form {
	if isListType(kind) {
		return list
	}
	return scalar
}

func (c *checker) attributeGives(resource, attribute string) form {
	t, ok := schema.Lookup(c.resources[resource].Get("Type").Str())
	if !ok {
		return anything
	}
	a, ok := t.Attribute(attribute)
	if !ok {
		return anything
	}
	switch a.Type.Kind {
	case schema.String, schema.Integer, schema.Number, schema.Boolean, schema.Timestamp:
		return scalar
	case schema.List:
		return list
	}
	return anything
}

// attributeOf takes the argument of Fn::GetAtt apart; an attribute that is not literal is "".
func attributeOf(arg *tree.Node) (resource, attribute string) {
	switch items := arg.Items(); {
	case arg.Is(tree.String):
		resource, attribute, _ = strings.Cut(arg.Text, ".")
	case len(items) >= 2 && items[0].Is(tree.String):
		resource = items[0].Text
		var parts []string
		for _, item := range items[1:] {
			if !item.Is(tree.String) {
				return resource, ""
			}
			parts = append(parts, item.Text)
		}
		attribute = strings.Join(parts, ".")
	}
	return resource, attribute
}
