package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/rollout"
)

// A stepDoc is a planned step as JSON, an imageDoc an image that may be removed.
type stepDoc struct {
	Step   rollout.Step `json:"step"`
	Needed bool         `json:"needed"`
	Text   string       `json:"text"`
}

type imageDoc struct {
	ImageID string    `json:"image"`
	Name    string    `json:"name"`
	Release string    `json:"release"`
	Created time.Time `json:"created"`
	Reasons []string  `json:"reasons,omitempty"`
}

// A rolloutView shows rollouts.
type rolloutView struct{ view }

// event shows what happened to a group.
func (v rolloutView) event(e rollout.FleetEvent) error {
	if e.Outcome == rollout.Running {
		return v.step(e)
	}
	if v.json {
		return v.encode(struct {
			Type    string          `json:"type"`
			Region  string          `json:"region"`
			Group   string          `json:"group"`
			Outcome rollout.Outcome `json:"outcome"`
			Error   string          `json:"error,omitempty"`
			Ended   int             `json:"ended"`
			Total   int             `json:"total"`
		}{"end", e.Region, e.Group, e.Outcome, message(e.Err), e.Ended, e.Total})
	}
	text := fmt.Sprintf("[%d/%d] %s %s: %s", e.Ended, e.Total, e.Region, e.Group, e.Outcome)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return v.summary(text)
}

func (v rolloutView) step(e rollout.FleetEvent) error {
	if v.json {
		return v.encode(struct {
			Type     string       `json:"type"`
			Time     time.Time    `json:"time"`
			Region   string       `json:"region"`
			Group    string       `json:"group"`
			Step     rollout.Step `json:"step,omitempty"`
			Kind     rollout.Kind `json:"kind"`
			Resource string       `json:"resource,omitempty"`
			Percent  *int         `json:"percent,omitempty"`
			Text     string       `json:"text"`
		}{"event", e.Event.Time, e.Region, e.Group, e.Event.Step, e.Event.Kind, e.Event.Resource, known(e.Event.Percent), e.Event.Text})
	}
	if e.Event.Step == "" || e.Event.Kind == rollout.Skipped {
		return nil
	}
	return v.line("%s %s %s", e.Region, e.Group, e.Event)
}

func known(percent int) *int {
	if percent < 0 {
		return nil
	}
	return &percent
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (v rolloutView) line(format string, args ...any) error {
	_, err := fmt.Fprintf(v.out, format+"\n", args...)
	return err
}

// summary shows one line, which JSON does without.
func (v rolloutView) summary(text string) error {
	if v.json {
		return nil
	}
	return v.line("%s", text)
}

// report shows, region by region, what has come of the groups.
func (v rolloutView) report(r *rollout.Report) error {
	if v.json {
		return nil // each group's end has been written
	}
	outcomes := []rollout.Outcome{rollout.Succeeded, rollout.Unchanged, rollout.Failed, rollout.Stopped, rollout.NotBegun}
	var b strings.Builder
	for _, region := range r.Regions() {
		var parts []string
		for _, o := range outcomes {
			if n := r.Count(o, region); n > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", n, o))
			}
		}
		fmt.Fprintf(&b, "%s: %s\n", region, strings.Join(parts, ", "))
	}
	_, err := fmt.Fprint(v.out, b.String())
	return err
}

// planAll shows what would be done, and tells all that cannot be.
func planAll(ctx context.Context, v rolloutView, jobs []rollout.Job) error {
	var failed []error
	for _, j := range jobs {
		p, err := j.Client.Plan(ctx, j.Release, j.Options)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s %s: %w", j.Region, j.Group, err))
			continue
		}
		if err := v.plan(j, p); err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		return &exitError{code: worst(failed), err: errors.Join(failed...)}
	}
	return nil
}

