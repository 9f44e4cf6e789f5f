package executor

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// checkExports holds the stacks of a set that are c's against the exports of its account and region:
// what they import must be there, and what they take away must not be imported by others. A caller who
// may not read them goes on without.
func (c *Client) checkExports(ctx context.Context, g *stack.Graph, at places) (stack.Diagnostics, error) {
	exports, err := c.exports(ctx)
	if _, refused := refusal(err); refused || err != nil && waiter.Denied(err) {
		c.log().LogAttrs(ctx, slog.LevelWarn, "exports were not checked", slog.String("error", err.Error()))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ds := c.missingExports(g, at, exports)
	for _, s := range g.Stacks() {
		if at.client(s) != c {
			continue
		}
		taken, err := c.takenAway(ctx, g, at, s, exports)
		if err != nil {
			return nil, err
		}
		ds = append(ds, taken...)
	}
	return ds, nil
}

// missingExports finds imports that nobody exports: no stack of the set and none that is there.
func (c *Client) missingExports(g *stack.Graph, at places, exports []types.Export) stack.Diagnostics {
	var names []string
	for _, e := range exports {
		names = append(names, aws.ToString(e.Name))
	}
	var ds stack.Diagnostics
	for _, i := range g.External() {
		if at.client(i.Stack) != c || i.Name == "" || slices.Contains(names, i.Name) {
			continue
		}
		cure := "deploy the stack that exports it first, or add it to the set"
		if far := exporter(g, i.Name); far != nil {
			cure = fmt.Sprintf("%s exports it, but an import does not reach there: hand the value over with Stack.Inputs", far.Label())
		} else if near := nearest(i.Name, names); near != "" {
			cure = fmt.Sprintf("did you mean %s?", near)
		}
		ds = append(ds, stack.Diagnostic{
			Code: "missing-export", Stack: i.Stack.Name, Path: i.Path,
			Summary: fmt.Sprintf("nobody exports %q, neither a stack of the set nor one in this account and region", i.Name), Cure: cure,
		})
	}
	return ds
}

// exporter returns a stack of the set that exports a value under the name, wherever it is.
func exporter(g *stack.Graph, name string) *stack.Stack {
	for _, s := range g.Stacks() {
		if names, _ := g.Exports(s); slices.Contains(names, name) {
			return s
		}
	}
	return nil
}

// takenAway finds exports that s has now, would no longer have, and that others import:
// CloudFormation refuses to remove them, in the middle of the deployment.
func (c *Client) takenAway(ctx context.Context, g *stack.Graph, at places, s *stack.Stack, exports []types.Export) (stack.Diagnostics, error) {
	stay, known := g.Exports(s)
	if !known {
		return nil, nil
	}
	var ds stack.Diagnostics
	for _, e := range exports {
		name := aws.ToString(e.Name)
		if slices.Contains(stay, name) || !strings.Contains(aws.ToString(e.ExportingStackId), ":stack/"+s.Name+"/") {
			continue
		}
		importers, err := c.importers(ctx, name)
		if err != nil {
			return nil, err
		}
		importers = slices.DeleteFunc(importers, func(i string) bool { return c.letsGo(g, at, i, name) })
		if len(importers) > 0 {
			ds = append(ds, stack.Diagnostic{
				Code: "export-in-use", Stack: s.Name, Path: "Outputs",
				Summary: fmt.Sprintf("the export %q would go, and %s still imports it", name, strings.Join(importers, ", ")),
				Cure:    "keep the export until those stacks are deployed without the import",
			})
		}
	}
	return ds, nil
}

// letsGo reports whether a stack of the set will no longer import an export. Whether it does so in
// time is seen when the set is deployed.
func (c *Client) letsGo(g *stack.Graph, at places, importer, export string) bool {
	for _, s := range g.Stacks() {
		if at.client(s) != c || s.Name != importer {
			continue
		}
		imports, known := g.Imports(s)
		return known && !slices.Contains(imports, export)
	}
	return false
}

// exports returns all exports of the account and region.
func (c *Client) exports(ctx context.Context) ([]types.Export, error) {
	var all []types.Export
	in := &cloudformation.ListExportsInput{}
	for {
		out, err := call(ctx, c, "ListExports", "", c.API.ListExports, in)
		if err != nil {
			return nil, err
		}
		all = append(all, out.Exports...)
		if aws.ToString(out.NextToken) == "" {
			return all, nil
		}
		in.NextToken = out.NextToken
	}
}
