package rollout

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	autoscaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/updraft-go/updraft/executor"
)

// Options say how a release is rolled out. Nil, or the zero value, reboots the instance for its image,
// leaves the instances that run as they are, and removes nothing.
type Options struct {
	// NoReboot makes the image without rebooting the instance: what it had not yet written to its
	// disks is not in it. False reboots it.
	NoReboot bool
	// Tags are put on the image and its snapshots, beside the package's own. Nil is none.
	Tags map[string]string
	// ImageTimeout is how long the image may take until it is available. If zero, two hours.
	ImageTimeout time.Duration
	// Check is asked, once the image is available, whether it is good, such as by starting an
	// instance of it; an error ends the rollout before anything uses the image. A check that was
	// passed is not repeated when the rollout is resumed. Nil is no check.
	Check func(ctx context.Context, imageID string) error
	// Overtake moves the pointer even if another release has moved it since this one began. False is
	// an [OvertakenError].
	Overtake bool
	// Refresh replaces the group's instances with new ones. Nil leaves them.
	Refresh *Refresh
	// RollBack undoes the release, as [Client.Rollback] does, when its instance refresh fails or takes
	// too long. False leaves what is there.
	RollBack bool
	// Prune removes old images at the end. Nil removes none.
	Prune *PruneOptions
}

// A Refresh says how a group's instances are replaced.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html
type Refresh struct {
	// Preferences are those of the instance refresh: healthy percentages, warm-up, checkpoints,
	// alarms, automatic roll-back. Nil is AWS's own, but for SkipMatching, which is true where it is
	// not given: what runs the new version already is not replaced.
	Preferences *autoscaling.RefreshPreferences
	// Timeout is how long it may take. When it is over, the refresh is left running unless
	// [Options.RollBack] is set. If zero, there is no limit.
	Timeout time.Duration
	// Busy is what to do while another refresh is under way in the group, with another target. If
	// zero, [executor.BusyFail].
	Busy executor.Busy
	// Retry starts a new refresh where one for this release has failed. False is the error of the
	// first.
	Retry bool
}

// check returns what is wrong with options, before any call.
func (o *Options) check(r *Release) error {
	var found []error
	for key := range o.Tags {
		if strings.HasPrefix(key, "updraft:") && key != tagKeep || strings.HasPrefix(key, "aws:") || key == "" {
			found = append(found, fmt.Errorf("Options.Tags: %q is not a key for you; those that begin with updraft: or aws: are taken", key))
		}
	}
	if o.ImageTimeout < 0 {
		found = append(found, errors.New("Options.ImageTimeout is below zero; give zero for two hours"))
	}
	if o.Refresh != nil && r.Group == "" {
		found = append(found, errors.New("Options.Refresh needs a Group in the release"))
	}
	if o.Refresh != nil && o.Refresh.Timeout < 0 {
		found = append(found, errors.New("Options.Refresh.Timeout is below zero; give zero for no limit"))
	}
	if o.Prune != nil {
		found = append(found, o.Prune.check())
	}
	return errors.Join(found...)
}

// preferences are those of the refresh, with what is not given filled in.
func (f *Refresh) preferences() *autoscaling.RefreshPreferences {
	p := autoscaling.RefreshPreferences{}
	if f.Preferences != nil {
		p = *f.Preferences
	}
	if p.SkipMatching == nil {
		p.SkipMatching = new(true)
	}
	return &p
}

// rollsBack reports whether AWS is to roll the refresh back by itself.
func (f *Refresh) rollsBack() bool {
	return f != nil && f.Preferences != nil && f.Preferences.AutoRollback != nil && *f.Preferences.AutoRollback
}
