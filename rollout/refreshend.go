package rollout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
)

// follow waits for the end of a refresh.
func (r *run) follow(ctx context.Context, f *types.InstanceRefresh, ours bool) (*types.InstanceRefresh, error) {
	id := aws.ToString(f.InstanceRefreshId)
	if ours {
		r.result.RefreshID = id
	} else {
		r.tell(Progress, id, "another instance refresh, %s, of group %s is %s; it is waited for", id, r.release.Group, f.Status)
	}
	told, end := "", f
	err := r.poll(ctx, func(ctx context.Context) (bool, error) {
		list, err := r.refreshes(ctx, r.release.Group)
		if err != nil {
			return false, err
		}
		for _, now := range list {
			if aws.ToString(now.InstanceRefreshId) == id {
				end = &now
			}
		}
		if text := progress(end); text != told && ours {
			told = text
			r.tellPercent(Progress, id, int(aws.ToInt32(end.PercentageComplete)), "instance refresh %s of group %s is %s", id, r.release.Group, text)
		}
		if !phaseOf(end.Status).active() {
			return true, nil
		}
		return false, r.overdue(end, ours)
	})
	return end, err
}

// progress is what is told of a refresh, whenever it changes.
func progress(f *types.InstanceRefresh) string {
	text := string(f.Status)
	if n := aws.ToInt32(f.InstancesToUpdate); n > 0 && phaseOf(f.Status) == moving {
		text += fmt.Sprintf(", %d instances to go", n)
	}
	if reason := aws.ToString(f.StatusReason); reason != "" {
		text += ": " + reason
	}
	return text
}

// overdue returns an error when a refresh has taken longer than it was given.
func (r *run) overdue(f *types.InstanceRefresh, ours bool) error {
	if !ours || r.step == StepRollback || r.opts.Refresh.Timeout == 0 || f.StartTime == nil {
		return nil
	}
	limit := r.opts.Refresh.Timeout
	if time.Since(*f.StartTime) <= limit {
		return nil
	}
	return &TimeoutError{Step: StepRefresh, Resource: aws.ToString(f.InstanceRefreshId), After: limit, Next: "it goes on, and the same call with more time waits for it again"}
}

// conclude judges how a refresh ended.
func (r *run) conclude(ctx context.Context, n renewal, f *types.InstanceRefresh) error {
	id := aws.ToString(f.InstanceRefreshId)
	e := &RefreshError{Group: r.release.Group, RefreshID: id, Status: string(f.Status), Reason: aws.ToString(f.StatusReason)}
	if d := f.RollbackDetails; d != nil && aws.ToString(d.RollbackReason) != "" {
		e.Reason = aws.ToString(d.RollbackReason)
	}
	switch phaseOf(f.Status) {
	case succeeded:
		return r.afterSuccess(ctx, n, id)
	case restored:
		e.RolledBack, e.Next = true, "the group is what it was before; roll out under a new ID, or set Retry"
	default:
		e.Next = "some instances may be new and others old; set Retry to try again, or roll back"
	}
	return e
}

// afterSuccess looks whether all instances run the target.
func (r *run) afterSuccess(ctx context.Context, n renewal, id string) error {
	g, err := r.describeGroup(ctx, r.release.Group)
	if err != nil {
		return err
	}
	if r.result.Stale, err = r.stale(ctx, g, n.target); err != nil {
		return err
	}
	r.tellPercent(Done, id, 100, "instance refresh %s of group %s has succeeded", id, r.release.Group)
	if len(r.result.Stale) > 0 {
		r.tell(Warning, id, "%d instances of group %s still do not run %s: they may be protected or in standby", len(r.result.Stale), r.release.Group, n.name())
	}
	if now, err := r.pointer.read(ctx); err != nil || !n.desired || now == n.version {
		return err
	}
	return r.confirm(ctx, n.version)
}

// afterFailure undoes the release, if that is asked for and there is something left to undo.
func (r *run) afterFailure(ctx context.Context, cause error) error {
	failed, isRefresh := errors.AsType[*RefreshError](cause)
	late, isLate := errors.AsType[*TimeoutError](cause)
	if !r.opts.RollBack || !isRefresh && !isLate || isRefresh && failed.RolledBack {
		return cause
	}
	r.tell(Warning, r.result.RefreshID, "%v", cause)
	if err := r.undo(ctx); err != nil {
		return errors.Join(cause, fmt.Errorf("rolling back: %w", err))
	}
	if isRefresh {
		failed.RolledBack, failed.Next = true, "the group is what it was before; roll out under a new ID"
		return failed
	}
	return &RefreshError{
		Group: r.release.Group, RefreshID: r.result.RefreshID, Status: fmt.Sprintf("not done after %s", late.After), RolledBack: true,
		Next: "the group is what it was before; roll out under a new ID",
	}
}
