package rollout

import (
	"context"
	"fmt"
)

// A Plan is what a rollout would do.
type Plan struct {
	// Release is the release's ID, ImageID its image, "" if that is still to be made.
	Release, ImageID string
	// Pointer is what is moved, From what it is, or was when the release began.
	Pointer, From string
	// Steps are all steps, in their order.
	Steps []PlannedStep
	// Warnings are what to know before.
	Warnings []string
	// Prune are the images that would be removed as things are now, nil if none are to be.
	Prune *PrunePlan
}

// A PlannedStep is what a rollout would do in one step.
type PlannedStep struct {
	Step Step
	// Needed reports that there is something to do. Text says what, or why not.
	Needed bool
	Text   string
}

// Unchanged reports that there is nothing to do.
func (p *Plan) Unchanged() bool {
	for _, s := range p.Steps {
		if s.Needed {
			return false
		}
	}
	return true
}

func (p *Plan) add(step Step, needed bool, format string, args ...any) {
	p.Steps = append(p.Steps, PlannedStep{Step: step, Needed: needed, Text: fmt.Sprintf(format, args...)})
}

// Plan says what [Client.Roll] would do. It reads only.
//
// # Errors
//
// Those of [Client.Roll] that can be known before.
func (c *Client) Plan(ctx context.Context, r *Release, opts *Options) (*Plan, error) {
	run, err := c.prepare(r, opts)
	if err != nil {
		return nil, err
	}
	run.step = StepImage
	p := &Plan{Release: r.ID}
	if err := run.plan(ctx, p); err != nil {
		return nil, run.explain(ctx, err)
	}
	p.Warnings = run.result.Warnings
	return p, nil
}

func (r *run) plan(ctx context.Context, p *Plan) error {
	if err := r.lookAround(ctx); err != nil {
		return err
	}
	found, err := r.findImage(ctx)
	if err != nil {
		return err
	}
	if found != nil {
		r.image = *found
	}
	r.recall()
	p.ImageID, p.Pointer, p.From = r.imageID(), r.pointer.String(), r.from
	if err := r.planImage(p); err != nil {
		return err
	}
	if err := r.planPoint(ctx, p); err != nil {
		return err
	}
	return r.planEnd(ctx, p)
}

// planImage plans the steps until the image can be used.
func (r *run) planImage(p *Plan) error {
	id := r.imageID()
	switch {
	case id == "":
		reboot := "which is rebooted"
		if r.opts.NoReboot {
			reboot = "without a reboot"
		}
		p.add(StepImage, true, "make the image %s of %s, %s", r.release.imageName(), r.release.InstanceID, reboot)
		p.add(StepAvailable, true, "wait until it is available")
	case fateOf(r.image.State) == coming:
		p.add(StepImage, false, "image %s is there", id)
		p.add(StepAvailable, true, "wait until it is available: it is %s", r.image.State)
	default:
		if err := unusable(&r.image); err != nil {
			return err
		}
		p.add(StepImage, false, "image %s is there", id)
		p.add(StepAvailable, false, "it is available")
	}
	switch {
	case r.opts.Check == nil:
		p.add(StepCheck, false, "no check is set")
	case r.made != nil || tagOf(r.image.Tags, tagChecked) != "":
		p.add(StepCheck, false, "it passed its check before")
	default:
		p.add(StepCheck, true, "check it")
	}
	return nil
}

// planPoint plans the version and the pointer.
func (r *run) planPoint(ctx context.Context, p *Plan) error {
	goal := "it"
	switch {
	case r.template == nil:
		p.add(StepVersion, false, "no version is made, since %s takes the image", r.pointer)
		if goal = r.imageID(); goal == "" {
			goal = "the new image"
		}
	case r.made != nil:
		goal = "version " + r.made.String()
		p.add(StepVersion, false, "%s of %s is there", goal, r.templateID())
	default:
		p.add(StepVersion, true, "make a version of %s, of its version %s with the new image", r.templateID(), r.current)
	}
	if r.imageID() != "" && (r.made != nil || r.template == nil) {
		if arrived, err := r.arrived(ctx); err != nil || arrived {
			p.add(StepPoint, false, "%s is %s", r.pointer, r.current)
			return err
		}
	}
	if err := r.stillMine(ctx, ""); err != nil {
		return err
	}
	if _, ok := r.pointer.(*latestPointer); ok {
		p.add(StepPoint, r.made == nil, "the group uses it as soon as it exists, since it is on %s", latest)
		return nil
	}
	p.add(StepPoint, true, "move %s from %s to %s", r.pointer, r.current, goal)
	return nil
}

// planEnd plans the refresh and the pruning.
func (r *run) planEnd(ctx context.Context, p *Plan) error {
	if err := r.planRefresh(ctx, p); err != nil {
		return err
	}
	if r.opts.Prune == nil {
		p.add(StepPrune, false, "nothing is to be removed")
		return nil
	}
	var err error
	if p.Prune, err = r.PlanPrune(ctx, r.release.Name, r.pruneOptions()); err != nil {
		return err
	}
	n := len(p.Prune.Removed())
	p.add(StepPrune, n > 0, "remove %d of %d images, as things are now", n, len(p.Prune.Images))
	return nil
}

func (r *run) planRefresh(ctx context.Context, p *Plan) error {
	switch {
	case r.group == nil:
		p.add(StepRefresh, false, "there is no group")
		return nil
	case r.opts.Refresh == nil:
		p.add(StepRefresh, false, "no instance refresh is asked for")
		return nil
	case r.imageID() == "" || r.template != nil && r.made == nil:
		p.add(StepRefresh, len(r.group.Instances) > 0, "replace the %d instances of group %s", len(r.group.Instances), r.release.Group)
		return nil
	}
	stale, err := r.stale(ctx, r.group, r.target())
	if err == nil {
		p.add(StepRefresh, len(stale) > 0, "%d of %d instances of group %s are to be replaced", len(stale), len(r.group.Instances), r.release.Group)
	}
	return err
}