func (v rolloutView) plan(j rollout.Job, p *rollout.Plan) error {
	if v.json {
		var steps []stepDoc
		for _, s := range p.Steps {
			steps = append(steps, stepDoc(s))
		}
		return v.encode(struct {
			Type      string    `json:"type"`
			Region    string    `json:"region"`
			Group     string    `json:"group"`
			Unchanged bool      `json:"unchanged"`
			Image     string    `json:"image,omitempty"`
			From      string    `json:"from"`
			Steps     []stepDoc `json:"steps"`
			Warnings  []string  `json:"warnings,omitempty"`
		}{"plan", j.Region, j.Group, p.Unchanged(), p.ImageID, p.From, steps, p.Warnings})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s:\n", j.Region, j.Group)
	for _, s := range p.Steps {
		sign := " "
		if s.Needed {
			sign = "+"
		}
		fmt.Fprintf(&b, "  %s %s: %s\n", sign, s.Step, s.Text)
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "  warning: %s\n", w)
	}
	_, err := fmt.Fprint(v.out, b.String())
	return err
}

// pruneAll removes old images, or lists them: once for each name in a region.
func (f *rolloutFlags) pruneAll(cmd *cobra.Command, v rolloutView, places []*place, clients func(string) *rollout.Client) error {
	var done []string
	var failed []error
	for _, p := range places {
		key := p.region + " " + p.release.Name
		if slices.Contains(done, key) {
			continue
		}
		done = append(done, key)
		if err := f.pruneOne(cmd, v, p, clients(p.region)); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", key, err))
		}
	}
	return errors.Join(failed...)
}

func (f *rolloutFlags) pruneOne(cmd *cobra.Command, v rolloutView, p *place, c *rollout.Client) error {
	opts := p.options.Prune
	if opts == nil {
		return wrongUse("the map does not say how many images to keep; give keep")
	}
	if p.release.Parameter != "" {
		opts.Parameters = append(opts.Parameters, p.release.Parameter)
	}
	list, err := c.PlanPrune(cmd.Context(), p.release.Name, opts)
	if err != nil {
		return err
	}
	if err := v.pruning(p, list); err != nil || f.plan || len(list.Removed())+len(list.Snapshots) == 0 {
		return err
	}
	ok, err := confirm(cmd, f.yes || f.json, fmt.Sprintf("Remove %d images of %s in %s?", len(list.Removed()), p.release.Name, p.region))
	if err == nil && !ok {
		err = errDeclined
	}
	if err != nil {
		return err
	}
	removed, err := c.Prune(cmd.Context(), list)
	for _, id := range removed {
		if err := v.removed(p, id); err != nil {
			return err
		}
	}
	return err
}

func (v rolloutView) pruning(p *place, list *rollout.PrunePlan) error {
	if v.json {
		images := []imageDoc{}
		for _, i := range list.Images {
			images = append(images, imageDoc(i))
		}
		return v.encode(struct {
			Type      string     `json:"type"`
			Region    string     `json:"region"`
			Name      string     `json:"name"`
			Images    []imageDoc `json:"images"`
			Snapshots []string   `json:"snapshots,omitempty"`
		}{"prune", p.region, list.Name, images, list.Snapshots})
	}
	for _, i := range list.Images {
		what := "goes"
		if len(i.Reasons) > 0 {
			what = "stays: " + strings.Join(i.Reasons, "; ")
		}
		if err := v.line("%s %s %s (%s) %s", p.region, i.ImageID, i.Name, i.Created.Format(time.DateOnly), what); err != nil {
			return err
		}
	}
	for _, s := range list.Snapshots {
		if err := v.line("%s %s, whose image is gone, goes", p.region, s); err != nil {
			return err
		}
	}
	return nil
}

func (v rolloutView) removed(p *place, id string) error {
	if v.json {
		return v.encode(struct {
			Type   string `json:"type"`
			Region string `json:"region"`
			ID     string `json:"id"`
		}{"removed", p.region, id})
	}
	return v.line("%s %s is gone", p.region, id)
}
