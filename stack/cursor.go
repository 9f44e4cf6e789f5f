package stack

import "github.com/updraft-go/updraft/internal/tree"

// A cursor finds members by name, fastest in their own order.
type cursor struct {
	members []tree.Member
	next    int
	index   map[string]*tree.Node // once a name was not the next one, and there are many
}

// find returns the value of a name, or nil.
func (c *cursor) find(name string) *tree.Node {
	if c.next < len(c.members) && c.members[c.next].Key == name {
		c.next++
		return c.members[c.next-1].Value
	}
	if len(c.members) < manyNames {
		for i, m := range c.members {
			if m.Key == name {
				c.next = i + 1
				return m.Value
			}
		}
		return nil
	}
	if c.index == nil {
		c.index = make(map[string]*tree.Node, len(c.members))
		for _, m := range c.members {
			c.index[m.Key] = m.Value
		}
	}
	return c.index[name]
}
