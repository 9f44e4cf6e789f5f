package ros

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/updraft-go/updraft/internal/tree"
)

// A stack is one of the cloud's. The cloud's lock guards it.
type stack struct {
	id, name, region string
	status, reason   string
	template         *template
	body             string
	parameters       map[string]*tree.Node // as the template's functions see them
	texts            map[string]string     // as they were given
	rollback         bool                  // what fails is undone
	timeout          int                   // in minutes
	tags             [][2]string
	created, updated time.Time
	resources        []*resource
	events           []event // oldest first
	outputs          []tree.Member
	deployment       *deployment // the one under way
}

// A resource is one of a stack. One that Count makes has an ID such as Servers[1].
type resource struct {
	id, base, typ    string
	index            int // -1 without Count
	physical         string
	status, reason   string
	properties       *tree.Node // evaluated
	attributes       *tree.Node // of a custom resource
	retain           bool
	created, updated time.Time
}

// An event is a change of the status of a resource, or of the stack itself.
type event struct {
	id, logical, physical, typ, status, reason string
	at                                         time.Time
}

const typeStack = "ALIYUN::ROS::Stack"

func newID() string { return uuid.NewString() }

// find returns a stack by its ID, or one that is not deleted by its name.
func (c *Cloud) find(region, id string) *stack {
	for _, s := range slices.Backward(c.stacks) {
		if s.region == region && (s.id == id || s.name == id && s.status != "DELETE_COMPLETE") {
			return s
		}
	}
	return nil
}

// named returns a stack that is not deleted by its name.
func (c *Cloud) named(region, name string) *stack {
	for _, s := range c.stacks {
		if s.region == region && s.name == name && s.status != "DELETE_COMPLETE" {
			return s
		}
	}
	return nil
}

// state sets the status of the stack.
func (s *stack) state(status, reason string) {
	s.status, s.reason = status, reason
	s.tell(s.name, s.id, typeStack, status, reason)
}

// change sets the status of one of its resources.
func (s *stack) change(r *resource, status, reason string) {
	r.status, r.reason = status, reason
	if now := time.Now(); r.created.IsZero() {
		r.created, r.updated = now, now
	} else {
		r.updated = now
	}
	s.tell(r.id, r.physical, r.typ, status, reason)
}

func (s *stack) tell(logical, physical, typ, status, reason string) {
	s.events = append(s.events, event{newID(), logical, physical, typ, status, reason, time.Now()})
}

// get returns the resource of that ID.
func (s *stack) get(id string) *resource {
	i := slices.IndexFunc(s.resources, func(r *resource) bool { return r.id == id })
	if i < 0 {
		return nil
	}
	return s.resources[i]
}

// instances returns the resources of a name: several with Count, in their order.
func (s *stack) instances(base string) []*resource {
	var list []*resource
	for _, r := range s.resources {
		if r.base == base {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *resource) int { return cmp.Compare(a.index, b.index) })
	return list
}
