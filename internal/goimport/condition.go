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
		path := "Conditions." + m.Key
		if !im.named(m, path) {
			continue
		}
		test, ok := im.test(m.Value)
		if !ok {
			im.fail(m.Value, path, "a condition for which there is no Go code; it must be one of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition")
			continue
		}
		c := call(variable("t")+".Condition", conditionType, leaf(quote(m.Key), goType{}), test)
		im.add(&stmt{symbol: im.tests[m.Key], value: c, section: "conditions"})
	}
}

// test is a condition as it stands in the Conditions section.
func (im *importer) test(n *tree.Node) (*code, bool) {
	name, arg, ok := n.Function()
	if !ok {
		return nil, false
	}
	switch name {
	case "Condition":
		if arg.Is(tree.String) && arg.Text != "" {
			return im.conditionRef(arg.Text), true
		}
	case "Fn::Equals":
		return im.equals(arg)
	case "Fn::And":
		return im.combined("fn.And", arg, 100)
	case "Fn::Or":
		return im.combined("fn.Or", arg, 100)
	case "Fn::Not":
		return im.combined("fn.Not", arg, 1)
	}
	return nil, false
}

func (im *importer) combined(function string, arg *tree.Node, most int) (*code, bool) {
	args, ok := items(arg, 1, most)
	if !ok {
		return nil, false
	}
	c := call(function, conditionType)
	c.layout = listed
	for _, a := range args {
		t, ok := im.test(a)
		if !ok {
			return nil, false
		}
		c.items = append(c.items, item{value: t})
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
