package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/broker/services"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/waiter"
)

// place tells a broker where it makes its stacks, and of what.
func (f *brokerFlags) place(ctx context.Context, b *broker.Broker, embedded *local.Cloud) error {
	b.Sources = []broker.Source{services.All()}
	if f.aws && f.endpoint != "" {
		return wrongUse("--aws and --endpoint exclude each other; give one of them")
	}
	if !f.aws && f.endpoint == "" {
		b.Home = placeAt(embedded.Config(), local.DefaultAccount, true)
		return nil
	}
	cfg, err := f.config(ctx)
	if err != nil {
		return err
	}
	if cfg.Region == "" && f.aws {
		return wrongUse("no AWS region is set; give --region, or set AWS_REGION")
	}
	if cfg.Region == "" {
		cfg.Region = local.DefaultRegion
	}
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return fmt.Errorf("who the credentials belong to is not known: %w", err)
	}
	b.Home = placeAt(cfg, aws.ToString(who.Account), !f.aws)
	return nil
}

// placeAt is a place that a configuration leads to. fast is for one without quotas.
func placeAt(cfg aws.Config, account string, fast bool) *broker.Place {
	api := cloudformation.NewFromConfig(cfg)
	poller := &waiter.Poller{API: api}
	if fast {
		poller.MinInterval, poller.Rate = 10*time.Millisecond, -1
	}
	return &broker.Place{
		Account: account, Region: cfg.Region, API: api, Client: &executor.Client{API: api, Poller: poller},
		Secrets: secretsmanager.NewFromConfig(cfg), Parameters: ssm.NewFromConfig(cfg),
	}
}
