package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/updraft-go/updraft/broker"
	templates "github.com/updraft-go/updraft/broker/bucket"
	"github.com/updraft-go/updraft/broker/services"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/executor/bucket"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/waiter"
)

// place tells a broker where it makes its stacks, and of what.
func (f *brokerFlags) place(ctx context.Context, b *broker.Broker, embedded *local.Cloud) error {
	if f.aws && f.endpoint != "" {
		return wrongUse("--aws and --endpoint exclude each other; give one of them")
	}
	cfg := embedded.Config()
	if f.aws || f.endpoint != "" {
		var err error
		if cfg, err = f.config(ctx); err != nil {
			return err
		}
	}
	switch {
	case cfg.Region == "" && f.aws:
		return wrongUse("no AWS region is set; give --region, or set AWS_REGION")
	case cfg.Region == "":
		cfg.Region = local.DefaultRegion
	}
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return fmt.Errorf("who the credentials belong to is not known: %w", err)
	}
	if f.bucket != "" {
		f.uploader = &bucket.Uploader{API: f.storage(cfg), Bucket: f.bucket, Region: cfg.Region, BaseURL: f.endpoint}
	}
	b.Home = f.placeAt(cfg, aws.ToString(who.Account), "")
	b.Home.StackRole = f.stackRole
	for _, text := range f.targets {
		p, err := f.target(cfg, b.Home, text)
		if err != nil {
			return err
		}
		b.Others = append(b.Others, p)
	}
	return f.sources(b, cfg)
}

// target is a further place, with the rights of a role in its account.
func (f *brokerFlags) target(cfg aws.Config, home *broker.Place, text string) (*broker.Place, error) {
	account, role, region := home.Account, "", home.Region
	for _, part := range strings.Split(text, ",") {
		key, value, ok := strings.Cut(part, "=")
		field := map[string]*string{"account": &account, "role": &role, "region": &region}[key]
		if !ok || field == nil || value == "" {
			return nil, wrongUse("--target %q: %q is not account=ID, role=NAME or region=REGION", text, part)
		}
		*field = value
	}
	if account != home.Account && role == "" {
		return nil, wrongUse("--target %q: another account needs a role that the broker may assume; add role=NAME", text)
	}
	next := cfg.Copy()
	next.Region = region
	if role != "" {
		arn := fmt.Sprintf("arn:%s:iam::%s:role/%s", partitionOf(region), account, role)
		next.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), arn, func(o *stscreds.AssumeRoleOptions) {
			o.RoleSessionName = "updraft-broker"
		}))
	}
	return f.placeAt(next, account, role), nil
}

func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// sources are where the services come from.
func (f *brokerFlags) sources(b *broker.Broker, cfg aws.Config) error {
	if !f.bare {
		b.Sources = append(b.Sources, services.All())
	}
	for _, dir := range f.folders {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return wrongUse("--templates %q is no folder", dir)
		}
		b.Sources = append(b.Sources, broker.Folder{FS: os.DirFS(dir)})
	}
	for _, text := range f.buckets {
		name, prefix, _ := strings.Cut(strings.TrimPrefix(text, "s3://"), "/")
		if name == "" || !strings.HasPrefix(text, "s3://") {
			return wrongUse("--templates-bucket %q is not s3://BUCKET/PREFIX", text)
		}
		b.Sources = append(b.Sources, &templates.Source{API: f.storage(cfg), Bucket: name, Prefix: prefix})
	}
	if len(b.Sources) == 0 {
		return wrongUse("there is no service to offer; give --templates or --templates-bucket, or leave out --no-built-in")
	}
	return nil
}

func (f *brokerFlags) storage(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = !f.aws })
}

// placeAt is a place that a configuration leads to. Elsewhere than in AWS there are no quotas.
func (f *brokerFlags) placeAt(cfg aws.Config, account, role string) *broker.Place {
	api := cloudformation.NewFromConfig(cfg)
	poller := &waiter.Poller{API: api}
	if !f.aws {
		poller.MinInterval, poller.Rate = 10*time.Millisecond, -1
	}
	return &broker.Place{
		Account: account, Region: cfg.Region, Role: role, API: api, Client: &executor.Client{API: api, Poller: poller, Uploader: f.uploader},
		Secrets: secretsmanager.NewFromConfig(cfg), Parameters: ssm.NewFromConfig(cfg),
	}
}
