package local_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// newGroup makes a group of at most 10 instances.
func newGroup(t *testing.T, api *autoscaling.Client, name, template, version string, desired int32) {
	t.Helper()
	must(api.CreateAutoScalingGroup(t.Context(), &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: &name, MinSize: aws.Int32(0), MaxSize: aws.Int32(10), DesiredCapacity: &desired, AvailabilityZones: []string{"us-east-1a", "us-east-1b"},
		LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateId: &template, Version: &version},
		Tags:           []types.Tag{{Key: aws.String("app"), Value: aws.String("web"), PropagateAtLaunch: aws.Bool(true)}},
	}))(t)
}

func groupOf(t *testing.T, api *autoscaling.Client, name string) types.AutoScalingGroup {
	t.Helper()
	out := must(api.DescribeAutoScalingGroups(t.Context(), &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{name}}))(t)
	if len(out.AutoScalingGroups) != 1 {
		t.Fatalf("there are %d groups called %s", len(out.AutoScalingGroups), name)
	}
	return out.AutoScalingGroups[0]
}

// imagesOf are the images of the instances of a group that are in service, sorted.
func imagesOf(t *testing.T, api *autoscaling.Client, name string) []string {
	t.Helper()
	var all []string
	for _, i := range groupOf(t, api, name).Instances {
		if i.LifecycleState == types.LifecycleStateInService {
			all = append(all, *i.ImageId)
		}
	}
	slices.Sort(all)
	return all
}

// sorted is what imagesOf gives for these images, whose IDs are made up in each run.
func sorted(images ...string) []string {
	slices.Sort(images)
	return images
}

// resize sets the desired capacity of a group.
func resize(t *testing.T, api *autoscaling.Client, name string, to int32) {
	t.Helper()
	must(api.SetDesiredCapacity(t.Context(), &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: &name, DesiredCapacity: &to}))(t)
}

// activitiesOf are those of a group, the newest first.
func activitiesOf(t *testing.T, api *autoscaling.Client, name string) []types.Activity {
	t.Helper()
	return must(api.DescribeScalingActivities(t.Context(), &autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: &name}))(t).Activities
}

func TestGroupsLaunchTheVersionThatTheyName(t *testing.T) {
	cloud := localtest.New(t)
	api, scaling := ec2Client(cloud), scalingClient(cloud)
	id := newTemplate(t, api, "app", publicImage)
	newGroup(t, scaling, "latest", id, "$Latest", 1)
	newGroup(t, scaling, "default", id, "$Default", 1)
	newGroup(t, scaling, "one", id, "1", 1)
	golden := bake(t, api, runOne(t, api), "golden")
	newVersion(t, api, id, golden)
	for _, name := range []string{"latest", "default", "one"} {
		resize(t, scaling, name, 2)
	}
	equal(t, sorted(publicImage, golden), imagesOf(t, scaling, "latest"))
	equal(t, []string{publicImage, publicImage}, imagesOf(t, scaling, "default"))
	equal(t, []string{publicImage, publicImage}, imagesOf(t, scaling, "one"))
	must(api.ModifyLaunchTemplate(t.Context(), &ec2.ModifyLaunchTemplateInput{LaunchTemplateId: &id, DefaultVersion: aws.String("2")}))(t)
	resize(t, scaling, "default", 3)
	equal(t, sorted(publicImage, publicImage, golden), imagesOf(t, scaling, "default"))
	g := groupOf(t, scaling, "latest")
	equal(t, "app $Latest", *g.LaunchTemplate.LaunchTemplateName+" "+*g.LaunchTemplate.Version)
	equal(t, "2", *g.Instances[1].LaunchTemplate.Version)
	instances := must(api.DescribeInstances(t.Context(), &ec2.DescribeInstancesInput{InstanceIds: []string{*g.Instances[1].InstanceId}}))(t).Reservations[0].Instances
	var tags []string
	for _, tag := range instances[0].Tags {
		tags = append(tags, *tag.Key+"="+*tag.Value)
	}
	equal(t, []string{"app=web", "aws:autoscaling:groupName=latest", "aws:ec2launchtemplate:id=" + id, "aws:ec2launchtemplate:version=2"}, tags)
}

