package rollout

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	autoscaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestEachStateOfAnImageHasItsMeaning(t *testing.T) {
	for _, s := range ec2.ImageState("").Values() {
		if _, ok := fates[s]; !ok {
			t.Errorf("%s has no row", s)
		}
	}
	for s, want := range map[ec2.ImageState]fate{"pending": coming, "available": usable, "failed": spoiled, "error": spoiled, "invalid": spoiled, "deregistered": taken, "disabled": taken, "a-new-one": taken} {
		if got := fateOf(s); got != want {
			t.Errorf("%s: got %d, want %d", s, got, want)
		}
		err := unusable(&ec2.Image{ImageId: aws.String("ami-1"), State: s})
		if (err == nil) != (want == usable) {
			t.Errorf("%s: unusable says %v", s, err)
		}
	}
}

func TestEachStatusOfARefreshHasItsMeaning(t *testing.T) {
	for _, s := range autoscaling.InstanceRefreshStatus("").Values() {
		if _, ok := phases[s]; !ok {
			t.Errorf("%s has no row", s)
		}
	}
	for s, want := range map[autoscaling.InstanceRefreshStatus]phase{
		"Pending": moving, "Baking": moving, "Cancelling": retreat, "RollbackInProgress": retreat, "Successful": succeeded,
		"RollbackSuccessful": restored, "Failed": stuck, "Cancelled": stuck, "Pondering": moving, "PonderingInProgress": moving, "Odd": stuck,
	} {
		if got := phaseOf(s); got != want {
			t.Errorf("%s: got %d, want %d", s, got, want)
		}
	}
}

