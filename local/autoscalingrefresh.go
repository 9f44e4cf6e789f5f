package local

import "time"

// A refresh is an instance refresh of a group.
type refresh struct {
	due     time.Time // when something happens next
	surplus int       // how many instances more than the group wants there may be
}

// refresh returns the instance refresh that is under way, nil if none is.
func (g *group) refresh() *refresh { return nil }

// refreshing takes an instance refresh further, and reports whether that changed anything.
func (g *group) refreshing() bool { return false }

// wanted is what an instance refresh launches instances of.
func (r *refresh) wanted(g *group) source { return g.source() }
