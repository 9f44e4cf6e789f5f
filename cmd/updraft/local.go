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
	var delay time.Duration
	cmd := &cobra.Command{
		Use:   "local",
		Short: "Serve the embedded cloud, for any client of CloudFormation",
		Long: `Serve the embedded cloud: CloudFormation without an account, for the AWS CLI, an SDK, or
go run ./examples/ecs -endpoint. It keeps its stacks in memory and listens on this machine only,
unless another address is given.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), addr, &local.Cloud{Delay: delay}, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:4566", "address to listen on")
	cmd.Flags().DurationVar(&delay, "delay", 0, "how long each resource takes to be made, changed or deleted")
	return cmd
}

// serve listens until ctx ends.
func serve(ctx context.Context, addr string, cloud *local.Cloud, out io.Writer) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("%w; give another address with --addr, such as 127.0.0.1:0 for any free port", err)
	}
	defer cloud.Close()
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
