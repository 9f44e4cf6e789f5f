package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/updraft-go/updraft/rollout"
)

// childVariable is the environment variable that makes this program the one that kills itself.
const childVariable = "GOLDENIMAGE_ENDPOINT"

// killed has another process release something, which does not get far.
func (s *shop) killed(ctx context.Context, id string) error {
	s.say("\n%s, in a process that kills itself:", id)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.CommandContext(ctx, self)
	child.Env = append(os.Environ(), childVariable+"="+s.endpoint)
	child.Stdout, child.Stderr = s.out, s.out
	err = child.Run()
	if err == nil {
		return fmt.Errorf("the process that was to kill itself came to an end")
	}
	s.say("  the process has ended: %v", err)
	return ctx.Err()
}

// die is the process that kills itself, while the image is made.
func die(ctx context.Context, endpoint string, out io.Writer) int {
	s := newShop(endpoint, out)
	if err := s.open(ctx); err != nil {
		fmt.Fprintln(out, err)
		return 0
	}
	for e, err := range s.client.Events(ctx, s.of("v3"), nil) {
		if err != nil {
			fmt.Fprintln(out, err)
			return 0
		}
		s.event(e)
		if e.Step == rollout.StepAvailable && e.Kind == rollout.Progress {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Kill() // what is killed cannot be told of an error
			}
			<-ctx.Done()
		}
	}
	return 0
}
