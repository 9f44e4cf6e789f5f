// Command waitcondition is a story that is told of OpenStack's Heat, in Go: a stack has a server and a
// floating address, and the address comes only when the software on the server says that it is ready.
//
// Without a flag it deploys the stack to an embedded cloud in this process. No server runs there, so a
// child process stands for it, which gets what the server's user data would: the URL of the wait
// condition's handle. You see the stack pause until the child signals after some seconds, then go on. With
// -fail the child signals that it failed, with -timeout nothing at all, and the stack is rolled back.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// options are the flags.
type options struct {
	fail, timeout bool
	after         time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if isServer() {
		os.Exit(serve(ctx, os.Stderr))
	}
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	f := flag.NewFlagSet("waitcondition", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.BoolVar(&o.fail, "fail", false, "the server signals that it failed")
	f.BoolVar(&o.timeout, "timeout", false, "the server does not signal, and the time runs out after two seconds")
	f.DurationVar(&o.after, "after", 3*time.Second, "how long the server takes until it signals")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := tell(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "waitcondition:", err)
		return 1
	}
	return 0
}

// tell deploys the stack, and plays the server when it is there.
func tell(ctx context.Context, o options, stdout, stderr io.Writer) error {
	cloud, err := open(ctx)
	if err != nil {
		return err
	}
	defer cloud.close()
	api := cloudformation.NewFromConfig(cloud.Config())
	c := &executor.Client{API: api, Poller: &waiter.Poller{API: api, MinInterval: 10 * time.Millisecond, Rate: -1}}
	plan, err := c.Plan(ctx, &stack.Stack{Name: "web", Template: template(o.timeout)}, nil)
	if err != nil {
		return err
	}
	run, err := c.Apply(ctx, plan)
	if err != nil {
		return err
	}
	var server server
	defer server.stop()
	t := table{out: stdout}
	for e, err := range run.Events(ctx) {
		if err != nil {
			return err
		}
		t.row(e)
		if e.LogicalID == "Server" && e.Status == stack.CreateComplete {
			if err := server.boot(ctx, api, o, stderr); err != nil {
				return err
			}
		}
	}
	t.end()
	result, err := run.Wait(ctx)
	if err != nil {
		return err
	}
	said, err := stack.ReadWaitData(result.Outputs["Said"])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s: the server says %q, and has the address %s\n", result.Status, said["server"], result.Outputs["Address"])
	return err
}
