package local

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// A group is an Auto Scaling group. What it is to be stands in the properties of its asset; the rest is
// what has become of it.
type group struct {
	region  *region
	asset   *asset
	name    string
	created time.Time
	desired int
	members []*groupMember
	// activities are what it has done, the oldest first.
	activities []*activity
	refreshes  []*refresh // the oldest first
	ending     bool       // it is being deleted
	wish       string     // why it has the size that it has, for activities
	retry      time.Time  // when it launches again, after a failure; zero if it may
	failures   int        // in a row
	due        time.Time  // when something happens next; zero if nothing does
}

// A groupMember is an instance of a group.
type groupMember struct {
	id        string
	lifecycle string
	unhealthy bool
	protected bool
	source    source    // what it was launched of
	since     time.Time // when it came into service
	by        string    // the instance refresh that launched it; "" if none did
	activity  *activity // that is under way with it; nil if none is
}

// The states of a member.
const (
	memberPending     = "Pending"
	memberInService   = "InService"
	memberTerminating = "Terminating"
	memberStandby     = "Standby"
)

// A source is what a group launches instances of: a launch template with a version that may be $Latest
// or $Default and what a mixed instances policy overrides, or a launch configuration.
type source struct {
	template      *templateUse
	configuration string
	typ, image    string // in place of those of the launch template; "" if they are its own
}

// number is a property as a number.
func (g *group) number(name string, otherwise int) int {
	return numberOf(g.asset.properties.Get(name), otherwise)
}

// numberOf is a value as a number, which templates may write as text.
func numberOf(v *tree.Node, otherwise int) int {
	if n, err := strconv.Atoi(v.Str()); err == nil {
		return n
	}
	return otherwise
}

func (g *group) min() int { return g.number("MinSize", 0) }

func (g *group) max() int { return g.number("MaxSize", 0) }

// subnets are those that the group launches into.
func (g *group) subnets() []string {
	var all []string
	for _, text := range names(g.asset.properties.Get("VPCZoneIdentifier")) {
		for one := range strings.SplitSeq(text, ",") {
			if one = strings.TrimSpace(one); one != "" {
				all = append(all, one)
			}
		}
	}
	return all
}

// zones are the availability zones that it launches into.
func (g *group) zones() []string {
	zones := names(g.asset.properties.Get("AvailabilityZones"))
	for _, id := range g.subnets() {
		zones = append(zones, g.region.subnetFor(id, "").zone)
	}
	slices.Sort(zones)
	return slices.Compact(zones)
}

// source is what the group launches instances of.
func (g *group) source() source { return sourceOf(g.asset.properties) }

func sourceOf(properties *tree.Node) source {
	if use := templateUseOf(properties.Get("LaunchTemplate")); use != nil {
		return source{template: use}
	}
	mixed := properties.At("MixedInstancesPolicy", "LaunchTemplate")
	use := templateUseOf(mixed.Get("LaunchTemplateSpecification"))
	if use == nil {
		return source{configuration: properties.Get("LaunchConfigurationName").Str()}
	}
	s := source{template: use}
	if overrides := mixed.Get("Overrides").Items(); len(overrides) > 0 { // the first has the priority, and there is room for all
		s.typ, s.image = overrides[0].Get("InstanceType").Str(), overrides[0].Get("ImageId").Str()
		if other := templateUseOf(overrides[0].Get("LaunchTemplateSpecification")); other != nil {
			s.template = other
		}
	}
	return s
}

// sourceData returns what a source launches now: the launch data, and the source with its launch template
// fully named and its version as a number.
func (r *region) sourceData(s source) (*tree.Node, source, error) {
	if s.template == nil {
		a := r.asset(typeLaunchConfiguration, s.configuration)
		if a == nil {
			return nil, s, invalid("Launch configuration name not found - Launch configuration %s not found", s.configuration)
		}
		return a.properties, s, nil
	}
	t, v, err := r.templateVersion(*s.template)
	if err != nil {
		return nil, s, err
	}
	s.template = &templateUse{t.id, t.name, strconv.Itoa(v.number)}
	data := v.data
	for name, text := range map[string]string{"InstanceType": s.typ, "ImageId": s.image} {
		if text != "" {
			data = overlay(data, tree.Object(tree.Field(name, tree.Text(text))))
		}
	}
	return data, s, nil
}

