package rollout_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	groups "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/rollout"
)

// sick makes instances of a release's image never come up.
func (w *world) sick(id string) {
	w.cloud.Fail(local.Fault{Type: "AWS::EC2::Instance", LogicalID: "web-" + id, Action: local.Create, Reason: "it does not boot"})
}

func TestARefreshReplacesWhatRuns(t *testing.T) {
	for _, version := range []string{"$Latest", "$Default", "1"} {
		t.Run(version, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				w.newGroup("web", version, 4)
				opts := &rollout.Options{Refresh: &rollout.Refresh{Preferences: &groups.RefreshPreferences{
					InstanceWarmup: aws.Int32(30), CheckpointPercentages: []int32{50, 100}, CheckpointDelay: aws.Int32(600),
				}}}
				began := time.Now()
				list, err := events(t.Context(), w.client(), w.release("v1", "web"), opts)
				if err != nil {
					t.Fatal(err)
				}
				id := *w.images()[0].ImageId
				equal(t, "instances", []string{id, id, id, id}, w.running("web"))
				if took := time.Since(began); took < 10*time.Minute {
					t.Errorf("it took %s, without the pause at the checkpoint", took)
				}
				text := strings.Join(list, "\n")
				for _, want := range []string{"replaces 4 instances by version 2", "is InProgress", "(50%)", "has succeeded (100%)"} {
					if !strings.Contains(text, want) {
						t.Errorf("the events lack %q:\n%s", want, text)
					}
				}
				warns := strings.Contains(text, "so an instance refresh cannot be rolled back on its way; set Pin")
				if warns != (version != "1") {
					t.Errorf("a warning about roll-back: %v, on %s", warns, version)
				}
			})
		})
	}
}

func TestAutoRollbackIsRefusedWhereItIsImpossible(t *testing.T) {
	auto := &rollout.Options{Refresh: &rollout.Refresh{Preferences: &groups.RefreshPreferences{AutoRollback: aws.Bool(true)}}}
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "$Latest", 1)
		_, err := w.client().Roll(t.Context(), w.release("v1", "web"), auto)
		wants(t, err, "group web: it is on $Latest, so AutoRollback is impossible; set Pin")
		r := w.release("v1", "web")
		r.Parameter = "/web/image"
		_, err = w.client().Plan(t.Context(), r, auto)
		wants(t, err, "AutoRollback needs a group that is on the number of a version")
		equal(t, "images", 0, len(w.images()))
		r = w.release("v1", "web")
		r.Pin = true
		w.roll(r, auto)
	})
}

// alarm makes an alarm of CloudWatch, as a stack does.
func (w *world) alarm(name string) {
	deployText(w, "alarms", `{"Resources": {"A": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "`+name+`", "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "MetricName": "Errors", "Namespace": "web", "Period": 60, "Statistic": "Sum", "Threshold": 1}}}}`)
}

func TestAnAlarmRollsAPinnedGroupBack(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.alarm("errors")
		w.newGroup("web", "1", 4)
		opts := &rollout.Options{Refresh: &rollout.Refresh{Preferences: &groups.RefreshPreferences{
			InstanceWarmup: aws.Int32(60), AutoRollback: aws.Bool(true), AlarmSpecification: &groups.AlarmSpecification{Alarms: []string{"errors"}},
		}}}
		var last error
		for e, err := range w.client().Events(t.Context(), w.release("v1", "web"), opts) {
			if last = err; e.Step == rollout.StepRefresh && e.Percent >= 25 {
				if err := w.cloud.SetAlarm("errors", true); err != nil {
					t.Fatal(err)
				}
			}
		}
		wants(t, last, "is RollbackSuccessful", "errors", "the group is what it was before")
		var failed *rollout.RefreshError
		if !errors.As(last, &failed) || !failed.RolledBack {
			t.Errorf("got %#v, want a RefreshError that is rolled back", last)
		}
		equal(t, "instances", []string{first, first, first, first}, w.running("web"))
		equal(t, "the group", "1", *w.group("web").LaunchTemplate.Version)
		_, err := w.client().Roll(t.Context(), w.release("v1", "web"), opts)
		wants(t, err, "is RollbackSuccessful")
		equal(t, "refreshes after the same call", 1, len(w.refreshes("web")))
		if err := w.cloud.SetAlarm("errors", false); err != nil {
			t.Fatal(err)
		}
		opts.Refresh.Retry = true
		w.roll(w.release("v1", "web"), opts)
		equal(t, "the group after Retry", "2", *w.group("web").LaunchTemplate.Version)
		equal(t, "images", 1, len(w.images()))
		equal(t, "versions", 2, len(w.versions()))
	})
}

