package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
)

// A reference is a name that a value speaks of.
type reference struct {
	name      string
	attribute string // "" for Ref
}

// references returns what a value refers to, in the order in which it stands there, each once. Both
// arms of Fn::If count, as they do for CloudFormation.
func references(n *tree.Node) []reference {
	var c collector
	c.walk(n)
	return c.found
}

type collector struct{ found []reference }

func (c *collector) add(name, attribute string) {
	r := reference{name, attribute}
	if name != "" && !slices.Contains(c.found, r) {
		c.found = append(c.found, r)
	}
}

func (c *collector) walk(n *tree.Node) {
	if n == nil {
		return
	}
	name, arg, ok := n.Function()
	switch {
	case ok && name == "Ref" && arg.Is(tree.String):
		c.add(arg.Text, "")
		return
	case ok && name == "Fn::GetAtt":
		c.getAtt(arg)
	case ok && name == "Fn::Sub":
		c.sub(arg)
	}
	for _, e := range n.List {
		c.walk(e)
	}
	for _, m := range n.Map {
		c.walk(m.Value)
	}
}

func (c *collector) getAtt(arg *tree.Node) {
	if arg.Is(tree.String) {
		id, attribute, _ := strings.Cut(arg.Text, ".")
		c.add(id, attribute)
		return
	}
	if arg.Is(tree.List) && len(arg.List) > 1 {
		var parts []string
		for _, p := range arg.List[1:] {
			parts = append(parts, p.Str())
		}
		c.add(arg.List[0].Str(), strings.Join(parts, "."))
	}
}

func (c *collector) sub(arg *tree.Node) {
	text, vars := arg, (*tree.Node)(nil)
	if arg.Is(tree.List) && len(arg.List) > 0 {
		text = arg.List[0]
		if len(arg.List) > 1 {
			vars = arg.List[1]
		}
	}
	parts, err := eval.ParseSub(text.Str())
	if err != nil {
		return // the evaluator says so
	}
	for _, p := range parts {
		if p.Name == "" || vars.Get(p.Name) != nil {
			continue
		}
		id, attribute, _ := strings.Cut(p.Name, ".")
		c.add(id, attribute)
	}
}
