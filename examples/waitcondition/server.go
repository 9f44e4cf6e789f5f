package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/signal"
)

// The variables that make this program the server. The URL is a secret, which arguments would show to
// everybody on the machine.
const (
	handleVariable = "WAITCONDITION_HANDLE"
	modeVariable   = "WAITCONDITION_MODE"
	afterVariable  = "WAITCONDITION_AFTER"
)

func isServer() bool { return os.Getenv(handleVariable) != "" }

// serve is what the server does: it takes its time, and signals. It returns the exit code.
func serve(ctx context.Context, stderr io.Writer) int {
	if err := work(ctx); err != nil {
		fmt.Fprintln(stderr, "server:", err)
		return 1
	}
	return 0
}

func work(ctx context.Context) error {
	handle, err := signal.ParseHandle(os.Getenv(handleVariable))
	if err != nil {
		return err
	}
	after, err := time.ParseDuration(os.Getenv(afterVariable))
	if err != nil {
		return err
	}
	s := signal.Signal{Status: signal.Success, UniqueID: "server", Reason: "configured", Data: "nginx is up"}
	switch os.Getenv(modeVariable) {
	case "timeout":
		<-ctx.Done() // busy for ever
		return nil
	case "fail":
		s = signal.Signal{Status: signal.Failure, UniqueID: "server", Reason: "nginx did not start"}
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(after):
	}
	return signal.Send(ctx, handle, s, nil)
}

// A server is the child process that stands for one.
type server struct{ process *exec.Cmd }

// boot starts the process with what the user data has: the URL of the handle.
func (s *server) boot(ctx context.Context, api *cloudformation.Client, o options, stderr io.Writer) error {
	found, err := api.DescribeStackResource(ctx, &cloudformation.DescribeStackResourceInput{StackName: aws.String("web"), LogicalResourceId: aws.String("ReadyHandle")})
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	mode := ""
	switch {
	case o.fail:
		mode = "fail"
	case o.timeout:
		mode = "timeout"
	}
	s.process = exec.CommandContext(ctx, program)
	s.process.Stderr = stderr
	s.process.Env = append(os.Environ(), handleVariable+"="+aws.ToString(found.StackResourceDetail.PhysicalResourceId), modeVariable+"="+mode, afterVariable+"="+o.after.String())
	return s.process.Start()
}

// stop ends the process if it has not ended by itself.
func (s *server) stop() {
	if s.process != nil && s.process.Process != nil {
		_ = s.process.Process.Kill() // it may have ended
		_ = s.process.Wait()         // killed or not, it is over
	}
}