func TestGroupsFailToLaunchWhileTheImageIsPending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 4 * time.Minute})
		api, scaling := ec2Client(cloud), scalingClient(cloud)
		id := newTemplate(t, api, "app", publicImage)
		newGroup(t, scaling, "web", id, "$Latest", 1)
		golden := bake(t, api, runOne(t, api), "golden")
		newVersion(t, api, id, golden)
		resize(t, scaling, "web", 2)
		failed := activitiesOf(t, scaling, "web")[0]
		equal(t, types.ScalingActivityStatusCodeFailed, failed.StatusCode)
		equal(t, "AMI "+golden+" is pending, and cannot be run. Launching EC2 instance failed.", *failed.StatusMessage)
		time.Sleep(3 * time.Minute)
		equal(t, []string{publicImage}, imagesOf(t, scaling, "web"))
		time.Sleep(5 * time.Minute)
		equal(t, sorted(publicImage, golden), imagesOf(t, scaling, "web"))
		good := activitiesOf(t, scaling, "web")[0]
		equal(t, types.ScalingActivityStatusCodeSuccessful, good.StatusCode)
		must(api.DeregisterImage(t.Context(), &ec2.DeregisterImageInput{ImageId: &golden}))(t)
		resize(t, scaling, "web", 3)
		equal(t, "The AMI ID "+golden+" does not exist. Launching EC2 instance failed.", *activitiesOf(t, scaling, "web")[0].StatusMessage)
		_, err := scaling.CreateAutoScalingGroup(t.Context(), &autoscaling.CreateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("other"), MinSize: aws.Int32(0), MaxSize: aws.Int32(1), AvailabilityZones: []string{"us-east-1a"},
			LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateId: &id},
		})
		equal(t, nil, err) // $Default is still the first version
	})
}

func TestGroupsReplaceWhatTheyLose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Minute}
		defer cloud.Close()
		api, scaling := ec2Client(cloud), scalingClient(cloud)
		newGroup(t, scaling, "web", newTemplate(t, api, "app", publicImage), "$Latest", 2)
		equal(t, types.LifecycleStatePending, groupOf(t, scaling, "web").Instances[0].LifecycleState)
		time.Sleep(time.Minute)
		before := groupOf(t, scaling, "web").Instances
		equal(t, types.LifecycleStateInService, before[0].LifecycleState)
		equal(t, "us-east-1a us-east-1b", *before[0].AvailabilityZone+" "+*before[1].AvailabilityZone)
		must(api.TerminateInstances(t.Context(), &ec2.TerminateInstancesInput{InstanceIds: []string{*before[0].InstanceId}}))(t)
		time.Sleep(5 * time.Minute)
		after := groupOf(t, scaling, "web").Instances
		equal(t, 2, len(after))
		if *after[0].InstanceId != *before[1].InstanceId || *after[1].InstanceId == *before[0].InstanceId {
			t.Errorf("%v became %v", before, after)
		}
		_, err := scaling.DeleteAutoScalingGroup(t.Context(), &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: aws.String("web")})
		wantCode(t, err, "ResourceInUse", "")
		must(scaling.DeleteAutoScalingGroup(t.Context(), &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: aws.String("web"), ForceDelete: aws.Bool(true)}))(t)
		equal(t, "Delete in progress", aws.ToString(groupOf(t, scaling, "web").Status))
		time.Sleep(time.Minute)
		equal(t, 0, len(must(scaling.DescribeAutoScalingGroups(t.Context(), nil))(t).AutoScalingGroups))
		for _, r := range must(api.DescribeInstances(t.Context(), nil))(t).Reservations {
			equal(t, "terminated", string(r.Instances[0].State.Name))
		}
		time.Sleep(2 * time.Hour)
		equal(t, 0, len(must(api.DescribeInstances(t.Context(), nil))(t).Reservations))
	})
}

