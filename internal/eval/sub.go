package eval

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// A Part is a piece of the text of Fn::Sub.
type Part struct {
	// Literal is text that stands as it is, if Name is "".
	Literal string
	// Name is what stands in ${}: a variable, parameter, resource or Resource.Attribute.
	Name string
}

var errSub = templatef("One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string")

// ParseSub takes the text of Fn::Sub apart. ${!Name} is the literal text ${Name}; a dollar without
// a closing brace is literal too.
func ParseSub(text string) ([]Part, error) {
	var parts []Part
	literal := func(s string) {
		if s == "" {
			return
		}
		if n := len(parts); n > 0 && parts[n-1].Name == "" {
			parts[n-1].Literal += s
			return
		}
		parts = append(parts, Part{Literal: s})
	}
	for {
		i := strings.Index(text, "${")
		if i < 0 {
			literal(text)
			return parts, nil
		}
		end := strings.IndexByte(text[i:], '}')
		if end < 0 {
			literal(text)
			return parts, nil
		}
		literal(text[:i])
		name := text[i+2 : i+end]
		text = text[i+end+1:]
		if strings.HasPrefix(name, "!") {
			literal("${" + name[1:] + "}")
			continue
		}
		if name = strings.TrimSpace(name); !isName(name) {
			return nil, templatef("variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons")
		}
		parts = append(parts, Part{Name: name})
	}
}

func isName(s string) bool {
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		case r == '_', r == '.', r == ':', r == '-':
		default:
			return false
		}
	}
	return s != ""
}

func (e *Evaluator) sub(arg *tree.Node) (*tree.Node, error) {
	text, vars, err := subArguments(arg)
	if err != nil {
		return nil, err
	}
	parts, err := ParseSub(text)
	if err != nil {
		return nil, err
	}
	var (
		b       strings.Builder
		unknown *tree.Node
		secret  bool
	)
	for _, p := range parts {
		if p.Name == "" {
			b.WriteString(p.Literal)
			continue
		}
		v, err := e.variable(p.Name, vars)
		if err != nil {
			return nil, err
		}
		if v.Kind == tree.Unknown {
			unknown = v
			continue
		}
		s, ok := v.Scalar()
		if !ok {
			return nil, errSub
		}
		secret = secret || v.Secret
		b.WriteString(s)
	}
	if unknown != nil {
		return unknown, nil
	}
	return &tree.Node{Kind: tree.String, Text: b.String(), Secret: secret}, nil
}

func subArguments(arg *tree.Node) (text string, vars *tree.Node, err error) {
	switch {
	case arg.Is(tree.String):
		return arg.Text, nil, nil
	case arg.Is(tree.List) && len(arg.List) == 2 && arg.List[0].Is(tree.String) && arg.List[1].Is(tree.Map):
		return arg.List[0].Text, arg.List[1], nil
	}
	return "", nil, errSub
}

// variable is the value of a name in ${}.
func (e *Evaluator) variable(name string, vars *tree.Node) (*tree.Node, error) {
	if v := vars.Get(name); v != nil {
		return e.Value(v)
	}
	if resource, attribute, ok := strings.Cut(name, "."); ok {
		return e.resolver.GetAtt(resource, attribute)
	}
	if name == "AWS::NoValue" {
		return tree.Text(""), nil
	}
	return e.resolver.Ref(name)
}
