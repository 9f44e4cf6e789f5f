package local_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/updraft-go/updraft/local"
)

// A fleetTest is a group called web of version 1 of a launch template, of which there is a version 2 with
// another image.
type fleetTest struct {
	cloud            *local.Cloud
	ec2              *ec2.Client
	scaling          *autoscaling.Client
	template, golden string
}

// inFleet runs a test in a bubble of time, in a cloud in which an instance takes a minute to start.
func inFleet(t *testing.T, version string, size int32, test func(*testing.T, *fleetTest)) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		f := &fleetTest{cloud: cloud, ec2: ec2Client(cloud), scaling: scalingClient(cloud)}
		f.template = newTemplate(t, f.ec2, "app", publicImage)
		newGroup(t, f.scaling, "web", f.template, version, size)
		f.golden = bake(t, f.ec2, runOne(t, f.ec2), "golden")
		newVersion(t, f.ec2, f.template, f.golden)
		cloud.Fail(local.Fault{Type: "AWS::EC2::Instance", Delay: time.Minute})
		test(t, f)
	})
}

// start starts an instance refresh to version 2, or without a desired configuration.
func (f *fleetTest) start(t *testing.T, desired bool, p *types.RefreshPreferences) error {
	t.Helper()
	in := &autoscaling.StartInstanceRefreshInput{AutoScalingGroupName: aws.String("web"), Preferences: p}
	if desired {
		in.DesiredConfiguration = &types.DesiredConfiguration{LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateId: &f.template, Version: aws.String("2")}}
	}
	_, err := f.scaling.StartInstanceRefresh(t.Context(), in)
	return err
}

func (f *fleetTest) refresh(t *testing.T) types.InstanceRefresh {
	t.Helper()
	return must(f.scaling.DescribeInstanceRefreshes(t.Context(), &autoscaling.DescribeInstanceRefreshesInput{AutoScalingGroupName: aws.String("web")}))(t).InstanceRefreshes[0]
}

// say is how the refresh and the group are: status, percentage, instances to update, and how many
// instances are in service of each image, old and new, and not in service.
func (f *fleetTest) say(t *testing.T) string {
	t.Helper()
	r := f.refresh(t)
	count := map[string]int{}
	for _, i := range groupOf(t, f.scaling, "web").Instances {
		switch {
		case i.LifecycleState != types.LifecycleStateInService:
			count["on the way"]++
		case *i.ImageId == f.golden:
			count["new"]++
		default:
			count["old"]++
		}
	}
	return fmt.Sprintf("%s %d%% %d: %d old, %d new, %d on the way", r.Status, aws.ToInt32(r.PercentageComplete), aws.ToInt32(r.InstancesToUpdate), count["old"], count["new"], count["on the way"])
}

// follow tells how the refresh is each minute, until it is as it was or has ended.
func (f *fleetTest) follow(t *testing.T, minutes int) []string {
	t.Helper()
	told := []string{f.say(t)}
	for range minutes {
		time.Sleep(time.Minute)
		told = append(told, f.say(t))
		if f.refresh(t).EndTime != nil {
			break
		}
	}
	return told
}

