package local

import (
	"maps"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
	"github.com/updraft-go/updraft/stack"
)

// update makes a resource what its new definition says: not at all, in place, or by a new one.
func (d *deployment) update(old, next *resource, done func(bool)) {
	next.physicalID, next.provided, next.name, next.revision, next.imported = old.physicalID, old.provided, old.name, old.revision, old.imported
	next.attributes, next.place = maps.Clone(old.attributes), old.place
	if old.status == stack.CreateFailed {
		d.recreate(old, next, done)
		return
	}
	// A nested stack may change though its properties do not: its template may.
	if tree.Equal(old.properties, next.properties) && old.status != stack.UpdateFailed && old.typ != typeStack {
		next.status, next.reason, next.updated = old.status, old.reason, old.updated
		d.state.resources[next.id] = next
		done(true)
		return
	}
	d.touch(next.id, old)
	d.state.resources[next.id] = next
	if err := d.guardUpdate(old, next); err != nil {
		d.fail(next, Update, err)
		done(false)
		return
	}
	if becomes(old, next) == schema.Yes {
		d.replace(old, next, done)
		return
	}
	d.tell(next, stack.UpdateInProgress, "")
	d.finishWith(next, Update, stack.UpdateComplete, done, func(then func(error)) {
		d.act(&job{action: Update, resource: next, previous: old.properties, then: then})
	})
}

// replace makes a new resource that takes the place of an old one.
func (d *deployment) replace(old, next *resource, done func(bool)) {
	d.tell(next, stack.UpdateInProgress, "Requested update requires the creation of a new physical resource; hence creating one.")
	next.physicalID, next.provided, next.name, next.revision, next.attributes, next.imported = "", false, "", 0, nil, false
	d.finishWith(next, Update, stack.UpdateComplete, done, func(then func(error)) {
		if name := customName(old, next); name != "" {
			next.physicalID = old.physicalID
			then(invalid("CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename %s and update the stack again.", name))
			return
		}
		d.act(&job{action: Create, resource: next, born: stack.UpdateInProgress, then: func(err error) {
			d.retired = append(d.retired, old)
			then(err)
		}})
	})
}

// recreate makes a resource again whose creation failed, and lets go of what that left.
func (d *deployment) recreate(old, next *resource, done func(bool)) {
	next.physicalID, next.provided, next.name, next.revision, next.attributes, next.imported = "", false, "", 0, nil, false
	d.touch(next.id, nil)
	d.retired = append(d.retired, old)
	d.create(next, done)
}

// customName is the name that a template gives to a resource and to the one that it replaces, "" if
// they are not named or named differently.
func customName(old, next *resource) string {
	t, ok := schema.Lookup(next.typ)
	if !ok {
		return ""
	}
	property := (&inventor{r: next, t: t}).nameProperty()
	name := next.properties.Get(property).Str()
	if property == "" || name != old.properties.Get(property).Str() {
		return ""
	}
	return name
}

// replacement says what changing the properties of a resource does to it.
func replacement(typ string, before, after *tree.Node) schema.Replacement {
	t, ok := schema.Lookup(typ)
	if !ok || isCustom(typ) {
		return schema.No
	}
	most := schema.No
	for _, name := range changedProperties(before, after) {
		most = max(most, replacementOf(t, []string{name}, before.Get(name), after.Get(name)))
	}
	return most
}

// replacementOf says what changing one value does, at a path that the schema knows.
func replacementOf(t *schema.Type, path []string, before, after *tree.Node) schema.Replacement {
	site, err := t.Resolve(path...)
	if err != nil {
		return schema.No
	}
	if site.Replacement != schema.No || !before.Is(tree.Map) || !after.Is(tree.Map) {
		return site.Replacement
	}
	most := schema.No
	for _, key := range changedProperties(before, after) {
		most = max(most, replacementOf(t, append(slices.Clone(path), key), before.Get(key), after.Get(key)))
	}
	return most
}

// changedProperties returns the keys whose values differ, sorted.
func changedProperties(before, after *tree.Node) []string {
	var keys []string
	for _, m := range before.Map {
		if !tree.Equal(m.Value, after.Get(m.Key)) {
			keys = append(keys, m.Key)
		}
	}
	for _, m := range after.Map {
		if before.Get(m.Key) == nil {
			keys = append(keys, m.Key)
		}
	}
	slices.SortFunc(keys, strings.Compare)
	return keys
}
