package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

// The environment variables that say who may use the broker. They are no flags, since other users of
// the machine can read those.
const (
	envUser     = "UPDRAFT_BROKER_USER"
	envPassword = "UPDRAFT_BROKER_PASSWORD"
	envToken    = "UPDRAFT_BROKER_TOKEN"
)

// brokerFlags are what updraft broker is told.
type brokerFlags struct {
	cloud
	addr, cloudAddr string
	aws, open       bool
	id, state       string
	stackRole       string
	delay           time.Duration
	certificate     string
	key             string

	folders, buckets []string // of templates
	bare             bool
	targets          []string
	prescribe        bool
	limit            int
	uploader         executor.Uploader // nil without --bucket
}

// newBroker serves a service broker.
func newBroker() *cobra.Command {
	f := &brokerFlags{}
	cmd := &cobra.Command{
		Use:   "broker",
		Short: "Serve a service broker whose instances are stacks",
		Long: `Serve the Open Service Broker API, for Kubernetes, Cloud Foundry or any other platform: a user
orders a queue, a bucket or a database, and gets a stack and credentials. Without --aws or --endpoint,
the stacks are made in an embedded cloud, which is served as well, so that their queues can be used.

Who may use the broker is said by environment variables: UPDRAFT_BROKER_USER and
UPDRAFT_BROKER_PASSWORD for basic authentication, UPDRAFT_BROKER_TOKEN for a bearer token. Without
these, it listens on this machine only, or needs --open.

Environment variables such as PARAM_OVERRIDE_awsservicebroker_all_all_sqs_VisibilityTimeout=60, with the
broker's ID, a cluster, a namespace, a service and a parameter, set parameters in place of their defaults.

/healthz and /metrics need no authentication.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.flags(cmd)
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:8080", "`address` to listen on")
	cmd.Flags().StringVar(&f.cloudAddr, "cloud-addr", "127.0.0.1:4566", "`address` on which the embedded cloud listens")
	cmd.Flags().BoolVar(&f.aws, "aws", false, "make the stacks in AWS, with the credentials of your environment")
	cmd.Flags().BoolVar(&f.open, "open", false, "let everybody use the broker who reaches it")
	cmd.Flags().StringVar(&f.id, "id", "", "`ID` of the broker, which is in the names of its stacks (awsservicebroker)")
	cmd.Flags().StringVar(&f.state, "state", "", "`file` in which the embedded cloud keeps everything (memory only)")
	cmd.Flags().DurationVar(&f.delay, "delay", 0, "how long each resource takes in the embedded cloud")
	cmd.Flags().StringArrayVar(&f.folders, "templates", nil, "`folder` of templates that are services, beside the built-in ones; may be given more than once")
	cmd.Flags().StringArrayVar(&f.buckets, "templates-bucket", nil, "`s3://BUCKET/PREFIX` of templates that are services; may be given more than once")
	cmd.Flags().StringVar(&f.bucket, "bucket", "", "S3 `bucket` in which templates over 51,200 bytes are stored for CloudFormation; without one, such services cannot be ordered")
	cmd.Flags().BoolVar(&f.bare, "no-built-in", false, "leave the built-in services out")
	cmd.Flags().StringArrayVar(&f.targets, "target", nil, "`account=ID,role=NAME,region=REGION` of a further place for stacks; each part may be left out; may be given more than once")
	cmd.Flags().StringVar(&f.stackRole, "stack-role", "", "`ARN` of the role that CloudFormation assumes for the stacks at home (none: the broker's own rights)")
	cmd.Flags().BoolVar(&f.prescribe, "prescribe-overrides", false, "let nobody set a parameter that is overridden for everybody")
	cmd.Flags().IntVar(&f.limit, "limit", 0, "`number` of instances that there may be, 0 for any")
	cmd.Flags().StringVar(&f.certificate, "tls-certificate", "", "`file` with a certificate: the broker then speaks HTTPS")
	cmd.Flags().StringVar(&f.key, "tls-key", "", "`file` with the certificate's private key")
	cmd.AddCommand(newBrokerCredentials())
	return cmd
}

// auth reads who may use the broker.
func (f *brokerFlags) auth() (*broker.Auth, error) {
	user, password, token := os.Getenv(envUser), os.Getenv(envPassword), os.Getenv(envToken)
	switch {
	case (user == "") != (password == ""):
		return nil, wrongUse("%s and %s go together; set both", envUser, envPassword)
	case user != "" && token != "":
		return &broker.Auth{Users: map[string]string{user: password}, Tokens: []string{token}}, nil
	case user != "":
		return &broker.Auth{Users: map[string]string{user: password}}, nil
	case token != "":
		return &broker.Auth{Tokens: []string{token}}, nil
	case f.open || onLoopback(f.addr):
		return nil, nil
	}
	return nil, wrongUse("everybody who reaches %s could make stacks; set %s and %s, or %s, or give --open", f.addr, envUser, envPassword, envToken)
}

func onLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// run serves the broker until ctx ends.
func (f *brokerFlags) run(ctx context.Context, out, log io.Writer) (err error) {
	auth, err := f.auth()
	if err != nil {
		return err
	}
	if (f.certificate == "") != (f.key == "") {
		return wrongUse("--tls-certificate and --tls-key go together; give both")
	}
	embedded := &local.Cloud{Delay: f.delay, State: f.state}
	defer func() {
		if closeErr := embedded.Close(); err == nil {
			err = closeErr
		}
	}()
	if err := embedded.Open(); err != nil {
		return fmt.Errorf("%w; give another file with --state, or move this one away to begin with an empty cloud", err)
	}
	b := &broker.Broker{ID: f.id, Auth: auth, Logger: slog.New(slog.NewJSONHandler(log, nil)), PrescribeOverrides: f.prescribe}
	b.Check = func(t *stack.Template) error { return validate.Template(t).Err() }
	b.Overrides = broker.ParseOverrides(os.Environ(), b.Name())
	if f.limit > 0 {
		b.Limits = []broker.Limit{{Max: f.limit}}
	}
	if err := f.place(ctx, b, embedded); err != nil {
		return err
	}
	servers := []*http.Server{{Addr: f.addr, Handler: brokerHandler(b)}}
	if !f.aws && f.endpoint == "" {
		servers = append(servers, &http.Server{Addr: f.cloudAddr, Handler: embedded})
	}
	return f.serve(ctx, servers, out)
}

// brokerHandler puts what is beside the API beside it.
func brokerHandler(b *broker.Broker) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", b.Health())
	mux.Handle("GET /metrics", b.Metrics())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		b.ServeHTTP(w, r)
	})
}