func TestRefreshesReplaceWhatTheyMay(t *testing.T) {
	for _, tt := range []struct {
		name  string
		size  int32
		p     *types.RefreshPreferences
		lines []string
	}{
		{"one at a time, without a word", 2, nil, []string{
			"InProgress 0% 2: 1 old, 0 new, 1 on the way",
			"InProgress 50% 1: 0 old, 1 new, 1 on the way",
			"Successful 100% 0: 0 old, 2 new, 0 on the way",
		}},
		{"as many as may be missing", 4, &types.RefreshPreferences{MinHealthyPercentage: aws.Int32(50)}, []string{
			"InProgress 0% 4: 2 old, 0 new, 2 on the way",
			"InProgress 50% 2: 0 old, 2 new, 2 on the way",
			"Successful 100% 0: 0 old, 4 new, 0 on the way",
		}},
		{"the new ones first", 2, &types.RefreshPreferences{MinHealthyPercentage: aws.Int32(100), MaxHealthyPercentage: aws.Int32(150)}, []string{
			"InProgress 0% 2: 2 old, 0 new, 1 on the way",
			"InProgress 50% 1: 1 old, 1 new, 1 on the way",
			"Successful 100% 0: 0 old, 2 new, 0 on the way",
		}},
		{"with time to warm up", 1, &types.RefreshPreferences{InstanceWarmup: aws.Int32(90)}, []string{
			"InProgress 0% 1: 0 old, 0 new, 1 on the way",
			"InProgress 0% 1: 0 old, 1 new, 0 on the way",
			"InProgress 0% 1: 0 old, 1 new, 0 on the way",
			"Successful 100% 0: 0 old, 1 new, 0 on the way",
		}},
		{"with a checkpoint", 2, &types.RefreshPreferences{CheckpointPercentages: []int32{50, 100}, CheckpointDelay: aws.Int32(120), MinHealthyPercentage: aws.Int32(0)}, []string{
			"InProgress 0% 2: 1 old, 0 new, 1 on the way",
			"InProgress 50% 1: 1 old, 1 new, 0 on the way",
			"InProgress 50% 1: 1 old, 1 new, 0 on the way",
			"InProgress 50% 1: 0 old, 1 new, 1 on the way",
			"Successful 100% 0: 0 old, 2 new, 0 on the way",
		}},
		{"with time to bake", 1, &types.RefreshPreferences{BakeTime: aws.Int32(120)}, []string{
			"InProgress 0% 1: 0 old, 0 new, 1 on the way",
			"Baking 100% 0: 0 old, 1 new, 0 on the way",
			"Baking 100% 0: 0 old, 1 new, 0 on the way",
			"Successful 100% 0: 0 old, 1 new, 0 on the way",
		}},
		{"only a part", 2, &types.RefreshPreferences{CheckpointPercentages: []int32{50}, CheckpointDelay: aws.Int32(0)}, []string{
			"InProgress 0% 2: 1 old, 0 new, 1 on the way",
			"Successful 50% 1: 1 old, 1 new, 0 on the way",
		}},
		{"none", 0, nil, []string{"Successful 100% 0: 0 old, 0 new, 0 on the way"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inFleet(t, "1", tt.size, func(t *testing.T, f *fleetTest) {
				if err := f.start(t, true, tt.p); err != nil {
					t.Fatal(err)
				}
				if len(tt.lines) == 1 {
					equal(t, tt.lines[0], f.say(t))
					return
				}
				equal(t, tt.lines, f.follow(t, 10))
				equal(t, "2", *groupOf(t, f.scaling, "web").LaunchTemplate.Version)
			})
		})
	}
}

func TestRefreshesSkipWhatMatches(t *testing.T) {
	inFleet(t, "1", 2, func(t *testing.T, f *fleetTest) {
		if err := f.start(t, true, nil); err != nil {
			t.Fatal(err)
		}
		_ = f.follow(t, 10)
		if err := f.start(t, true, &types.RefreshPreferences{SkipMatching: aws.Bool(true)}); err != nil {
			t.Fatal(err)
		}
		equal(t, "Successful 100% 0: 0 old, 2 new, 0 on the way", f.say(t))
		if err := f.start(t, true, nil); err != nil {
			t.Fatal(err)
		}
		equal(t, types.InstanceRefreshStatusInProgress, f.refresh(t).Status)
	})
}

func TestRefreshesOneAtATimeAndCancelled(t *testing.T) {
	inFleet(t, "$Latest", 2, func(t *testing.T, f *fleetTest) {
		_, err := f.scaling.CancelInstanceRefresh(t.Context(), &autoscaling.CancelInstanceRefreshInput{AutoScalingGroupName: aws.String("web")})
		wantCode(t, err, "ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found for Auto Scaling group web")
		if err := f.start(t, false, nil); err != nil {
			t.Fatal(err)
		}
		wantCode(t, f.start(t, false, nil), "InstanceRefreshInProgress", "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.")
		_, err = f.scaling.RollbackInstanceRefresh(t.Context(), &autoscaling.RollbackInstanceRefreshInput{AutoScalingGroupName: aws.String("web")})
		wantCode(t, err, "IrreversibleInstanceRefresh", "")
		must(f.scaling.CancelInstanceRefresh(t.Context(), &autoscaling.CancelInstanceRefreshInput{AutoScalingGroupName: aws.String("web")}))(t)
		equal(t, []string{"Cancelling 0% 2: 1 old, 0 new, 1 on the way", "Cancelled 0% 2: 1 old, 1 new, 0 on the way"}, f.follow(t, 2))
	})
}