// active are the members that count towards the size of the group.
func (g *group) active() []*groupMember {
	var all []*groupMember
	for _, m := range g.members {
		if m.lifecycle == memberPending || m.lifecycle == memberInService {
			all = append(all, m)
		}
	}
	return all
}

func (g *group) member(id string) *groupMember {
	for _, m := range g.members {
		if m.id == id {
			return m
		}
	}
	return nil
}

// groupOf returns the group that an instance is in, nil if it is in none.
func (r *region) groupOf(id string) *group {
	if i := r.fleet.instances[id]; i != nil && i.group != "" {
		return r.fleet.groups[i.group]
	}
	return nil
}

// followGroup makes a group what its resource says.
func (r *region) followGroup(a *asset) {
	g := r.fleet.groups[a.physicalID]
	fresh := g == nil || g.asset != a && g.ending
	if fresh {
		g = &group{region: r, name: a.physicalID, created: r.now()}
		r.fleet.groups[g.name] = g
	}
	g.asset = a
	before := g.desired
	g.desired = g.number("DesiredCapacity", max(g.desired, g.min()))
	g.desired = min(max(g.desired, g.min()), g.max())
	at := stamp(r.now())
	switch {
	case fresh:
		g.wish = fmt.Sprintf("At %s a user request created an AutoScalingGroup changing the desired capacity from 0 to %d.", at, g.desired)
	case before != g.desired:
		g.wish = fmt.Sprintf("At %s a user request update of AutoScalingGroup constraints to min: %d, max: %d, desired: %d changing the desired capacity from %d to %d.",
			at, g.min(), g.max(), g.desired, before, g.desired)
	}
	g.again()
}

// again makes a group look at itself now, whatever it waited for.
func (g *group) again() {
	g.retry, g.failures = time.Time{}, 0
	g.step()
}

// forgetGroup begins the end of a group whose resource is gone.
func (r *region) forgetGroup(name string) {
	g := r.fleet.groups[name]
	if g == nil {
		return
	}
	g.ending = true
	g.desired = 0
	g.wish = fmt.Sprintf("At %s a user request force deleted the AutoScalingGroup.", stamp(r.now()))
	g.again()
}

// stamp is a time in the texts of activities.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func setDesiredCapacity(c *call, in *struct {
	AutoScalingGroupName string
	DesiredCapacity      *int
	HonorCooldown        bool
}) (any, error) {
	g, err := c.region.group(in.AutoScalingGroupName)
	switch {
	case err != nil:
		return nil, err
	case in.DesiredCapacity == nil:
		return nil, required("desiredCapacity", "")
	case *in.DesiredCapacity > g.max():
		return nil, invalid("New SetDesiredCapacity value %d is above max value %d for the AutoScalingGroup.", *in.DesiredCapacity, g.max())
	case *in.DesiredCapacity < g.min():
		return nil, invalid("New SetDesiredCapacity value %d is below min value %d for the AutoScalingGroup.", *in.DesiredCapacity, g.min())
	}
	g.resize(*in.DesiredCapacity)
	return nil, nil
}

// resize sets the size of a group, as a user asked for it.
func (g *group) resize(to int) {
	if to != g.desired {
		g.wish = fmt.Sprintf("At %s a user request explicitly set group desired capacity changing the desired capacity from %d to %d.", stamp(g.region.now()), g.desired, to)
	}
	g.desired = to
	g.again()
}

func terminateInGroup(c *call, in *struct {
	InstanceId                     string
	ShouldDecrementDesiredCapacity bool
}) (any, error) {
	r := c.region
	g := r.groupOf(in.InstanceId)
	if g == nil || g.member(in.InstanceId) == nil {
		return nil, invalid("Instance Id not found - No managed instance found for instance ID: %s", in.InstanceId)
	}
	m := g.member(in.InstanceId)
	if in.ShouldDecrementDesiredCapacity {
		if g.desired <= g.min() {
			return nil, invalid("Currently, desiredSize equals minSize (%d). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.", g.min())
		}
		g.desired--
	}
	if m.lifecycle == memberTerminating {
		return nil, scalingInProgress("Scaling activity is in progress for instance " + m.id)
	}
	a := g.dismiss(m, fmt.Sprintf("At %s instance %s was taken out of service in response to a user request.", stamp(r.now()), m.id))
	g.again()
	return &struct{ Activity activityDescription }{a.describe(g)}, nil
}
