package sam

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// rename puts the resources that were made in place of what the template refers to: a layer by its
// logical ID, or a part of a resource such as Function.Alias.
func (x *expansion) rename(n *tree.Node) *tree.Node {
	if n == nil || len(x.names) == 0 {
		return n
	}
	name, arg, ok := n.Function()
	switch {
	case ok && name == "Ref" && x.names[arg.Str()] != "":
		return ref(x.names[arg.Str()])
	case ok && name == "Fn::GetAtt":
		return x.renameGetAtt(n, arg)
	case ok && name == "Fn::Sub":
		return x.renameSub(arg)
	}
	c := *n
	c.List, c.Map = nil, nil
	for _, e := range n.List {
		c.List = append(c.List, x.rename(e))
	}
	for _, m := range n.Map {
		if m.Key == "DependsOn" {
			m.Value = x.renameNames(m.Value)
		}
		c.Map = append(c.Map, tree.Field(m.Key, x.rename(m.Value)))
	}
	return &c
}

// renameNames renames plain names of resources.
func (x *expansion) renameNames(n *tree.Node) *tree.Node {
	if n.Is(tree.List) {
		out := tree.ListOf()
		for _, e := range n.List {
			out.List = append(out.List, x.renameNames(e))
		}
		return out
	}
	if to := x.names[n.Str()]; to != "" {
		return tree.Text(to)
	}
	return n
}

func (x *expansion) renameGetAtt(n, arg *tree.Node) *tree.Node {
	id, attribute, _ := strings.Cut(arg.Str(), ".")
	if arg.Is(tree.List) && len(arg.List) == 2 {
		id, attribute = arg.List[0].Str(), arg.List[1].Str()
	}
	if to := x.names[id]; to != "" {
		return getAtt(to, attribute)
	}
	// Function.Alias with an attribute of its own.
	part, rest, found := strings.Cut(attribute, ".")
	if to := x.names[id+"."+part]; to != "" && found {
		return getAtt(to, rest)
	}
	return n
}

func (x *expansion) renameSub(arg *tree.Node) *tree.Node {
	text := arg
	if arg.Is(tree.List) && len(arg.List) > 0 {
		text = arg.List[0]
	}
	out := text.Str()
	for from, to := range x.names {
		out = strings.NewReplacer("${"+from+"}", "${"+to+"}", "${"+from+".", "${"+to+".").Replace(out)
	}
	if !arg.Is(tree.List) || len(arg.List) < 2 {
		return sub(out)
	}
	return object("Fn::Sub", list(out, x.rename(arg.List[1])))
}
