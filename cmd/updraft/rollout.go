package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/rollout"
	"github.com/updraft-go/updraft/waiter"
)

// What the exit codes of rollout mean, beside 0, 1 for a failure and 2 for wrong use.
const (
	codeStopped    = 3 // it was stopped; the same command goes on
	codeOvertaken  = 4 // another release was faster
	codeRolledBack = 5 // it failed, and what was before is back
)

// rolloutFlags are the flags of rollout.
type rolloutFlags struct {
	cloud
	release, image                   string
	apps, layers, environments       []string
	groups, regions                  []string
	all, plan, undo, prune, yes      bool
	overtake, retry                  bool
	concurrency, regional, tolerance int
	onFailure                        string
}

func newRollout() *cobra.Command {
	var f rolloutFlags
	cmd := &cobra.Command{
		Use:   "rollout FILE --release ID",
		Short: "Bake images, and let Auto Scaling groups use them",
		Long: `Bake an image of an instance, make a launch template version of it, and let the Auto Scaling group
use it, for each group that FILE names and the flags select. FILE is a map, YAML or JSON, of region,
app, layer, environment and group:

  defaults: {keep: 5}
  regions:
    eu-central-1: {shop: {web: {production: {web-group: {instance: i-0abc, launchTemplate: lt-0abc}}}}}

The same command with the same --release goes on with what an earlier one began, wherever that was
stopped. Exit codes: 0 all is done; 1 something failed; 2 wrong use; 3 stopped on the way, give the same
command once more; 4 another release was faster; 5 it failed, and what was before is back.`,
		Example: `  updraft rollout map.yaml --release v7 --app shop --env production --plan
  updraft rollout map.yaml --release v7 --app shop --env production
  updraft rollout map.yaml --release v7 --app shop --env production --rollback
  updraft rollout map.yaml --all --prune --plan`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return wrongUse("rollout takes one file, or - for standard input, and was given %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	f.flags(cmd)
	return cmd
}

func (f *rolloutFlags) flags(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringVar(&f.endpoint, "endpoint", "", "`URL` of an endpoint for all services, such as that of updraft local (AWS)")
	s.StringVar(&f.profile, "profile", "", "`name` of an AWS profile (that of your environment)")
	s.BoolVar(&f.json, "json", false, "write JSON, one document on a line")
	s.StringVar(&f.release, "release", "", "`ID` of the release, such as a commit or a version")
	s.StringVar(&f.image, "image", "", "`ID` of an image that is there already, instead of one of the instance")
	s.StringSliceVar(&f.regions, "region", nil, "`region` to roll out to; may be repeated (all)")
	s.StringSliceVar(&f.apps, "app", nil, "`app` to roll out to; may be repeated (all)")
	s.StringSliceVar(&f.layers, "layer", nil, "`layer` to roll out to; may be repeated (all)")
	s.StringSliceVar(&f.environments, "env", nil, "`environment` to roll out to; may be repeated (all)")
	s.StringSliceVar(&f.groups, "group", nil, "`group` to roll out to; may be repeated (all)")
	s.BoolVar(&f.all, "all", false, "roll out to everything in the map")
	s.BoolVar(&f.plan, "plan", false, "only say what would be done")
	s.BoolVar(&f.undo, "rollback", false, "undo the release")
	s.BoolVar(&f.prune, "prune", false, "only remove old images, as many as keep says; with --plan list them, and why each is kept")
	s.BoolVar(&f.overtake, "overtake", false, "go on even if another release was faster")
	s.BoolVar(&f.retry, "retry", false, "start another instance refresh where that of this release failed")
	s.IntVar(&f.concurrency, "concurrency", 16, "how many groups are worked on at once")
	s.IntVar(&f.regional, "region-concurrency", 4, "how many of them may be in one region")
	s.StringVar(&f.onFailure, "on-failure", "region", "what a failure stops: the `region`, all, or none")
	s.IntVar(&f.tolerance, "region-failures", 0, "how many failures a region bears before --on-failure applies")
	s.BoolVarP(&f.yes, "yes", "y", false, "do not ask first")
}

// check finds wrong use.
func (f *rolloutFlags) check() error {
	switch {
	case f.release == "" && !f.prune:
		return wrongUse("give --release, the ID of the release")
	case f.prune && f.undo:
		return wrongUse("--prune and --rollback exclude each other")
	case f.release != "" && f.prune:
		return wrongUse("--prune removes images of all releases, and takes no --release")
	case !f.all && len(f.regions)+len(f.apps)+len(f.layers)+len(f.environments)+len(f.groups) == 0:
		return wrongUse("say where to: give --region, --app, --layer, --env or --group, or --all for everything in the map")
	case !slices.Contains([]string{"region", "all", "none"}, f.onFailure):
		return wrongUse("--on-failure %q; give region, all or none", f.onFailure)
	case f.concurrency < 1 || f.regional < 1 || f.tolerance < 0:
		return wrongUse("--concurrency and --region-concurrency are at least 1, --region-failures is at least 0")
	}
	return nil
}

// selected reports whether the flags mean a place.
func (f *rolloutFlags) selected(p *place) bool {
	for _, s := range []struct {
		wanted []string
		have   string
	}{{f.regions, p.region}, {f.apps, p.app}, {f.layers, p.layer}, {f.environments, p.env}, {f.groups, p.group}} {
		if len(s.wanted) > 0 && !slices.Contains(s.wanted, s.have) {
			return false
		}
	}
	return true
}

func (f *rolloutFlags) run(cmd *cobra.Command, file string) error {
	if err := f.check(); err != nil {
		return err
	}
	s, err := readSource(cmd, file)
	if err != nil {
		return &exitError{code: 2, err: err}
	}
	all, err := readPlaces(s)
	if err != nil {
		return &exitError{code: 2, err: err}
	}
	var places []*place
	for i := range all {
		if f.selected(&all[i]) {
			places = append(places, &all[i])
		}
	}
	if len(places) == 0 {
		return wrongUse("the flags select none of the %d groups in %s", len(all), file)
	}
	clients, err := f.clients(cmd.Context())
	if err != nil {
		return err
	}
	v := rolloutView{f.view(cmd)}
	if f.prune {
		return f.pruneAll(cmd, v, places, clients)
	}
	jobs := f.jobs(cmd, places, clients)
	if f.plan {
		return planAll(cmd.Context(), v, jobs)
	}
	return f.roll(cmd, v, jobs)
}

// roll rolls out, or back.
func (f *rolloutFlags) roll(cmd *cobra.Command, v rolloutView, jobs []rollout.Job) error {
	verb := "Roll out"
	if f.undo {
		verb = "Roll back"
	}
	ok, err := confirm(cmd, f.yes || f.json, fmt.Sprintf("%s release %s, %d groups?", verb, f.release, len(jobs)))
	if err == nil && !ok {
		err = errDeclined
	}
	if err != nil {
		return err
	}
	policy := map[string]rollout.FailurePolicy{"region": rollout.StopRegion, "all": rollout.StopAll, "none": rollout.KeepGoing}[f.onFailure]
	opts := &rollout.FleetOptions{
		Concurrency: f.concurrency, RegionConcurrency: f.regional, OnFailure: policy, RegionFailures: f.tolerance, Rollback: f.undo,
	}
	var ended error
	for e, err := range rollout.EventsAll(cmd.Context(), jobs, opts) {
		if ended = err; err == nil {
			if err := v.event(e); err != nil {
				return err
			}
		}
	}
	var fleet *rollout.FleetError
	if ended != nil && !errors.As(ended, &fleet) {
		return &exitError{code: 2, err: ended}
	}
	if fleet == nil {
		return v.summary(fmt.Sprintf("all is done, groups: %d", len(jobs)))
	}
	if err := v.report(fleet.Report); err != nil {
		return err
	}
	return &exitError{code: codeOf(fleet.Report), err: fleet}
}

// codeOf is the exit code for what has come of all groups: that of the worst.
func codeOf(r *rollout.Report) int {
	var failed []error
	for _, j := range r.Jobs {
		if j.Err != nil {
			failed = append(failed, j.Err)
		}
	}
	return worst(failed)
}

// worst is the exit code for errors: that of the worst of them.
func worst(failed []error) int {
	code, rank := codeStopped, []int{codeStopped, codeOvertaken, codeRolledBack, 1}
	for _, err := range failed {
		if this := codeOfOne(err); slices.Index(rank, this) > slices.Index(rank, code) {
			code = this
		}
	}
	return code
}

func codeOfOne(err error) int {
	var overtaken *rollout.OvertakenError
	var refresh *rollout.RefreshError
	switch {
	case errors.Is(err, rollout.ErrStopped):
		return codeStopped
	case errors.As(err, &overtaken):
		return codeOvertaken
	case errors.As(err, &refresh) && refresh.RolledBack:
		return codeRolledBack
	}
	return 1
}

// clients returns what makes the client of a region; one is made for each.
func (f *rolloutFlags) clients(ctx context.Context) (func(region string) *rollout.Client, error) {
	cfg, err := f.config(ctx)
	if err != nil {
		return nil, err
	}
	made := map[string]*rollout.Client{}
	return func(region string) *rollout.Client {
		if made[region] == nil {
			cfg := cfg.Copy()
			cfg.Region = region
			made[region] = f.clientOf(cfg)
		}
		return made[region]
	}, nil
}

func (f *rolloutFlags) clientOf(cfg aws.Config) *rollout.Client {
	api := cloudformation.NewFromConfig(cfg)
	c := &rollout.Client{
		EC2: ec2.NewFromConfig(cfg), AutoScaling: autoscaling.NewFromConfig(cfg), SSM: ssm.NewFromConfig(cfg),
		CloudFormation: api, Stacks: &executor.Client{API: api},
	}
	if f.endpoint != "" { // which has no quota, as a rule, and is fast
		c.Poller = &waiter.Poller{MinInterval: 50 * time.Millisecond, MaxInterval: time.Second, Rate: -1}
		c.Stacks.Poller = &waiter.Poller{API: api, MinInterval: 100 * time.Millisecond, Rate: 50}
	}
	return c
}

// jobs are what the places ask for.
func (f *rolloutFlags) jobs(cmd *cobra.Command, places []*place, clients func(string) *rollout.Client) []rollout.Job {
	var jobs []rollout.Job
	for _, p := range places {
		r, o := p.release, p.options
		r.ID = f.release
		if f.image != "" {
			r.InstanceID, r.ImageID = "", f.image
		}
		o.Overtake = f.overtake
		if o.Refresh != nil {
			o.Refresh.Retry = f.retry
		}
		if len(p.check) > 0 {
			o.Check = checkBy(cmd, p)
		}
		jobs = append(jobs, rollout.Job{Region: p.region, Group: strings.TrimPrefix(p.String(), p.region+"/"), Client: clients(p.region), Release: &r, Options: &o})
	}
	return jobs
}

// checkBy runs the command of a place, which finds what to check in its environment.
func checkBy(cmd *cobra.Command, p *place) func(context.Context, string) error {
	return func(ctx context.Context, image string) error {
		c := exec.CommandContext(ctx, p.check[0], p.check[1:]...)
		c.Env = append(os.Environ(), "IMAGE_ID="+image, "AWS_REGION="+p.region, "GROUP="+p.group)
		c.Stdout, c.Stderr = cmd.ErrOrStderr(), cmd.ErrOrStderr()
		c.WaitDelay = 5 * time.Second
		if err := c.Run(); err != nil {
			return fmt.Errorf("%s: %w", p.check[0], err)
		}
		return nil
	}
}
