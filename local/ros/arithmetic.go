package ros

import (
	"strconv"

	"github.com/updraft-go/updraft/internal/tree"
)

// number writes a number as people do.
func number(f float64) *tree.Node {
	return &tree.Node{Kind: tree.Number, Text: strconv.FormatFloat(f, 'f', -1, 64)}
}

// numbers reads the elements of a list.
func numbers(name string, list *tree.Node) ([]float64, error) {
	var out []float64
	for _, item := range list.Items() {
		f, err := strconv.ParseFloat(item.Str(), 64)
		if err != nil {
			return nil, wrong(name, "a list of numbers")
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		return nil, wrong(name, "a list of numbers")
	}
	return out, nil
}

// add sums numbers, puts lists one behind the other, and maps into one.
func add(arg *tree.Node) (*tree.Node, error) {
	items := arg.Items()
	switch {
	case len(items) > 0 && items[0].Is(tree.List):
		return listMerge(arg)
	case len(items) > 0 && items[0].Is(tree.Map):
		out := tree.Object()
		for _, item := range items {
			for _, m := range item.Members() {
				out = set(out, m)
			}
		}
		return out, nil
	}
	list, err := numbers("Fn::Add", arg)
	if err != nil {
		return nil, err
	}
	sum := 0.0
	for _, f := range list {
		sum += f
	}
	return number(sum), nil
}

// set returns a map with a member set.
func set(n *tree.Node, m tree.Member) *tree.Node {
	out := tree.Object()
	for _, old := range n.Map {
		if old.Key != m.Key {
			out.Map = append(out.Map, old)
		}
	}
	out.Map = append(out.Map, m)
	return out
}

// extreme is Fn::Max or Fn::Min.
func extreme(of func(a, b float64) float64) func(*tree.Node) (*tree.Node, error) {
	return func(arg *tree.Node) (*tree.Node, error) {
		list, err := numbers("Fn::Max and Fn::Min", arg)
		if err != nil {
			return nil, err
		}
		out := list[0]
		for _, f := range list[1:] {
			out = of(out, f)
		}
		return number(out), nil
	}
}

func average(arg *tree.Node) (*tree.Node, error) {
	digits, list, err := pair("Fn::Avg", "a number of digits and a list of numbers", arg)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(digits.Str())
	if err != nil || n < 0 || n > 10 {
		return nil, wrong("Fn::Avg", "0 to 10 digits")
	}
	all, err := numbers("Fn::Avg", list)
	if err != nil {
		return nil, err
	}
	sum := 0.0
	for _, f := range all {
		sum += f
	}
	return &tree.Node{Kind: tree.Number, Text: strconv.FormatFloat(sum/float64(len(all)), 'f', n, 64)}, nil
}
