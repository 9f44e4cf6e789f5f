package local

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

// The states of an instance refresh.
const (
	refreshPending      = "Pending"
	refreshInProgress   = "InProgress"
	refreshBaking       = "Baking"
	refreshSuccessful   = "Successful"
	refreshFailed       = "Failed"
	refreshCancelling   = "Cancelling"
	refreshCancelled    = "Cancelled"
	rollbackInProgress  = "RollbackInProgress"
	rollbackSuccessful  = "RollbackSuccessful"
	rollbackFailed      = "RollbackFailed"
	strategyRolling     = "Rolling"
	strategyRootVolume  = "ReplaceRootVolume"
	whileProtectedWait  = "Wait"
	whileProtectedSkip  = "Ignore"
	whileProtectedForce = "Refresh"
)

// A refresh is an instance refresh of a group: the replacement of its instances, some at a time.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
type refresh struct {
	id, status, reason string
	started, ended     time.Time
	preferences        refreshPreferences // none of them nil
	target             *desiredConfiguration
	old                []string     // the instances that are to be replaced
	total              int          // how many they were
	updated            int          // how many are replaced, and warm
	checkpoint         int          // which one is ahead
	until              time.Time    // of a pause or of baking; zero if there is none
	progressed         time.Time    // when it last got on
	undo               *refreshUndo // its roll-back; nil if there is none
	surplus            int          // how many instances more than the group wants there may be
	due                time.Time    // when something happens next
}

// A refreshUndo is the roll-back of a refresh.
type refreshUndo struct {
	reason  string
	started time.Time
	total   int // how many instances are to be replaced back
	updated int
}

type desiredConfiguration struct {
	LaunchTemplate       *templateUse
	MixedInstancesPolicy *mixedInstances
}

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

// source is what the configuration launches instances of; without one, what the group does.
func (d *desiredConfiguration) source(g *group) source {
	switch {
	case d != nil && d.LaunchTemplate != nil:
		return source{template: d.LaunchTemplate}
	case d != nil:
		return sourceOf(nodeOf(d))
	}
	return g.source()
}

// refresh returns the instance refresh that is under way, nil if none is.
func (g *group) refresh() *refresh {
	if len(g.refreshes) == 0 {
		return nil
	}
	if last := g.refreshes[len(g.refreshes)-1]; last.ended.IsZero() {
		return last
	}
	return nil
}

// maxRefreshes is how many refreshes of a group are remembered.
const maxRefreshes = 100

