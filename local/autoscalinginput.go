package local

import (
	"cmp"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

// groupInput is what CreateAutoScalingGroup and UpdateAutoScalingGroup share. Its fields are called
// like the properties of the resource.
type groupInput struct {
	AutoScalingGroupName             string
	LaunchConfigurationName          *string
	LaunchTemplate                   *templateUse
	MixedInstancesPolicy             *mixedInstances
	InstanceId                       string
	MinSize, MaxSize                 *int
	DesiredCapacity                  *int
	DefaultCooldown                  *int
	AvailabilityZones                []string
	LoadBalancerNames                []string
	TargetGroupARNs                  []string
	HealthCheckType                  *string
	HealthCheckGracePeriod           *int
	VPCZoneIdentifier                *string
	TerminationPolicies              []string
	NewInstancesProtectedFromScaleIn *bool
	CapacityRebalance                *bool
	Tags                             []groupTag
	MaxInstanceLifetime              *int
	DefaultInstanceWarmup            *int
	InstanceMaintenancePolicy        *maintenancePolicy
}

type groupTag struct {
	ResourceId, ResourceType, Key, Value string
	PropagateAtLaunch                    bool
}

type maintenancePolicy struct{ MinHealthyPercentage, MaxHealthyPercentage *int }

type mixedInstances struct {
	LaunchTemplate *struct {
		LaunchTemplateSpecification *templateUse
		Overrides                   []mixedOverride
	}
	InstancesDistribution *instancesDistribution
}

type mixedOverride struct {
	InstanceType                string
	WeightedCapacity            string
	LaunchTemplateSpecification *templateUse
	ImageId                     string
}

type instancesDistribution struct {
	OnDemandAllocationStrategy          string
	OnDemandBaseCapacity                *int
	OnDemandPercentageAboveBaseCapacity *int
	SpotAllocationStrategy              string
	SpotInstancePools                   *int
	SpotMaxPrice                        *string
}

// properties are what a request sets, as a template spells it.
func (in *groupInput) properties() *tree.Node {
	out := nodeOf(in)
	var kept []tree.Member
	for _, m := range out.Map {
		switch m.Key {
		case "InstanceId":
			continue
		case "VPCZoneIdentifier":
			m.Value = tree.ListOf()
			for one := range strings.SplitSeq(*in.VPCZoneIdentifier, ",") {
				m.Value.List = append(m.Value.List, tree.Text(strings.TrimSpace(one)))
			}
		case "Tags":
			m.Value = tree.ListOf()
			for _, t := range in.Tags {
				m.Value.List = append(m.Value.List, t.node())
			}
		}
		kept = append(kept, m)
	}
	out.Map = kept
	return out
}

func (t groupTag) node() *tree.Node {
	return tree.Object(tree.Field("Key", tree.Text(t.Key)), tree.Field("Value", tree.Text(t.Value)), tree.Field("PropagateAtLaunch", tree.Boolean(t.PropagateAtLaunch)))
}

// sources counts what a request gives to launch instances of.
func (in *groupInput) sources() int {
	n := 0
	for _, given := range []bool{in.LaunchConfigurationName != nil, in.LaunchTemplate != nil, in.MixedInstancesPolicy != nil, in.InstanceId != ""} {
		if given {
			n++
		}
	}
	return n
}

// checkSizes refuses sizes that do not fit together.
func checkSizes(low, high int, desired *int) error {
	switch {
	case low < 0 || high < 0:
		return invalid("MinSize and MaxSize must not be negative")
	case low > high:
		return invalid("Max bound, %d, must be greater than or equal to min bound, %d", high, low)
	case desired != nil && (*desired < low || *desired > high):
		return invalid("Desired capacity:%d must be between the specified min size:%d and max size:%d", *desired, low, high)
	}
	return nil
}

// checkSource refuses what no instance could be launched of now.
func (r *region) checkSource(s source) error {
	spec, _, err := r.sourceData(s)
	if err == nil && s.template != nil {
		err = r.checkLaunch(spec)
	}
	if err == nil || s.template == nil {
		return err
	}
	return invalid("You must use a valid fully-formed launch template. %s", textOf(err))
}

// checkLaunch says why launch data could not be launched, in the words of Auto Scaling.
func (r *region) checkLaunch(spec *tree.Node) error {
	id, err := r.resolveImage(spec.Get("ImageId").Str())
	if err != nil {
		return err
	}
	if id == "" {
		return invalid("The request must contain the parameter ImageId")
	}
	switch i := r.image(id); {
	case i == nil && !r.made(id):
		_, err = r.launchable(id)
		return err
	case i == nil:
		return invalid("The AMI ID %s does not exist.", id)
	case i.state(r.now()) != imageAvailable:
		return invalid("AMI %s is %s, and cannot be run.", id, i.state(r.now()))
	}
	return nil
}

func createGroup(c *call, in *groupInput) (any, error) {
	r := c.region
	if err := required("autoScalingGroupName", in.AutoScalingGroupName); err != nil {
		return nil, err
	}
	if r.fleet.groups[in.AutoScalingGroupName] != nil {
		return nil, &query.Error{Code: "AlreadyExists", Message: "AutoScalingGroup by this name already exists - A group with the name " + in.AutoScalingGroupName + " already exists"}
	}
	if err := in.check(r); err != nil {
		return nil, err
	}
	r.found(typeGroup, in.AutoScalingGroupName, in.properties())
	return nil, nil
}

func (in *groupInput) check(r *region) error {
	switch {
	case in.InstanceId != "":
		return notEmulated("groups that are made of an instance (InstanceId)")
	case in.sources() != 1:
		return invalid("Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.")
	case in.MinSize == nil || in.MaxSize == nil:
		return invalid("MinSize and MaxSize must be specified")
	case len(in.AvailabilityZones) == 0 && in.VPCZoneIdentifier == nil:
		return invalid("At least one Availability Zone or VPC Subnet is required.")
	}
	if err := checkSizes(*in.MinSize, *in.MaxSize, in.DesiredCapacity); err != nil {
		return err
	}
	if err := in.checkSubnets(r); err != nil {
		return err
	}
	return r.checkSource(sourceOf(in.properties()))
}

func (in *groupInput) checkSubnets(r *region) error {
	if in.VPCZoneIdentifier == nil {
		return nil
	}
	for id := range strings.SplitSeq(*in.VPCZoneIdentifier, ",") {
		if id = strings.TrimSpace(id); id != "" && r.asset(typeSubnet, id) == nil {
			return invalid("The subnet ID '%s' does not exist", id)
		}
	}
	return nil
}

func updateGroup(c *call, in *groupInput) (any, error) {
	g, err := c.region.group(in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if g.ending {
		return nil, scalingInProgress("The Auto Scaling group " + g.name + " is being deleted")
	}
	if in.sources() > 1 {
		return nil, invalid("Valid requests must contain either LaunchTemplate, LaunchConfigurationName or MixedInstancesPolicy parameter.")
	}
	next := in.properties()
	if in.sources() == 1 {
		if active := g.refresh(); active != nil && active.target != nil {
			return nil, invalid("An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.")
		}
		if err := c.region.checkSource(sourceOf(next)); err != nil {
			return nil, err
		}
		// What the group was launched of before gives way, whichever kind it was.
		for _, name := range []string{"LaunchTemplate", "LaunchConfigurationName", "MixedInstancesPolicy"} {
			if next.Get(name) == nil {
				next.Map = append(next.Map, tree.Field(name, &tree.Node{Kind: tree.Null}))
			}
		}
	}
	low, high := g.min(), g.max()
	if in.MinSize != nil {
		low = *in.MinSize
	}
	if in.MaxSize != nil {
		high = *in.MaxSize
	}
	if err := cmp.Or(checkSizes(low, high, in.DesiredCapacity), in.checkSubnets(c.region)); err != nil {
		return nil, err
	}
	properties := overlaid(g.asset.properties, next)
	if in.DesiredCapacity == nil { // the size that it has is not that of an earlier request
		properties = overlaid(properties, tree.Object(tree.Field("DesiredCapacity", tree.Int(min(max(g.desired, low), high)))))
	}
	g.asset.change(properties)
	return nil, nil
}

func deleteGroup(c *call, in *struct {
	AutoScalingGroupName string
	ForceDelete          bool
}) (any, error) {
	g, err := c.region.group(in.AutoScalingGroupName)
	switch {
	case err != nil:
		return nil, err
	case len(g.members) > 0 && !in.ForceDelete:
		return nil, &query.Error{Code: "ResourceInUse", Message: "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group."}
	case g.ending:
		return nil, nil
	}
	c.region.disown(g.asset.resource)
	return nil, nil
}
