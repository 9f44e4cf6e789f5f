package rollout_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	groups "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/rollout"
)

// A fleetWorld is one cloud with so many groups in each of so many regions.
type fleetWorld struct {
	*testing.T
	cloud *local.Cloud
	jobs  []rollout.Job
}

func newFleetWorld(t *testing.T, regions, groupsEach, size int) *fleetWorld {
	t.Helper()
	f := &fleetWorld{T: t, cloud: &local.Cloud{}}
	for n := range regions {
		f.region(fmt.Sprintf("eu-test-%d", n), groupsEach, size)
	}
	return f
}

func (f *fleetWorld) region(name string, n, size int) {
	f.Helper()
	cfg := f.cloud.Config()
	cfg.Region = name
	c, compute, scaling := clientOf(cfg), ec2.NewFromConfig(cfg), autoscaling.NewFromConfig(cfg)
	run := ok(compute.RunInstances(f.Context(), &ec2.RunInstancesInput{ImageId: aws.String(first), InstanceType: "t3.micro", MinCount: aws.Int32(1), MaxCount: aws.Int32(1)}))(f)
	for i := range n {
		group := fmt.Sprintf("web-%d", i)
		t := ok(compute.CreateLaunchTemplate(f.Context(), &ec2.CreateLaunchTemplateInput{
			LaunchTemplateName: &group, LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: aws.String(first), InstanceType: "t3.micro"},
		}))(f)
		ok(scaling.CreateAutoScalingGroup(f.Context(), &autoscaling.CreateAutoScalingGroupInput{
			AutoScalingGroupName: &group, MinSize: aws.Int32(0), MaxSize: aws.Int32(10), DesiredCapacity: aws.Int32(int32(size)), AvailabilityZones: []string{name + "a"},
			LaunchTemplate: &groups.LaunchTemplateSpecification{LaunchTemplateId: t.LaunchTemplate.LaunchTemplateId, Version: aws.String("1")},
		}))(f)
		f.jobs = append(f.jobs, rollout.Job{
			Region: name, Client: c, Options: refreshing(),
			Release: &rollout.Release{ID: "v1", Name: "web-" + name, InstanceID: *run.Instances[0].InstanceId, Group: group},
		})
	}
}

// inFleet runs a test on a fleet, in a bubble of time.
func inFleet(t *testing.T, regions, groupsEach, size int, test func(*testing.T, *fleetWorld)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFleetWorld(t, regions, groupsEach, size)
		defer f.cloud.Close()
		f.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Action: local.Create, Delay: 5 * time.Minute})
		test(t, f)
	})
}

func TestAFleetOf200GroupsIn10Regions(t *testing.T) {
	inFleet(t, 10, 20, 1, func(t *testing.T, f *fleetWorld) {
		busy, most, ended := map[string]int{}, map[string]int{}, 0
		opts := &rollout.FleetOptions{Concurrency: 24, RegionConcurrency: 3}
		for e, err := range rollout.EventsAll(t.Context(), f.jobs, opts) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Total != 200 || e.Ended < ended {
				t.Fatalf("progress went from %d to %d of %d", ended, e.Ended, e.Total)
			}
			ended = e.Ended
			for _, key := range []string{"", e.Region} {
				switch {
				case e.Outcome != rollout.Running:
					busy[key]--
				case e.Event.Step == "": // it begins
					busy[key]++
				}
				most[key] = max(most[key], busy[key])
			}
		}
		if ended != 200 || most[""] != 24 || most["eu-test-0"] != 3 {
			t.Errorf("%d ended; at most %d at once, %d in a region; want 200, 24 and 3", ended, most[""], most["eu-test-0"])
		}
		report := ok(rollout.RollAll(t.Context(), f.jobs, opts))(t)
		if n := report.Count(rollout.Unchanged, ""); n != 200 || len(report.Regions()) != 10 {
			t.Errorf("once more: %d of 200 unchanged, in %d regions", n, len(report.Regions()))
		}
	})
}

