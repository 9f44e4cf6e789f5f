package rollout_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/updraft-go/updraft/rollout"
)

// history rolls out so many releases, an hour apart, and returns their images, oldest first.
func (w *world) history(n int, group string) (images []string) {
	w.Helper()
	for i := range n {
		r := w.roll(w.release(fmt.Sprintf("v%d", i+1), group), nil)
		images = append(images, r.ImageID)
		time.Sleep(time.Hour)
	}
	return images
}

func (w *world) reasons(opts *rollout.PruneOptions) map[string]string {
	w.Helper()
	p := ok(w.client().PlanPrune(w.Context(), "web", opts))(w)
	m := map[string]string{}
	for _, i := range p.Images {
		m[i.ImageID] = strings.Join(i.Reasons, "; ")
	}
	return m
}

func TestPruneKeepsWhatAnythingNeeds(t *testing.T) {
	const old = 0 // of the images of the history: nothing needs it, unless a row makes it so
	for _, tt := range []struct {
		name string
		need func(w *world, image string)
		want string
	}{
		{"nothing", func(*world, string) {}, ""},
		{"a default version", func(w *world, image string) { w.newTemplate("other", image) }, "the default version of lt-"},
		{"a latest version", func(w *world, image string) {
			other := w.newTemplate("other", first)
			ok(w.ec2.CreateLaunchTemplateVersion(w.Context(), &ec2.CreateLaunchTemplateVersionInput{LaunchTemplateId: &other, LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: &image}}))(w)
		}, "the latest version of lt-"},
		{"a version that a group has", func(w *world, _ string) { w.newGroup("other", "2", 0) }, "group other with version 2 of lt-"},
		{"a version by way of a parameter", func(w *world, image string) {
			ok(w.ssm.PutParameter(w.Context(), &ssm.PutParameterInput{Name: aws.String("/p"), Value: &image, Type: "String"}))(w)
			w.newTemplate("other", "resolve:ssm:/p")
		}, "the default version of lt-"},
		{"an instance", func(w *world, image string) {
			ok(w.ec2.RunInstances(w.Context(), &ec2.RunInstancesInput{ImageId: &image, InstanceType: "t3.micro", MinCount: aws.Int32(1), MaxCount: aws.Int32(1)}))(w)
		}, "instance i-"},
		{"a launch configuration", func(w *world, image string) {
			ok(w.scaling.CreateLaunchConfiguration(w.Context(), &autoscaling.CreateLaunchConfigurationInput{LaunchConfigurationName: aws.String("old"), ImageId: &image, InstanceType: aws.String("t3.micro")}))(w)
		}, "the launch configuration old needs it"},
		{"another account", func(w *world, image string) {
			ok(w.ec2.ModifyImageAttribute(w.Context(), &ec2.ModifyImageAttributeInput{ImageId: &image, LaunchPermission: &types.LaunchPermissionModifications{Add: []types.LaunchPermission{{UserId: aws.String("210987654321")}}}}))(w)
		}, "it is shared, and 210987654321 needs it"},
		{"a tag", func(w *world, image string) {
			ok(w.ec2.CreateTags(w.Context(), &ec2.CreateTagsInput{Resources: []string{image}, Tags: []types.Tag{{Key: aws.String("updraft:keep"), Value: aws.String("")}}}))(w)
		}, "it is tagged updraft:keep"},
		{"that it is disabled", func(w *world, image string) {
			ok(w.ec2.DisableImage(w.Context(), &ec2.DisableImageInput{ImageId: &image}))(w)
		}, "it is disabled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				w.newGroup("web", "1", 1)
				images := w.history(4, "web")
				tt.need(w, images[old])
				opts := &rollout.PruneOptions{Keep: 1}
				reasons := w.reasons(opts)
				if got := reasons[images[old]]; !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
					t.Errorf("it is kept for %q, want %q", got, tt.want)
				}
				// In all rows: the one in use, and the one before it, which is the way back.
				if !strings.Contains(reasons[images[3]], "it is one of the 1 newest") || !strings.Contains(reasons[images[2]], "the way back from version 5") || reasons[images[1]] != "" {
					t.Errorf("got %v of %v", reasons, images)
				}
				c := w.client()
				plan := ok(c.PlanPrune(t.Context(), "web", opts))(t)
				gone := 2
				if tt.want != "" {
					gone = 1
				}
				equal(t, "removed", gone, len(ok(c.Prune(t.Context(), plan))(t)))
				equal(t, "snapshots", 4-gone, len(w.snapshots()))
				equal(t, "removed the second time", 0, len(ok(c.Prune(t.Context(), plan))(t)))
			})
		})
	}
}

