package validate

import (
	"github.com/updraft-go/updraft/schema"
	"github.com/updraft-go/updraft/stack"
)

// Diff is [stack.Diff] with what the schema knows of resource types: each change of a property says
// whether the resource is updated in place, may be replaced, or is. What the schema does not know, such as
// the types of third parties, has an unknown effect.
//
//	changes, err := validate.Diff(before, after)
//	fmt.Print(changes)
//
// # Errors
//
// Those of [stack.Diff].
func Diff(before, after *stack.Template) (stack.Changes, error) {
	return stack.Diff(before, after, &stack.DiffOptions{Effect: Effect})
}

// Effect is what the change of a property does to a resource of a type, as [stack.DiffOptions] asks. path
// leads from the resource's properties to the value that changes: names of properties, keys of maps, and
// indices of lists as numbers.
func Effect(resourceType string, path ...string) stack.Effect {
	t, ok := schema.Lookup(resourceType)
	if !ok {
		return stack.UnknownEffect
	}
	site, err := t.Resolve(path...)
	if err != nil {
		return stack.UnknownEffect
	}
	switch site.Replacement {
	case schema.Yes:
		return stack.Replaces
	case schema.Maybe:
		return stack.MayReplace
	}
	return stack.UpdatesInPlace
}
