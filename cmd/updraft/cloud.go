package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/logging"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/executor/bucket"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// cloud is where the commands find stacks, as their flags say.
type cloud struct {
	endpoint, region, profile string
	json                      bool
	bucket, bucketOwner       string // of deploy and plan
}

func (c *cloud) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.endpoint, "endpoint", "", "`URL` of a CloudFormation endpoint, such as that of updraft local (AWS)")
	cmd.Flags().StringVar(&c.region, "region", "", "AWS `region` (that of your environment)")
	cmd.Flags().StringVar(&c.profile, "profile", "", "`name` of an AWS profile (that of your environment)")
	cmd.Flags().BoolVar(&c.json, "json", false, "write JSON, one document on a line")
}

// again is the flags that lead to the same place.
func (c *cloud) again() string {
	text := ""
	for _, f := range [][2]string{{"--endpoint", c.endpoint}, {"--region", c.region}, {"--profile", c.profile}} {
		if f[1] != "" {
			text += " " + f[0] + " " + f[1]
		}
	}
	return text
}

// config is the configuration of clients of the place. Its region may be missing.
func (c *cloud) config(ctx context.Context) (aws.Config, error) {
	load := []func(*config.LoadOptions) error{config.WithRegion(c.region)}
	if c.profile != "" {
		load = append(load, config.WithSharedConfigProfile(c.profile))
	}
	if c.endpoint != "" {
		more, err := c.atEndpoint()
		if err != nil {
			return aws.Config{}, err
		}
		load = append(load, more...)
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	cfg.Logger = logging.Nop{} // the SDK warns of connections that a Ctrl-C cuts
	return cfg, err
}

// connect makes a client of the place.
func (c *cloud) connect(ctx context.Context) (*executor.Client, error) {
	cfg, err := c.config(ctx)
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" && c.endpoint == "" {
		return nil, wrongUse("no AWS region is set; give --region, or set AWS_REGION")
	}
	if cfg.Region == "" {
		cfg.Region = local.DefaultRegion
	}
	api := cloudformation.NewFromConfig(cfg)
	poller := &waiter.Poller{API: api}
	if c.endpoint != "" { // which has no quota, as a rule, and is fast
		poller.MinInterval, poller.Rate = 100*time.Millisecond, 50
	}
	client := &executor.Client{API: api, Poller: poller, Environment: &stack.Environment{Region: cfg.Region}}
	if c.bucket != "" {
		storage := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = c.endpoint != "" })
		client.Uploader = &bucket.Uploader{API: storage, Bucket: c.bucket, Region: cfg.Region, ExpectedOwner: c.bucketOwner, BaseURL: c.endpoint}
	}
	return client, nil
}

// atEndpoint is what leads to an endpoint other than AWS.
func (c *cloud) atEndpoint() ([]func(*config.LoadOptions) error, error) {
	u, err := url.Parse(c.endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, wrongUse("--endpoint %q is no URL; give one such as http://127.0.0.1:4566", c.endpoint)
	}
	load := []func(*config.LoadOptions) error{config.WithBaseEndpoint(c.endpoint)}
	if os.Getenv("AWS_ACCESS_KEY_ID") == "" && os.Getenv("AWS_PROFILE") == "" && c.profile == "" {
		// An emulator takes any credentials; looking for real ones would take long.
		load = append(load, config.WithCredentialsProvider(aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: local.DefaultAccount, SecretAccessKey: "any"}, nil
		})))
	}
	return load, nil
}

// wrongUse is an error of the command line, not of what it does.
func wrongUse(format string, args ...any) error {
	return &exitError{code: 2, err: fmt.Errorf(format, args...)}
}

// oneStack takes one argument: the name of a stack, or its ARN.
func oneStack(cmd *cobra.Command, args []string) error {
	if len(args) == 1 && args[0] != "" {
		return nil
	}
	return wrongUse("%s takes one stack, by its name or ARN, and was given %d", cmd.Name(), len(args))
}

// confirm asks on a terminal before something is changed. Elsewhere nobody could answer.
func confirm(cmd *cobra.Command, yes bool, question string) (bool, error) {
	in, ok := cmd.InOrStdin().(*os.File)
	if yes || !ok || !term.IsTerminal(int(in.Fd())) {
		return true, nil
	}
	return ask(in, cmd.ErrOrStderr(), question)
}

func ask(in io.Reader, out io.Writer, question string) (bool, error) {
	if _, err := fmt.Fprintf(out, "%s [y/N] ", question); err != nil {
		return false, err
	}
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && answer == "" {
		fmt.Fprintln(out)
	}
	a := strings.ToLower(strings.TrimSpace(answer))
	return a == "y" || a == "yes", nil
}

var errDeclined = fmt.Errorf("nothing was done; answer y, or give --yes")
