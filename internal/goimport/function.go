package goimport

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// isFunction says whether n is an intrinsic function that stands for a value. A map of the one key
// Condition is none: in a value it is just a map.
func isFunction(n *tree.Node) bool {
	name, _, ok := n.Function()
	return ok && name != "Condition" && !strings.HasPrefix(name, "Fn::ForEach::")
}

// function is the function n as a value of type t; false if Go's functions cannot say it there.
func (im *importer) function(n *tree.Node, t goType) (*code, bool) {
	name, arg, _ := n.Function()
	switch name {
	case "Ref":
		return im.ref(arg, t)
	case "Fn::GetAtt":
		return im.getAtt(arg, t)
	case "Fn::If":
		return im.ifOf(arg, t)
	case "Fn::Select":
		return im.selectOf(arg, t)
	case "Fn::FindInMap":
		return im.findInMap(arg, t)
	case "Fn::Join":
		return as(t)(im.join(arg, true))
	case "Fn::Sub":
		return as(t)(im.sub(arg))
	case "Fn::Split":
		return as(t)(im.split(arg))
	case "Fn::Base64":
		return as(t)(im.unary("fn.Base64", arg, textType))
	case "Fn::GetAZs":
		return as(t)(im.unary("fn.GetAZs", arg, textsType))
	case "Fn::ImportValue":
		return as(t)(im.unary("fn.ImportValue", arg, textType))
	case "Fn::Cidr":
		return as(t)(im.cidr(arg))
	}
	return as(t)(im.language(name, arg, t))
}

// as gives an expression the type that its place wants: scalars convert into each other, and
// anything stands in the place of free-form JSON.
func as(t goType) func(*code, bool) (*code, bool) {
	return func(c *code, ok bool) (*code, bool) {
		if !ok {
			return nil, false
		}
		switch {
		case t.kind == free, c.typ.same(t):
			return c, true
		case t.kind == scalar && c.typ.kind == scalar:
			return call(t.name, t, c), true
		case t.kind == scalar && c.typ.kind == none:
			return c, true
		}
		return nil, false
	}
}

// argument is an argument of a function: in it "" is a text that is present.
func (im *importer) argument(n *tree.Node, t goType) (*code, bool) {
	if n == nil {
		return nil, false
	}
	if n.Is(tree.String) && n.Text == "" && t.kind == scalar {
		return leaf(`""`, goType{}), true
	}
	t.enum = nil
	return im.value(n, t)
}

func (im *importer) unary(function string, arg *tree.Node, result goType) (*code, bool) {
	a, ok := im.argument(arg, textType)
	if !ok {
		return nil, false
	}
	return call(function, result, a), true
}

// items returns the elements of a list that has between low and high of them.
func items(n *tree.Node, low, high int) ([]*tree.Node, bool) {
	if !n.Is(tree.List) || len(n.List) < low || len(n.List) > high {
		return nil, false
	}
	return n.List, true
}

// join is Fn::Join: as a sum where that is written in the same way, if sum allows it.
func (im *importer) join(arg *tree.Node, sum bool) (*code, bool) {
	args, ok := items(arg, 2, 2)
	if !ok || !args[0].Is(tree.String) {
		return nil, false
	}
	c := call("fn.Join", textType, leaf(quote(args[0].Text), goType{}))
	c.layout = filled
	if !args[1].Is(tree.List) {
		list, ok := im.argument(args[1], textsType)
		if !ok {
			return nil, false
		}
		spread := *list
		if spread.close == "" {
			spread.text += "..."
		} else {
			spread.close += "..."
		}
		c.layout = inline
		c.items = append(c.items, item{value: &spread})
		return c, true
	}
	if sum && args[0].Text == "" {
		if c, ok := im.sum(args[1].List); ok {
			return c, true
		}
	}
	for _, e := range args[1].List {
		v, ok := im.argument(e, textType)
		if !ok {
			return nil, false
		}
		c.items = append(c.items, item{value: v})
	}
	return c, true
}

// sum is Fn::Join without a delimiter as parts with + between them. Neighbours that are both
// literal would become one, as would a sum within the sum: they are left to fn.Join.
func (im *importer) sum(parts []*tree.Node) (*code, bool) {
	var texts []string
	literalBefore, expression := false, false
	for _, p := range parts {
		lit := !isFunction(p)
		if lit && (literalBefore || !p.Is(tree.String) || p.Text == "" || strings.Contains(p.Text, "\n")) {
			return nil, false
		}
		c, ok := im.part(p)
		if !ok {
			return nil, false
		}
		flat, ok := c.flat()
		if !ok || c.typ.kind != none && !c.typ.same(textType) {
			return nil, false
		}
		literalBefore = lit
		expression = expression || !lit
		texts = append(texts, flat)
	}
	whole := strings.Join(texts, " + ")
	if len(texts) < 2 || !expression || len(whole) > lineWidth-40 {
		return nil, false
	}
	return leaf(whole, textType), true
}