func TestWhatAFailureStopsInAFleet(t *testing.T) {
	for _, tt := range []struct {
		name                                string
		opts                                rollout.FleetOptions
		wantFailed, wantSkipped, wantOthers int // of 10 in the region; of 20 in the other two, how many succeeded
	}{
		{"the region, others finish", rollout.FleetOptions{RegionConcurrency: 2}, 2, 8, 20},
		{"the region, after it bore some", rollout.FleetOptions{RegionConcurrency: 1, RegionFailures: 3}, 4, 6, 20},
		{"nothing", rollout.FleetOptions{OnFailure: rollout.KeepGoing}, 10, 0, 20},
		{"everything that has not begun", rollout.FleetOptions{OnFailure: rollout.StopAll, RegionConcurrency: 1}, 1, 9, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inFleet(t, 3, 10, 0, func(t *testing.T, f *fleetWorld) {
				f.cloud.Heal()
				f.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", LogicalID: "web-eu-test-1-*", Action: local.Create, Reason: "no room", Delay: time.Minute},
					local.Fault{Type: "AWS::EC2::Image", Action: local.Create, Delay: 5 * time.Minute})
				report, err := rollout.RollAll(t.Context(), f.jobs, &tt.opts)
				var failed *rollout.FleetError
				if !errors.As(err, &failed) || failed.Report != report {
					t.Fatalf("got %v, want a FleetError", err)
				}
				wants(t, err, fmt.Sprintf("%d of 30 jobs failed", tt.wantFailed), "the first of them: eu-test-1 web-0: release v1: image ami-")
				bad := "eu-test-1"
				others := report.Count(rollout.Succeeded, "") - report.Count(rollout.Succeeded, bad)
				if f, s := report.Count(rollout.Failed, bad), report.Count(rollout.NotBegun, bad); f != tt.wantFailed || s != tt.wantSkipped || others != tt.wantOthers {
					t.Errorf("%d failed, %d skipped, %d succeeded elsewhere; want %d, %d, %d", f, s, others, tt.wantFailed, tt.wantSkipped, tt.wantOthers)
				}
				f.cloud.Heal()
				report = ok(rollout.RollAll(t.Context(), f.jobs, &tt.opts))(t)
				if done := report.Count(rollout.Succeeded, ""); done != 30-others {
					t.Errorf("healed, %d more succeeded, want %d", done, 30-others)
				}
			})
		})
	}
}

func TestAFleetIsStoppedAndResumed(t *testing.T) {
	for _, how := range []string{"by its context", "by whoever listens"} {
		t.Run(how, func(t *testing.T) {
			inFleet(t, 2, 5, 0, func(t *testing.T, f *fleetWorld) {
				ctx, stop := context.WithCancelCause(t.Context())
				defer stop(nil)
				why := errors.New("enough")
				var last error
				for e, err := range rollout.EventsAll(ctx, f.jobs, nil) {
					last = err
					if e.Event.Step == rollout.StepAvailable && e.Event.Kind == rollout.Progress {
						if how == "by whoever listens" {
							break
						}
						stop(why)
					}
				}
				if how == "by its context" {
					wants(t, last, "0 of 10 jobs failed, 10 were stopped")
					if !errors.Is(last, rollout.ErrStopped) || !errors.Is(last, why) {
						t.Errorf("got %v", last)
					}
				}
				report := ok(rollout.RollAll(t.Context(), f.jobs, nil))(t)
				equal(t, "done", 10, report.Count(rollout.Succeeded, ""))
			})
		})
	}
}

func TestAFleetIsRolledBack(t *testing.T) {
	inFleet(t, 2, 3, 1, func(t *testing.T, f *fleetWorld) {
		ok(rollout.RollAll(t.Context(), f.jobs, nil))(t)
		report := ok(rollout.RollAll(t.Context(), f.jobs, &rollout.FleetOptions{Rollback: true}))(t)
		equal(t, "rolled back", 6, report.Count(rollout.Succeeded, ""))
		for _, j := range f.jobs {
			out := ok(j.Client.AutoScaling.DescribeAutoScalingGroups(t.Context(), &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{j.Release.Group}}))(t)
			equal(t, "the version of "+j.Region, "1", *out.AutoScalingGroups[0].LaunchTemplate.Version)
		}
	})
}

func TestAFleetIsCheckedBeforeAnyCall(t *testing.T) {
	jobs := []rollout.Job{{Region: "a"}, {Region: "b", Client: &rollout.Client{}, Release: &rollout.Release{ID: "v1"}}}
	_, err := rollout.RollAll(t.Context(), jobs, &rollout.FleetOptions{Concurrency: -1})
	wants(t, err, "cannot be below zero", "job 0 (a ): Client is missing", "job 1 (b ): release v1: Name")
	if n := strings.Count(err.Error(), "Client.EC2 is missing"); n != 0 {
		t.Errorf("what a bad release lacks of its client is told: %v", err)
	}
	report, err := rollout.RollAll(t.Context(), nil, nil)
	if err != nil || len(report.Jobs) != 0 {
		t.Errorf("of no jobs: %+v, %v", report, err)
	}
}
