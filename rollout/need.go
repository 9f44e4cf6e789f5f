package rollout

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	groups "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// A needer finds out who needs images.
type needer struct {
	*Client
	images map[string]bool
	// reasons are why an image is needed, by its ID.
	reasons map[string][]string
	// pinned are the versions that groups have, by launch template: each with who has it.
	pinned map[string]map[string]string
}

// needs returns, by their ID, why images are needed.
func (c *Client) needs(ctx context.Context, images []types.Image, parameters []string) (map[string][]string, error) {
	n := &needer{Client: c, images: map[string]bool{}, reasons: map[string][]string{}, pinned: map[string]map[string]string{}}
	for _, i := range images {
		n.images[aws.ToString(i.ImageId)] = true
	}
	if len(images) == 0 {
		return n.reasons, nil
	}
	for _, look := range []func(context.Context) error{n.byTemplates, n.byGroups, n.byVersions, n.byConfigurations, n.byInstances, n.byOthers} {
		if err := look(ctx); err != nil {
			return nil, err
		}
	}
	for _, name := range parameters {
		value, err := (&parameterPointer{client: c, name: name}).read(ctx)
		if err != nil {
			return nil, err
		}
		n.need(value, "the parameter "+name)
	}
	return n.reasons, nil
}

// need notes that an image is needed, if it is one of those that are looked at.
func (n *needer) need(image, by string) {
	by += " needs it"
	if n.images[image] && !slices.Contains(n.reasons[image], by) {
		n.reasons[image] = append(n.reasons[image], by)
	}
}

// byTemplates looks at the default and latest versions of all launch templates.
func (n *needer) byTemplates(ctx context.Context) error {
	pages := ec2.NewDescribeLaunchTemplateVersionsPaginator(n.EC2, &ec2.DescribeLaunchTemplateVersionsInput{Versions: []string{latest, byDefault}, ResolveAlias: new(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("the versions of launch templates: %w", err)
		}
		for _, v := range page.LaunchTemplateVersions {
			n.byVersion(v, "the latest version of ")
		}
	}
	return nil
}

// byVersion notes what a version needs: its image, and the version to which it would be rolled back.
func (n *needer) byVersion(v types.LaunchTemplateVersion, what string) {
	if aws.ToBool(v.DefaultVersion) && what == "the latest version of " {
		what = "the default version of "
	}
	name := aws.ToString(v.LaunchTemplateId)
	version := newVersion(v)
	n.need(version.image, what+name)
	if from := version.label.from; isNumber(from) && !strings.HasPrefix(what, "the way back") {
		n.pin(name, from, "the way back from version "+version.String()+", ")
	}
}

func (n *needer) pin(template, version, by string) {
	if template == "" || !isNumber(version) {
		return // $Default and $Latest are looked at anyhow
	}
	if n.pinned[template] == nil {
		n.pinned[template] = map[string]string{}
	}
	if n.pinned[template][version] == "" {
		n.pinned[template][version] = by
	}
}

// byGroups looks for versions in groups, and in refreshes that are under way in them.
func (n *needer) byGroups(ctx context.Context) error {
	pages := autoscaling.NewDescribeAutoScalingGroupsPaginator(n.AutoScaling, &autoscaling.DescribeAutoScalingGroupsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("groups: %w", err)
		}
		for _, g := range page.AutoScalingGroups {
			if err := n.byGroup(ctx, &g); err != nil {
				return err
			}
		}
	}
	return nil
}

func (n *needer) byGroup(ctx context.Context, g *groups.AutoScalingGroup) error {
	name := aws.ToString(g.AutoScalingGroupName)
	by := "group " + name + " with "
	n.bySpecification(templateOf(g), by)
	for _, o := range overrides(g) {
		n.need(aws.ToString(o.ImageId), "group "+name)
		n.bySpecification(o.LaunchTemplateSpecification, by)
	}
	for _, i := range g.Instances {
		n.bySpecification(i.LaunchTemplate, by)
	}
	if spec := templateOf(g); spec == nil || !isNumber(versionOf(spec)) {
		return nil // a refresh brings what the group has
	}
	list, err := n.refreshes(ctx, name)
	if err != nil {
		return err
	}
	for _, f := range list {
		if phaseOf(f.Status).active() {
			n.bySpecification(desiredOf(&f), "the instance refresh of group "+name+" with ")
		}
	}
	return nil
}

