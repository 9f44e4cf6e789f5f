// Command goldenimage brings images to an Auto Scaling group, on an embedded cloud in this process: every
// new instance comes up with the newest build.
//
// A stack makes a server to bake, a launch template and a group whose version is a parameter of the stack.
// You see two releases, and after each the group grow by an instance and which image that runs; a third
// release in a process of its own, which kills itself while the image is made, and the same call go on
// from there; and a fourth that sets off an alarm while instances are replaced, and is rolled back.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	autoscaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/rollout"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if endpoint := os.Getenv(childVariable); endpoint != "" {
		os.Exit(die(ctx, endpoint, os.Stdout))
	}
	if err := tell(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "goldenimage:", err)
		os.Exit(1)
	}
}

// tell is the whole story.
func tell(ctx context.Context, out io.Writer) error {
	cloud := &local.Cloud{}
	defer cloud.Close()
	cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 300 * time.Millisecond}) // on AWS it takes minutes
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: cloud, ReadHeaderTimeout: 10 * time.Second}
	defer server.Close()
	go func() { _ = server.Serve(l) }() // it ends with the program
	s := newShop("http://"+l.Addr().String(), out)
	if err := s.open(ctx); err != nil {
		return err
	}
	for _, id := range []string{"v1", "v2"} {
		if err := s.release(ctx, id, nil); err != nil {
			return err
		}
		if err := s.grow(ctx); err != nil {
			return err
		}
	}
	if err := s.killed(ctx, "v3"); err != nil {
		return err
	}
	if err := s.release(ctx, "v3", &rollout.Options{Refresh: &rollout.Refresh{}}); err != nil {
		return err
	}
	if err := s.grow(ctx); err != nil {
		return err
	}
	return s.bad(ctx, cloud, "v4")
}

// bad releases something that makes errors, and shows that it is rolled back.
func (s *shop) bad(ctx context.Context, cloud *local.Cloud, id string) error {
	s.say("\n%s, which makes errors:", id)
	opts := &rollout.Options{RollBack: true, Refresh: &rollout.Refresh{Preferences: &autoscaling.RefreshPreferences{
		InstanceWarmup: new(int32(1)), AlarmSpecification: &autoscaling.AlarmSpecification{Alarms: []string{"errors"}},
	}}}
	var failed *rollout.RefreshError
	for e, err := range s.client.Events(ctx, s.of(id), opts) {
		if err != nil {
			if !errors.As(err, &failed) || !failed.RolledBack {
				return err
			}
			s.say("  %v", err)
			continue
		}
		s.event(e)
		if e.Step == rollout.StepRefresh && e.Percent > 0 {
			if err := cloud.SetAlarm("errors", true); err != nil {
				return err
			}
		}
	}
	if failed == nil {
		return errors.New("the bad release was not noticed")
	}
	return s.grow(ctx)
}
