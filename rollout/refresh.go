package rollout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/updraft-go/updraft/executor"
)

// refresh replaces the group's instances.
func (r *run) refresh(ctx context.Context) error {
	if r.group == nil {
		r.tell(Skipped, "", "there is no group")
		return nil
	}
	if r.opts.Refresh == nil {
		return r.tellStale(ctx)
	}
	err := r.renew(ctx, r.renewal())
	if err == nil || ctx.Err() != nil {
		return err
	}
	return r.afterFailure(ctx, err)
}

// tellStale tells which instances are left as they are.
func (r *run) tellStale(ctx context.Context) error {
	g, err := r.describeGroup(ctx, r.release.Group)
	if err != nil {
		return err
	}
	if r.result.Stale, err = r.stale(ctx, g, r.target()); err != nil {
		return err
	}
	r.tell(Skipped, "", "no instance refresh is asked for; %d instances of group %s run something older", len(r.result.Stale), r.release.Group)
	return nil
}

// A renewal is what an instance refresh is to bring.
type renewal struct {
	target
	// desired reports that the group learns the version from the refresh.
	desired bool
	// since is a moment before which a refresh could not have the target; zero if it is unknown.
	since time.Time
}

func (r *run) renewal() renewal {
	n := renewal{target: r.target(), desired: r.pointer.pins(), since: r.pointer.since()}
	if r.made != nil && n.since.Before(r.made.created) {
		n.since = r.made.created
	}
	return n
}

// has reports whether a refresh brings the target.
func (n *renewal) has(f *types.InstanceRefresh) bool {
	if n.desired {
		spec := desiredOf(f)
		return spec != nil && aws.ToString(spec.LaunchTemplateId) == n.template && versionOf(spec) == n.version
	}
	return desiredOf(f) == nil && (f.StartTime == nil || !f.StartTime.Before(n.since.Truncate(time.Second)))
}

// desiredOf returns the launch template that a refresh gives the group; nil if none.
func desiredOf(f *types.InstanceRefresh) *types.LaunchTemplateSpecification {
	switch d := f.DesiredConfiguration; {
	case d == nil:
		return nil
	case d.MixedInstancesPolicy != nil && d.MixedInstancesPolicy.LaunchTemplate != nil:
		return d.MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification
	default:
		return d.LaunchTemplate
	}
}

// renew replaces the instances that do not run the target, and waits for the end. A refresh that is
// under way for the same target is waited for; there is never a second.
func (r *run) renew(ctx context.Context, n renewal) error {
	for {
		active, done, err := r.activeOrBegun(ctx, n)
		if done || err != nil {
			return err
		}
		ours := n.has(active)
		if !ours && r.opts.Refresh.Busy != executor.BusyWait {
			return &BusyError{Group: r.release.Group, RefreshID: aws.ToString(active.InstanceRefreshId), Status: string(active.Status)}
		}
		end, err := r.follow(ctx, active, ours)
		if err != nil {
			return err
		}
		if !ours {
			continue
		}
		if again, err := r.falseFriend(ctx, n, end); !again || err != nil {
			return errors.Join(err, r.conclude(ctx, n, end))
		}
	}
}

// falseFriend reports whether a refresh that was found under way, and has succeeded, was for something
// else: without a version in it, only its time says what it was for.
func (r *run) falseFriend(ctx context.Context, n renewal, f *types.InstanceRefresh) (bool, error) {
	if n.desired || phaseOf(f.Status) != succeeded || aws.ToString(f.InstanceRefreshId) == r.begun {
		return false, nil
	}
	g, err := r.describeGroup(ctx, r.release.Group)
	if err != nil {
		return false, err
	}
	stale, err := r.stale(ctx, g, n.target)
	return len(stale) > 0, err
}

// activeOrBegun returns the refresh that is under way, after it has started one if none was; or reports
// that all is done. A start whose answer was lost is looked for before there is another.
func (r *run) activeOrBegun(ctx context.Context, n renewal) (active *types.InstanceRefresh, done bool, err error) {
	err = r.poll(ctx, func(ctx context.Context) (bool, error) {
		last, err := r.lastRefresh(ctx)
		if err != nil {
			return false, err
		}
		if last != nil && phaseOf(last.Status).active() {
			active = last
			return true, nil
		}
		done, err = r.begin(ctx, n, last)
		return done, err
	})
	return active, done, err
}

