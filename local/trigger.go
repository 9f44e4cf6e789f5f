package local

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A rollbackConfiguration is what rolls an operation back although all its resources were made: alarms
// that go off until some time after it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html
type rollbackConfiguration struct {
	RollbackTriggers        []rollbackTrigger
	MonitoringTimeInMinutes *int
}

type rollbackTrigger struct{ Arn, Type string }

// The types of alarms that may be rollback triggers.
const (
	typeAlarm          = "AWS::CloudWatch::Alarm"
	typeCompositeAlarm = "AWS::CloudWatch::CompositeAlarm"
)

// The most that a stack may have of triggers, and minutes for which they may be watched.
const (
	maxTriggers   = 5
	maxMonitoring = 180
)

// check refuses what is no rollback configuration. It takes nil, which is none.
func (r *rollbackConfiguration) check() error {
	if r == nil {
		return nil
	}
	if len(r.RollbackTriggers) > maxTriggers {
		return invalid("1 validation error detected: Value at 'rollbackConfiguration.rollbackTriggers' failed to satisfy constraint: Member must have length less than or equal to %d", maxTriggers)
	}
	for _, t := range r.RollbackTriggers {
		if t.Type != typeAlarm && t.Type != typeCompositeAlarm {
			return invalid("Rollback Trigger Type not supported")
		}
		if strings.Count(t.Arn, ":") < 6 {
			return invalid("RelativeId of a Rollback Trigger's ARN is incorrect")
		}
	}
	const at = "1 validation error detected: Value '%d' at 'rollbackConfiguration.monitoringTimeInMinutes' failed to satisfy constraint: Member must have value %s than or equal to %d"
	switch m := r.MonitoringTimeInMinutes; {
	case m != nil && *m < 0:
		return invalid(at, *m, "greater", 0)
	case m != nil && *m > maxMonitoring:
		return invalid(at, *m, "less", maxMonitoring)
	}
	return nil
}

// describe is the configuration as descriptions tell of it. It takes nil.
func (r *rollbackConfiguration) describe() rollbackConfiguration {
	if r == nil {
		return rollbackConfiguration{}
	}
	return *r
}

// equal takes nil, which is none.
func (r *rollbackConfiguration) equal(other *rollbackConfiguration) bool {
	a, b := r.describe(), other.describe()
	minutes := func(m *int) int {
		if m == nil {
			return 0
		}
		return *m
	}
	return slices.Equal(a.RollbackTriggers, b.RollbackTriggers) && minutes(a.MonitoringTimeInMinutes) == minutes(b.MonitoringTimeInMinutes)
}

// watched are the ARNs of the alarms that roll a stack back.
func (s *stackState) watched() []string {
	var arns []string
	for _, t := range s.rollback.describe().RollbackTriggers {
		arns = append(arns, t.Arn)
	}
	return arns
}

// SetAlarm sets an alarm off, or lets it be quiet again: what an alarm of CloudWatch does when its
// metric leaves or comes back to its bounds, which nothing does in the embedded cloud by itself. Name is
// the name or the ARN of an alarm that a stack has made; a name is looked for in all accounts and
// regions. An alarm that goes off rolls the stacks back that have it as a rollback trigger and are being
// created, updated, or monitored afterwards, and fails the instance refreshes that watch it.
//
// # Errors
//
// There is no such alarm.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html
func (c *Cloud) SetAlarm(name string, on bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start()
	found := c.alarms(name)
	if len(found) == 0 {
		return fmt.Errorf("no stack has made an alarm %s", name)
	}
	for _, a := range found {
		a.ringing = on
	}
	c.advance()
	for _, r := range c.regions {
		for _, s := range r.byName {
			if d := s.running; d != nil && d.monitored {
				d.watch()
			}
		}
		for _, g := range ordered(r.fleet.groups) {
			g.step()
		}
	}
	return nil
}

// alarms returns the alarms of a name or ARN.
func (c *Cloud) alarms(name string) []*asset {
	var found []*asset
	for _, r := range c.regions {
		for _, typ := range []string{typeAlarm, typeCompositeAlarm} {
			for _, a := range r.list(typ) {
				if a.physicalID == name || a.text("Arn") == name {
					found = append(found, a)
				}
			}
		}
	}
	return found
}

// watch ends the operation if one of its stack's alarms is not there or has gone off.
func (d *deployment) watch() {
	for _, arn := range d.state.watched() {
		found := d.cloud.alarms(arn)
		switch {
		case len(found) == 0:
			d.abandon(invalid("The rollback trigger %s does not exist", arn))
		case slices.ContainsFunc(found, func(a *asset) bool { return a.ringing }):
			d.abandon(invalid("The rollback trigger %s is in ALARM state", arn))
		}
	}
}

// buildMonitored is build with an eye on the rollback triggers, until some time after it.
func (d *deployment) buildMonitored() (ok, alive bool) {
	d.monitored = true
	defer func() { d.monitored = false }()
	if d.watch(); d.problem != "" {
		return false, true
	}
	if ok, alive = d.build(); !ok || !alive {
		return ok, alive
	}
	minutes := d.state.rollback.describe().MonitoringTimeInMinutes
	if minutes == nil || *minutes == 0 {
		return ok, alive
	}
	d.isSlow()
	over := false
	d.loop.after(time.Duration(*minutes)*time.Minute, func() { over = true })
	alive = d.loop.until(func() bool { return over || d.problem != "" || d.then != nil })
	return d.problem == "" && d.then == nil, alive
}
