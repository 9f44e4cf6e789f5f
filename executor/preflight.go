package executor

import (
	"context"

	"github.com/updraft-go/updraft/stack"
)

// preflight checks a set of stacks before the first of them is touched: each by itself, the
// parameters that only a deployed stack could have, and the exports that must be there already.
func (c *Client) preflight(ctx context.Context, g *stack.Graph, opts *Options) error {
	var ds stack.Diagnostics
	var requests []*request
	for _, s := range g.Stacks() {
		r, err := c.newRequest(s, opts)
		requests = append(requests, r)
		if found, ok := err.(stack.Diagnostics); ok {
			ds = append(ds, found...)
		} else if err != nil {
			return err
		}
	}
	if err := ds.Err(); err != nil {
		return err
	}
	for _, r := range requests {
		if _, missing := r.parameters(nil); missing.Err() == nil {
			continue
		}
		d, err := c.read(ctx, r.stack.Name)
		if err != nil {
			return err
		}
		if d.status() == stack.RollbackComplete || d.status() == stack.DeleteInProgress {
			d = deployed{} // it will be created anew, if at all
		}
		_, missing := r.parameters(d.Parameters)
		ds = append(ds, missing...)
	}
	between, err := c.checkExports(ctx, g)
	if err != nil {
		return err
	}
	return append(ds, between...).Err()
}
