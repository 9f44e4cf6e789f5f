package stack

import "slices"

// A nameList is the names of a [Section], in order. It is apart from the values so that the compiler makes
// its code once, and not for each type of value.
type nameList struct {
	list   []string
	places map[string]int // of the names, once there are many
}

// manyNames is from how many names on a search by walking is slower than a map.
const manyNames = 12

// place returns the index of a name, or -1.
func (n *nameList) place(name string) int {
	if n.places == nil {
		return slices.Index(n.list, name)
	}
	if i, ok := n.places[name]; ok {
		return i
	}
	return -1
}

// add adds a name that is known to be new.
func (n *nameList) add(name string) {
	n.list = append(n.list, name)
	switch count := len(n.list); {
	case n.places != nil:
		n.places[name] = count - 1
	case count == manyNames:
		n.index()
	}
}

// remove removes the name at i. A list that was handed out before stays as it was.
func (n *nameList) remove(i int) {
	n.list = slices.Delete(slices.Clone(n.list), i, i+1)
	n.index()
}

// sort puts the names in the order that compare gives, and returns where each of them was.
func (n *nameList) sort(compare func(a, b string) int) []int {
	order := make([]int, len(n.list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return compare(n.list[i], n.list[j]) })
	sorted := make([]string, len(order))
	for to, from := range order {
		sorted[to] = n.list[from]
	}
	n.list = sorted
	n.index()
	return order
}

// index notes the place of each name, if there are many.
func (n *nameList) index() {
	n.places = nil
	if len(n.list) < manyNames {
		return
	}
	n.places = make(map[string]int, 2*len(n.list))
	for i, name := range n.list {
		n.places[name] = i
	}
}

// grow makes room for so many names.
func (n *nameList) grow(count int) {
	n.list = slices.Grow(n.list, count)
	if count >= manyNames && n.places == nil && len(n.list) == 0 {
		n.places = make(map[string]int, count)
	}
}