func startRefresh(c *call, in *struct {
	AutoScalingGroupName string
	Strategy             string
	DesiredConfiguration *desiredConfiguration
	Preferences          refreshPreferences
}) (any, error) {
	g, err := c.region.group(in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if g.refresh() != nil {
		return nil, &query.Error{Code: "InstanceRefreshInProgress", Message: "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh."}
	}
	switch in.Strategy {
	case "", strategyRolling:
	case strategyRootVolume:
		return nil, notEmulated("instance refreshes that replace root volumes")
	default:
		return nil, invalid("1 validation error detected: Value '%s' at 'strategy' failed to satisfy constraint: Member must satisfy enum value set: [Rolling, ReplaceRootVolume]", in.Strategy)
	}
	r := &refresh{
		id: c.cloud.uuid(), status: refreshPending, started: c.region.now(), progressed: c.region.now(), target: in.DesiredConfiguration, preferences: in.Preferences.settled(g),
	}
	if err := cmp.Or(in.Preferences.check(c.region), in.DesiredConfiguration.check(g), r.checkRollback(g)); err != nil {
		return nil, err
	}
	if g.refreshes = append(g.refreshes, r); len(g.refreshes) > maxRefreshes {
		g.refreshes = slices.Delete(g.refreshes, 0, 1)
	}
	g.again()
	return &refreshID{r.id}, nil
}

type refreshID struct{ InstanceRefreshId string }

func (d *desiredConfiguration) check(g *group) error {
	switch {
	case d == nil:
		return nil
	case (d.LaunchTemplate == nil) == (d.MixedInstancesPolicy == nil):
		return invalid("DesiredConfiguration must have either a LaunchTemplate or a MixedInstancesPolicy")
	}
	return g.region.checkSource(d.source(g))
}

// checkRollback refuses AutoRollback where there can be no roll-back.
func (r *refresh) checkRollback(g *group) error {
	if !*r.preferences.AutoRollback {
		return nil
	}
	if why := r.irreversible(g); why != "" {
		return invalid("AutoRollback cannot be set to true: %s", why)
	}
	return nil
}

// irreversible says why a refresh cannot be rolled back, "" if it can.
func (r *refresh) irreversible(g *group) string {
	was := g.source()
	if r.target == nil {
		return "no desired configuration was specified for the instance refresh."
	}
	if was.template == nil {
		return ""
	}
	if v := was.template.Version; v == "" || v == versionLatest || v == versionDefault {
		return "the Auto Scaling group uses the launch template's $Latest or $Default version."
	}
	if spec, _, err := g.region.sourceData(was); err == nil && strings.HasPrefix(spec.Get("ImageId").Str(), "resolve:ssm:") {
		return "the Auto Scaling group has a launch template that uses a Systems Manager parameter instead of an AMI ID."
	}
	return ""
}

// activeRefresh returns the refresh of a group that is under way.
func (r *region) activeRefresh(name string) (*group, *refresh, error) {
	g, err := r.group(name)
	if err != nil {
		return nil, nil, err
	}
	if active := g.refresh(); active != nil {
		return g, active, nil
	}
	return nil, nil, &query.Error{Code: "ActiveInstanceRefreshNotFound", Message: "No in progress or pending Instance Refresh found for Auto Scaling group " + name}
}

// cancelRefresh begins no more replacements. It waits for those that are under way, unless it is told
// not to.
func cancelRefresh(c *call, in *struct {
	AutoScalingGroupName          string
	WaitForTransitioningInstances *bool
}) (any, error) {
	g, r, err := c.region.activeRefresh(in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if in.WaitForTransitioningInstances != nil && !*in.WaitForTransitioningInstances {
		r.end(g, refreshCancelled, "")
	} else {
		r.status, r.surplus, r.until = refreshCancelling, 0, time.Time{}
	}
	g.again()
	return &refreshID{r.id}, nil
}

func rollbackRefresh(c *call, in *struct{ AutoScalingGroupName string }) (any, error) {
	g, r, err := c.region.activeRefresh(in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if r.status == refreshCancelling || r.undo != nil {
		return nil, &query.Error{Code: "ActiveInstanceRefreshNotFound", Message: "No in progress or pending Instance Refresh found for Auto Scaling group " + g.name}
	}
	if why := r.irreversible(g); why != "" {
		return nil, &query.Error{Code: "IrreversibleInstanceRefresh", Message: "The instance refresh cannot be rolled back: " + why}
	}
	r.rollBack(g, "Rollback was requested by a user.")
	g.again()
	return &refreshID{r.id}, nil
}

type refreshProgress struct {
	PercentageComplete int
	InstancesToUpdate  int
}

type progressDetails struct{ LivePoolProgress refreshProgress }

type rollbackDetails struct {
	RollbackReason               string
	RollbackStartTime            time.Time
	PercentageCompleteOnRollback int
	InstancesToUpdateOnRollback  int
	ProgressDetailsOnRollback    progressDetails
}

type refreshDescription struct {
	InstanceRefreshId    string
	AutoScalingGroupName string
	Status               string
	StatusReason         string
	StartTime            time.Time
	EndTime              time.Time
	PercentageComplete   int
	InstancesToUpdate    int
	ProgressDetails      *progressDetails
	Preferences          refreshPreferences
	DesiredConfiguration *desiredConfiguration
	RollbackDetails      *rollbackDetails
	Strategy             string
}

func progress(updated, total int) refreshProgress {
	if total == 0 {
		return refreshProgress{100, 0}
	}
	return refreshProgress{100 * updated / total, total - updated}
}

func (r *refresh) describe(g *group) refreshDescription {
	p := progress(r.updated, r.total)
	if r.status == refreshPending {
		p = refreshProgress{0, len(g.active())}
	}
	d := refreshDescription{
		InstanceRefreshId: r.id, AutoScalingGroupName: g.name, Status: r.status, StatusReason: r.reason, StartTime: r.started, EndTime: r.ended,
		PercentageComplete: p.PercentageComplete, InstancesToUpdate: p.InstancesToUpdate, ProgressDetails: &progressDetails{p},
		Preferences: r.preferences, DesiredConfiguration: r.target, Strategy: strategyRolling,
	}
	if r.undo == nil {
		return d
	}
	p = progress(r.undo.updated, r.undo.total)
	d.RollbackDetails = &rollbackDetails{r.undo.reason, r.undo.started, p.PercentageComplete, p.InstancesToUpdate, progressDetails{p}}
	return d
}

func describeRefreshes(c *call, in *struct {
	AutoScalingGroupName string
	InstanceRefreshIds   []string
	scalingPage
}) (any, error) {
	g, err := c.region.group(in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	all := []refreshDescription{}
	for _, r := range slices.Backward(g.refreshes) {
		if len(in.InstanceRefreshIds) == 0 || slices.Contains(in.InstanceRefreshIds, r.id) {
			all = append(all, r.describe(g))
		}
	}
	part, next, err := scalingPart(all, in.scalingPage, func(d refreshDescription) string { return d.InstanceRefreshId })
	if err != nil {
		return nil, err
	}
	return &struct {
		InstanceRefreshes []refreshDescription
		NextToken         string
	}{part, next}, nil
}

// adopt makes the desired configuration that of the group.
func (r *refresh) adopt(g *group) {
	if r.target == nil {
		return
	}
	next := nodeOf(r.target)
	for _, name := range []string{"LaunchTemplate", "LaunchConfigurationName", "MixedInstancesPolicy"} {
		if next.Get(name) == nil {
			next.Map = append(next.Map, tree.Field(name, &tree.Node{Kind: tree.Null}))
		}
	}
	next.Map = append(next.Map, tree.Field("DesiredCapacity", tree.Int(g.desired)))
	g.asset.change(overlaid(g.asset.properties, next))
}
