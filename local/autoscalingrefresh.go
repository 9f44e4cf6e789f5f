package local

import (
	"cmp"
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
