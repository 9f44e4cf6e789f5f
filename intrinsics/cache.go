package intrinsics

import (
	"reflect"
	"sync"
)

// A cache holds what was worked out for types. The zero value is empty. It is safe for concurrent use. A
// [sync.Map] would do; but the compiler makes its code anew for each package that has one, which took a
// quarter of the time that this package takes.
type cache[V any] struct {
	mu     sync.RWMutex
	values map[reflect.Type]V
}

func (c *cache[V]) load(t reflect.Type) (V, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok := c.values[t]
	return v, ok
}

// loadOrStore returns what is there, or else stores v.
func (c *cache[V]) loadOrStore(t reflect.Type, v V) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if there, ok := c.values[t]; ok {
		return there, true
	}
	if c.values == nil {
		c.values = map[reflect.Type]V{}
	}
	c.values[t] = v
	return v, false
}

// replace stores v in place of what is there.
func (c *cache[V]) replace(t reflect.Type, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[t] = v
}
