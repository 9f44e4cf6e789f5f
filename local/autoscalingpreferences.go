package local

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

type refreshPreferences struct {
	MinHealthyPercentage      *int
	MaxHealthyPercentage      *int
	InstanceWarmup            *int
	CheckpointPercentages     []int
	CheckpointDelay           *int
	SkipMatching              *bool
	AutoRollback              *bool
	ScaleInProtectedInstances *string
	StandbyInstances          *string
	AlarmSpecification        *alarmSpecification
	BakeTime                  *int
}

type alarmSpecification struct{ Alarms []string }

// settled gives preferences that are not there the value that they have then.
func (p refreshPreferences) settled(g *group) refreshPreferences {
	policy := g.asset.properties.Get("InstanceMaintenancePolicy")
	fill := func(at **int, otherwise int) {
		if *at == nil {
			*at = &otherwise
		}
	}
	within := func(name string, otherwise int) int {
		n := numberOf(policy.Get(name), otherwise)
		if n < 0 {
			return otherwise
		}
		return n
	}
	fill(&p.MinHealthyPercentage, within("MinHealthyPercentage", 90))
	fill(&p.MaxHealthyPercentage, within("MaxHealthyPercentage", 100))
	fill(&p.InstanceWarmup, max(g.number("DefaultInstanceWarmup", g.number("HealthCheckGracePeriod", 0)), 0))
	if len(p.CheckpointPercentages) > 0 {
		fill(&p.CheckpointDelay, 3600)
	}
	no, wait := false, whileProtectedWait
	p.SkipMatching, p.AutoRollback = cmp.Or(p.SkipMatching, &no), cmp.Or(p.AutoRollback, &no)
	p.ScaleInProtectedInstances, p.StandbyInstances = cmp.Or(p.ScaleInProtectedInstances, &wait), cmp.Or(p.StandbyInstances, &wait)
	return p
}

// check refuses preferences that make no sense, all at once.
func (p *refreshPreferences) check(r *region) error {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	within := func(name string, n *int, low, high int) {
		if n != nil && (*n < low || *n > high) {
			say("%s must be from %d to %d", name, low, high)
		}
	}
	within("MinHealthyPercentage", p.MinHealthyPercentage, 0, 100)
	within("MaxHealthyPercentage", p.MaxHealthyPercentage, 100, 200)
	within("InstanceWarmup", p.InstanceWarmup, 0, 1<<30)
	within("CheckpointDelay", p.CheckpointDelay, 0, 172_800)
	within("BakeTime", p.BakeTime, 0, 172_800)
	switch {
	case p.MaxHealthyPercentage != nil && p.MinHealthyPercentage == nil:
		say("MinHealthyPercentage must be specified with MaxHealthyPercentage")
	case p.MaxHealthyPercentage != nil && *p.MaxHealthyPercentage-*p.MinHealthyPercentage > 100:
		say("the difference between MaxHealthyPercentage and MinHealthyPercentage must not be greater than 100")
	}
	if p.CheckpointDelay != nil && len(p.CheckpointPercentages) == 0 {
		say("CheckpointPercentages must be specified with CheckpointDelay")
	}
	for i, n := range p.CheckpointPercentages {
		within("CheckpointPercentages", &n, 1, 100)
		if i > 0 && n <= p.CheckpointPercentages[i-1] {
			say("CheckpointPercentages must be in ascending order, and each unique")
		}
	}
	choice := func(name string, text *string, allowed ...string) {
		if text != nil && !slices.Contains(allowed, *text) {
			say("%s must be one of [%s]", name, strings.Join(allowed, ", "))
		}
	}
	choice("ScaleInProtectedInstances", p.ScaleInProtectedInstances, whileProtectedForce, whileProtectedSkip, whileProtectedWait)
	choice("StandbyInstances", p.StandbyInstances, "Terminate", whileProtectedSkip, whileProtectedWait)
	for _, name := range p.alarms() {
		if r.alarm(name) == nil {
			say("the alarm %s of AlarmSpecification does not exist", name)
		}
	}
	if len(wrong) > 0 {
		return invalid("Invalid preferences: %s", strings.Join(wrong, "; "))
	}
	return nil
}

func (p *refreshPreferences) alarms() []string {
	if p.AlarmSpecification == nil {
		return nil
	}
	return p.AlarmSpecification.Alarms
}

// alarm returns an alarm of CloudWatch, nil if there is none of that name.
func (r *region) alarm(name string) *asset {
	return cmp.Or(r.asset(typeAlarm, name), r.asset(typeCompositeAlarm, name))
}

func (d *desiredConfiguration) check(g *group) error {
	switch {
	case d == nil:
		return nil
	case (d.LaunchTemplate == nil) == (d.MixedInstancesPolicy == nil):
		return invalid("DesiredConfiguration must have either a LaunchTemplate or a MixedInstancesPolicy")
	}
	return g.region.checkSource(d.source(g))
}
