package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/local"
)

// newLocal serves the embedded cloud on a port.
func newLocal() *cobra.Command {
	var addr string
	cloud := &local.Cloud{}
	cmd := &cobra.Command{
		Use:   "local",
		Short: "Serve the embedded cloud, for any client of CloudFormation",
		Long: `Serve the embedded cloud: CloudFormation without an account, for the AWS CLI, an SDK, or
go run ./examples/ecs -endpoint. It listens on this machine only, unless another address is given.

It keeps what it holds in memory, or in a file with --state: a restart goes on where it was, and so
does one after the process was killed; deployments that were under way are taken up again. The file is
encrypted, with a key that is kept beside it in FILE.key; without the key it cannot be read.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), addr, cloud, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:4566", "address to listen on")
	cmd.Flags().StringVar(&cloud.State, "state", "", "file to keep everything in (default: memory only)")
	cmd.Flags().DurationVar(&cloud.Delay, "delay", 0, "how long each resource takes to be made, changed or deleted")
	return cmd
}

// serve listens until ctx ends.
func serve(ctx context.Context, addr string, cloud *local.Cloud, out io.Writer) (err error) {
	defer func() {
		if closeErr := cloud.Close(); err == nil {
			err = closeErr
		}
	}()
	if err := cloud.Open(); err != nil {
		return fmt.Errorf("%w; give another file with --state, or move this one away to begin with an empty cloud", err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("%w; give another address with --addr, such as 127.0.0.1:0 for any free port", err)
	}
	server := &http.Server{Handler: cloud, ReadHeaderTimeout: 10 * time.Second}
	fmt.Fprintf(out, `The embedded cloud listens on http://%[1]s

  export AWS_ENDPOINT_URL=http://%[1]s
  export AWS_ACCESS_KEY_ID=%[2]s AWS_SECRET_ACCESS_KEY=any AWS_REGION=%[3]s AWS_DEFAULT_REGION=%[3]s
`, l.Addr(), local.DefaultAccount, local.DefaultRegion)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
