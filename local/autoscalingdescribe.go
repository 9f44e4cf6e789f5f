package local

import (
	"slices"
	"strings"
	"time"
)

type groupInstance struct {
	InstanceId              string
	InstanceType            string
	AutoScalingGroupName    string
	AvailabilityZone        string
	LifecycleState          string
	HealthStatus            string
	LaunchConfigurationName string
	LaunchTemplate          *templateUse
	ImageId                 string
	ProtectedFromScaleIn    bool
}

func (m *groupMember) describe(g *group) groupInstance {
	i := g.region.fleet.instances[m.id]
	d := groupInstance{
		InstanceId: m.id, InstanceType: i.typ(), AvailabilityZone: i.zone, LifecycleState: m.lifecycle, HealthStatus: "Healthy", ImageId: i.image,
		LaunchConfigurationName: m.source.configuration, LaunchTemplate: m.source.template, ProtectedFromScaleIn: m.protected,
	}
	if m.unhealthy {
		d.HealthStatus = "Unhealthy"
	}
	return d
}

type groupDetail struct {
	AutoScalingGroupName             string
	AutoScalingGroupARN              string
	LaunchConfigurationName          string
	LaunchTemplate                   *templateUse
	MixedInstancesPolicy             *mixedInstances
	MinSize, MaxSize                 int
	DesiredCapacity                  int
	DefaultCooldown                  int
	AvailabilityZones                []string
	LoadBalancerNames                []string
	TargetGroupARNs                  []string
	HealthCheckType                  string
	HealthCheckGracePeriod           int
	Instances                        []groupInstance
	CreatedTime                      time.Time
	SuspendedProcesses               []string
	VPCZoneIdentifier                *string
	EnabledMetrics                   []string
	Status                           string
	Tags                             []groupTag
	TerminationPolicies              []string
	NewInstancesProtectedFromScaleIn bool
	ServiceLinkedRoleARN             string
	CapacityRebalance                *bool
	MaxInstanceLifetime              *int
	DefaultInstanceWarmup            *int
	InstanceMaintenancePolicy        *maintenancePolicy
	TrafficSources                   []string
}

func (g *group) describe() groupDetail {
	p, r := g.asset.properties, g.region
	subnets := strings.Join(g.subnets(), ",")
	d := groupDetail{
		AutoScalingGroupName: g.name, AutoScalingGroupARN: g.asset.text("AutoScalingGroupARN"), MinSize: g.min(), MaxSize: g.max(), DesiredCapacity: g.desired,
		LaunchConfigurationName: p.Get("LaunchConfigurationName").Str(), DefaultCooldown: g.number("Cooldown", g.number("DefaultCooldown", 300)), AvailabilityZones: g.zones(),
		LoadBalancerNames: orEmpty(names(p.Get("LoadBalancerNames"))), TargetGroupARNs: orEmpty(names(p.Get("TargetGroupARNs"))),
		HealthCheckType: "EC2", HealthCheckGracePeriod: g.number("HealthCheckGracePeriod", 0), Instances: []groupInstance{}, CreatedTime: g.created,
		SuspendedProcesses: []string{}, VPCZoneIdentifier: &subnets, EnabledMetrics: []string{}, Tags: g.tags(), TerminationPolicies: names(p.Get("TerminationPolicies")),
		NewInstancesProtectedFromScaleIn: p.Get("NewInstancesProtectedFromScaleIn").Str() == "true", TrafficSources: []string{},
		ServiceLinkedRoleARN: "arn:" + r.partition + ":iam::" + r.account + ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
	}
	if t := p.Get("HealthCheckType").Str(); t != "" {
		d.HealthCheckType = t
	}
	if len(d.TerminationPolicies) == 0 {
		d.TerminationPolicies = []string{"Default"}
	}
	if g.ending {
		d.Status = "Delete in progress"
	}
	if use := templateUseOf(p.Get("LaunchTemplate")); use != nil {
		d.LaunchTemplate = r.namedFully(use)
	}
	if mixed := p.Get("MixedInstancesPolicy"); mixed != nil {
		d.MixedInstancesPolicy = &mixedInstances{}
		fill(mixed, d.MixedInstancesPolicy)
		if t := d.MixedInstancesPolicy.LaunchTemplate; t != nil && t.LaunchTemplateSpecification != nil {
			t.LaunchTemplateSpecification = r.namedFully(t.LaunchTemplateSpecification)
		}
	}
	if policy := p.Get("InstanceMaintenancePolicy"); policy != nil {
		d.InstanceMaintenancePolicy = &maintenancePolicy{}
		fill(policy, d.InstanceMaintenancePolicy)
	}
	if n := g.number("DefaultInstanceWarmup", -1); n >= 0 {
		d.DefaultInstanceWarmup = &n
	}
	if n := g.number("MaxInstanceLifetime", -1); n >= 0 {
		d.MaxInstanceLifetime = &n
	}
	for _, m := range g.members {
		d.Instances = append(d.Instances, m.describe(g))
	}
	return d
}