// serve listens on all addresses, says where, and ends all when one ends or ctx does.
func (f *brokerFlags) serve(ctx context.Context, servers []*http.Server, out io.Writer) error {
	listeners, err := listenAll(ctx, servers)
	if err != nil {
		return err
	}
	ended := make(chan error, len(servers))
	for i, s := range servers {
		s.ReadHeaderTimeout, s.ReadTimeout = 10*time.Second, time.Minute
		s.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // clients that break off are no news
		what, scheme := "embedded cloud", "http"
		if i == 0 {
			what = "service broker"
		}
		if i == 0 && f.certificate != "" {
			scheme = "https"
		}
		fmt.Fprintf(out, "The %s listens on %s://%s\n", what, scheme, listeners[i].Addr())
		go func() {
			if scheme == "https" {
				ended <- s.ServeTLS(listeners[i], f.certificate, f.key)
				return
			}
			ended <- s.Serve(listeners[i])
		}()
	}
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, s := range servers {
		if stop := s.Shutdown(grace); err == nil && stop != nil && !errors.Is(stop, context.DeadlineExceeded) {
			err = stop
		}
	}
	return err
}

// listenAll opens the addresses of all servers, or none.
func listenAll(ctx context.Context, servers []*http.Server) ([]net.Listener, error) {
	var all []net.Listener
	for _, s := range servers {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Addr)
		if err != nil {
			for _, opened := range all {
				opened.Close()
			}
			return nil, fmt.Errorf("%w; give another address with --addr or --cloud-addr, such as 127.0.0.1:0 for any free port", err)
		}
		all = append(all, l)
	}
	return all, nil
}
