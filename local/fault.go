package local

import (
	"path"
	"time"
)

// An Action is what is done to a resource.
type Action string

// The actions.
const (
	Create Action = "CREATE"
	Update Action = "UPDATE"
	Delete Action = "DELETE"
)

// A Fault is a failure or a delay that is to happen. It strikes the resources that all of its
// patterns match; an empty pattern matches all. Patterns are those of [path.Match].
type Fault struct {
	// Stack is a pattern for the stack's name.
	Stack string
	// LogicalID is a pattern for the resource's logical ID; for an image of EC2, for its name, and for an
	// instance that no template has, for the name of its image.
	LogicalID string
	// Type is a pattern for the resource's type.
	Type string
	// Action is what is struck. If empty, all actions are.
	Action Action
	// Reason is why it fails, as the events tell it. If empty, it does not fail, and the fault is no
	// more than a delay.
	Reason string
	// Delay is how long the action takes, after the cloud's own Delay.
	Delay time.Duration
	// Times is how often the fault strikes. If zero, always.
	Times int

	struck int
}

// Fail makes failures or delays happen from now on. A fault that was given earlier strikes first.
func (c *Cloud) Fail(faults ...Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range faults {
		c.faults = append(c.faults, &f)
	}
}

// Heal takes all faults away.
func (c *Cloud) Heal() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = nil
}

// strike returns the fault that strikes an action, or nil. The lock is held.
func (c *Cloud) strike(s *stackState, r *resource, a Action) *Fault {
	for _, f := range c.faults {
		if f.Times > 0 && f.struck >= f.Times || f.Action != "" && f.Action != a {
			continue
		}
		if matches(f.Stack, s.name) && matches(f.LogicalID, r.id) && matches(f.Type, r.typ) {
			f.struck++
			return f
		}
	}
	return nil
}

func matches(pattern, name string) bool {
	if pattern == "" {
		return true
	}
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}
