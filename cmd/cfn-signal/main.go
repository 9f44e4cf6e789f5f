// Command cfn-signal tells CloudFormation whether this machine is ready, as the program of that name
// in aws-cfn-bootstrap does, for images that have no Python.
//
//	cfn-signal -e $? --stack NAME --resource GROUP --region eu-west-1
//	cfn-signal -e $? -r "web server" 'https://cloudformation-waitcondition-…'
//
// It exits with 0 when the signal, also that of a failure, was sent, with 2 for flags that it does not
// understand, and otherwise with 1. A static program for an image:
//
//	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' ./cmd/cfn-signal
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/updraft-go/updraft/internal/signalcmd"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c signalcmd.Command
	fs := pflag.NewFlagSet("cfn-signal", pflag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.SortFlags = false
	c.Flags(fs)
	fs.Usage = func() { fmt.Fprintf(stdout, "cfn-signal %s\n\n%s", signalcmd.Usage, fs.FlagUsages()) }
	switch err := fs.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "cfn-signal:", err)
		return 2
	}
	if err := c.Run(ctx, fs.Args(), stdout); err != nil {
		fmt.Fprintln(stderr, "cfn-signal:", err)
		return 1
	}
	return 0
}
