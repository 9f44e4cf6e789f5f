package eval

import (
	"slices"

	"github.com/updraft-go/updraft/internal/tree"
)

// memberTest is a function of the Rules section that looks at the members of a list.
func memberTest(name string, test func(member, argument *tree.Node) (bool, bool)) func(*Evaluator, *tree.Node) (*tree.Node, error) {
	return func(_ *Evaluator, arg *tree.Node) (*tree.Node, error) {
		if !arg.Is(tree.List) || len(arg.List) != 2 || !arg.List[0].Is(tree.List) {
			return nil, templatef("every %s object requires two parameters, the first of which is a list", name)
		}
		for _, member := range arg.List[0].List {
			if answer, decided := test(member, arg.List[1]); decided {
				return tree.Boolean(answer), nil
			}
		}
		return tree.Boolean(name != "Fn::Contains"), nil
	}
}

// contains is decided by one member that is the value.
func contains(member, value *tree.Node) (answer, decided bool) {
	return true, sameText(member, value)
}

// eachEquals is decided by one member that is not the value.
func eachEquals(member, value *tree.Node) (answer, decided bool) {
	return false, !sameText(member, value)
}

// eachIn is decided by one member that is not in the list.
func eachIn(member, list *tree.Node) (answer, decided bool) {
	return false, !slices.ContainsFunc(list.Items(), func(n *tree.Node) bool { return sameText(member, n) })
}

func sameText(a, b *tree.Node) bool {
	as, aok := a.Scalar()
	bs, bok := b.Scalar()
	if aok && bok {
		return as == bs
	}
	return tree.Equal(a, b)
}
