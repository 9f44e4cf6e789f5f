package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/internal/console"
	"github.com/updraft-go/updraft/stack"
)

// carryOut deploys or deletes the stacks that the flags ask for, and shows what becomes of them.
func carryOut(ctx context.Context, o *options, c *chapter, in *bufio.Reader, out io.Writer) error {
	where, err := o.target(ctx)
	if err != nil {
		return err
	}
	defer where.close()
	stacks := o.stacks(c, where.embedded)
	verb := "Deploy"
	if o.remove {
		verb = "Delete"
	}
	fmt.Fprintf(out, "%s %d stacks: %s.\n\n", verb, len(stacks), where.name)
	if o.aws && !o.yes {
		if err := confirm(in, out, verb+" them?"); err != nil {
			return err
		}
	}
	begin := where.client.StartDeploy
	if o.remove {
		begin = where.client.StartDelete
	}
	run, err := begin(ctx, stacks, nil)
	if err != nil {
		return nameFlags(err)
	}
	if err := console.Follow(ctx, out, stacks, run); err != nil && ctx.Err() == nil {
		return err
	}
	// Even after Ctrl-C the run is asked how it stands: it ends at once then, and knows which stacks
	// go on without being waited for.
	result, err := run.Wait(context.WithoutCancel(ctx))
	if err != nil {
		return explain(o, err)
	}
	if o.remove {
		fmt.Fprintln(out, "\nAll are gone.")
		return nil
	}
	report(out, result)
	if where.embedded && o.endpoint == "" {
		fmt.Fprintf(out, "\nThe same on AWS: go run ./examples/ecs -aws -key-pair NAME -vpc-id ID -subnets ID,ID\n")
	}
	return nil
}

// nameFlags says of a parameter without a value which flag gives it one.
func nameFlags(err error) error {
	var found stack.Diagnostics
	if !errors.As(err, &found) {
		return err
	}
	flags := map[string]string{"Parameters.KeyPair": "-key-pair", "Parameters.VpcId": "-vpc-id", "Parameters.PublicSubnet": "-subnets"}
	out := slices.Clone(found)
	for i, d := range out {
		if f, ok := flags[d.Path]; ok {
			out[i].Cure = "give " + f
		}
	}
	return out
}

// explain adds, for what goes on without being waited for, how to watch it again.
func explain(o *options, err error) error {
	var detached *executor.DetachedError
	if !errors.As(err, &detached) {
		return err
	}
	if !o.aws && o.endpoint == "" {
		return fmt.Errorf("%w\nthe embedded cloud ended with this program", err)
	}
	return fmt.Errorf("%w\nto wait for it again, give the same command once more", err)
}

// report prints what each stack gives, and what it exports.
func report(out io.Writer, result *executor.GraphResult) {
	var exports [][2]string
	fmt.Fprintln(out, "\nOutputs")
	for _, s := range result.Stacks {
		for name := range s.Stack.Template.Outputs.All() {
			if v, ok := s.Result.Outputs[name]; ok {
				fmt.Fprintf(out, "  %s.%s = %s\n", s.Stack.Name, name, v)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(s.Result.Exports)) {
			exports = append(exports, [2]string{name, s.Result.Exports[name]})
		}
	}
	fmt.Fprintln(out, "\nExports")
	for _, e := range exports {
		fmt.Fprintf(out, "  %s = %s\n", e[0], e[1])
	}
	var unchanged []string
	for _, s := range result.Stacks {
		if s.Result.Unchanged {
			unchanged = append(unchanged, s.Stack.Name)
		}
	}
	if len(unchanged) > 0 {
		fmt.Fprintf(out, "\n%d of %d stacks were changed; unchanged: %s\n", len(result.Stacks)-len(unchanged), len(result.Stacks), strings.Join(unchanged, ", "))
	}
}
