package executor

import (
	"context"

	"github.com/updraft-go/updraft/stack"
)

// preflight checks a set of stacks before the first of them is touched: each by itself, the
// parameters that only a deployed stack could have, and the exports that must be there already.
func preflight(ctx context.Context, g *stack.Graph, at places, opts *Options) error {
	var ds stack.Diagnostics
	requests := map[*stack.Stack]*request{}
	for _, s := range g.Stacks() {
		r, err := at.client(s).newRequest(s, opts)
		requests[s] = r
		if found, ok := err.(stack.Diagnostics); ok {
			ds = append(ds, found...)
		} else if err != nil {
			return err
		}
	}
	if err := ds.Err(); err != nil {
		return err
	}
	for _, s := range g.Stacks() {
		r := requests[s]
		if _, missing := r.parameters(nil); missing.Err() == nil {
			continue
		}
		d, err := at.client(s).read(ctx, s.Name)
		if err != nil {
			return err
		}
		if d.status() == stack.RollbackComplete || d.status() == stack.DeleteInProgress {
			d = deployed{} // it will be created anew, if at all
		}
		_, missing := r.parameters(d.Parameters)
		ds = append(ds, missing...)
	}
	for _, c := range at.clients(g.Stacks()) {
		between, err := c.checkExports(ctx, g, at)
		if err != nil {
			return err
		}
		ds = append(ds, between...)
	}
	return ds.Err()
}
