package stack

import (
	"iter"
	"slices"
	"strings"
)

// A Section is one of a template's maps: values by name, in the order in which they were set. The
// zero value is empty and ready; nil is empty and can be read. It is not safe for concurrent writes.
type Section[T any] struct {
	names  []string
	values []T
	places map[string]int // of the names, once there are many
}

// manyNames is from how many names on a search by walking is slower than a map.
const manyNames = 12

// Len returns the number of values.
func (s *Section[T]) Len() int {
	if s == nil {
		return 0
	}
	return len(s.names)
}

// Get returns the value of that name.
func (s *Section[T]) Get(name string) (T, bool) {
	if i := s.place(name); i >= 0 {
		return s.values[i], true
	}
	var zero T
	return zero, false
}

// Set sets the value of that name: in its place if it is there, else at the end.
func (s *Section[T]) Set(name string, value T) {
	if i := s.place(name); i >= 0 {
		s.values[i] = value
		return
	}
	s.add(name, value)
}

// add is Set for a name that is known to be new.
func (s *Section[T]) add(name string, value T) {
	s.names = append(s.names, name)
	s.values = append(s.values, value)
	switch n := len(s.names); {
	case s.places != nil:
		s.places[name] = n - 1
	case n == manyNames:
		s.index()
	}
}

// Delete removes the value of that name, if it is there.
func (s *Section[T]) Delete(name string) {
	i := s.place(name)
	if i < 0 {
		return
	}
	s.names = slices.Delete(slices.Clone(s.names), i, i+1)
	s.values = slices.Delete(slices.Clone(s.values), i, i+1)
	s.index()
}

// Sort puts the names in alphabetical order.
func (s *Section[T]) Sort() { s.SortFunc(strings.Compare) }

// SortFunc puts the names in the order that compare gives, as [slices.SortFunc] does.
func (s *Section[T]) SortFunc(compare func(a, b string) int) {
	order := make([]int, len(s.names))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return compare(s.names[i], s.names[j]) })
	names, values := make([]string, len(order)), make([]T, len(order))
	for to, from := range order {
		names[to], values[to] = s.names[from], s.values[from]
	}
	s.names, s.values = names, values
	s.index()
}

// All returns the names with their values, in order. A name that is deleted meanwhile may still come.
func (s *Section[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		if s == nil {
			return
		}
		names, values := s.names, s.values
		for i, name := range names {
			if !yield(name, values[i]) {
				return
			}
		}
	}
}

// place returns the index of a name, or -1.
func (s *Section[T]) place(name string) int {
	switch {
	case s == nil:
		return -1
	case s.places == nil:
		return slices.Index(s.names, name)
	}
	if i, ok := s.places[name]; ok {
		return i
	}
	return -1
}

// index notes the place of each name, if there are many.
func (s *Section[T]) index() {
	s.places = nil
	if len(s.names) < manyNames {
		return
	}
	s.places = make(map[string]int, 2*len(s.names))
	for i, name := range s.names {
		s.places[name] = i
	}
}

// grow makes room for n names.
func (s *Section[T]) grow(n int) {
	s.names = slices.Grow(s.names, n)
	s.values = slices.Grow(s.values, n)
	if n >= manyNames && s.places == nil && len(s.names) == 0 {
		s.places = make(map[string]int, n)
	}
}