func (n *needer) bySpecification(s *groups.LaunchTemplateSpecification, by string) {
	if s != nil {
		n.pin(aws.ToString(s.LaunchTemplateId), aws.ToString(s.Version), by)
	}
}

// byVersions looks at the versions that were found to be in use, and then at those before them.
func (n *needer) byVersions(ctx context.Context) error {
	done := map[string]bool{}
	for range 2 {
		for template, versions := range n.pinned {
			var ask []string
			for v := range versions {
				if !done[template+":"+v] {
					ask = append(ask, v)
					done[template+":"+v] = true
				}
			}
			if err := n.askVersions(ctx, template, ask); err != nil {
				return err
			}
		}
	}
	return nil
}

// askVersions reads versions one by one if one of them is gone, which EC2 takes for an error of all.
func (n *needer) askVersions(ctx context.Context, template string, ask []string) error {
	for part := range slices.Chunk(ask, 100) {
		out, err := n.EC2.DescribeLaunchTemplateVersions(ctx, &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &template, Versions: part, ResolveAlias: new(true)})
		switch {
		case versionMissing(err) && len(part) > 1:
			for _, one := range part {
				if err := n.askVersions(ctx, template, []string{one}); err != nil {
					return err
				}
			}
			continue
		case versionMissing(err) || templateMissing(err):
			continue // nobody can launch what does not exist
		case err != nil:
			return fmt.Errorf("launch template %s: its versions: %w", template, err)
		}
		for _, v := range out.LaunchTemplateVersions {
			number := newVersion(v)
			by := n.pinned[template][number.String()]
			n.byVersion(v, by+"version "+number.String()+" of ")
		}
	}
	return nil
}

func (n *needer) byConfigurations(ctx context.Context) error {
	pages := autoscaling.NewDescribeLaunchConfigurationsPaginator(n.AutoScaling, &autoscaling.DescribeLaunchConfigurationsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("launch configurations: %w", err)
		}
		for _, l := range page.LaunchConfigurations {
			n.need(aws.ToString(l.ImageId), "the launch configuration "+aws.ToString(l.LaunchConfigurationName))
		}
	}
	return nil
}

// byInstances looks for instances that are not gone for good.
func (n *needer) byInstances(ctx context.Context) error {
	for part := range slices.Chunk(n.ids(), 200) {
		pages := ec2.NewDescribeInstancesPaginator(n.EC2, &ec2.DescribeInstancesInput{Filters: []types.Filter{{Name: aws.String("image-id"), Values: part}}})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return fmt.Errorf("instances: %w", err)
			}
			for _, reservation := range page.Reservations {
				for _, i := range reservation.Instances {
					if i.State == nil || i.State.Name != types.InstanceStateNameTerminated {
						n.need(aws.ToString(i.ImageId), "instance "+aws.ToString(i.InstanceId))
					}
				}
			}
		}
	}
	return nil
}

// byOthers looks whom the images are shared with.
func (n *needer) byOthers(ctx context.Context) error {
	for _, id := range n.ids() {
		if len(n.reasons[id]) > 0 {
			continue
		}
		out, err := n.EC2.DescribeImageAttribute(ctx, &ec2.DescribeImageAttributeInput{ImageId: &id, Attribute: types.ImageAttributeNameLaunchPermission})
		if imageMissing(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("image %s: whom it is shared with: %w", id, err)
		}
		for _, p := range out.LaunchPermissions {
			who := aws.ToString(p.UserId) + aws.ToString(p.OrganizationArn) + aws.ToString(p.OrganizationalUnitArn) + string(p.Group)
			n.need(id, "it is shared, and "+who)
		}
	}
	return nil
}

func (n *needer) ids() []string {
	var list []string
	for id := range n.images {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}
