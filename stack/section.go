package stack

import (
	"iter"
	"slices"
	"strings"
)

// A Section is one of a template's maps: values by name, in the order in which they were set. The
// zero value is empty and ready; nil is empty and can be read. It is not safe for concurrent writes.
type Section[T any] struct {
	names  nameList
	values []T
}

// Len returns the number of values.
func (s *Section[T]) Len() int {
	if s == nil {
		return 0
	}
	return len(s.values)
}

// Get returns the value of that name.
func (s *Section[T]) Get(name string) (T, bool) {
	if s != nil {
		if i := s.names.place(name); i >= 0 {
			return s.values[i], true
		}
	}
	var zero T
	return zero, false
}

// Set sets the value of that name: in its place if it is there, else at the end.
func (s *Section[T]) Set(name string, value T) {
	if i := s.names.place(name); i >= 0 {
		s.values[i] = value
		return
	}
	s.add(name, value)
}

// add is Set for a name that is known to be new.
func (s *Section[T]) add(name string, value T) {
	s.names.add(name)
	s.values = append(s.values, value)
}

// Delete removes the value of that name, if it is there.
func (s *Section[T]) Delete(name string) {
	if s == nil {
		return
	}
	if i := s.names.place(name); i >= 0 {
		s.names.remove(i)
		s.values = append(s.values[:i:i], s.values[i+1:]...)
	}
}

// Sort puts the names in alphabetical order.
func (s *Section[T]) Sort() { s.SortFunc(strings.Compare) }

// SortFunc puts the names in the order that compare gives, as [slices.SortFunc] does.
func (s *Section[T]) SortFunc(compare func(a, b string) int) {
	if s == nil {
		return
	}
	order := s.names.sort(compare)
	values := make([]T, len(order))
	for to, from := range order {
		values[to] = s.values[from]
	}
	s.values = values
}

// All returns the names with their values, in order. A name that is deleted meanwhile may still come.
func (s *Section[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		if s == nil {
			return
		}
		names, values := s.names.list, s.values
		for i, name := range names {
			if !yield(name, values[i]) {
				return
			}
		}
	}
}

// grow makes room for n names.
func (s *Section[T]) grow(n int) {
	s.names.grow(n)
	s.values = slices.Grow(s.values, n)
}