func TestRefreshesOfGroupsOnLatestCannotBeRolledBack(t *testing.T) {
	inFleet(t, "$Latest", 1, func(t *testing.T, f *fleetTest) {
		wantCode(t, f.start(t, true, &types.RefreshPreferences{AutoRollback: aws.Bool(true)}), "ValidationError", "")
		if err := f.start(t, true, nil); err != nil {
			t.Fatal(err)
		}
		_, err := f.scaling.RollbackInstanceRefresh(t.Context(), &autoscaling.RollbackInstanceRefreshInput{AutoScalingGroupName: aws.String("web")})
		wantCode(t, err, "IrreversibleInstanceRefresh", "")
	})
}

func TestRefreshesAreRolledBack(t *testing.T) {
	inFleet(t, "1", 3, func(t *testing.T, f *fleetTest) {
		if err := f.start(t, true, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(90 * time.Second)
		equal(t, "InProgress 33% 2: 1 old, 1 new, 1 on the way", f.say(t))
		must(f.scaling.RollbackInstanceRefresh(t.Context(), &autoscaling.RollbackInstanceRefreshInput{AutoScalingGroupName: aws.String("web")}))(t)
		_, err := f.scaling.RollbackInstanceRefresh(t.Context(), &autoscaling.RollbackInstanceRefreshInput{AutoScalingGroupName: aws.String("web")})
		wantCode(t, err, "ActiveInstanceRefreshNotFound", "")
		got := f.follow(t, 10)
		equal(t, "RollbackSuccessful 33% 2: 3 old, 0 new, 0 on the way", got[len(got)-1])
		r := f.refresh(t)
		equal(t, int32(100), *r.RollbackDetails.PercentageCompleteOnRollback)
		equal(t, "1", *groupOf(t, f.scaling, "web").LaunchTemplate.Version)
	})
}

const rollbackAlarm = `{"Resources": {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "errors", "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}}}}`

func TestAnAlarmFailsARefresh(t *testing.T) {
	for _, undo := range []bool{false, true} {
		t.Run(fmt.Sprint(undo), func(t *testing.T) {
			inFleet(t, "1", 2, func(t *testing.T, f *fleetTest) {
				p := &types.RefreshPreferences{AlarmSpecification: &types.AlarmSpecification{Alarms: []string{"errors"}}, AutoRollback: &undo, BakeTime: aws.Int32(600)}
				wantCode(t, f.start(t, true, p), "ValidationError", "Invalid preferences: the alarm errors of AlarmSpecification does not exist")
				create(t, client(f.cloud), "alarms", rollbackAlarm)
				if err := f.start(t, true, p); err != nil {
					t.Fatal(err)
				}
				time.Sleep(3 * time.Minute)
				equal(t, "Baking 100% 0: 0 old, 2 new, 0 on the way", f.say(t))
				if err := f.cloud.SetAlarm("errors", true); err != nil {
					t.Fatal(err)
				}
				if !undo {
					equal(t, "Failed 100% 0: 0 old, 2 new, 0 on the way", f.say(t))
					equal(t, "The alarm errors is in ALARM state.", *f.refresh(t).StatusReason)
					equal(t, "1", *groupOf(t, f.scaling, "web").LaunchTemplate.Version)
					return
				}
				equal(t, types.InstanceRefreshStatusRollbackInProgress, f.refresh(t).Status)
				equal(t, "The alarm errors is in ALARM state.", *f.refresh(t).RollbackDetails.RollbackReason)
				got := f.follow(t, 10)
				equal(t, "RollbackSuccessful 100% 0: 2 old, 0 new, 0 on the way", got[len(got)-1])
			})
		})
	}
}

func TestARefreshThatDoesNotGetOnFails(t *testing.T) {
	for _, undo := range []bool{false, true} {
		t.Run(fmt.Sprint(undo), func(t *testing.T) {
			inFleet(t, "1", 2, func(t *testing.T, f *fleetTest) {
				f.cloud.Heal()
				f.cloud.Fail(local.Fault{Type: "AWS::EC2::Instance", LogicalID: "golden", Reason: "there is no room"})
				if err := f.start(t, true, &types.RefreshPreferences{AutoRollback: &undo}); err != nil {
					t.Fatal(err)
				}
				equal(t, "InProgress 0% 2: 1 old, 0 new, 0 on the way", f.say(t))
				equal(t, "there is no room. Launching EC2 instance failed.", *activitiesOf(t, f.scaling, "web")[0].StatusMessage)
				time.Sleep(59 * time.Minute)
				equal(t, types.InstanceRefreshStatusInProgress, f.refresh(t).Status)
				time.Sleep(time.Minute)
				if undo {
					equal(t, "RollbackSuccessful 0% 2: 2 old, 0 new, 0 on the way", f.say(t))
					return
				}
				equal(t, types.InstanceRefreshStatusFailed, f.refresh(t).Status)
				if !strings.HasPrefix(*f.refresh(t).StatusReason, "The instance refresh did not get on within an hour.") {
					t.Error(*f.refresh(t).StatusReason)
				}
				time.Sleep(5 * time.Minute)
				equal(t, []string{publicImage, publicImage}, imagesOf(t, f.scaling, "web"))
			})
		})
	}
}

func TestRefreshesRefuse(t *testing.T) {
	inFleet(t, "1", 1, func(t *testing.T, f *fleetTest) {
		for _, tt := range []struct {
			p    *types.RefreshPreferences
			text string
		}{
			{&types.RefreshPreferences{MaxHealthyPercentage: aws.Int32(110)}, "MinHealthyPercentage must be specified with MaxHealthyPercentage"},
			{&types.RefreshPreferences{MinHealthyPercentage: aws.Int32(-1), MaxHealthyPercentage: aws.Int32(99)}, "MinHealthyPercentage must be from 0 to 100; MaxHealthyPercentage must be from 100 to 200"},
			{&types.RefreshPreferences{MinHealthyPercentage: aws.Int32(50), MaxHealthyPercentage: aws.Int32(200)}, "the difference between MaxHealthyPercentage and MinHealthyPercentage must not be greater than 100"},
			{&types.RefreshPreferences{CheckpointDelay: aws.Int32(1)}, "CheckpointPercentages must be specified with CheckpointDelay"},
			{&types.RefreshPreferences{CheckpointPercentages: []int32{50, 50}}, "CheckpointPercentages must be in ascending order, and each unique"},
			{&types.RefreshPreferences{ScaleInProtectedInstances: "Hope"}, "ScaleInProtectedInstances must be one of [Refresh, Ignore, Wait]"},
		} {
			wantCode(t, f.start(t, true, tt.p), "ValidationError", "Invalid preferences: "+tt.text)
		}
		must(f.ec2.DeregisterImage(t.Context(), &ec2.DeregisterImageInput{ImageId: &f.golden}))(t)
		wantCode(t, f.start(t, true, nil), "ValidationError", "You must use a valid fully-formed launch template. The AMI ID "+f.golden+" does not exist.")
		_, err := f.scaling.StartInstanceRefresh(t.Context(), &autoscaling.StartInstanceRefreshInput{AutoScalingGroupName: aws.String("web"), Strategy: types.RefreshStrategyReplaceRootVolume})
		wantCode(t, err, "ValidationError", "")
	})
}

// Starting, warming up and baking pass sixty times as fast: minutes in seconds.
func TestRefreshesGoByTheTimeScale(t *testing.T) {
	inFleet(t, "1", 1, func(t *testing.T, f *fleetTest) {
		f.cloud.TimeScale = 60
		must(0, f.start(t, true, &types.RefreshPreferences{InstanceWarmup: aws.Int32(120), BakeTime: aws.Int32(60)}))(t)
		for _, want := range []string{ // it starts for a second, is warm two later, and is watched for one more
			"InProgress 0% 1: 0 old, 0 new, 1 on the way",
			"InProgress 0% 1: 0 old, 1 new, 0 on the way",
			"Baking 100% 0: 0 old, 1 new, 0 on the way",
			"Successful 100% 0: 0 old, 1 new, 0 on the way",
		} {
			time.Sleep(10 * time.Millisecond)
			for f.say(t) != want && f.refresh(t).EndTime == nil {
				time.Sleep(100 * time.Millisecond)
			}
			equal(t, want, f.say(t))
		}
		took := f.refresh(t).EndTime.Sub(*f.refresh(t).StartTime)
		equal(t, 4*time.Second, took.Round(time.Second))
	})
}
