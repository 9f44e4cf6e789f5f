package rollout_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	groups "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/rollout"
)

func diffOf(want, got any) string { return cmp.Diff(want, got) }

// inBubble runs a test in a bubble of time, with a world of its own.
func inBubble(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer w.cloud.Close()
		test(t, w)
	})
}

func TestEveryNewInstanceComesUpWithTheNewestBuild(t *testing.T) {
	for _, version := range []string{"$Latest", "$Default", "1"} {
		t.Run(version, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 4 * time.Minute})
				w.newGroup("web", version, 1)
				v1 := w.roll(w.release("v1", "web"), nil)
				w.resize("web", 2)
				v2 := w.roll(w.release("v2", "web"), nil)
				w.resize("web", 3)
				equal(t, "versions", []string{"1=" + first, "2=" + v1.ImageID, "3=" + v2.ImageID}, w.versions())
				for _, image := range []string{first, v1.ImageID, v2.ImageID} {
					if n := strings.Count(strings.Join(w.running("web"), " "), image); n != 1 {
						t.Errorf("%d instances run %s, want 1: %v", n, image, w.running("web"))
					}
				}
				if v2.From != "2" || v2.Version != 3 || !v2.Changed || len(v2.Stale) != 2 {
					t.Errorf("got %+v; want version 3, from 2, with two instances that are older", v2)
				}
				again := w.roll(w.release("v2", "web"), nil)
				if again.Changed || again.Version != 3 {
					t.Errorf("once more: %+v; want nothing changed", again)
				}
			})
		})
	}
}

// The article publishes the version while the image is pending, and scale-outs fail in the meantime.
func TestAVersionIsPublishedOnlyWhenItsImageIsAvailable(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 12 * time.Minute})
		w.newGroup("web", "$Latest", 0)
		for e, err := range w.client().Events(t.Context(), w.release("v1", "web"), nil) {
			if err != nil {
				t.Fatal(err)
			}
			if len(w.versions()) > 1 && w.images()[0].State != types.ImageStateAvailable {
				t.Fatalf("after %s there is a version of an image that is %s", e, w.images()[0].State)
			}
		}
		w.resize("web", 1)
		equal(t, "instances", []string{*w.images()[0].ImageId}, w.running("web"))
	})
}

func TestAnImageThatIsNotToBeSeenYetIsWaitedFor(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Action: local.Read, Times: 5}, local.Fault{Type: "AWS::EC2::Image", Delay: time.Minute})
		w.newGroup("web", "$Default", 0)
		w.roll(w.release("v1", "web"), nil)
		equal(t, "the default version", int64(2), w.defaultVersion())
	})
}

func TestAnImageThatFailsIsToldAndMadeAnewByTheSameCall(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Action: local.Create, Delay: time.Minute, Reason: "the disk is broken", Times: 1})
		w.newGroup("web", "$Default", 0)
		_, err := w.client().Roll(t.Context(), w.release("v1", "web"), nil)
		wants(t, err, "release v1: image ami-", "it is failed (the disk is broken)", "the same call takes it away and makes another")
		var image *rollout.ImageError
		if !errors.As(err, &image) || image.State != "failed" {
			t.Errorf("got %#v, want an ImageError", err)
		}
		equal(t, "versions", 1, len(w.versions()))
		v1 := w.roll(w.release("v1", "web"), nil)
		equal(t, "images", 1, len(w.images()))
		equal(t, "snapshots", 1, len(w.snapshots()))
		equal(t, "versions", []string{"1=" + first, "2=" + v1.ImageID}, w.versions())
	})
}

func TestAnImageThatTakesTooLongIsNotWaitedForForever(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 3 * time.Hour})
		w.newGroup("web", "$Default", 0)
		_, err := w.client().Roll(t.Context(), w.release("v1", "web"), nil)
		wants(t, err, "not done after 2h0m0s", "raise ImageTimeout")
		w.roll(w.release("v1", "web"), nil)
		equal(t, "images", 1, len(w.images()))
		equal(t, "the default version", int64(2), w.defaultVersion())
	})
}

