package rollout

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
)

// Rollback undoes a release: the pointer becomes what it was when the release began, a refresh that is
// under way for the release is rolled back or, where that is impossible, cancelled, and with
// [Options.Refresh] the group's instances are replaced by the old ones. The image and the version stay.
// Where the pointer is the latest version of a launch template, a new version is made that is as the
// old one was. A release that was rolled back cannot be rolled out again.
//
// Of opts, Refresh and Overtake matter.
//
// # Errors
//
// [*OvertakenError] if the pointer is not where the release put it; else those of [Client.Roll].
func (c *Client) Rollback(ctx context.Context, r *Release, opts *Options) (*Result, error) {
	run, err := c.prepare(r, opts)
	if err != nil {
		return nil, err
	}
	err = run.rollback(ctx)
	return &run.result, err
}

// RollbackEvents is [Client.Rollback] as [Client.Events] is [Client.Roll].
func (c *Client) RollbackEvents(ctx context.Context, r *Release, opts *Options) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		run, err := c.prepare(r, opts)
		if err != nil {
			yield(Event{}, err)
			return
		}
		run.stream(ctx, yield, run.rollback)
	}
}

// rollback finds what the release has left, and undoes it.
func (r *run) rollback(ctx context.Context) error {
	r.step = StepRollback
	if err := r.findAll(ctx); err != nil {
		return r.explain(ctx, err)
	}
	if err := r.undo(ctx); err != nil {
		return r.explain(ctx, err)
	}
	return nil
}

// findAll looks for what the release has left.
func (r *run) findAll(ctx context.Context) error {
	if r.opts.Refresh.rollsBack() {
		f := *r.opts.Refresh
		p := *f.Preferences
		p.AutoRollback, f.Preferences = nil, &p
		r.opts.Refresh = &f // there is nothing to which a roll-back could be rolled back
	}
	if err := r.lookAround(ctx); err != nil {
		return err
	}
	if err := r.findVersion(ctx); err != nil {
		return err
	}
	image, err := r.lookForImage(ctx)
	if err != nil {
		return err
	}
	if image == nil || r.template != nil && r.made == nil {
		return fmt.Errorf("there is nothing to roll back: %s was never moved by it", r.pointer)
	}
	r.image = *image
	r.result.ImageID = r.imageID()
	r.recall()
	if r.made == nil && tagOf(r.image.Tags, tagFrom+r.pointerKey()) == "" {
		return fmt.Errorf("there is nothing to roll back: %s was never moved by it", r.pointer)
	}
	return nil
}

// undo brings back what was before the release.
func (r *run) undo(ctx context.Context) error {
	r.step = StepRollback
	old, err := r.before(ctx)
	if err != nil {
		return err
	}
	if old.since, err = r.markRolledBack(ctx); err != nil {
		return err
	}
	if r.group != nil {
		if err := r.stopRefresh(ctx, old.since); err != nil {
			return err
		}
	}
	if old, err = r.pointBack(ctx, old); err != nil {
		return err
	}
	if r.group == nil || r.opts.Refresh == nil {
		return nil
	}
	return r.renew(ctx, old)
}

// markRolledBack notes on the image that the release is undone, first of all, so that nobody rolls it
// out again who finds it half undone. It returns when that was noted.
func (r *run) markRolledBack(ctx context.Context) (time.Time, error) {
	key := tagRolledBack + ":" + r.pointerKey()
	if since, err := time.Parse(time.RFC3339, tagOf(r.image.Tags, key)); err == nil {
		return since, nil
	}
	now := time.Now().UTC().Truncate(time.Second)
	return now, r.tag(ctx, key, now.Format(time.RFC3339))
}

// before is what the instances ran before the release, and are to run again.
func (r *run) before(ctx context.Context) (renewal, error) {
	if r.from == none {
		return renewal{}, fmt.Errorf("there is nothing to go back to: %s did not exist before release %s", r.pointer, r.release.ID)
	}
	old := renewal{target: target{image: r.from}}
	if r.template != nil {
		v, err := r.oneVersion(ctx, r.templateID(), r.from)
		if err != nil {
			return old, err
		}
		old = renewal{target: target{template: r.templateID(), version: r.from, image: v.image}, desired: r.pointer.pins()}
	}
	return old, r.stillUsable(ctx, old.image)
}