func TestGroupsRefuse(t *testing.T) {
	cloud := localtest.New(t)
	api, scaling := ec2Client(cloud), scalingClient(cloud)
	id := newTemplate(t, api, "app", publicImage)
	newGroup(t, scaling, "web", id, "$Latest", 1)
	group := func(change func(*autoscaling.CreateAutoScalingGroupInput)) error {
		in := &autoscaling.CreateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("new"), MinSize: aws.Int32(1), MaxSize: aws.Int32(2), AvailabilityZones: []string{"us-east-1a"},
			LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateId: &id},
		}
		change(in)
		_, err := scaling.CreateAutoScalingGroup(t.Context(), in)
		return err
	}
	wantCode(t, group(func(in *autoscaling.CreateAutoScalingGroupInput) { in.AutoScalingGroupName = aws.String("web") }), "AlreadyExists", "")
	wantCode(t, group(func(in *autoscaling.CreateAutoScalingGroupInput) { in.LaunchTemplate = nil }), "ValidationError", "")
	wantCode(t, group(func(in *autoscaling.CreateAutoScalingGroupInput) { in.DesiredCapacity = aws.Int32(3) }), "ValidationError",
		"Desired capacity:3 must be between the specified min size:1 and max size:2")
	wantCode(t, group(func(in *autoscaling.CreateAutoScalingGroupInput) { in.LaunchTemplate.Version = aws.String("4") }), "ValidationError",
		"You must use a valid fully-formed launch template. Could not find the specified version 4 for the launch template with ID "+id+".")
	wantCode(t, group(func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.AvailabilityZones, in.VPCZoneIdentifier = nil, aws.String("subnet-0")
	}), "ValidationError", "The subnet ID 'subnet-0' does not exist")
	_, err := scaling.SetDesiredCapacity(t.Context(), &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(11)})
	wantCode(t, err, "ValidationError", "New SetDesiredCapacity value 11 is above max value 10 for the AutoScalingGroup.")
	_, err = scaling.SetDesiredCapacity(t.Context(), &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: aws.String("none"), DesiredCapacity: aws.Int32(1)})
	wantCode(t, err, "ValidationError", "")
}

const scalingStack = `{
	"Parameters": {"Image": {"Type": "String"}, "Size": {"Type": "Number", "Default": 2}},
	"Resources": {
		"Template": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {"ImageId": {"Ref": "Image"}, "InstanceType": "t3.micro"}}},
		"Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {
			"MinSize": "1", "MaxSize": "4", "DesiredCapacity": {"Ref": "Size"}, "AvailabilityZones": {"Fn::GetAZs": ""},
			"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}, "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]}}}}},
	"Outputs": {"Group": {"Value": {"Ref": "Group"}}, "Version": {"Value": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]}}, "Template": {"Value": {"Ref": "Template"}}}}`

func TestStacksMakeGroupsThatRunInstances(t *testing.T) {
	cloud := localtest.New(t)
	stacks, api, scaling := client(cloud), ec2Client(cloud), scalingClient(cloud)
	made := create(t, stacks, "app", scalingStack, "Image", publicImage)
	name := output(made, "Group")
	equal(t, []string{publicImage, publicImage}, imagesOf(t, scaling, name))
	golden := bake(t, api, runOne(t, api), "golden")
	made = update(t, stacks, "app", scalingStack, "Image", golden, "Size", "3")
	equal(t, "2", output(made, "Version"))
	equal(t, sorted(publicImage, publicImage, golden), imagesOf(t, scaling, name))
	equal(t, "2", *groupOf(t, scaling, name).LaunchTemplate.Version)
	versions := must(api.DescribeLaunchTemplateVersions(t.Context(), &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: aws.String(output(made, "Template"))}))(t)
	equal(t, 2, len(versions.LaunchTemplateVersions))
	remove(t, stacks, "app")
	equal(t, 0, len(must(scaling.DescribeAutoScalingGroups(t.Context(), nil))(t).AutoScalingGroups))
	equal(t, 0, len(must(api.DescribeLaunchTemplates(t.Context(), nil))(t).LaunchTemplates))
}

// output is an output of a stack.
func output(s cfntypes.Stack, key string) string {
	for _, o := range s.Outputs {
		if *o.OutputKey == key {
			return *o.OutputValue
		}
	}
	return ""
}
