// Command updraft works with CloudFormation templates and stacks from the command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// An exitError ends the program with a code of its own.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// run is the whole program; it returns the exit code: 0, 1 for a failure, 2 for wrong use, or what
// a command says.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	documented(cmd, stdout, err)
	fmt.Fprintln(stderr, "updraft:", err)
	var exit *exitError
	if errors.As(err, &exit) {
		return exit.code
	}
	return 1
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "updraft",
		Short:         "CloudFormation templates and stacks",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &exitError{code: 2, err: err} })
	root.AddCommand(newValidate(), newDiff())
	root.AddCommand(newLocal())
	root.AddCommand(newDeploy(), newPlan(), newDelete(), newWatch(), newCancel(), newStatus(), newOutputs(), newDrift(), newRollback(), newPackage())
	root.AddCommand(newImport())
	root.AddCommand(newConvert())
	root.AddCommand(newSignal())
	root.AddCommand(newRollout())
	root.AddCommand(newBroker())
	return root
}