func TestAParameterThatIsGivenKeepsItsImage(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 0)
		images := w.history(3, "web")
		ok(w.ssm.PutParameter(t.Context(), &ssm.PutParameterInput{Name: aws.String("/p"), Value: &images[0], Type: "String"}))(t)
		equal(t, "without", "", w.reasons(&rollout.PruneOptions{Keep: 1})[images[0]])
		equal(t, "with", "the parameter /p needs it", w.reasons(&rollout.PruneOptions{Keep: 1, Parameters: []string{"/p"}})[images[0]])
	})
}

func TestAnImageThatIsNeededSinceThePlanIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 0)
		images := w.history(4, "web")
		c := w.client()
		plan := ok(c.PlanPrune(t.Context(), "web", &rollout.PruneOptions{Keep: 1}))(t)
		equal(t, "planned", 2, len(plan.Removed()))
		w.newTemplate("other", images[0])
		equal(t, "removed", []string{images[1]}, ok(c.Prune(t.Context(), plan))(t))
	})
}

func TestWhatARefreshIsBringingIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 2)
		v1 := w.roll(&rollout.Release{ID: "v1", Name: "web", InstanceID: w.instance, LaunchTemplate: "web"}, nil)
		w.sick("v1")
		go func() {
			_, _ = w.client().Roll(context.WithoutCancel(t.Context()), &rollout.Release{ID: "to-v1", Name: "to", ImageID: v1.ImageID, Group: "web"}, refreshing())
		}()
		time.Sleep(5 * time.Minute)
		ok(w.ec2.ModifyLaunchTemplate(t.Context(), &ec2.ModifyLaunchTemplateInput{LaunchTemplateId: &w.template, DefaultVersion: aws.String("1")}))(t)
		w.foreignVersion(&types.RequestLaunchTemplateData{ImageId: aws.String(first)})
		got := w.reasons(&rollout.PruneOptions{Keep: 1, MinAge: -1})[v1.ImageID]
		if !strings.Contains(got, "the instance refresh of group web with version 3") {
			t.Errorf("it is kept for %q", got)
		}
		ok(w.scaling.CancelInstanceRefresh(t.Context(), &autoscaling.CancelInstanceRefreshInput{AutoScalingGroupName: aws.String("web"), WaitForTransitioningInstances: aws.Bool(false)}))(t)
		time.Sleep(time.Minute)
	})
}

func TestSnapshotsThatARemovalHasLeftAreRemoved(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.newGroup("web", "1", 0)
		images := w.history(4, "web")
		ok(w.ec2.DeregisterImage(t.Context(), &ec2.DeregisterImageInput{ImageId: &images[0]}))(t) // without its snapshot
		c := w.client()
		plan := ok(c.PlanPrune(t.Context(), "web", &rollout.PruneOptions{Keep: 3}))(t)
		equal(t, "orphans", 1, len(plan.Snapshots))
		equal(t, "removed", plan.Snapshots, ok(c.Prune(t.Context(), plan))(t))
		equal(t, "snapshots", 3, len(w.snapshots()))
	})
}

func TestNothingIsRemovedWhenSomethingCannotBeRead(t *testing.T) {
	for _, call := range []string{"DescribeLaunchTemplateVersions", "DescribeAutoScalingGroups", "DescribeLaunchConfigurations", "DescribeInstances", "DescribeImageAttribute", "DescribeSnapshots"} {
		inBubble(t, func(t *testing.T, w *world) {
			w.newGroup("web", "1", 0)
			w.history(4, "web")
			c := w.refusing(call)
			if _, err := c.PlanPrune(t.Context(), "web", &rollout.PruneOptions{Keep: 1}); err == nil {
				t.Errorf("%s is refused, and there is a plan", call)
			}
		})
	}
}

func TestPruneIsCheckedBeforeAnyCall(t *testing.T) {
	c := &rollout.Client{}
	for _, tt := range []struct {
		name string
		opts *rollout.PruneOptions
		want string
	}{
		{"web", nil, "Keep must be at least one"},
		{"web", &rollout.PruneOptions{}, "Keep must be at least one"},
		{"", &rollout.PruneOptions{Keep: 1}, "is no name of releases"},
		{"web", &rollout.PruneOptions{Keep: 1}, "are required"},
	} {
		_, err := c.PlanPrune(t.Context(), tt.name, tt.opts)
		wants(t, err, tt.want)
	}
	_, err := c.Prune(t.Context(), nil)
	wants(t, err, "there is no plan to prune by")
}
