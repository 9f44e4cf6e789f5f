// Command broker is the article on the AWS Service Broker, in Go: a platform reads the catalog, orders a
// queue, waits for it, binds it, and an application sends and receives a message with the credentials of
// the binding; then the binding and the queue are given back. You see each request and its answer, and
// the stacks that stand behind them.
//
// The broker and an embedded cloud listen on this machine while it runs; with -serve they go on until
// you stop them, so that you can send requests of your own.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/broker/services"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/waiter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	serve := flag.Bool("serve", false, "go on until you stop it")
	flag.Parse()
	if err := run(ctx, *serve, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "broker:", err)
		os.Exit(1)
	}
}

// run starts the cloud and the broker, and plays the article through.
func run(ctx context.Context, serve bool, out io.Writer) error {
	cloud := &local.Cloud{}
	defer cloud.Close()
	password := "let-me-in"
	endpoint, stopCloud, err := listen(ctx, cloud)
	if err != nil {
		return err
	}
	defer stopCloud()
	url, stopBroker, err := listen(ctx, newBroker(cloud, password))
	if err != nil {
		return err
	}
	defer stopBroker()

	p := &platform{url: url, user: "platform", password: password, out: out}
	if err := play(ctx, p, endpoint, cloud); err != nil {
		return err
	}
	if serve {
		fmt.Fprintf(out, "\nThe broker goes on at %s (user platform, password %s), the embedded cloud at %s\n", url, password, endpoint)
		<-ctx.Done()
	}
	return nil
}

// newBroker is a broker of five kinds of services, whose stacks are made in an embedded cloud.
func newBroker(cloud *local.Cloud, password string) *broker.Broker {
	cfg := cloud.Config()
	api := cloudformation.NewFromConfig(cfg)
	return &broker.Broker{
		Home: &broker.Place{
			Account: local.DefaultAccount, Region: cfg.Region, API: api, Secrets: secretsmanager.NewFromConfig(cfg),
			Client: &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: 10 * time.Millisecond}},
		},
		Sources: []broker.Source{broker.Static{services.SQS(), services.SNS(), services.S3(), services.DynamoDB(), services.RDSMySQL()}},
		Auth:    &broker.Auth{Users: map[string]string{"platform": password}},
	}
}

// listen serves a handler on a free port of this machine.
func listen(ctx context.Context, h http.Handler) (url string, stop func() error, err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(l) // it ends with stop
	return "http://" + l.Addr().String(), server.Close, nil
}