func TestARefreshThatTakesTooLong(t *testing.T) {
	t.Run("goes on, and is waited for again", func(t *testing.T) {
		inBubble(t, func(t *testing.T, w *world) {
			w.newGroup("web", "1", 2)
			opts := &rollout.Options{Refresh: &rollout.Refresh{Timeout: time.Minute, Preferences: &groups.RefreshPreferences{InstanceWarmup: aws.Int32(120)}}}
			_, err := w.client().Roll(t.Context(), w.release("v1", "web"), opts)
			wants(t, err, "not done after 1m0s; it goes on, and the same call with more time waits for it again")
			opts.Refresh.Timeout = 0
			w.roll(w.release("v1", "web"), opts)
			equal(t, "refreshes", 1, len(w.refreshes("web")))
			equal(t, "the group", "2", *w.group("web").LaunchTemplate.Version)
		})
	})
	for _, version := range []string{"1", "$Default", "$Latest"} {
		t.Run("is undone with RollBack, on "+version, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				w.newGroup("web", version, 2)
				w.sick("v1")
				opts := &rollout.Options{RollBack: true, Refresh: &rollout.Refresh{Timeout: 10 * time.Minute}}
				_, err := w.client().Roll(t.Context(), w.release("v1", "web"), opts)
				wants(t, err, "not done after 10m0s", "the group is what it was before")
				time.Sleep(10 * time.Minute)
				equal(t, "instances", []string{first, first}, w.running("web"))
				w.resize("web", 3)
				time.Sleep(time.Minute)
				equal(t, "instances after growing", []string{first, first, first}, w.running("web"))
				_, err = w.client().Roll(t.Context(), w.release("v1", "web"), opts)
				wants(t, err, "it was rolled back at ", "roll out under a new ID")
			})
		})
	}
}

func TestReleasesAreRolledBack(t *testing.T) {
	for _, version := range []string{"$Latest", "$Default", "1"} {
		t.Run(version, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				w.newGroup("web", version, 2)
				v1 := w.roll(w.release("v1", "web"), refreshing())
				time.Sleep(time.Hour)
				w.roll(w.release("v2", "web"), refreshing())
				time.Sleep(time.Hour)
				for range 2 { // the second finds nothing to do
					back := ok(w.client().Rollback(t.Context(), w.release("v2", "web"), refreshing()))(t)
					equal(t, "from", "2", back.From)
				}
				equal(t, "instances", []string{v1.ImageID, v1.ImageID}, w.running("web"))
				versions := 3
				if version == "$Latest" {
					versions = 4
				}
				equal(t, "versions", versions, len(w.versions()))
				w.resize("web", 3)
				equal(t, "instances after growing", []string{v1.ImageID, v1.ImageID, v1.ImageID}, w.running("web"))
				equal(t, "refreshes", 3, len(w.refreshes("web")))
				_, err := w.client().Roll(t.Context(), w.release("v2", "web"), nil)
				wants(t, err, "release v2: it was rolled back at")
				w.roll(w.release("v3", "web"), refreshing())
				_, err = w.client().Rollback(t.Context(), w.release("v1", "web"), nil)
				wants(t, err, "by release v3")
			})
		})
	}
}

