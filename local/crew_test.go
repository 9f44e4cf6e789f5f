package local_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
)

// fleet is a stack with a group whose instances run, of an image and a size that a parameter gives.
func fleet(policy string) string {
	return `{"Parameters": {"Image": {"Type": "String"}, "Size": {"Type": "Number", "Default": 3}}, "Resources": {
		"Template": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {"ImageId": {"Ref": "Image"}, "InstanceType": "t3.micro"}}},
		"Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", ` + policy + `, "Properties": {"AutoScalingGroupName": "web", "MinSize": "0", "MaxSize": "5", "DesiredCapacity": {"Ref": "Size"}, "AvailabilityZones": ["us-east-1a"],
			"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}, "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]}}}}}}`
}

// play deploys the fleet, in a bubble of time, and updates it to another image.
func play(t *testing.T, policy string, act func(t *testing.T, s *rollout)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		s := &rollout{t, cloud, client(cloud), fleet(policy), "", map[string]bool{}}
		s.golden = bake(t, ec2Client(cloud), runOne(t, ec2Client(cloud)), "golden")
		equal(t, types.StackStatusCreateComplete, create(t, s.api, "web", s.template, "Image", publicImage).StackStatus)
		act(t, s)
	})
}

type rollout struct {
	t        *testing.T
	cloud    *local.Cloud
	api      *cloudformation.Client
	template string
	golden   string
	heard    map[string]bool // instances that have signalled, with the status
}

// ids are the instances in service, sorted.
func (s *rollout) ids() []string {
	var all []string
	for _, i := range groupOf(s.t, scalingClient(s.cloud), "web").Instances {
		if i.LifecycleState == "InService" || i.LifecycleState == "Pending" {
			all = append(all, *i.InstanceId)
		}
	}
	slices.Sort(all)
	return all
}

func (s *rollout) images() []string { return imagesOf(s.t, scalingClient(s.cloud), "web") }

// signal has each instance of the group signal that is not among those, and has not said it before.
func (s *rollout) signal(old []string, status types.ResourceSignalStatus) {
	s.t.Helper()
	for _, id := range s.ids() {
		said := id + string(status)
		if slices.Contains(old, id) || s.heard[said] {
			continue
		}
		s.heard[said] = true
		_, err := s.api.SignalResource(s.t.Context(), &cloudformation.SignalResourceInput{StackName: aws.String("web"), LogicalResourceId: aws.String("Group"), UniqueId: &id, Status: status})
		if err != nil {
			s.t.Fatal(err)
		}
	}
	synctest.Wait()
}

const oneByOne = `"UpdatePolicy": {"AutoScalingRollingUpdate": {"MinInstancesInService": 3, "WaitOnResourceSignals": true, "PauseTime": "PT10M"}}`

func TestARollingUpdateReplacesInstances(t *testing.T) {
	play(t, oneByOne, func(t *testing.T, s *rollout) {
		old := s.ids()
		equal(t, types.StackStatusUpdateInProgress, update(t, s.api, "web", s.template, "Image", s.golden).StackStatus)
		equal(t, 4, len(s.ids())) // one more than usual
		for range 3 {
			s.signal(old, "SUCCESS")
		}
		equal(t, types.StackStatusUpdateComplete, describe(t, s.api, "web").StackStatus)
		<-time.After(5 * time.Minute)
		equal(t, []string{s.golden, s.golden, s.golden}, s.images())
		all := strings.Join(lines(t, s.api, "web"), "\n")
		wantIn(t, all, "Temporarily setting autoscaling group MinSize and DesiredCapacity to 4.", "(Progress 33%).", "(Progress 100%).")
		for _, id := range old {
			wantIn(t, all, "Terminating instance(s) ["+id+"]; replacing with ", "Successfully terminated instance(s) ["+id+"]")
		}
	})
}

func TestARollingUpdateThatFailsBringsTheOldInstancesBack(t *testing.T) {
	play(t, oneByOne, func(t *testing.T, s *rollout) {
		old := s.ids()
		update(t, s.api, "web", s.template, "Image", s.golden)
		first := slices.DeleteFunc(s.ids(), func(id string) bool { return slices.Contains(old, id) })
		s.signal(old, "SUCCESS") // the first is replaced
		s.signal(slices.Concat(old, first), "FAILURE")
		equal(t, types.StackStatusUpdateRollbackInProgress, describe(t, s.api, "web").StackStatus)
		s.signal(old, "SUCCESS")
		equal(t, types.StackStatusUpdateRollbackComplete, describe(t, s.api, "web").StackStatus)
		<-time.After(5 * time.Minute)
		equal(t, []string{publicImage, publicImage, publicImage}, s.images())
		survivors := 0
		for _, id := range s.ids() {
			if slices.Contains(old, id) {
				survivors++
			}
		}
		equal(t, 2, survivors) // only what the update had terminated was launched again
	})
}

