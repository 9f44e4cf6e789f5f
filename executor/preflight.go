package executor

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
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
	missing, err := c.missingExports(ctx, g.External())
	if err != nil {
		return err
	}
	return append(ds, missing...).Err()
}

// missingExports finds imports that nobody exports: no stack of the set and none that is there.
func (c *Client) missingExports(ctx context.Context, imports []stack.Import) (stack.Diagnostics, error) {
	imports = slices.DeleteFunc(imports, func(i stack.Import) bool { return i.Name == "" })
	if len(imports) == 0 {
		return nil, nil
	}
	names, err := c.exports(ctx)
	if _, refused := refusal(err); refused || err != nil && waiter.Denied(err) {
		c.log().LogAttrs(ctx, slog.LevelWarn, "imports were not checked", slog.String("error", err.Error()))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var ds stack.Diagnostics
	for _, i := range imports {
		if slices.Contains(names, i.Name) {
			continue
		}
		cure := "deploy the stack that exports it first, or add it to the set"
		if near := nearest(i.Name, names); near != "" {
			cure = fmt.Sprintf("did you mean %s?", near)
		}
		ds = append(ds, stack.Diagnostic{
			Code: "missing-export", Stack: i.Stack.Name, Path: i.Path,
			Summary: fmt.Sprintf("nobody exports %q, neither a stack of the set nor one in this account and region", i.Name), Cure: cure,
		})
	}
	return ds, nil
}

// exports returns the names of all exports of the account and region.
func (c *Client) exports(ctx context.Context) ([]string, error) {
	var names []string
	in := &cloudformation.ListExportsInput{}
	for {
		out, err := call(ctx, c, "ListExports", "", c.API.ListExports, in)
		if err != nil {
			return nil, err
		}
		for _, e := range out.Exports {
			names = append(names, aws.ToString(e.Name))
		}
		if aws.ToString(out.NextToken) == "" {
			return names, nil
		}
		in.NextToken = out.NextToken
	}
}