func TestARollbackInTheMiddleOfARefreshTurnsItBack(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 4)
		opts := &rollout.Options{Refresh: &rollout.Refresh{Preferences: &groups.RefreshPreferences{InstanceWarmup: aws.Int32(60)}}}
		for e, err := range w.client().Events(t.Context(), w.release("v1", "web"), opts) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Step == rollout.StepRefresh && e.Percent >= 25 {
				break
			}
		}
		ok(w.client().Rollback(t.Context(), w.release("v1", "web"), nil))(t)
		all := w.refreshes("web")
		if len(all) != 1 || all[0].Status != groups.InstanceRefreshStatusRollbackSuccessful {
			t.Errorf("got %d refreshes, the last %s; want the one, rolled back", len(all), all[0].Status)
		}
		equal(t, "instances", []string{first, first, first, first}, w.running("web"))
	})
}

func TestThereIsNothingToRollBack(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 0)
		_, err := w.client().Rollback(t.Context(), w.release("v1", "web"), nil)
		wants(t, err, "there is nothing to roll back")
		r := w.release("v1", "web")
		r.Parameter = "/new"
		w.roll(r, nil)
		_, err = w.client().Rollback(t.Context(), r, nil)
		wants(t, err, "there is nothing to go back to: the parameter /new did not exist before")
	})
}

func TestAnotherRefreshIsUnderWay(t *testing.T) {
	begin := func(w *world) {
		w.foreignVersion(&types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Nano})
		ok(w.scaling.StartInstanceRefresh(w.Context(), &autoscaling.StartInstanceRefreshInput{
			AutoScalingGroupName: aws.String("web"), Preferences: &groups.RefreshPreferences{InstanceWarmup: aws.Int32(300)},
			DesiredConfiguration: &groups.DesiredConfiguration{LaunchTemplate: &groups.LaunchTemplateSpecification{LaunchTemplateId: &w.template, Version: aws.String("2")}},
		}))(w)
		time.Sleep(time.Minute)
	}
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 1)
		begin(w)
		_, err := w.client().Roll(t.Context(), w.release("v1", "web"), refreshing())
		var busy *rollout.BusyError
		if !errors.As(err, &busy) || busy.Status != "InProgress" {
			t.Errorf("got %v, want a BusyError", err)
		}
		// What was waited for may have moved the pointer: it is not undone.
		opts := &rollout.Options{Refresh: &rollout.Refresh{Busy: executor.BusyWait}}
		_, err = w.client().Roll(t.Context(), w.release("v1", "web"), opts)
		wants(t, err, "the version in group web is now 2; it was 1 when this release began")
		opts.Overtake = true
		w.roll(w.release("v1", "web"), opts)
		equal(t, "the group", "3", *w.group("web").LaunchTemplate.Version)
	})
}

func TestTwoReleasesOfOneGroupAtOnce(t *testing.T) {
	for _, version := range []string{"$Latest", "$Default", "1"} {
		t.Run(version, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: time.Minute})
				w.newGroup("web", version, 2)
				errs := make(chan error, 2)
				for _, id := range []string{"v1", "v2"} {
					r := w.release(id, "web")
					r.Name = "web-" + id
					go func() {
						_, err := w.client().Roll(context.WithoutCancel(t.Context()), r, refreshing())
						errs <- err
					}()
				}
				failed := 0
				for range 2 {
					if err := <-errs; err != nil {
						failed++
						var overtaken *rollout.OvertakenError
						var busy *rollout.BusyError
						if !errors.As(err, &overtaken) && !errors.As(err, &busy) {
							t.Errorf("got %v, want an OvertakenError or a BusyError", err)
						}
					}
				}
				running := w.running("web")
				if failed != 1 || running[0] != running[1] || running[0] == first {
					t.Errorf("%d failed, and %v run: want one winner, everywhere", failed, running)
				}
			})
		})
	}
}

