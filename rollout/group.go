package rollout

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// Versions of a launch template that are no numbers.
const (
	latest    = "$Latest"
	byDefault = "$Default"
)

// describeGroup reads an Auto Scaling group.
func (c *Client) describeGroup(ctx context.Context, name string) (*types.AutoScalingGroup, error) {
	out, err := c.AutoScaling.DescribeAutoScalingGroups(ctx, &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{name}})
	if err != nil {
		return nil, fmt.Errorf("group %s: %w", name, err)
	}
	if len(out.AutoScalingGroups) != 1 {
		return nil, fmt.Errorf("group %s: there is no such Auto Scaling group in this account and region; check its name", name)
	}
	return &out.AutoScalingGroups[0], nil
}

// templateOf returns the launch template of a group, nil if it has a launch configuration.
func templateOf(g *types.AutoScalingGroup) *types.LaunchTemplateSpecification {
	if m := g.MixedInstancesPolicy; m != nil && m.LaunchTemplate != nil {
		return m.LaunchTemplate.LaunchTemplateSpecification
	}
	return g.LaunchTemplate
}

// versionOf is the version in a specification; where there is none, it is the default.
func versionOf(s *types.LaunchTemplateSpecification) string {
	if v := aws.ToString(s.Version); v != "" {
		return v
	}
	return byDefault
}

func isNumber(version string) bool {
	_, err := strconv.ParseInt(version, 10, 64)
	return err == nil
}

// withVersion is what a group's launch template is to be with another version: one of the two, as the
// group has it.
func withVersion(g *types.AutoScalingGroup, version string) (*types.LaunchTemplateSpecification, *types.MixedInstancesPolicy) {
	spec := types.LaunchTemplateSpecification{LaunchTemplateId: templateOf(g).LaunchTemplateId, Version: &version}
	if spec.LaunchTemplateId == nil {
		spec.LaunchTemplateName = templateOf(g).LaunchTemplateName
	}
	if g.MixedInstancesPolicy == nil {
		return &spec, nil
	}
	mixed := *g.MixedInstancesPolicy
	template := *mixed.LaunchTemplate
	template.LaunchTemplateSpecification = &spec
	template.Overrides = slices.Clone(template.Overrides)
	for i, o := range template.Overrides { // what is read has both names, of which a request may have one
		if s := o.LaunchTemplateSpecification; s != nil && s.LaunchTemplateId != nil && s.LaunchTemplateName != nil {
			template.Overrides[i].LaunchTemplateSpecification = &types.LaunchTemplateSpecification{LaunchTemplateId: s.LaunchTemplateId, Version: s.Version}
		}
	}
	mixed.LaunchTemplate = &template
	return nil, &mixed
}

// setVersion puts a version into a group.
func (c *Client) setVersion(ctx context.Context, g *types.AutoScalingGroup, version string) error {
	in := &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: g.AutoScalingGroupName}
	in.LaunchTemplate, in.MixedInstancesPolicy = withVersion(g, version)
	if _, err := c.AutoScaling.UpdateAutoScalingGroup(ctx, in); err != nil {
		return fmt.Errorf("group %s: %w", aws.ToString(g.AutoScalingGroupName), err)
	}
	return nil
}

// A target is what the instances of a group are to run: a launch template version, or only an image.
type target struct {
	template, version string
	image             string
}

// stale returns the instances of a group that do not run the target.
func (c *Client) stale(ctx context.Context, g *types.AutoScalingGroup, t target) ([]string, error) {
	var stale, ask []string
	for _, i := range g.Instances {
		if strings.HasPrefix(string(i.LifecycleState), "Terminat") {
			continue
		}
		id := aws.ToString(i.InstanceId)
		switch l := i.LaunchTemplate; {
		case t.version == "":
			ask = append(ask, id)
		case l == nil || aws.ToString(l.LaunchTemplateId) != t.template || versionOf(l) != t.version:
			stale = append(stale, id)
		}
	}
	if len(ask) == 0 {
		return stale, nil
	}
	pages := ec2.NewDescribeInstancesPaginator(c.EC2, &ec2.DescribeInstancesInput{InstanceIds: ask})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("group %s: its instances: %w", aws.ToString(g.AutoScalingGroupName), err)
		}
		for _, reservation := range page.Reservations {
			for _, i := range reservation.Instances {
				if aws.ToString(i.ImageId) != t.image {
					stale = append(stale, aws.ToString(i.InstanceId))
				}
			}
		}
	}
	return stale, nil
}
