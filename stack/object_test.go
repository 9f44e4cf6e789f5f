package stack_test

import (
	"testing"

	"github.com/updraft-go/updraft/stack"
)

// A nil Object and a nil Section are empty, and can be read.
func TestNilIsEmpty(t *testing.T) {
	var o *stack.Object
	if v, ok := o.Get("a"); ok || v != nil || o.At("a", "b") != nil || o.Len() != 0 {
		t.Error("there is something in a nil Object")
	}
	for name := range o.All() {
		t.Error(name)
	}
	o.SortAll()
	if data, err := o.MarshalJSON(); err != nil || string(data) != "null" {
		t.Errorf("written as %s, %v", data, err)
	}

	var s *stack.Section[int]
	if v, ok := s.Get("a"); ok || v != 0 || s.Len() != 0 {
		t.Error("there is something in a nil Section")
	}
	for name := range s.All() {
		t.Error(name)
	}
	s.Delete("a")
	s.Sort()
}