func TestTheSameReleaseTwiceAtOnce(t *testing.T) {
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: time.Minute})
				r, opts := s.setUp(w)
				errs := make(chan error, 3)
				for range cap(errs) {
					go func() {
						_, err := w.client().Roll(context.WithoutCancel(t.Context()), r, opts)
						errs <- err
					}()
				}
				for range cap(errs) {
					if err := <-errs; err != nil {
						t.Error(err)
					}
				}
				s.holds(t, w, "thrice at once")
			})
		})
	}
}

func TestAStopSaysHowToGoOn(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: time.Hour})
		w.newGroup("web", "1", 0)
		why := errors.New("enough")
		ctx, stop := context.WithTimeoutCause(t.Context(), time.Minute, why)
		defer stop()
		result, err := w.client().Roll(ctx, w.release("v1", "web"), nil)
		wants(t, err, `release v1: stopped in the step "available"; the same call goes on from there: enough`)
		if !errors.Is(err, rollout.ErrStopped) || !errors.Is(err, why) || result.ImageID == "" {
			t.Errorf("got %#v, %+v", err, result)
		}
		w.roll(w.release("v1", "web"), nil)
		equal(t, "images", 1, len(w.images()))
	})
}

func TestAMixedInstancesPolicyKeepsItsOverrides(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		ok(w.scaling.CreateAutoScalingGroup(t.Context(), &autoscaling.CreateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(0), MaxSize: aws.Int32(4), DesiredCapacity: aws.Int32(2), AvailabilityZones: []string{"us-east-1a"},
			MixedInstancesPolicy: &groups.MixedInstancesPolicy{LaunchTemplate: &groups.LaunchTemplate{
				LaunchTemplateSpecification: &groups.LaunchTemplateSpecification{LaunchTemplateId: &w.template, Version: aws.String("1")},
				Overrides:                   []groups.LaunchTemplateOverrides{{InstanceType: aws.String("t3.small")}, {InstanceType: aws.String("t3.micro")}},
			}},
		}))(t)
		w.roll(w.release("v1", "web"), refreshing())
		g := w.group("web").MixedInstancesPolicy.LaunchTemplate
		equal(t, "the version", "2", *g.LaunchTemplateSpecification.Version)
		equal(t, "overrides", 2, len(g.Overrides))
		id := *w.images()[0].ImageId
		equal(t, "instances", []string{id, id}, w.running("web"))
		w.roll(w.release("v2", "web"), nil)
		equal(t, "the version without a refresh", "3", *w.group("web").MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.Version)
		equal(t, "overrides", 2, len(w.group("web").MixedInstancesPolicy.LaunchTemplate.Overrides))
	})
}

// The alarm that a release has set off still rings when it is rolled back, which must not stop that.
func TestARollbackIsNotStoppedByTheAlarmThatCausedIt(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.alarm("errors")
		w.newGroup("web", "$Default", 4)
		opts := &rollout.Options{RollBack: true, Refresh: &rollout.Refresh{Preferences: &groups.RefreshPreferences{
			InstanceWarmup: aws.Int32(60), AlarmSpecification: &groups.AlarmSpecification{Alarms: []string{"errors"}}, BakeTime: aws.Int32(600),
		}}}
		var last error
		for e, err := range w.client().Events(t.Context(), w.release("v1", "web"), opts) {
			if last = err; e.Step == rollout.StepRefresh && e.Percent >= 25 {
				if err := w.cloud.SetAlarm("errors", true); err != nil {
					t.Fatal(err)
				}
			}
		}
		wants(t, last, "is Failed (The alarm errors is in ALARM state)", "the group is what it was before")
		equal(t, "instances", []string{first, first, first, first}, w.running("web"))
		equal(t, "the default version", int64(1), w.defaultVersion())
	})
}