func TestAnImageThatIsDeregisteredUnderWayIsNeverPublished(t *testing.T) {
	deregister := func(w *world) {
		ok(w.ec2.DeregisterImage(w.Context(), &ec2.DeregisterImageInput{ImageId: w.images()[0].ImageId, DeleteAssociatedSnapshots: aws.Bool(true)}))(w)
	}
	for _, tt := range []struct {
		step rollout.Step
		kind rollout.Kind
		want string
	}{
		{rollout.StepAvailable, rollout.Progress, "it was deregistered while it was waited for"},
		{rollout.StepAvailable, rollout.Done, "it was deregistered in the meantime, and nothing was pointed to it"},
		{rollout.StepVersion, rollout.Done, "it was deregistered in the meantime, and nothing was pointed to it"},
	} {
		t.Run(string(tt.step)+" "+string(tt.kind), func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 2 * time.Minute})
				w.newGroup("web", "$Default", 0)
				var last error
				for e, err := range w.client().Events(t.Context(), w.release("v1", "web"), nil) {
					last = err
					if e.Step == tt.step && e.Kind == tt.kind {
						deregister(w)
					}
				}
				wants(t, last, tt.want)
				equal(t, "the default version", int64(1), w.defaultVersion())
				if tt.step == rollout.StepVersion {
					_, err := w.client().Roll(t.Context(), w.release("v1", "web"), nil)
					wants(t, err, "it does not exist", "version 2 of this release names it; roll out under a new ID")
					return
				}
				w.roll(w.release("v1", "web"), nil)
				equal(t, "the default version after the same call", int64(2), w.defaultVersion())
			})
		})
	}
}

func TestTheVersionIsMergedFromTheOneInUse(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 0)
		w.foreignVersion(&types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeM5Large}) // nobody uses it yet
		w.roll(w.release("v1", "web"), nil)
		out := ok(w.ec2.DescribeLaunchTemplateVersions(t.Context(), &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &w.template, Versions: []string{"3"}}))(t)
		v := out.LaunchTemplateVersions[0]
		equal(t, "the instance type", types.InstanceTypeT3Micro, v.LaunchTemplateData.InstanceType)
		equal(t, "the description", "updraft:release=v1 updraft:name=web updraft:from=1", *v.VersionDescription)
		equal(t, "the group", "3", *w.group("web").LaunchTemplate.Version)
	})
}

func TestAVersionMadeInBetween(t *testing.T) {
	between := func(t *testing.T, w *world, data *types.RequestLaunchTemplateData) (list []string, last error) {
		for e, err := range w.client().Events(t.Context(), w.release("v1", "web"), nil) {
			if last = err; err != nil {
				break
			}
			list = append(list, e.String())
			if e.Step == rollout.StepAvailable && e.Kind == rollout.Done {
				w.foreignVersion(data)
			}
		}
		return list, last
	}
	micro := &types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Nano}
	t.Run("is not in use where the group is on $Default, so nothing of it is taken", func(t *testing.T) {
		inBubble(t, func(t *testing.T, w *world) {
			w.newGroup("web", "$Default", 0)
			if _, err := between(t, w, micro); err != nil {
				t.Fatal(err)
			}
			equal(t, "the default version", int64(3), w.defaultVersion())
		})
	})
	t.Run("is in use where the group is on $Latest, and another release would undo it", func(t *testing.T) {
		inBubble(t, func(t *testing.T, w *world) {
			w.newGroup("web", "$Latest", 0)
			_, err := between(t, w, micro)
			wants(t, err, "the latest version of "+w.template+" is now 2; it was 1 when this release began")
			var overtaken *rollout.OvertakenError
			if !errors.As(err, &overtaken) {
				t.Errorf("got %#v, want an OvertakenError", err)
			}
			v1 := w.roll(w.release("v1", "web"), &rollout.Options{Overtake: true})
			equal(t, "versions", []string{"1=" + first, "2=" + first, "3=" + v1.ImageID}, w.versions())
			out := ok(w.ec2.DescribeLaunchTemplateVersions(t.Context(), &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &w.template, Versions: []string{"3"}}))(t)
			equal(t, "the instance type", types.InstanceTypeT3Nano, out.LaunchTemplateVersions[0].LaunchTemplateData.InstanceType)
		})
	})
	t.Run("of the release's own, after it, is left in place", func(t *testing.T) {
		inBubble(t, func(t *testing.T, w *world) {
			w.newGroup("web", "$Latest", 0)
			w.roll(w.release("v1", "web"), nil)
			w.foreignVersion(micro)
			list, err := events(t.Context(), w.client(), w.release("v1", "web"), nil)
			if err != nil || !strings.Contains(strings.Join(list, "\n"), "is 3, which somebody made after version 2 of this release; it has the same image") {
				t.Errorf("got %v, %v", list, err)
			}
		})
	})
}