// part is a part of a sum.
func (im *importer) part(n *tree.Node) (*code, bool) {
	if name, arg, ok := n.Function(); ok && name == "Fn::Join" {
		return im.join(arg, false)
	}
	return im.argument(n, textType)
}

func (im *importer) sub(arg *tree.Node) (*code, bool) {
	if arg.Is(tree.String) {
		text := *im.text(arg.Text)
		text.want = nameType
		return call("fn.Sub", textType, &text, leaf("nil", goType{})), true
	}
	args, ok := items(arg, 2, 2)
	if !ok || !args[0].Is(tree.String) || !args[1].Is(tree.Map) || len(args[1].Map) == 0 || isFunction(args[1]) {
		return nil, false
	}
	vars := &code{text: "fn.Vars{", close: "}"}
	for _, m := range args[1].Map {
		v, ok := im.element(m.Value, textType)
		if !ok {
			return nil, false
		}
		vars.items = append(vars.items, item{key: quote(m.Key) + ": ", value: v})
	}
	return call("fn.Sub", textType, im.text(args[0].Text), vars), true
}

func (im *importer) split(arg *tree.Node) (*code, bool) {
	args, ok := items(arg, 2, 2)
	if !ok || !args[0].Is(tree.String) {
		return nil, false
	}
	text, ok := im.argument(args[1], textType)
	if !ok {
		return nil, false
	}
	return call("fn.Split", textsType, leaf(quote(args[0].Text), goType{}), text), true
}

func (im *importer) cidr(arg *tree.Node) (*code, bool) {
	args, ok := items(arg, 3, 3)
	if !ok {
		return nil, false
	}
	block, ok := im.argument(args[0], textType)
	if !ok {
		return nil, false
	}
	count, ok1 := args[1].Scalar()
	bits, ok2 := args[2].Scalar()
	if ok1 && ok2 && isInt(count) && isInt(bits) {
		return call("fn.Cidr", textsType, block, leaf(count, goType{}), leaf(bits, goType{})), true
	}
	c, ok1 := im.argument(args[1], wholeType)
	b, ok2 := im.argument(args[2], wholeType)
	if !ok1 || !ok2 {
		return nil, false
	}
	return call("fn.CidrOf", textsType, block, c, b), true
}

// selectOf is Fn::Select. Its result has the type of the list's elements: of t, or text where t is
// another scalar.
func (im *importer) selectOf(arg *tree.Node, t goType) (*code, bool) {
	args, ok := items(arg, 2, 2)
	if !ok {
		return nil, false
	}
	elem := t
	if t.kind == free {
		elem = textType
	}
	elem.enum = nil
	source, ok := im.argument(args[1], listOf(elem))
	if !ok && t.kind == scalar {
		elem = textType
		source, ok = im.argument(args[1], textsType)
	}
	if !ok && t.kind == free {
		elem = freeType
		source, ok = im.argument(args[1], listOf(freeType))
	}
	if !ok {
		return nil, false
	}
	if i, ok := args[0].Scalar(); ok && isInt(i) && !strings.HasPrefix(i, "-") {
		return as(t)(call("fn.Select", elem, leaf(i, goType{}), source), true)
	}
	index, ok := im.argument(args[0], wholeType)
	if !ok {
		return nil, false
	}
	return as(t)(call("fn.SelectAt", elem, index, source), true)
}

// findInMap is Fn::FindInMap, with the mapping's own method where text is wanted.
func (im *importer) findInMap(arg *tree.Node, t goType) (*code, bool) {
	args, ok := items(arg, 3, 4)
	if !ok {
		return nil, false
	}
	if len(args) == 4 {
		return im.findInMapOr(args, t)
	}
	var keys []*code
	for _, a := range args[1:] {
		k, ok := im.argument(a, textType)
		if !ok {
			return nil, false
		}
		keys = append(keys, k)
	}
	textual := t.kind == free || t.same(textType)
	if m := im.mapped[args[0].Str()]; m != nil && args[0].Is(tree.String) && textual {
		return call(variable(m.name)+".Find", textType, keys...), true
	}
	name, ok := im.argument(args[0], textType)
	if !ok {
		return nil, false
	}
	if textual {
		return call("fn.FindInMap", textType, append([]*code{name}, keys...)...), true
	}
	return call("fn.FindInMapOf["+t.String()+"]", t, append([]*code{name}, keys...)...), true
}