// stopRefresh ends the refresh that brings the release, if there is one: with a roll-back where that
// is possible. What began after since, the moment of the roll-back, does not bring it.
func (r *run) stopRefresh(ctx context.Context, since time.Time) error {
	last, err := r.lastRefresh(ctx)
	if err != nil || last == nil || !phaseOf(last.Status).active() {
		return err
	}
	n := r.renewal()
	if !n.has(last) || !n.desired && last.StartTime != nil && !last.StartTime.Before(since) {
		return nil // it is somebody else's, or that of an earlier call of Rollback
	}
	id := aws.ToString(last.InstanceRefreshId)
	if phaseOf(last.Status) == moving {
		if err := r.turnBack(ctx, id, n.desired); err != nil {
			return err
		}
	}
	_, err = r.follow(ctx, last, true)
	return err
}

// turnBack rolls a refresh back or, where that is impossible, cancels it.
func (r *run) turnBack(ctx context.Context, id string, reversible bool) error {
	group := &r.release.Group
	if reversible {
		_, err := r.AutoScaling.RollbackInstanceRefresh(ctx, &autoscaling.RollbackInstanceRefreshInput{AutoScalingGroupName: group})
		switch {
		case err == nil:
			r.changed(ctx, "RollbackInstanceRefresh", id)
			r.tell(Started, id, "instance refresh %s of group %s is rolled back", id, *group)
			return nil
		case noActiveRefresh(err):
			return nil
		case !irreversible(err):
			return fmt.Errorf("group %s: rolling back instance refresh %s: %w", *group, id, err)
		}
	}
	_, err := r.AutoScaling.CancelInstanceRefresh(ctx, &autoscaling.CancelInstanceRefreshInput{AutoScalingGroupName: group})
	switch {
	case noActiveRefresh(err):
		return nil
	case err != nil:
		return fmt.Errorf("group %s: cancelling instance refresh %s: %w", *group, id, err)
	}
	r.changed(ctx, "CancelInstanceRefresh", id)
	r.tell(Started, id, "instance refresh %s of group %s is cancelled, since it cannot be rolled back", id, *group)
	return nil
}

// pointBack moves the pointer back. What the instances are to run may be another version then.
func (r *run) pointBack(ctx context.Context, old renewal) (renewal, error) {
	goal := r.goal()
	var err error
	if r.current, err = r.pointer.read(ctx); err != nil {
		return old, err
	}
	if _, ok := r.pointer.(*latestPointer); ok {
		return r.pointBackLatest(ctx, old)
	}
	if r.current == r.from {
		r.tell(Found, r.from, "%s is %s", r.pointer, r.from)
		return old, nil
	}
	if r.current != goal && !r.opts.Overtake {
		return old, r.overtakenBack(ctx)
	}
	if err := r.pointer.move(ctx, r.from); err != nil {
		return old, err
	}
	r.changed(ctx, "Point", fmt.Sprintf("%s to %s", r.pointer, r.from))
	return old, r.confirmBack(ctx, goal)
}

// overtakenBack is the error for a pointer that is neither where the release put it nor where it was.
func (r *run) overtakenBack(ctx context.Context) error {
	e := r.overtaken(ctx, r.current).(*OvertakenError)
	e.From = r.goal()
	return e
}

// confirmBack is confirm for the way back.
func (r *run) confirmBack(ctx context.Context, goal string) error {
	to := r.from
	r.from = goal
	defer func() { r.from = to }()
	return r.confirm(ctx, to)
}

// pointBackLatest makes a version that is as the one before the release was, since nothing else can
// take the place of the latest.
func (r *run) pointBackLatest(ctx context.Context, old renewal) (renewal, error) {
	all, err := r.versions(ctx, r.templateID())
	if err != nil {
		return old, err
	}
	undone := find(all, r.release, true)
	if undone == nil {
		if r.current != r.goal() && !r.opts.Overtake {
			return old, r.overtakenBack(ctx)
		}
		l := label{release: r.release.ID, name: r.release.Name, from: r.goal(), rollback: true}
		if undone, err = r.createVersion(ctx, r.from, old.image, l); err != nil {
			return old, err
		}
	}
	r.tell(Done, undone.String(), "version %s of %s is made of version %s again, since its latest version cannot be moved back", undone, r.templateID(), r.from)
	old.version, old.since = undone.String(), undone.created
	return old, nil
}