func TestAnOlderReleaseDoesNotUndoANewerOne(t *testing.T) {
	for _, version := range []string{"$Latest", "$Default", "1"} {
		t.Run(version, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				w.newGroup("web", version, 0)
				w.roll(w.release("v1", "web"), nil)
				w.roll(w.release("v2", "web"), nil)
				_, err := w.client().Roll(t.Context(), w.release("v1", "web"), nil)
				wants(t, err, "is now 3, by release v2; it was 1 when this release began")
				w.resize("web", 1)
				equal(t, "versions", 3, len(w.versions()))
				ok(w.ec2.DeregisterImage(t.Context(), &ec2.DeregisterImageInput{ImageId: aws.String(strings.TrimPrefix(w.versions()[1], "2="))}))(t)
				_, err = w.client().Roll(t.Context(), w.release("v1", "web"), nil)
				wants(t, err, "is now 3, by release v2") // also when its image is gone
				if got := w.running("web"); strings.Contains(w.versions()[1], got[0]) {
					t.Errorf("the older release is in use: %v of %v", got, w.versions())
				}
			})
		})
	}
}

func TestPinPutsTheNumberIntoAGroupThatIsOnLatest(t *testing.T) {
	for _, version := range []string{"$Latest", "$Default"} {
		inBubble(t, func(t *testing.T, w *world) {
			w.newGroup("web", version, 0)
			r := w.release("v1", "web")
			r.Pin = true
			for e, err := range w.client().Events(t.Context(), r, nil) {
				if err != nil {
					t.Fatal(err)
				}
				if got := *w.group("web").LaunchTemplate.Version; e.Step == rollout.StepVersion && e.Kind == rollout.Done && got != "1" {
					t.Errorf("the group is on %s when the version is there, want 1: it would be in use at once", got)
				}
			}
			equal(t, "the group", "2", *w.group("web").LaunchTemplate.Version)
			equal(t, "the default version", int64(1), w.defaultVersion())
		})
	}
}

func TestACheckIsAskedOnceAndHolds(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "$Latest", 0)
		var asked []string
		answer := errors.New("it does not boot")
		opts := &rollout.Options{Check: func(_ context.Context, image string) error {
			asked = append(asked, image)
			return answer
		}}
		_, err := w.client().Roll(t.Context(), w.release("v1", "web"), opts)
		wants(t, err, "did not pass its check: it does not boot")
		if !errors.Is(err, answer) {
			t.Error("the check's own error is lost")
		}
		equal(t, "versions", 1, len(w.versions()))
		answer = nil
		w.roll(w.release("v1", "web"), opts)
		w.roll(w.release("v1", "web"), opts)
		id := *w.images()[0].ImageId
		equal(t, "what was asked", []string{id, id}, asked)
	})
}

func TestGroupsOfOneNameShareAnImage(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("a", "$Default", 0)
		other := w.newTemplate("other", first)
		w.newGroupOf("b", other, "1", 0)
		a, b := w.roll(w.release("v1", "a"), nil), w.roll(w.release("v1", "b"), nil)
		equal(t, "the image", a.ImageID, b.ImageID)
		equal(t, "images", 1, len(w.images()))
		equal(t, "the other group", "2", *w.group("b").LaunchTemplate.Version)
	})
}

func TestAnImageThatIsThereIsRolledOut(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 0)
		v1 := w.roll(w.release("v1", "web"), nil)
		w.roll(w.release("v2", "web"), nil)
		back := &rollout.Release{ID: "back-to-v1", Name: "web", ImageID: v1.ImageID, Group: "web"}
		w.roll(back, nil)
		w.roll(back, nil)
		w.resize("web", 1)
		equal(t, "instances", []string{v1.ImageID}, w.running("web"))
		equal(t, "images", 2, len(w.images()))
		_, err := w.client().Roll(t.Context(), &rollout.Release{ID: "v9", Name: "web", ImageID: "ami-0aaaaaaaaaaaaaaaa", Group: "web"}, nil)
		wants(t, err, "image ami-0aaaaaaaaaaaaaaaa: it does not exist; check its ID")
	})
}

func TestAnImageThatStandsInAParameter(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		ok(w.ssm.PutParameter(t.Context(), &ssm.PutParameterInput{Name: aws.String("/web"), Value: aws.String(first), Type: "String"}))(t)
		w.newGroupOf("web", w.newTemplate("pointing", "resolve:ssm:/web"), "1", 1)
		auto := &rollout.Options{Refresh: &rollout.Refresh{Preferences: &groups.RefreshPreferences{AutoRollback: aws.Bool(true)}}}
		_, err := w.client().Roll(t.Context(), w.release("v1", "web"), auto)
		wants(t, err, "stands in the parameter /web, so AutoRollback is impossible; roll out to that parameter")
		equal(t, "images", 0, len(w.images()))
		v1 := w.roll(w.release("v1", "web"), refreshing())
		if len(v1.Warnings) != 1 || !strings.Contains(v1.Warnings[0], "to keep it in there, set Parameter") {
			t.Errorf("warnings: %q", v1.Warnings)
		}
		equal(t, "instances", []string{v1.ImageID}, w.running("web"))
		time.Sleep(time.Hour)
		ok(w.client().Rollback(t.Context(), w.release("v1", "web"), refreshing()))(t)
		equal(t, "instances after the way back", []string{first}, w.running("web"))
		r := w.release("v2", "web")
		r.Parameter = "/web"
		v2 := w.roll(r, refreshing())
		equal(t, "instances after the parameter", []string{v2.ImageID}, w.running("web"))
		out := ok(w.ssm.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/web")}))(t)
		equal(t, "its data type, which cannot be changed", "text", *out.Parameter.DataType)
	})
}

