package signalcmd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"runtime"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/smithy-go/logging"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// defaultRegion is cfn-signal's.
const defaultRegion = "us-east-1"

// api makes a client of CloudFormation.
func (c *Command) api(ctx context.Context) (*cloudformation.Client, error) {
	client, err := c.transport()
	if err != nil {
		return nil, err
	}
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(c.region), config.WithHTTPClient(client),
		config.WithEC2IMDSClientEnableState(imds.ClientDisabled)) // --role asks the instance
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		cfg.Region = defaultRegion
	}
	if c.url != "" {
		if u, err := url.Parse(c.url); err != nil || u.Host == "" {
			return nil, errors.New("--url is no URL; give one such as https://cloudformation.eu-west-1.amazonaws.com")
		}
		cfg.BaseEndpoint = aws.String(c.url)
	}
	cfg.Logger = logging.Nop{}
	authorize, err := c.authorization(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return cloudformation.NewFromConfig(cfg, authorize), nil
}

// authorization is how requests say who sends them: with the keys of the flags or of the environment,
// or else with the identity document of the instance.
func (c *Command) authorization(ctx context.Context, cfg aws.Config) (func(*cloudformation.Options), error) {
	given, err := c.given()
	if err != nil {
		return nil, err
	}
	if given != nil {
		return func(o *cloudformation.Options) { o.Credentials = given }, nil
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err == nil {
		return func(*cloudformation.Options) {}, nil
	}
	if c.isHere() {
		return func(o *cloudformation.Options) { o.Credentials = keys("local", "any") }, nil
	}
	shown, err := document(ctx)
	if err != nil {
		return nil, fmt.Errorf("there are no credentials, and no instance to identify: give --role, --credential-file, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: %w", err)
	}
	return func(o *cloudformation.Options) {
		o.Credentials = aws.AnonymousCredentials{}
		o.APIOptions = append(o.APIOptions, smithyhttp.SetHeaderValue("Authorization", shown))
	}, nil
}

// isHere reports whether the URL is this machine's, where an embedded cloud takes any credentials.
func (c *Command) isHere() bool {
	u, err := url.Parse(c.url)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// given are the credentials that the flags name, nil if none.
func (c *Command) given() (aws.CredentialsProvider, error) {
	switch {
	case c.credentialFile != "":
		return fromFile(c.credentialFile)
	case c.role != "":
		return ofRole(c.role), nil
	case c.accessKey != "" && c.secretKey != "":
		return keys(c.accessKey, c.secretKey), nil
	case c.accessKey != "" || c.secretKey != "":
		return nil, errors.New("give both --access-key and --secret-key")
	}
	return nil, nil
}

func keys(access, secret string) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: access, SecretAccessKey: secret, Source: "cfn-signal"}, nil
	})
}

// fromFile reads keys from a file that only its owner may see.
func fromFile(name string) (aws.CredentialsProvider, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others may see %s; chmod 600 it", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var access, secret string
	for line := range strings.Lines(string(text)) {
		switch key, value, _ := strings.Cut(strings.TrimSpace(line), "="); key {
		case "AWSAccessKeyId":
			access = value
		case "AWSSecretKey":
			secret = value
		}
	}
	if access == "" || secret == "" {
		return nil, fmt.Errorf("%s must hold lines AWSAccessKeyId=… and AWSSecretKey=…", name)
	}
	return keys(access, secret), nil
}