func TestWithoutSignalsInstancesAreReplacedAtOnce(t *testing.T) {
	play(t, `"UpdatePolicy": {"AutoScalingRollingUpdate": {"MaxBatchSize": 2}}`, func(t *testing.T, s *rollout) {
		equal(t, types.StackStatusUpdateComplete, update(t, s.api, "web", s.template, "Image", s.golden, "Size", "2").StackStatus)
		<-time.After(5 * time.Minute)
		equal(t, []string{s.golden, s.golden}, s.images())
	})
}

// What cannot be launched fails the update, and what ran before runs again.
func TestInstancesThatCannotBeLaunched(t *testing.T) {
	play(t, `"UpdatePolicy": {"AutoScalingRollingUpdate": {"MaxBatchSize": 1}}`, func(t *testing.T, s *rollout) {
		s.cloud.Fail(local.Fault{Type: "AWS::EC2::Instance", LogicalID: "golden", Reason: "there is no room for " + s.golden})
		update(t, s.api, "web", s.template, "Image", s.golden)
		equal(t, types.StackStatusUpdateRollbackComplete, describe(t, s.api, "web").StackStatus)
		wantIn(t, strings.Join(lines(t, s.api, "web"), "\n"), "Group UPDATE_FAILED: The group web could not launch an instance. ", s.golden)
		<-time.After(5 * time.Minute)
		equal(t, []string{publicImage, publicImage, publicImage}, s.images())
	})
}

// An instance that was given up does not stand for another one when it signals in the end.
func TestASignalThatIsTooLateForItsBatch(t *testing.T) {
	policy := strings.Replace(oneByOne, `"PauseTime"`, `"MinSuccessfulInstancesPercent": 50, "PauseTime"`, 1)
	play(t, policy, func(t *testing.T, s *rollout) {
		old := s.ids()
		update(t, s.api, "web", s.template, "Image", s.golden)
		late := slices.DeleteFunc(s.ids(), func(id string) bool { return slices.Contains(old, id) })
		<-time.After(11 * time.Minute)
		synctest.Wait()
		second := slices.DeleteFunc(s.ids(), func(id string) bool { return slices.Contains(slices.Concat(old, late), id) })
		s.signal(slices.Concat(old, second), "SUCCESS")
		equal(t, 1, len(second))
		equal(t, 0, len(slices.DeleteFunc(s.ids(), func(id string) bool { return slices.Contains(slices.Concat(old, late, second), id) })))
		s.signal(old, "SUCCESS")
		s.signal(old, "SUCCESS")
		equal(t, types.StackStatusUpdateComplete, describe(t, s.api, "web").StackStatus)
	})
}

// Instances that are added wait for signals, too, and those of a group that a user has scaled count.
func TestAGroupThatGrows(t *testing.T) {
	play(t, oneByOne, func(t *testing.T, s *rollout) {
		old := s.ids()
		equal(t, types.StackStatusUpdateInProgress, update(t, s.api, "web", s.template, "Image", publicImage, "Size", "5").StackStatus)
		wantIn(t, strings.Join(lines(t, s.api, "web"), "\n"), "New instance(s) added to autoscaling group - Waiting on 2 resource signal(s) with a timeout of PT10M.")
		s.signal(old, "SUCCESS")
		equal(t, types.StackStatusUpdateComplete, describe(t, s.api, "web").StackStatus)
		old = s.ids()
		update(t, s.api, "web", s.template, "Image", s.golden, "Size", "5")
		wantIn(t, strings.Join(lines(t, s.api, "web"), "\n"), fmt.Sprintf("Terminating %d obsolete instance(s) in batches of 1, while keeping at least 3 instance(s) in service.", 5))
		for range 5 {
			s.signal(old, "SUCCESS")
		}
		equal(t, types.StackStatusUpdateComplete, describe(t, s.api, "web").StackStatus)
	})
}