// lastRefresh returns the refresh of the group that began last; nil if there was none.
func (r *run) lastRefresh(ctx context.Context) (*types.InstanceRefresh, error) {
	list, err := r.refreshes(ctx, r.release.Group)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	last := slices.MaxFunc(list, func(a, b types.InstanceRefresh) int {
		if p, q := phaseOf(a.Status).active(), phaseOf(b.Status).active(); p != q {
			if p {
				return 1
			}
			return -1
		}
		return aws.ToTime(a.StartTime).Compare(aws.ToTime(b.StartTime))
	})
	return &last, nil
}

// refreshes reads the refreshes of a group, as far as Auto Scaling tells of them on one page: the last
// ones.
func (c *Client) refreshes(ctx context.Context, group string) ([]types.InstanceRefresh, error) {
	out, err := c.AutoScaling.DescribeInstanceRefreshes(ctx, &autoscaling.DescribeInstanceRefreshesInput{AutoScalingGroupName: &group})
	if err != nil {
		return nil, fmt.Errorf("group %s: its instance refreshes: %w", group, err)
	}
	return out.InstanceRefreshes, nil
}

// begin starts a refresh, unless there is no need. It reports whether all is done.
func (r *run) begin(ctx context.Context, n renewal, last *types.InstanceRefresh) (done bool, err error) {
	if r.step != StepRollback { // what was waited for may have been another release
		if err := r.stillMine(ctx, r.goal()); err != nil {
			return false, err
		}
	}
	g, err := r.describeGroup(ctx, r.release.Group)
	if err != nil {
		return false, err
	}
	stale, err := r.stale(ctx, g, n.target)
	if err != nil {
		return false, err
	}
	if len(stale) == 0 {
		return true, r.settle(ctx, n)
	}
	if last != nil && n.has(last) && phaseOf(last.Status) != succeeded && !r.opts.Refresh.Retry && r.step != StepRollback {
		r.result.RefreshID = aws.ToString(last.InstanceRefreshId)
		return true, r.conclude(ctx, n, last)
	}
	if err := r.stillUsable(ctx, n.image); err != nil {
		return false, err
	}
	return false, r.startRefresh(ctx, g, n, len(stale))
}

// settle ends a refresh that has nothing to replace: a group that is to learn its version from it does
// so at once.
func (r *run) settle(ctx context.Context, n renewal) error {
	kind := Found
	if r.result.RefreshID != "" { // it ended before it was looked at
		kind = Done
	}
	r.tell(kind, r.result.RefreshID, "all instances of group %s run %s", r.release.Group, n.name())
	if now, err := r.pointer.read(ctx); err != nil || !n.desired || now == n.version {
		return err
	}
	return r.moveTo(ctx, n.version)
}

func (n *renewal) name() string {
	if n.version != "" {
		return "version " + n.version
	}
	return n.image
}

// startRefresh starts a refresh. That one is under way, which somebody else has started in the same
// moment, is no error: it is looked at next.
func (r *run) startRefresh(ctx context.Context, g *types.AutoScalingGroup, n renewal, stale int) error {
	in := &autoscaling.StartInstanceRefreshInput{AutoScalingGroupName: &r.release.Group, Preferences: r.opts.Refresh.preferences()}
	if n.desired {
		in.DesiredConfiguration = &types.DesiredConfiguration{}
		in.DesiredConfiguration.LaunchTemplate, in.DesiredConfiguration.MixedInstancesPolicy = withVersion(g, n.version)
	}
	if p := in.Preferences; r.step == StepRollback { // the way back has no pauses, and the alarm may still ring
		p.AutoRollback, p.AlarmSpecification, p.BakeTime, p.CheckpointPercentages, p.CheckpointDelay = nil, nil, nil, nil, nil
	}
	out, err := r.AutoScaling.StartInstanceRefresh(ctx, in, once)
	if refreshUnderWay(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("group %s: an instance refresh: %w", r.release.Group, err)
	}
	id := aws.ToString(out.InstanceRefreshId)
	r.begun, r.result.RefreshID = id, id
	r.changed(ctx, "StartInstanceRefresh", id)
	r.tell(Started, id, "instance refresh %s of group %s replaces %d instances by %s", id, r.release.Group, stale, n.name())
	return nil
}

// once keeps the SDK from trying again by itself: there is no token by which Auto Scaling would know
// the second try for the same.
func once(o *autoscaling.Options) { o.Retryer = aws.NopRetryer{} }