// namedFully gives a launch template both its names, as far as it is there.
func (r *region) namedFully(use *templateUse) *templateUse {
	n := *use
	if t, err := (templateName{use.LaunchTemplateId, use.LaunchTemplateName}).find(r); err == nil {
		n.LaunchTemplateId, n.LaunchTemplateName = t.id, t.name
	}
	return &n
}

// tags are the tags of the group.
func (g *group) tags() []groupTag {
	all := []groupTag{}
	add := func(t groupTag) {
		t.ResourceId, t.ResourceType = g.name, "auto-scaling-group"
		if i := slices.IndexFunc(all, func(old groupTag) bool { return old.Key == t.Key }); i >= 0 {
			all[i] = t
			return
		}
		all = append(all, t)
	}
	s := g.asset.state
	for _, t := range s.tags {
		add(groupTag{Key: t.Key, Value: t.Value, PropagateAtLaunch: true})
	}
	for _, n := range g.asset.properties.Get("Tags").Items() {
		add(groupTag{Key: n.Get("Key").Str(), Value: n.Get("Value").Str(), PropagateAtLaunch: n.Get("PropagateAtLaunch").Str() == "true"})
	}
	if s.id != "" {
		add(groupTag{Key: "aws:cloudformation:stack-name", Value: s.name, PropagateAtLaunch: true})
		add(groupTag{Key: "aws:cloudformation:stack-id", Value: s.id, PropagateAtLaunch: true})
		add(groupTag{Key: "aws:cloudformation:logical-id", Value: g.asset.resource.id, PropagateAtLaunch: true})
	}
	slices.SortFunc(all, func(a, b groupTag) int { return strings.Compare(a.Key, b.Key) })
	return all
}

// scalingFilter is a filter as Auto Scaling spells it.
type scalingFilter struct {
	Name   string
	Values []string
}

func describeGroups(c *call, in *struct {
	AutoScalingGroupNames []string
	Filters               []scalingFilter
	IncludeInstances      *bool
	scalingPage
}) (any, error) {
	all := []groupDetail{}
	for _, g := range ordered(c.region.fleet.groups) {
		if len(in.AutoScalingGroupNames) > 0 && !slices.Contains(in.AutoScalingGroupNames, g.name) {
			continue
		}
		d := g.describe()
		ok, err := passesOf(in.Filters, sieve{}, d.Tags)
		if err != nil {
			return nil, err
		}
		if in.IncludeInstances != nil && !*in.IncludeInstances {
			d.Instances = []groupInstance{}
		}
		if ok {
			all = append(all, d)
		}
	}
	part, next, err := scalingPart(all, in.scalingPage, func(d groupDetail) string { return d.AutoScalingGroupName })
	if err != nil {
		return nil, err
	}
	return &struct {
		AutoScalingGroups []groupDetail
		NextToken         string
	}{part, next}, nil
}

func describeGroupInstances(c *call, in *struct {
	InstanceIds []string
	scalingPage
}) (any, error) {
	all := []groupInstance{}
	for _, g := range ordered(c.region.fleet.groups) {
		for _, m := range g.members {
			if len(in.InstanceIds) == 0 || slices.Contains(in.InstanceIds, m.id) {
				d := m.describe(g)
				d.AutoScalingGroupName = g.name
				d.HealthStatus = strings.ToUpper(d.HealthStatus)
				all = append(all, d)
			}
		}
	}
	part, next, err := scalingPart(all, in.scalingPage, func(d groupInstance) string { return d.InstanceId })
	if err != nil {
		return nil, err
	}
	return &struct {
		AutoScalingInstances []groupInstance
		NextToken            string
	}{part, next}, nil
}
