package local

import (
	"iter"
	"maps"
	"net/http"
	"slices"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/record"
	"github.com/updraft-go/updraft/internal/vault"
)

// A keeper keeps the world of a cloud in its State. Before an answer leaves, and whenever a deployment
// waits, the objects that may have changed are compared with what was written of them, and those that
// have are written in one transaction.
//
// How a new piece of state joins: put it into a field of world, region, stackState, asset, resource or
// deployment, or of a struct that one of these leads to, and it is kept, with what it points to and who
// else points there; TestEveryPieceOfStateCanBeKept says if a type cannot be. What only lives as long as
// the process (locks, channels, functions), and what can be derived, gets the tag `record:"-"` and is
// made anew in a method Revive, or in revive below. A call's region and all that it leads to is looked at
// each time. Stacks and assets are many, and are looked at when they were found by find, live, named,
// asset, list or global, made by add or own, or told of by setStatus or tell; code that changes one that
// it has come by otherwise says so with touch. A deployment's fields say how far it has come: one that
// was interrupted is taken up again by its stack's status, which goOn maps to what is done next; an
// operation with a status of its own adds a line there.
type keeper struct {
	vault   *vault.Vault
	graph   *record.Graph
	touched map[any]bool
}

// stateSchema is how the types of a world are kept.
func stateSchema() (*record.Schema, error) {
	return record.New((*world)(nil), &record.Options{
		Cold: []any{(*region)(nil), (*stackState)(nil), (*asset)(nil)},
		Fixed: []any{
			(*template)(nil), (*parameters)(nil), (*parameter)(nil), (*stackPolicy)(nil), (*plan)(nil), (*change)(nil), (*object)(nil),
		},
		Held: []any{(*query.Error)(nil)},
	})
}

// openState reads the State, or begins it. The lock is held.
func (c *Cloud) openState() error {
	schema, err := stateSchema()
	if err != nil {
		return err
	}
	v, err := vault.Open(c.State)
	if err != nil {
		return err
	}
	records, err := v.Records()
	k := &keeper{vault: v, touched: map[any]bool{}}
	switch {
	case err != nil:
	case len(records) == 0:
		c.world = newWorld()
		k.graph = schema.NewGraph(c.world)
	default:
		if k.graph, err = schema.Read(records); err == nil {
			c.world = k.graph.Root().(*world)
		}
	}
	if err != nil {
		_ = v.Close() // the first error counts
		return err
	}
	c.keeper = k
	c.revive()
	return nil
}

// revive completes a world that was read, and makes its deployments go on.
func (c *Cloud) revive() {
	c.openings++
	for _, r := range c.regions {
		r.cloud = c
	}
	for _, a := range record.All[asset](c.keeper.graph) {
		if !a.gone {
			a.state.region.shelve(a)
		}
	}
	for _, r := range c.regions {
		for _, s := range r.stacks {
			if s.running != nil {
				c.takeUp(s.running)
			}
		}
	}
}

// touch says that an object may change: a *stackState, an *asset or a *region. The lock is held.
func (c *Cloud) touch(object any) {
	if c.keeper != nil {
		c.keeper.touched[object] = true
	}
}

// save writes what has changed. The lock is held. What could not be written is tried again next time.
func (c *Cloud) save() error {
	if c.keeper == nil {
		return nil
	}
	k := c.keeper
	batch, err := k.graph.Changes(slices.Collect(maps.Keys(k.touched)))
	if err == nil {
		err = k.write(batch)
	}
	if err != nil {
		return err
	}
	clear(k.touched)
	if c.saved != nil && len(batch.Changes) > 0 {
		c.saved()
	}
	if !k.graph.Due() {
		return nil
	}
	if batch, err = k.graph.Sweep(c.allAssets()); err != nil {
		return err
	}
	return k.write(batch)
}

func (k *keeper) write(batch *record.Batch) error {
	if len(batch.Changes) > 0 {
		if err := k.vault.Write(changes(batch)); err != nil {
			return err
		}
	}
	batch.Stored()
	return nil
}

func changes(batch *record.Batch) iter.Seq2[uint64, []byte] {
	return func(yield func(uint64, []byte) bool) {
		for _, c := range batch.Changes {
			if !yield(c.Number, c.Data) {
				return
			}
		}
	}
}

// allAssets are the assets that there are. Nothing else leads to some of them.
func (c *Cloud) allAssets() []any {
	var all []any
	for _, r := range c.regions {
		for _, byID := range r.assets {
			for _, a := range byID {
				all = append(all, a)
			}
		}
	}
	return all
}

// closeState saves what is left and closes the file. The lock is held.
func (c *Cloud) closeState() error {
	if c.keeper == nil {
		return nil
	}
	err := c.save()
	if closeErr := c.keeper.vault.Close(); err == nil {
		err = closeErr
	}
	c.keeper = nil
	return err
}

// unsaved is the answer in place of one that tells of what could not be written.
func unsaved(err error) error {
	return &query.Error{Code: "ServiceUnavailable", Status: http.StatusServiceUnavailable,
		Message: "the embedded cloud cannot keep what it is told, and answers nothing until it can: " + err.Error()}
}
