package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/rollout"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A shop is a group of web servers in a cloud.
type shop struct {
	endpoint string
	out      io.Writer
	ec2      *ec2.Client
	scaling  *autoscaling.Client
	stacks   *executor.Client
	client   *rollout.Client
	builder  string // the instance of which images are made
}

func newShop(endpoint string, out io.Writer) *shop {
	cfg := aws.Config{Region: local.DefaultRegion, BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider(local.DefaultAccount, "any", "")}
	api := cloudformation.NewFromConfig(cfg)
	s := &shop{endpoint: endpoint, out: out, ec2: ec2.NewFromConfig(cfg), scaling: autoscaling.NewFromConfig(cfg)}
	s.stacks = &executor.Client{API: api, Poller: &waiter.Poller{API: api, MinInterval: 10 * time.Millisecond, Rate: -1}}
	s.client = &rollout.Client{
		EC2: s.ec2, AutoScaling: s.scaling, CloudFormation: api, Stacks: s.stacks,
		Poller: &waiter.Poller{MinInterval: 50 * time.Millisecond, Rate: -1},
	}
	return s
}

func (s *shop) say(format string, args ...any) { fmt.Fprintf(s.out, format+"\n", args...) }

func (s *shop) event(e rollout.Event) {
	if e.Kind != rollout.Skipped {
		s.say("  %s", e)
	}
}

// open deploys the stack, or finds it.
func (s *shop) open(ctx context.Context) error {
	result, err := s.stacks.Deploy(ctx, &stack.Stack{Name: "shop", Template: template()}, nil)
	if err != nil {
		return err
	}
	s.builder = result.Outputs["Builder"]
	s.say("stack shop: %s; images are made of %s", result.Status, s.builder)
	return nil
}

// of is a release of the shop: the version of its launch template goes into the parameter of the stack.
func (s *shop) of(id string) *rollout.Release {
	return &rollout.Release{
		ID: id, Name: "web", InstanceID: s.builder, Group: "web", Stack: &rollout.StackTarget{Name: "shop", VersionParameter: "Version"},
	}
}

func (s *shop) release(ctx context.Context, id string, opts *rollout.Options) error {
	s.say("\n%s:", id)
	for e, err := range s.client.Events(ctx, s.of(id), opts) {
		if err != nil {
			return err
		}
		s.event(e)
	}
	return nil
}

// grow has the group launch another instance, and says what that runs.
func (s *shop) grow(ctx context.Context) error {
	before, err := s.instances(ctx)
	if err != nil {
		return err
	}
	size := int32(len(before) + 1)
	if _, err := s.scaling.SetDesiredCapacity(ctx, &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: aws.String("web"), DesiredCapacity: &size}); err != nil {
		return err
	}
	after, err := s.instances(ctx)
	if err != nil {
		return err
	}
	for id, image := range after {
		if before[id] == "" {
			s.say("  the group grows: %s runs %s", id, image)
		}
	}
	s.say("  all %d run %s", len(after), strings.Join(slices.Sorted(maps.Values(after)), ", "))
	return nil
}

// instances are those of the group, each with the name of its image.
func (s *shop) instances(ctx context.Context) (map[string]string, error) {
	out, err := s.scaling.DescribeAutoScalingGroups(ctx, &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{"web"}})
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, i := range out.AutoScalingGroups[0].Instances {
		instance, err := s.ec2.DescribeInstances(ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{*i.InstanceId}})
		if err != nil {
			return nil, err
		}
		image, err := s.ec2.DescribeImages(ctx, &ec2.DescribeImagesInput{ImageIds: []string{*instance.Reservations[0].Instances[0].ImageId}})
		if err != nil {
			return nil, err
		}
		names[*i.InstanceId] = *image.Images[0].Name
	}
	return names, nil
}
