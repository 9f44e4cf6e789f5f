package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/smithy-go/logging"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A target is where the stacks go.
type target struct {
	name     string
	client   *executor.Client
	embedded bool // stand-ins do for parameters
	close    func()
}

// target finds where the flags want the stacks.
func (o *options) target(ctx context.Context) (*target, error) {
	switch {
	case o.aws:
		return o.onAWS(ctx)
	case o.endpoint != "":
		return o.onEndpoint(ctx)
	}
	cloud := &local.Cloud{Region: o.region}
	cfg := cloud.Config()
	t := newTarget("an embedded cloud in this process", cfg, local.DefaultAccount, 20*time.Millisecond, -1)
	t.embedded = true
	t.close = func() { cloud.Close() }
	return t, nil
}

// newTarget makes a client. pause is the time between two looks at a stack, rate the number of calls
// a second; zero is what suits AWS.
func newTarget(name string, cfg aws.Config, account string, pause time.Duration, rate float64) *target {
	cfg.Logger = logging.Nop{} // the SDK warns of connections that a Ctrl-C cuts
	api := cloudformation.NewFromConfig(cfg)
	return &target{
		name: name,
		client: &executor.Client{
			API:         api,
			Poller:      &waiter.Poller{API: api, MinInterval: pause, Rate: rate},
			Environment: &stack.Environment{Region: cfg.Region, Account: account},
		},
		close: func() {},
	}
}

func (o *options) onAWS(ctx context.Context) (*target, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(o.region))
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		return nil, fmt.Errorf("no AWS region is set; give -region, or set AWS_REGION")
	}
	return newTarget("AWS, region "+cfg.Region, cfg, "", 0, 0), nil
}

func (o *options) onEndpoint(ctx context.Context) (*target, error) {
	u, err := url.Parse(o.endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("-endpoint %q is no URL; give one such as http://127.0.0.1:4566", o.endpoint)
	}
	load := []func(*config.LoadOptions) error{config.WithRegion(o.region), config.WithBaseEndpoint(o.endpoint)}
	if os.Getenv("AWS_ACCESS_KEY_ID") == "" && os.Getenv("AWS_PROFILE") == "" {
		// An emulator takes any credentials; looking for real ones would take long.
		load = append(load, config.WithCredentialsProvider(aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: local.DefaultAccount, SecretAccessKey: "any"}, nil
		})))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		cfg.Region = local.DefaultRegion
	}
	t := newTarget(o.endpoint, cfg, "", 200*time.Millisecond, 50)
	t.embedded = isEmbedded(ctx, o.endpoint)
	return t, nil
}

// isEmbedded asks the endpoint whether it is the embedded cloud, which says so in its Server header.
func isEmbedded(ctx context.Context, endpoint string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, endpoint, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return strings.HasPrefix(resp.Header.Get("Server"), "updraft")
}
