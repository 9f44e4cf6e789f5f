package cfnstack

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/updraft-go/updraft/executor"
)

// client makes what deploys to a region with the credentials of the properties.
func (p *Provider) client(ctx context.Context, of *Properties, region string) (*executor.Client, error) {
	cfg, err := p.config(ctx, region)
	if err != nil {
		return nil, err
	}
	if of.AccessKeyId != "" {
		cfg.Credentials = credentials.NewStaticCredentialsProvider(of.AccessKeyId.Reveal(), of.AccessKeySecret.Reveal(), of.SecurityToken.Reveal())
	}
	if of.RoleArn != "" {
		role := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), of.RoleArn, func(o *stscreds.AssumeRoleOptions) {
			o.RoleSessionName = "updraft-custom-resource"
			if of.ExternalId != "" {
				o.ExternalID = aws.String(of.ExternalId.Reveal())
			}
		})
		cfg.Credentials = aws.NewCredentialsCache(role)
	}
	if p.Client != nil {
		return p.Client(cfg), nil
	}
	return &executor.Client{API: cloudformation.NewFromConfig(cfg)}, nil
}

func (p *Provider) config(ctx context.Context, region string) (aws.Config, error) {
	if p.Config != nil {
		cfg := p.Config.Copy()
		cfg.Region = region
		return cfg, nil
	}
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return cfg, fmt.Errorf("the configuration of the AWS SDK cannot be read: %w", err)
	}
	return cfg, nil
}

// A stackARN is the ARN of a stack in its parts. The zero value is that of no stack.
type stackARN struct{ region, name string }

// parseARN reads the ARN of a stack: arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID.
func parseARN(id string) (stackARN, bool) {
	part := strings.Split(id, ":")
	if len(part) != 6 || part[0] != "arn" || part[2] != "cloudformation" {
		return stackARN{}, false
	}
	path := strings.Split(part[5], "/")
	if len(path) != 3 || path[0] != "stack" {
		return stackARN{}, false
	}
	return stackARN{part[3], path[1]}, true
}
