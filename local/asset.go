package local

import (
	"maps"
	"slices"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// An asset is a resource as its own service knows it, whoever made it: a stack, or a call of the
// service's API. The cloud's lock guards it.
type asset struct {
	*resource
	state   *stackState // the stack that made it; one that is nowhere if none did
	created time.Time
	changed time.Time
	// revisions are the properties of each version, the first first.
	revisions []*tree.Node
	objects   map[string]*object // of a bucket, by key
	generated string             // of a secret: the value that was made for it
	mail      *mailbox           // of a queue; nil until it is used
	ringing   bool               // of an alarm: it is in ALARM state
	gone      bool               // its service does not know it any more
}

// shelve puts an asset where its service finds it.
func (r *region) shelve(a *asset) {
	byID := r.assets[a.typ]
	if byID == nil {
		byID = map[string]*asset{}
		r.assets[a.typ] = byID
	}
	byID[a.physicalID] = a
}

// own makes a resource known to its service, or tells the service of its new properties.
func (r *region) own(s *stackState, made *resource) *asset {
	if made.actual != nil {
		known := *made
		known.properties = made.actual
		made = &known
	}
	now := time.Now()
	a := r.assets[made.typ][made.physicalID]
	if a == nil {
		a = &asset{created: now}
	}
	a.resource, a.state, a.changed = made, s, now
	a.revisions = append(a.revisions, made.properties)
	r.shelve(a)
	r.cloud.touch(a)
	r.follow(a)
	return a
}

// disown makes the service forget a resource, unless another has taken its identifier since.
func (r *region) disown(gone *resource) {
	if a := r.assets[gone.typ][gone.physicalID]; a != nil && a.resource.physicalID == gone.physicalID {
		delete(r.assets[gone.typ], gone.physicalID)
		a.gone = true
		r.cloud.touch(a)
		r.forget(a)
		if gone.typ == typeAccessKey {
			r.cloud.revoked[gone.physicalID] = true
		}
	}
}

// record tells the service what was done to a resource.
func (r *region) record(s *stackState, a Action, done *resource) {
	switch {
	case done.physicalID == "":
	case a == Delete:
		r.disown(done)
	default:
		r.own(s, done)
	}
}

// asset returns a resource of a type, nil if there is none.
func (r *region) asset(typ, id string) *asset {
	a := r.assets[typ][id]
	if a != nil {
		r.cloud.touch(a)
	}
	return a
}

// list returns the resources of a type, by their identifiers.
func (r *region) list(typ string) []*asset {
	var all []*asset
	for _, id := range slices.Sorted(maps.Keys(r.assets[typ])) {
		all = append(all, r.asset(typ, id))
	}
	return all
}

// global returns a resource of a service that has no regions, of one account. An empty account
// stands for all of them.
func (c *Cloud) global(account, typ, id string) *asset {
	for at, r := range c.regions {
		if a := r.asset(typ, id); a != nil && (account == "" || account == at.account) {
			return a
		}
	}
	return nil
}

// found makes a resource that no stack has: what a call of a service's own API makes.
func (r *region) found(typ, id string, properties *tree.Node) *asset {
	return r.own(&stackState{region: r}, &resource{typ: typ, physicalID: id, properties: properties})
}

// text is a property or an attribute as text, "" if there is none.
func (a *asset) text(name string) string {
	if p := a.properties.Get(name); p != nil {
		text, ok := p.Scalar()
		if !ok {
			text = p.JSON()
		}
		return text
	}
	return a.attribute(a.state, name).Str()
}

// dropped reports whether a property was set once and is not any more.
func (a *asset) dropped(name string) bool {
	return a.properties.Get(name) == nil &&
		slices.ContainsFunc(a.revisions, func(n *tree.Node) bool { return n.Get(name) != nil })
}
