package model

import "strings"

// Complete fills what follows from other facts: what Ref returns and how the
// physical ID looks, if neither the source nor the overlay says so.
func (t *Type) Complete() {
	t.completeRef()
	if t.PhysicalID == "" {
		t.PhysicalID = t.physicalID()
	}
}

// completeRef fills Ref from the primary identifier. Several parts are most
// often joined by a bar, but not for every type: such a Ref is marked as a
// guess. A Ref without names, by which the overlay says that it returns the
// physical ID and no more is known, becomes nil.
func (t *Type) completeRef() {
	switch {
	case t.Ref != nil && len(t.Ref.Names) == 0:
		t.Ref = nil
	case t.Ref != nil || len(t.Identifier) == 0:
	case len(t.Identifier) == 1:
		t.Ref = &Ref{Names: t.Identifier}
	default:
		t.Ref = &Ref{Names: t.Identifier, Separator: "|", Guess: true}
	}
}

// physicalID returns the shape of the physical ID if it is made of required
// properties alone: Ref returns it, and says of which.
func (t *Type) physicalID() string {
	if t.Ref == nil {
		return ""
	}
	holes := make([]string, len(t.Ref.Names))
	for i, name := range t.Ref.Names {
		if p := t.Properties[name]; p == nil || !p.Required {
			return ""
		}
		holes[i] = "${" + name + "}"
	}
	return strings.Join(holes, t.Ref.Separator)
}