func TestWhatOneVersionLosesOfAnother(t *testing.T) {
	source := &ec2.ResponseLaunchTemplateData{ImageId: aws.String("ami-1"), InstanceType: "t3.micro", SecurityGroupIds: []string{"sg-1"}}
	merged := &ec2.ResponseLaunchTemplateData{ImageId: aws.String("ami-2"), InstanceType: "t3.micro", SecurityGroupIds: []string{"sg-1"}, UserData: aws.String("x")}
	bare := &ec2.ResponseLaunchTemplateData{ImageId: aws.String("ami-2"), SecurityGroupIds: []string{}}
	for _, tt := range []struct {
		name string
		made *ec2.ResponseLaunchTemplateData
		want []string
	}{
		{"nothing, where they were merged", merged, nil},
		{"all but the image, where they were not", bare, []string{"InstanceType", "SecurityGroupIds"}},
		{"all of it, where there is nothing", nil, []string{"ImageId", "InstanceType", "SecurityGroupIds"}},
	} {
		if diff := cmp.Diff(tt.want, lost(source, tt.made), cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if got := lost(nil, bare); got != nil {
		t.Errorf("of nothing: %v", got)
	}
}

func TestTheVersionOfAGroupKeepsWhatIsBesideIt(t *testing.T) {
	plain := &autoscaling.AutoScalingGroup{LaunchTemplate: &autoscaling.LaunchTemplateSpecification{LaunchTemplateId: aws.String("lt-1"), LaunchTemplateName: aws.String("web"), Version: aws.String("4")}}
	spec, mixed := withVersion(plain, "5")
	if aws.ToString(spec.Version) != "5" || spec.LaunchTemplateName != nil || mixed != nil {
		t.Errorf("got %+v, %+v; want an ID and version 5, without the name, which excludes the ID", spec, mixed)
	}
	both := &autoscaling.AutoScalingGroup{MixedInstancesPolicy: &autoscaling.MixedInstancesPolicy{
		InstancesDistribution: &autoscaling.InstancesDistribution{SpotInstancePools: aws.Int32(2)},
		LaunchTemplate: &autoscaling.LaunchTemplate{
			LaunchTemplateSpecification: plain.LaunchTemplate,
			Overrides: []autoscaling.LaunchTemplateOverrides{{
				InstanceType:                aws.String("m5.large"),
				LaunchTemplateSpecification: &autoscaling.LaunchTemplateSpecification{LaunchTemplateId: aws.String("lt-2"), LaunchTemplateName: aws.String("arm"), Version: aws.String("7")},
			}},
		},
	}}
	if templateOf(both) != plain.LaunchTemplate {
		t.Error("the launch template of a mixed instances policy is not found")
	}
	spec, mixed = withVersion(both, "5")
	if spec != nil || aws.ToString(mixed.LaunchTemplate.LaunchTemplateSpecification.Version) != "5" ||
		len(mixed.LaunchTemplate.Overrides) != 1 || mixed.InstancesDistribution == nil {
		t.Errorf("got %+v, %+v; want the whole policy with version 5", spec, mixed)
	}
	own := mixed.LaunchTemplate.Overrides[0].LaunchTemplateSpecification
	if aws.ToString(own.LaunchTemplateId) != "lt-2" || own.LaunchTemplateName != nil || versionOf(own) != "7" {
		t.Errorf("an override's own launch template became %+v", own)
	}
	if both.MixedInstancesPolicy.LaunchTemplate.Overrides[0].LaunchTemplateSpecification.LaunchTemplateName == nil {
		t.Error("what was read was changed: an override")
	}
	if v := versionOf(plain.LaunchTemplate); v != "4" {
		t.Errorf("what was read was changed: version %s", v)
	}
	if v := versionOf(&autoscaling.LaunchTemplateSpecification{}); v != "$Default" {
		t.Errorf("no version is %s, want $Default", v)
	}
}

func TestWhyAnImageIsKept(t *testing.T) {
	now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	image := func(change func(*ec2.Image)) ec2.Image {
		i := ec2.Image{ImageId: aws.String("ami-1"), State: "available", CreationDate: aws.String("2026-01-01T12:00:00.000Z"), DeregistrationProtection: aws.String("disabled")}
		if change != nil {
			change(&i)
		}
		return i
	}
	for _, tt := range []struct {
		name   string
		image  ec2.Image
		nth    int
		needed []string
		want   []string
	}{
		{"an old one that nobody needs goes", image(nil), 3, nil, nil},
		{"the newest stay", image(nil), 2, nil, []string{"it is one of the 3 newest"}},
		{"one that is needed stays", image(nil), 3, []string{"instance i-1 needs it"}, []string{"instance i-1 needs it"}},
		{"a young one stays", image(func(i *ec2.Image) { i.CreationDate = aws.String("2026-01-02T11:30:00.000Z") }), 3, nil, []string{"it is younger than 1h0m0s"}},
		{"one of unknown age stays", image(func(i *ec2.Image) { i.CreationDate = nil }), 3, nil, []string{"it is younger than 1h0m0s"}},
		{"one that is still made stays", image(func(i *ec2.Image) { i.State = "pending" }), 3, nil, []string{"it is pending"}},
		{"a disabled one stays", image(func(i *ec2.Image) { i.State = "disabled" }), 3, nil, []string{"it is disabled"}},
		{"a public one stays", image(func(i *ec2.Image) { i.Public = aws.Bool(true) }), 3, nil, []string{"it is public"}},
		{"a protected one stays", image(func(i *ec2.Image) { i.DeregistrationProtection = aws.String("enabled-without-cooldown") }), 3, nil, []string{"it is protected from being deregistered"}},
		{"a tagged one stays, whatever the tag says", image(func(i *ec2.Image) { i.Tags = ec2Tags(map[string]string{tagKeep: ""}) }), 3, nil, []string{"it is tagged updraft:keep"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := judgeImage(tt.image, tt.nth, &PruneOptions{Keep: 3}, tt.needed, now)
			if diff := cmp.Diff(tt.want, got.Reasons); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestARefreshIsKnownByItsTarget(t *testing.T) {
	began := time.Date(2026, 1, 2, 12, 0, 0, 500, time.UTC)
	pinned := renewal{target: target{template: "lt-1", version: "5"}, desired: true}
	other := renewal{target: target{template: "lt-1", version: "5"}, since: began}
	refresh := func(version string, start time.Time) *autoscaling.InstanceRefresh {
		f := &autoscaling.InstanceRefresh{StartTime: &start}
		if version != "" {
			f.DesiredConfiguration = &autoscaling.DesiredConfiguration{LaunchTemplate: &autoscaling.LaunchTemplateSpecification{LaunchTemplateId: aws.String("lt-1"), Version: &version}}
		}
		return f
	}
	for _, tt := range []struct {
		name string
		n    renewal
		f    *autoscaling.InstanceRefresh
		want bool
	}{
		{"a number, with that number", pinned, refresh("5", began.Add(-time.Hour)), true},
		{"a number, with another", pinned, refresh("6", began), false},
		{"a number, without one", pinned, refresh("", began), false},
		{"no number, begun after the pointer was moved", other, refresh("", began.Add(time.Minute)), true},
		{"no number, begun in the same second", other, refresh("", began.Truncate(time.Second)), true},
		{"no number, begun before", other, refresh("", began.Add(-time.Minute)), false},
		{"no number, with a number", other, refresh("5", began.Add(time.Minute)), false},
		{"no number, not begun yet", other, &autoscaling.InstanceRefresh{}, true},
	} {
		if got := tt.n.has(tt.f); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}
