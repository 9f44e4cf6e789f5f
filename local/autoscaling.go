package local

import (
	"time"

	"github.com/updraft-go/updraft/internal/query"
)

const (
	typeGroup               = "AWS::AutoScaling::AutoScalingGroup"
	typeLaunchConfiguration = "AWS::AutoScaling::LaunchConfiguration"
)

// autoScalingOperations are those of Auto Scaling that are answered.
var autoScalingOperations = map[string]operation{
	"CreateAutoScalingGroup":              typed(createGroup),
	"UpdateAutoScalingGroup":              typed(updateGroup),
	"DeleteAutoScalingGroup":              typed(deleteGroup),
	"DescribeAutoScalingGroups":           typed(describeGroups),
	"DescribeAutoScalingInstances":        typed(describeGroupInstances),
	"DescribeScalingActivities":           typed(describeActivities),
	"CreateLaunchConfiguration":           typed(createLaunchConfiguration),
	"DescribeLaunchConfigurations":        typed(describeLaunchConfigurations),
	"DeleteLaunchConfiguration":           typed(deleteLaunchConfiguration),
	"SetDesiredCapacity":                  typed(setDesiredCapacity),
	"TerminateInstanceInAutoScalingGroup": typed(terminateInGroup),
	"CreateOrUpdateTags":                  typed(setGroupTags),
	"DeleteTags":                          typed(deleteGroupTags),
	"DescribeTags":                        typed(describeGroupTags),
	"SetInstanceProtection":               typed(setProtection),
	"SetInstanceHealth":                   typed(setHealth),
	"StartInstanceRefresh":                typed(startRefresh),
	"DescribeInstanceRefreshes":           typed(describeRefreshes),
	"CancelInstanceRefresh":               typed(cancelRefresh),
	"RollbackInstanceRefresh":             typed(rollbackRefresh),
}

// advance lets happen what is due, each thing at its own time, in order. The lock is held.
func (c *Cloud) advance() {
	now := time.Now()
	for !c.due.IsZero() && !c.due.After(now) {
		c.clock = c.due
		for _, r := range c.regions {
			for _, g := range ordered(r.fleet.groups) {
				if g.due.Equal(c.due) {
					c.touch(r)
					g.step()
				}
			}
		}
		c.due = c.next()
	}
	c.clock = time.Time{}
}

// next is when the next thing is due, zero if nothing is.
func (c *Cloud) next() time.Time {
	var next time.Time
	for _, r := range c.regions {
		for _, g := range r.fleet.groups {
			next = sooner(next, g.due)
		}
	}
	return next
}

// sooner is the earlier of two times; one that is zero does not count.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// group returns a group by its name.
func (r *region) group(name string) (*group, error) {
	if name == "" {
		return nil, invalid("1 validation error detected: Value null at 'autoScalingGroupName' failed to satisfy constraint: Member must not be null")
	}
	if g := r.fleet.groups[name]; g != nil {
		return g, nil
	}
	return nil, invalid("AutoScalingGroup name not found - AutoScalingGroup: %s not found", name)
}

func scalingInProgress(format string) error {
	return &query.Error{Code: "ScalingActivityInProgress", Message: format}
}
