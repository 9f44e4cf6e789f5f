package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/local"
)

// newLocal serves the embedded cloud on a port.
func newLocal() *cobra.Command {
	var addr string
	var signed bool
	cloud := &local.Cloud{}
	cmd := &cobra.Command{
		Use:   "local",
		Short: "Serve the embedded cloud, for any client of CloudFormation",
		Long: `Serve the embedded cloud: CloudFormation without an account, for the AWS CLI, an SDK, or
go run ./examples/ecs -endpoint. It listens on this machine only, unless another address is given.

It keeps what it holds in memory, or in a file with --state: a restart goes on where it was, and so
does one after the process was killed; deployments that were under way are taken up again. The file is
encrypted, with a key that is kept beside it in FILE.key; without the key it cannot be read.

With --require-signature, requests must be signed with a secret access key: the one in the environment
variable AWS_SECRET_ACCESS_KEY or, if there is none, one that is made up and printed.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cloud.TimeScale < 0 {
				return fmt.Errorf("--time-scale is %v; it must not be negative", cloud.TimeScale)
			}
			said := "any"
			if signed {
				cloud.Secret, said = secretKey()
			}
			return serve(cmd.Context(), addr, cloud, said, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:4566", "address to listen on")
	cmd.Flags().StringVar(&cloud.State, "state", "", "file to keep everything in (default: memory only)")
	cmd.Flags().BoolVar(&signed, "require-signature", false, "refuse requests that are not signed with a known secret")
	cmd.Flags().Float64Var(&cloud.TimeScale, "time-scale", 1, "how many times as fast as real time delays and timeouts pass")
	cmd.Flags().DurationVar(&cloud.Delay, "delay", 0, "how long each resource takes to be made, changed or deleted")
	cmd.Flags().BoolVar(&cloud.EarlyValidation, "early-validation", false, "look at properties and names before anything is made, as AWS does since November 2025")
	return cmd
}

// secretKey is the secret that requests are to be signed with, and what is printed of it: the user's own
// is not.
func secretKey() (secret, said string) {
	const own = "AWS_SECRET_ACCESS_KEY"
	if secret = os.Getenv(own); secret != "" {
		return secret, "$" + own
	}
	secret = rand.Text()
	return secret, secret
}

// reachable is the address at which this machine reaches what listens at an address, which may be all
// that it has.
func reachable(a net.Addr) string {
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return a.String()
}

// serve listens until ctx ends. said is what is printed of the secret access key.
func serve(ctx context.Context, addr string, cloud *local.Cloud, said string, out io.Writer) (err error) {
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
	server := &http.Server{
		Handler: cloud, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute,
	}
	fmt.Fprintf(out, `The embedded cloud listens on http://%[1]s

  export AWS_ENDPOINT_URL=http://%[1]s
  export AWS_ACCESS_KEY_ID=%[2]s AWS_SECRET_ACCESS_KEY=%[4]s AWS_REGION=%[3]s AWS_DEFAULT_REGION=%[3]s
`, reachable(l.Addr()), local.DefaultAccount, local.DefaultRegion, said)
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
