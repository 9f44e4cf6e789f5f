package goimport

import "github.com/updraft-go/updraft/internal/tree"

// conditions adds the conditions, each after those to which it refers.
func (im *importer) conditions(section *tree.Node) {
	order := sorted(section.Members(), func(n *tree.Node, found func(string)) {
		eachNode(n, func(n *tree.Node) {
			if name, arg, ok := n.Function(); ok && name == "Condition" {
				found(arg.Str())
			}
		})
	})
	for _, m := range order {
		if isLoop(m.Key) {
			im.conditionLoop(m)
			continue
		}
		c := call(variable("t")+".Condition", conditionType, leaf(quote(m.Key), goType{}), im.test(m.Value))
		im.add(&stmt{symbol: im.tests[m.Key], value: c, section: "conditions"})
	}
}

// test is a condition: an expression, verbatim if it is none that Go's functions can say.
func (im *importer) test(n *tree.Node) *code {
	name, arg, _ := n.Function()
	var c *code
	ok := false
	switch name {
	case "Condition":
		if arg.Is(tree.String) && arg.Text != "" {
			return im.conditionRef(arg.Text)
		}
	case "Fn::Equals":
		c, ok = im.equals(arg)
	case "Fn::And":
		c, ok = im.combined("fn.And", arg, 100)
	case "Fn::Or":
		c, ok = im.combined("fn.Or", arg, 100)
	case "Fn::Not":
		c, ok = im.combined("fn.Not", arg, 1)
	case "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn":
		c, ok = im.membership(name, arg)
	}
	if !ok {
		c, _ = im.carry(n, conditionType)
	}
	return c
}

func (im *importer) combined(function string, arg *tree.Node, most int) (*code, bool) {
	args, ok := items(arg, 1, most)
	if !ok {
		return nil, false
	}
	c := call(function, conditionType)
	c.layout = listed
	for _, a := range args {
		c.items = append(c.items, item{value: im.test(a)})
	}
	return c, true
}

// equals compares two texts, or two free-form values.
func (im *importer) equals(arg *tree.Node) (*code, bool) {
	args, ok := items(arg, 2, 2)
	if !ok {
		return nil, false
	}
	a, ok1 := im.argument(args[0], textType)
	b, ok2 := im.argument(args[1], textType)
	if ok1 && ok2 {
		return call("fn.Equals", conditionType, a, b), true
	}
	return call("fn.EqualsOf[any]", conditionType, im.free(args[0]), im.free(args[1])), true
}

// eachNode calls f with n and all that is in it.
func eachNode(n *tree.Node, f func(*tree.Node)) {
	if n == nil {
		return
	}
	f(n)
	for _, e := range n.List {
		eachNode(e, f)
	}
	for _, m := range n.Map {
		eachNode(m.Value, f)
	}
}

// sorted returns members so that each stands after those that its references name, as far as there
// is no circle, and else in their order.
func sorted(members []tree.Member, references func(n *tree.Node, found func(string))) []tree.Member {
	index := make(map[string]int, len(members))
	for i, m := range members {
		index[m.Key] = i
	}
	var order []tree.Member
	state := make([]int, len(members)) // 1 under way, 2 done
	var visit func(i int)
	visit = func(i int) {
		if state[i] != 0 {
			return
		}
		state[i] = 1
		references(members[i].Value, func(name string) {
			if j, ok := index[name]; ok {
				visit(j)
			}
		})
		state[i] = 2
		order = append(order, members[i])
	}
	for i := range members {
		visit(i)
	}
	return order
}
