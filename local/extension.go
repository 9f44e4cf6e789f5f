package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// extend applies AWS::LanguageExtensions: loops are unrolled, and the functions that CloudFormation
// itself does not have are evaluated as far as the parameters settle them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
func (x *expansion) extend(root *tree.Node) (*tree.Node, error) {
	root, err := x.unroll(root)
	if err != nil {
		return nil, err
	}
	x.scope.template = newTemplate("", root)
	x.eval = x.scope.evaluator()
	return x.settle(root)
}

const fnForEach = "Fn::ForEach::"

// unroll replaces every loop in n with what it makes.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
func (x *expansion) unroll(n *tree.Node) (*tree.Node, error) {
	if !n.Is(tree.Map) || !slices.ContainsFunc(n.Map, isLoop) {
		return eachChild(n, x.unroll)
	}
	out := tree.Object()
	for _, m := range n.Map {
		made := tree.Object(m)
		if isLoop(m) {
			var err error
			if made, err = x.loop(m.Value); err != nil {
				return nil, err
			}
		}
		// What a loop makes may hold loops, which see the values of the outer one.
		made, err := x.unroll(made)
		if err != nil {
			return nil, err
		}
		for _, one := range made.Map {
			if out.Get(one.Key) != nil {
				return nil, failedTransform(transformExtensions, "Fn::ForEach produced the key %s more than once", one.Key)
			}
			out.Map = append(out.Map, one)
		}
	}
	return out, nil
}

func isLoop(m tree.Member) bool { return strings.HasPrefix(m.Key, fnForEach) }

var errLoop = failedTransform(transformExtensions, "Fn::ForEach layout is incorrect")

// loop returns the members that one loop makes: an identifier, a collection, and what is repeated.
func (x *expansion) loop(arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) || len(arg.List) != 3 || !arg.List[0].Is(tree.String) || !arg.List[2].Is(tree.Map) {
		return nil, errLoop
	}
	collection, err := x.eval.Value(arg.List[1])
	if err != nil {
		return nil, failedTransform(transformExtensions, "%s", textOf(asInvalid(err)))
	}
	if !collection.Is(tree.List) {
		return nil, errLoop
	}
	out := tree.Object()
	size := nodes(arg.List[2])
	for _, item := range collection.List {
		if x.nodes += size; x.nodes > maxUnrolled {
			return nil, failedTransform(transformExtensions, "Fn::ForEach makes a template that is too large")
		}
		value, ok := item.Scalar()
		if !ok {
			return nil, errLoop
		}
		out.Map = append(out.Map, iteration{arg.List[0].Text, value}.apply(arg.List[2]).Map...)
	}
	return out, nil
}

// maxUnrolled is how many values all loops of a template may make together.
const maxUnrolled = 500_000

// nodes counts the values in n.
func nodes(n *tree.Node) int {
	count := 1
	for _, e := range n.List {
		count += nodes(e)
	}
	for _, m := range n.Map {
		count += nodes(m.Value)
	}
	return count
}

// An iteration is one round of a loop: what its identifier stands for.
type iteration struct{ identifier, value string }

// replace puts the value in place of ${Identifier} and, without what no logical ID can hold, of
// &{Identifier}.
func (it iteration) replace(text string) string {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(letters, r) {
			return r
		}
		return -1
	}, it.value)
	return strings.NewReplacer("${"+it.identifier+"}", it.value, "&{"+it.identifier+"}", plain).Replace(text)
}

func (it iteration) apply(n *tree.Node) *tree.Node {
	name, arg, ok := n.Function()
	switch {
	case ok && name == "Ref" && arg.Str() == it.identifier:
		return tree.Text(it.value)
	case ok && name == "Fn::Sub" && arg.Is(tree.String):
		text := it.replace(arg.Text)
		if text != arg.Text && !strings.Contains(text, "${") {
			return tree.Text(text)
		}
	}
	c := *n
	if n.Is(tree.String) {
		c.Text = it.replace(n.Text)
	}
	c.List, c.Map = slices.Clone(n.List), slices.Clone(n.Map)
	for i, e := range c.List {
		c.List[i] = it.apply(e)
	}
	for i, m := range c.Map {
		c.Map[i].Key, c.Map[i].Value = it.replace(m.Key), it.apply(m.Value)
	}
	return &c
}

// settle evaluates the functions of the extensions, where their argument is known and not secret. The
// others are evaluated when the stack is deployed.
func (x *expansion) settle(n *tree.Node) (*tree.Node, error) {
	name, arg, ok := n.Function()
	extended := ok && (name == "Fn::Length" || name == "Fn::ToJsonString" || name == "Fn::FindInMap" && len(arg.Items()) == 4)
	if !extended {
		return eachChild(n, x.settle)
	}
	v, err := x.eval.Value(n)
	switch {
	case err != nil:
		return nil, failedTransform(transformExtensions, "%s", strings.TrimPrefix(textOf(asInvalid(err)), "Template error: "))
	case v.Kind == tree.Unknown || v.Secret:
		return n, nil
	}
	return v, nil
}
