package model

// CompleteRef fills Ref from the primary identifier if neither the source nor
// the overlay says what it returns. Several parts are most often joined by a
// bar, but not for every type: such a Ref is marked as a guess. A Ref without
// names, by which the overlay says that it returns the physical ID and no more
// is known, becomes nil.
func (t *Type) CompleteRef() {
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
