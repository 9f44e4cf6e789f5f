package rollout

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	autoscaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// A scene is where a release goes to, as it is found.
type scene struct {
	group    *autoscaling.AutoScalingGroup // nil if the release has none
	template *ec2.LaunchTemplate           // nil if no version is made
	pointer  pointer
	current  string // what the pointer was when it was last read
}

// lookAround reads what the release goes to.
func (r *run) lookAround(ctx context.Context) error {
	var err error
	if r.release.Group != "" {
		if r.group, err = r.describeGroup(ctx, r.release.Group); err != nil {
			return err
		}
	}
	if r.release.takesVersion() {
		if err := r.findTemplate(ctx); err != nil {
			return err
		}
	}
	r.pointer = r.newPointer()
	if r.current, err = r.pointer.read(ctx); err != nil {
		return err
	}
	return errors.Join(r.judge(), r.judgeImage(ctx))
}

// byParameter is how the image of a launch template begins that stands in a parameter.
const byParameter = "resolve:ssm:"

// judgeImage looks whether the version in use has its image from a parameter, which the release would put
// an end to.
func (r *run) judgeImage(ctx context.Context) error {
	if r.template == nil {
		return nil
	}
	v, err := r.oneVersion(ctx, r.templateID(), r.current)
	if err != nil {
		return err
	}
	name, ok := strings.CutPrefix(v.image, byParameter)
	switch {
	case ok && r.opts.Refresh.rollsBack():
		return fmt.Errorf("launch template %s: the image of version %s stands in the parameter %s, so AutoRollback is impossible; roll out to that parameter, with Parameter", r.templateID(), v, name)
	case ok:
		r.tell(Warning, v.String(), "launch template %s: the image of version %s stands in the parameter %s, and the new version has its own; to keep it in there, set Parameter", r.templateID(), v, name)
	}
	return nil
}

// findTemplate reads the launch template that is to get a version.
func (r *run) findTemplate(ctx context.Context) error {
	name := r.release.LaunchTemplate
	if r.group != nil {
		spec := templateOf(r.group)
		if spec == nil {
			return fmt.Errorf("group %s: it has no launch template but the launch configuration %s, which cannot be changed; give the group a launch template", r.release.Group, aws.ToString(r.group.LaunchConfigurationName))
		}
		own := aws.ToString(spec.LaunchTemplateId)
		if name != "" && r.release.Stack == nil && name != own && name != aws.ToString(spec.LaunchTemplateName) {
			return fmt.Errorf("group %s: its launch template is %s (%s), not %s; leave LaunchTemplate empty to take the group's", r.release.Group, own, aws.ToString(spec.LaunchTemplateName), name)
		}
		if name == "" {
			name = own
		}
	}
	var err error
	r.template, err = r.describeTemplate(ctx, name)
	return err
}

// judge tells what the layout makes impossible, and refuses what needs it.
func (r *run) judge() error {
	if r.group == nil || !r.release.takesVersion() || r.release.Stack != nil {
		if r.opts.Refresh.rollsBack() {
			return fmt.Errorf("group %s: AutoRollback needs a group that is on the number of a version, and learns it from its refresh; set Pin, without Parameter or Stack", r.release.Group)
		}
		return nil
	}
	for _, o := range overrides(r.group) {
		if o.LaunchTemplateSpecification != nil || o.ImageId != nil {
			r.tell(Warning, r.release.Group, "group %s: an override of its mixed instances policy (%s) has an image or launch template of its own, which is left as it is", r.release.Group, aws.ToString(o.InstanceType))
		}
	}
	if r.pointer.pins() {
		return nil
	}
	version := versionOf(templateOf(r.group))
	if r.opts.Refresh.rollsBack() {
		return fmt.Errorf("group %s: it is on %s, so AutoRollback is impossible; set Pin to put the version's number into it", r.release.Group, version)
	}
	if r.opts.Refresh != nil {
		r.tell(Warning, r.release.Group, "group %s: it is on %s, so an instance refresh cannot be rolled back on its way; set Pin to put the version's number into it", r.release.Group, version)
	}
	return nil
}

// overrides are those of a group's mixed instances policy.
func overrides(g *autoscaling.AutoScalingGroup) []autoscaling.LaunchTemplateOverrides {
	if m := g.MixedInstancesPolicy; m != nil && m.LaunchTemplate != nil {
		return m.LaunchTemplate.Overrides
	}
	return nil
}
