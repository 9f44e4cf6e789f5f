package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

type groupTagsInput struct{ Tags []groupTag }

// check returns the groups of the tags, which must be there.
func (in *groupTagsInput) check(r *region) ([]*group, error) {
	var groups []*group
	for _, t := range in.Tags {
		if t.ResourceType != "auto-scaling-group" {
			return nil, invalid("The resource type %s is not valid; the only one is auto-scaling-group", t.ResourceType)
		}
		if t.Key == "" || strings.HasPrefix(t.Key, "aws:") {
			return nil, invalid("%q cannot be the key of a tag", t.Key)
		}
		g, err := r.group(t.ResourceId)
		if err != nil {
			return nil, err
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// retag gives a group other tags of its own.
func (g *group) retag(change func([]*tree.Node) []*tree.Node) {
	tags := tree.ListOf(change(slices.Clone(g.asset.properties.Get("Tags").Items()))...)
	g.asset.change(overlaid(g.asset.properties, tree.Object(tree.Field("Tags", tags), tree.Field("DesiredCapacity", tree.Int(g.desired)))))
}

func withoutTag(list []*tree.Node, key string) []*tree.Node {
	return slices.DeleteFunc(list, func(n *tree.Node) bool { return n.Get("Key").Str() == key })
}

func setGroupTags(c *call, in *groupTagsInput) (any, error) {
	groups, err := in.check(c.region)
	if err != nil {
		return nil, err
	}
	for i, g := range groups {
		g.retag(func(list []*tree.Node) []*tree.Node {
			return append(withoutTag(list, in.Tags[i].Key), in.Tags[i].node())
		})
	}
	return nil, nil
}

func deleteGroupTags(c *call, in *groupTagsInput) (any, error) {
	groups, err := in.check(c.region)
	if err != nil {
		return nil, err
	}
	for i, g := range groups {
		g.retag(func(list []*tree.Node) []*tree.Node { return withoutTag(list, in.Tags[i].Key) })
	}
	return nil, nil
}

func describeGroupTags(c *call, in *struct {
	Filters []scalingFilter
	scalingPage
}) (any, error) {
	all := []groupTag{}
	for _, g := range ordered(c.region.fleet.groups) {
		for _, t := range g.tags() {
			ok, err := passesOf(in.Filters, sieve{
				"auto-scaling-group": oneText(g.name), "key": oneText(t.Key), "value": oneText(t.Value), "propagate-at-launch": boolText(t.PropagateAtLaunch),
			}, nil)
			if err != nil {
				return nil, err
			}
			if ok {
				all = append(all, t)
			}
		}
	}
	part, next, err := scalingPart(all, in.scalingPage, func(t groupTag) string { return t.ResourceId + " " + t.Key })
	if err != nil {
		return nil, err
	}
	return &struct {
		Tags      []groupTag
		NextToken string
	}{part, next}, nil
}

// passesOf is passes for the filters of Auto Scaling.
func passesOf(filters []scalingFilter, s sieve, tags []groupTag) (bool, error) {
	var all []filter
	var plain []tag
	for _, t := range tags {
		plain = append(plain, tag{t.Key, t.Value})
	}
	for _, f := range filters {
		all = append(all, filter(f))
	}
	ok, err := passes(all, s, plain)
	if err != nil {
		err = invalid("%s", textOf(err))
	}
	return ok, err
}

// setProtection protects instances from being let go of when the group shrinks, or does not any more.
func setProtection(c *call, in *struct {
	AutoScalingGroupName string
	InstanceIds          []string
	ProtectedFromScaleIn bool
}) (any, error) {
	g, err := c.region.group(in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	for _, id := range in.InstanceIds {
		m := g.member(id)
		switch {
		case m == nil:
			return nil, invalid("Instance %s is not part of Auto Scaling group %s.", id, g.name)
		case m.lifecycle != memberInService:
			return nil, invalid("The instance %s is not in InService or EnteringStandby or Standby.", id)
		}
	}
	for _, id := range in.InstanceIds {
		g.member(id).protected = in.ProtectedFromScaleIn
	}
	g.step()
	return &struct{}{}, nil
}

// setHealth says that an instance is well or not. One that is not is replaced, unless it is so young
// that the group does not look at its health yet.
func setHealth(c *call, in *struct {
	InstanceId, HealthStatus string
	ShouldRespectGracePeriod *bool
}) (any, error) {
	r := c.region
	g := r.groupOf(in.InstanceId)
	if g == nil || g.member(in.InstanceId) == nil {
		return nil, invalid("Instance Id not found - No managed instance found for instance ID: %s", in.InstanceId)
	}
	if in.HealthStatus != "Healthy" && in.HealthStatus != "Unhealthy" {
		return nil, invalid("Invalid health status: %s. Valid values are Healthy and Unhealthy", in.HealthStatus)
	}
	m := g.member(in.InstanceId)
	grace := g.seconds(g.number("HealthCheckGracePeriod", 0))
	young := m.lifecycle == memberPending || r.now().Sub(m.since) < grace
	if young && (in.ShouldRespectGracePeriod == nil || *in.ShouldRespectGracePeriod) {
		return nil, nil
	}
	m.unhealthy = in.HealthStatus == "Unhealthy"
	g.step()
	return nil, nil
}
