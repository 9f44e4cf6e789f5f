// Package schema is what is known of CloudFormation's resource types: their properties and
// attributes, what Ref returns, which change replaces a resource, and how its physical ID looks.
//
// [Lookup] finds a type by its name, [Types] lists the names. The facts are embedded in the program
// as one table that is read in place: a type is decoded when it is first looked up, and kept. All
// that the package returns is shared and must not be changed; reading it is safe for concurrent use.
//
// The types and their properties are those of a pinned schema, see [Source]; lengths, patterns,
// ranges and the shapes of physical IDs are known for the common services only. What is not known
// is absent, never made up.
package schema

import (
	"iter"
	"sort"
)

// Lookup returns the type with a name such as "AWS::SQS::Queue". It returns false for a name that
// the schema does not hold: a type of a third party, a custom resource, or one that is newer.
func Lookup(name string) (*Type, bool) {
	t := table()
	i := sort.Search(t.len(), func(i int) bool { return t.name(i) >= name })
	if i == t.len() || t.name(i) != name {
		return nil, false
	}
	return t.at(i), true
}

// Types returns an iterator over the names of all types, sorted. It decodes none of them.
func Types() iter.Seq[string] {
	return func(yield func(string) bool) {
		t := table()
		for i := range t.len() {
			if !yield(t.name(i)) {
				return
			}
		}
	}
}

// Source names the schema that the facts come from, with its version.
func Source() string { return table().source }
