package stack

import (
	"iter"
	"slices"
)

// A Section is one of a template's maps: values by name, in the order in which they were set. The
// zero value is empty and ready. It is not safe for concurrent writes.
type Section[T any] struct {
	names  []string
	values map[string]T
}

// Len returns the number of values.
func (s *Section[T]) Len() int { return len(s.names) }

// Get returns the value of that name.
func (s *Section[T]) Get(name string) (T, bool) {
	v, ok := s.values[name]
	return v, ok
}

// Set sets the value of that name: in its place if it is there, else at the end.
func (s *Section[T]) Set(name string, value T) {
	if s.values == nil {
		s.values = map[string]T{}
	}
	if _, ok := s.values[name]; !ok {
		s.names = append(s.names, name)
	}
	s.values[name] = value
}

// Delete removes the value of that name, if it is there.
func (s *Section[T]) Delete(name string) {
	if _, ok := s.values[name]; !ok {
		return
	}
	delete(s.values, name)
	s.names = slices.DeleteFunc(s.names, func(n string) bool { return n == name })
}

// Sort puts the names in alphabetical order.
func (s *Section[T]) Sort() { slices.Sort(s.names) }

// All returns the names with their values, in order.
func (s *Section[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for _, name := range s.names {
			if !yield(name, s.values[name]) {
				return
			}
		}
	}
}
