package stacktest

import (
	"github.com/updraft-go/updraft/internal/tree"
)

// Capture takes what the pattern describes, which may be Any(), and keeps it in a variable, as
// package encoding/json reads it: in a string, a number or a boolean, or in a struct, a slice, a map
// or an any for what is larger, a function say. The variable is set only if all of the pattern around
// fits, from the first resource or output for which it does. What the variable cannot hold does not
// fit.
func Capture[T any](into *T, pattern any) Matcher {
	return nested("", pattern, false, func(m *matching, p Matcher, path string, got *tree.Node) bool {
		p.match(m, path, got)
		if len(m.differences) > 0 || got == nil {
			return got != nil
		}
		var v T
		if err := decode(got, &v); err != nil {
			m.differ(path, p.String()+" that can be kept: "+err.Error(), got)
			return true
		}
		m.captures = append(m.captures, func() { *into = v })
		return true
	})
}