// Two releases within a second, as an image that is there makes possible: the refresh of the first is
// not taken for that of the second.
func TestReleasesInQuickSuccessionEachReplaceTheInstances(t *testing.T) {
	for _, version := range []string{"$Latest", "$Default", "1"} {
		inBubble(t, func(t *testing.T, w *world) {
			w.newGroup("web", version, 2)
			v1 := w.roll(w.release("v1", "web"), refreshing())
			v2 := w.roll(w.release("v2", "web"), refreshing())
			v3 := w.roll(&rollout.Release{ID: "v3", Name: "web", ImageID: v1.ImageID, Group: "web"}, refreshing())
			equal(t, "instances", []string{v1.ImageID, v1.ImageID}, w.running("web"))
			if len(v2.Stale)+len(v3.Stale) > 0 || len(w.refreshes("web")) != 3 {
				t.Errorf("on %s: %+v, %+v, %d refreshes", version, v2, v3, len(w.refreshes("web")))
			}
		})
	}
}

// Without a number in it, a refresh says only by its time what it was for. One that somebody started
// between the version and the move of the default version brings the old one.
func TestARefreshThatTurnsOutToBeSomebodyElses(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "$Default", 2)
		for e, err := range w.client().Events(t.Context(), w.release("v1", "web"), refreshing()) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Step == rollout.StepVersion && e.Kind == rollout.Done {
				break
			}
		}
		ok(w.scaling.StartInstanceRefresh(t.Context(), &autoscaling.StartInstanceRefreshInput{
			AutoScalingGroupName: aws.String("web"), Preferences: &groups.RefreshPreferences{InstanceWarmup: aws.Int32(60), MinHealthyPercentage: aws.Int32(0)},
		}))(t)
		time.Sleep(10 * time.Second) // all instances are being replaced by old ones
		v1 := w.roll(w.release("v1", "web"), refreshing())
		equal(t, "instances", []string{v1.ImageID, v1.ImageID}, w.running("web"))
		equal(t, "refreshes", 2, len(w.refreshes("web")))
	})
}

// The refresh of a roll-back that was stopped goes on, and is not taken for that of the release.
func TestARollbackThatWasStoppedGoesOnWithItsRefresh(t *testing.T) {
	for _, version := range []string{"$Latest", "$Default", "1"} {
		t.Run(version, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				w.newGroup("web", version, 3)
				opts := &rollout.Options{Refresh: &rollout.Refresh{Preferences: &groups.RefreshPreferences{InstanceWarmup: aws.Int32(60)}}}
				w.roll(w.release("v1", "web"), opts)
				time.Sleep(time.Minute)
				for e, err := range w.client().RollbackEvents(t.Context(), w.release("v1", "web"), opts) {
					if err != nil {
						t.Fatal(err)
					}
					if e.Percent > 0 {
						break
					}
				}
				time.Sleep(10 * time.Second)
				ok(w.client().Rollback(t.Context(), w.release("v1", "web"), opts))(t)
				equal(t, "instances", []string{first, first, first}, w.running("web"))
				all := w.refreshes("web")
				equal(t, "refreshes", 2, len(all))
				for _, f := range all {
					equal(t, "its status", groups.InstanceRefreshStatusSuccessful, f.Status)
				}
			})
		})
	}
}

// Two calls for one release that read different things in the same moment both make a version; the first
// stays.
func TestASecondVersionOfOneReleaseIsTakenAway(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "$Default", 0)
		done := false
		cfg := w.cloud.Config()
		cfg.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if nameOf(r) == "CreateLaunchTemplateVersion" && !done {
				done = true
				w.foreignVersion(&types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Nano})
				ok(w.ec2.ModifyLaunchTemplate(t.Context(), &ec2.ModifyLaunchTemplateInput{LaunchTemplateId: &w.template, DefaultVersion: aws.String("2")}))(t)
				w.roll(w.release("v1", "web"), &rollout.Options{Overtake: true})
			}
			return w.cloud.RoundTrip(r)
		})}
		result := ok(clientOf(cfg).Roll(t.Context(), w.release("v1", "web"), nil))(t)
		equal(t, "the version", int64(3), result.Version)
		equal(t, "the default version", int64(3), w.defaultVersion())
		equal(t, "versions", []string{"1=" + first, "2=" + first, "3=" + result.ImageID}, w.versions())
	})
}