func TestAStackThatIsNotOnANumberIsRefused(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		r, _ := stackScene("Version")(w)
		r.Stack.VersionParameter = "Image"
		_, err := w.client().Roll(t.Context(), r, nil)
		wants(t, err, `stack web: its parameter Image is "`+first+`"; give it the number of a version first`)
		r.Stack.VersionParameter = "Nope"
		_, err = w.client().Roll(t.Context(), r, nil)
		wants(t, err, "stack web: it has no parameter Nope")
	})
}

func TestTheDefaultVersionOfALaunchTemplateWithoutAGroup(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		r := &rollout.Release{ID: "v1", Name: "web", InstanceID: w.instance, LaunchTemplate: "web"}
		w.roll(r, nil)
		equal(t, "the default version", int64(2), w.defaultVersion())
		ok(w.client().Rollback(t.Context(), r, nil))(t)
		equal(t, "the default version after the way back", int64(1), w.defaultVersion())
	})
}

func TestWhatIsNotThereIsNamed(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 0)
		for _, tt := range []struct {
			change func(*rollout.Release)
			want   string
		}{
			{func(r *rollout.Release) { r.Group = "nope" }, "group nope: there is no such Auto Scaling group"},
			{func(r *rollout.Release) { r.Group, r.LaunchTemplate = "", "nope" }, "launch template nope: there is none"},
			{func(r *rollout.Release) { r.Group, r.LaunchTemplate = "", "lt-0aaaaaaaaaaaaaaaa" }, "launch template lt-0aaaaaaaaaaaaaaaa: there is none"},
			{func(r *rollout.Release) { r.LaunchTemplate = w.newTemplate("else", first) }, "group web: its launch template is " + w.template},
			{func(r *rollout.Release) { r.InstanceID = "i-0aaaaaaaaaaaaaaaa" }, "InvalidInstanceID.NotFound"},
			{func(r *rollout.Release) {
				r.Group, r.Stack = "", &rollout.StackTarget{Name: "nope", ImageParameter: "I"}
			}, "stack nope: "},
		} {
			r := w.release("v1", "web")
			tt.change(r)
			_, err := w.client().Roll(t.Context(), r, nil)
			wants(t, err, tt.want)
		}
		equal(t, "images", 0, len(w.images()))
	})
}

func TestAForeignImageOfTheSameNameIsNotTaken(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 0)
		ok(w.ec2.CreateImage(t.Context(), &ec2.CreateImageInput{InstanceId: &w.instance, Name: aws.String("web-v1")}))(t)
		_, err := w.client().Roll(t.Context(), w.release("v1", "web"), nil)
		wants(t, err, "its name, web-v1, is that of this release's image, but its tags say that it is another's")
		equal(t, "images", 1, len(w.images()))
	})
}

func TestAPlanHasNoEffectsAndSaysWhatIsLeft(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "$Latest", 2)
		plan := ok(w.client().Plan(t.Context(), w.release("v1", "web"), nil))(t)
		needed := func(p *rollout.Plan) (list []rollout.Step) {
			for _, s := range p.Steps {
				if s.Needed {
					list = append(list, s.Step)
				}
			}
			return list
		}
		equal(t, "what is needed", []rollout.Step{rollout.StepImage, rollout.StepAvailable, rollout.StepVersion, rollout.StepPoint}, needed(plan))
		equal(t, "steps", len(rollout.Steps()), len(plan.Steps))
		equal(t, "images", 0, len(w.images()))
		w.roll(w.release("v1", "web"), nil)
		plan = ok(w.client().Plan(t.Context(), w.release("v1", "web"), nil))(t)
		if !plan.Unchanged() {
			t.Errorf("afterwards: %v", needed(plan))
		}
		w.roll(w.release("v2", "web"), nil)
		_, err := w.client().Plan(t.Context(), w.release("v1", "web"), nil)
		wants(t, err, "is now 3, by release v2")
	})
}
