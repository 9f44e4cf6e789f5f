package record

import (
	"fmt"
	"hash/maphash"
	"maps"
	"reflect"
	"slices"
)

// A Change is a record that is to be written.
type Change struct {
	Number uint64
	// Data is nil for an object that is no more.
	Data []byte
}

// A Graph is what has been written of the objects that are reached from a root. It is not safe for
// concurrent use.
type Graph struct {
	schema *Schema
	root   reflect.Value
	seed   maphash.Seed
	known  map[any]*entry // by pointer
	last   uint64         // the highest number
	swept  int            // how many objects the last sweep left
}

// An entry is what is known of an object.
type entry struct {
	number uint64
	sum    uint64 // of what was written
	stored bool
}

// NewGraph returns the graph of a root, a pointer, of which nothing has been written.
func (s *Schema) NewGraph(root any) *Graph {
	return &Graph{schema: s, root: reflect.ValueOf(root), seed: maphash.MakeSeed(), known: map[any]*entry{}}
}

// A Batch is a set of changes.
type Batch struct {
	Changes []Change
	graph   *Graph
	sums    map[any]uint64
	gone    []any
}

// Stored says that the changes have been written. Without it, they are part of the next batch too.
func (b *Batch) Stored() {
	for p, sum := range b.sums {
		e := b.graph.known[p]
		e.sum, e.stored = sum, true
	}
	for _, p := range b.gone {
		delete(b.graph.known, p)
	}
}

// Changes compares objects with what was written of them: the root, those that the caller touched, and
// all that is reached from there, where it does not go on at cold objects.
//
// # Errors
//
// What a type that marshals itself returned.
func (g *Graph) Changes(touched []any) (*Batch, error) {
	s := g.scan(false, touched)
	return s.batch, s.err
}

// Due reports whether there are so many more objects than there were that it is time to sweep.
func (g *Graph) Due() bool { return len(g.known) > 2*g.swept+1000 }

// Sweep finds what is not reached any more from the root and from the objects that the caller names. It
// looks at every object.
//
// # Errors
//
// Those of Changes.
func (g *Graph) Sweep(from []any) (*Batch, error) {
	s := g.scan(true, from)
	for p, e := range g.known {
		if s.seen[p] {
			continue
		}
		s.batch.gone = append(s.batch.gone, p)
		if e.stored {
			s.batch.Changes = append(s.batch.Changes, Change{Number: e.number})
		}
	}
	g.swept = len(s.seen)
	return s.batch, s.err
}

// A scan goes through objects and writes those that have changed.
type scan struct {
	*Graph
	all   bool // cold and fixed objects too
	seen  map[any]bool
	queue []reflect.Value
	batch *Batch
	err   error
}

func (g *Graph) scan(all bool, from []any) *scan {
	s := &scan{Graph: g, all: all, seen: map[any]bool{}, batch: &Batch{graph: g, sums: map[any]uint64{}}}
	s.push(g.root)
	for _, p := range from {
		s.push(reflect.ValueOf(p))
	}
	for len(s.queue) > 0 && s.err == nil {
		p := s.queue[0]
		s.queue = s.queue[1:]
		s.look(p)
	}
	return s
}

// push makes an object one to look at, once.
func (s *scan) push(p reflect.Value) *entry {
	key := p.Interface()
	e := s.known[key]
	if e == nil {
		s.last++
		e = &entry{number: s.last}
		s.known[key] = e
	}
	if !s.seen[key] {
		s.seen[key] = true
		s.queue = append(s.queue, p)
	}
	return e
}

// reach returns the number of an object that another refers to.
func (s *scan) reach(p reflect.Value) uint64 {
	t := p.Type().Elem()
	if e := s.known[p.Interface()]; e != nil && e.stored && !s.all && (s.schema.cold[t] || s.schema.fixed[t]) {
		return e.number
	}
	return s.push(p).number
}

// look writes an object if it has changed.
func (s *scan) look(p reflect.Value) {
	w := &writer{schema: s.schema, number: s.reach}
	w.object(p.Elem())
	if w.err != nil {
		s.err = w.err
		return
	}
	key := p.Interface()
	e, sum := s.known[key], maphash.Bytes(s.seed, w.out)
	if !e.stored || e.sum != sum {
		s.batch.Changes = append(s.batch.Changes, Change{e.number, w.out})
		s.batch.sums[key] = sum
	}
}

// Read reads a graph from its records, by their numbers. The root is the object of number 1.
//
// # Errors
//
// The record that cannot be read, and why.
func (s *Schema) Read(records map[uint64][]byte) (*Graph, error) {
	g := s.NewGraph(nil)
	objects := map[uint64]reflect.Value{}
	readers := map[uint64]*reader{}
	numbers := slices.Sorted(maps.Keys(records))
	for _, n := range numbers {
		r := &reader{schema: s, in: records[n], object: func(n uint64) reflect.Value { return objects[n] }}
		name, err := r.bytes()
		t := s.types[string(name)]
		if err == nil && t == nil {
			err = fmt.Errorf("the type %q is not known to this version", name)
		}
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", n, err)
		}
		objects[n], readers[n] = reflect.New(t), r
	}
	if g.root = objects[1]; !g.root.IsValid() || g.root.Type().Elem() != s.root {
		return nil, fmt.Errorf("record 1, which leads to all others, is missing")
	}
	for _, n := range numbers {
		if err := readers[n].whole(objects[n].Elem()); err != nil {
			return nil, fmt.Errorf("record %d: %s: %w", n, objects[n].Type().Elem().Name(), err)
		}
		g.known[objects[n].Interface()] = &entry{n, maphash.Bytes(g.seed, records[n]), true}
		g.last = n
	}
	for _, n := range numbers {
		if err := revive(objects[n].Interface()); err != nil {
			return nil, fmt.Errorf("record %d: %s: %w", n, objects[n].Type().Elem().Name(), err)
		}
	}
	return g, nil
}

// revive lets an object complete itself. One that the program did not write may not be able to.
func revive(object any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it does not fit the others: %v", p)
		}
	}()
	if o, ok := object.(Reviver); ok {
		o.Revive()
	}
	return nil
}

// whole reads an object to its end.
func (r *reader) whole(v reflect.Value) error {
	m, err := r.mark()
	if err == nil && m != markStruct {
		err = errTorn
	}
	if err == nil {
		err = r.structure(v)
	}
	if err == nil && len(r.in) > 0 {
		err = errTorn
	}
	return err
}

// Root returns the root, a pointer.
func (g *Graph) Root() any { return g.root.Interface() }

// All returns the objects of a type, in the order of their numbers.
func All[T any](g *Graph) []*T {
	var list []*T
	for p := range g.known {
		if o, ok := p.(*T); ok {
			list = append(list, o)
		}
	}
	slices.SortFunc(list, func(a, b *T) int { return int(g.known[a].number) - int(g.known[b].number) })
	return list
}
