package stack

import (
	"hash/maphash"
	"slices"
	"sort"
)

// A nameList is the names of a [Section], in order. It is apart from the values so that the compiler makes
// its code once, and not for each type of value.
type nameList struct {
	list   []string
	places []int32 // once there are many names: a hash table of their places, from 1; 0 is a free slot
	seed   maphash.Seed
}

// manyNames is from how many names on a search by walking is slower than a table.
const manyNames = 12

// place returns the index of a name, or -1.
func (n *nameList) place(name string) int {
	if n.places == nil {
		return slices.Index(n.list, name)
	}
	return int(n.places[n.slot(name)]) - 1
}

// slot returns where in the table a name is, or would be.
func (n *nameList) slot(name string) int {
	mask := len(n.places) - 1
	i := int(maphash.String(n.seed, name)) & mask
	for n.places[i] != 0 && n.list[n.places[i]-1] != name {
		i = (i + 1) & mask
	}
	return i
}

// add adds a name that is known to be new.
func (n *nameList) add(name string) {
	n.list = append(n.list, name)
	if count := len(n.list); count >= manyNames && 2*count > len(n.places) {
		n.index(count)
	} else if n.places != nil {
		n.places[n.slot(name)] = int32(count)
	}
}

// remove removes the name at i. A list that was handed out before stays as it was.
func (n *nameList) remove(i int) {
	n.list = slices.Delete(slices.Clone(n.list), i, i+1)
	n.index(len(n.list))
}

// sort puts the names in the order that compare gives, and returns where each of them was.
func (n *nameList) sort(compare func(a, b string) int) []int {
	order := make([]int, len(n.list))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return compare(n.list[order[i]], n.list[order[j]]) < 0 })
	sorted := make([]string, len(order))
	for to, from := range order {
		sorted[to] = n.list[from]
	}
	n.list = sorted
	n.index(len(n.list))
	return order
}

// index makes the table of the names, if there are to be many. A quarter to a half of it is filled.
func (n *nameList) index(count int) {
	n.places = nil
	if count < manyNames {
		return
	}
	size := 16
	for size < 2*count {
		size *= 2
	}
	n.places, n.seed = make([]int32, 2*size), maphash.MakeSeed()
	for i, name := range n.list {
		n.places[n.slot(name)] = int32(i) + 1
	}
}

// grow makes room for so many names.
func (n *nameList) grow(count int) {
	n.list = slices.Grow(n.list, count)
	if n.places == nil && len(n.list) == 0 {
		n.index(count)
	}
}
