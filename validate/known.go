package validate

import (
	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
)

// unknowns is the resolver of a template that is judged alone: what comes from outside of it, or is
// there only once it is deployed, is not known.
type unknowns struct{}

func (unknowns) Ref(name string) (*tree.Node, error) { return later, nil }

func (unknowns) GetAtt(resource, attribute string) (*tree.Node, error) { return later, nil }

func (unknowns) Import(name string) (*tree.Node, error) { return later, nil }

func (unknowns) Zones(region string) (*tree.Node, error) { return later, nil }

var later = &tree.Node{Kind: tree.Unknown}

// known evaluates a function whose value the template alone says, such as a lookup in a mapping by
// literal keys. It returns nil for one whose value is not known before it is deployed, and for one
// that cannot be evaluated, which the rules of functions report. The value has the place of the
// function.
func (c *checker) known(n *tree.Node) *tree.Node {
	if c.macro {
		return nil
	}
	if c.evaluator == nil {
		c.evaluator = eval.New(c.doc, unknowns{})
	}
	v, err := c.evaluator.Value(n)
	if err != nil || !isLiteral(v) {
		return nil
	}
	return placed(v, n)
}

// isLiteral reports whether n is a scalar or a list of scalars.
func isLiteral(n *tree.Node) bool {
	if _, ok := n.Scalar(); ok {
		return true
	}
	if !n.Is(tree.List) {
		return false
	}
	for _, item := range n.List {
		if _, ok := item.Scalar(); !ok {
			return false
		}
	}
	return true
}

// placed is v, with each of its parts at the place of n.
func placed(v, n *tree.Node) *tree.Node {
	out := *v
	out.Line, out.Column = n.Line, n.Column
	if v.Is(tree.List) {
		out.List = make([]*tree.Node, len(v.List))
		for i, item := range v.List {
			out.List[i] = placed(item, n)
		}
	}
	return &out
}
