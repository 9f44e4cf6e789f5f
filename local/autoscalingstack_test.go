package local_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

func TestARollingUpdateReplacesTheInstancesOfItsGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		stacks, api, scaling := client(cloud), ec2Client(cloud), scalingClient(cloud)
		template := strings.Replace(scalingStack, `"Type": "AWS::AutoScaling::AutoScalingGroup",`,
			`"Type": "AWS::AutoScaling::AutoScalingGroup", "UpdatePolicy": {"AutoScalingRollingUpdate": {"MinInstancesInService": 2, "PauseTime": "PT2M"}},`, 1)
		made := create(t, stacks, "app", template, "Image", publicImage)
		name, golden := output(made, "Group"), bake(t, api, runOne(t, api), "golden")
		update(t, stacks, "app", template, "Image", golden)
		var seen []string
		for range 8 {
			synctest.Wait()
			if now := strings.Join(imagesOf(t, scaling, name), " "); !slices.Contains(seen, now) {
				seen = append(seen, now)
			}
			time.Sleep(time.Minute)
		}
		equal(t, []string{publicImage + " " + publicImage + " " + golden, publicImage + " " + golden + " " + golden, golden + " " + golden}, seen)
		equal(t, "UPDATE_COMPLETE", string(describe(t, stacks, "app").StackStatus))
	})
}

func TestChangesOfAGroupBesideItsStack(t *testing.T) {
	cloud := localtest.New(t)
	stacks, scaling := client(cloud), scalingClient(cloud)
	made := create(t, stacks, "app", scalingStack, "Image", publicImage)
	name := output(made, "Group")
	must(scaling.UpdateAutoScalingGroup(t.Context(), &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: &name, MaxSize: aws.Int32(6), DesiredCapacity: aws.Int32(5)}))(t)
	equal(t, 5, len(imagesOf(t, scaling, name)))
	must(stacks.DetectStackDrift(t.Context(), &cloudformation.DetectStackDriftInput{StackName: aws.String("app")}))(t)
	equal(t, "DRIFTED", string(describe(t, stacks, "app").DriftInformation.StackDriftStatus))
	// The stack's next update brings back what its template says.
	update(t, stacks, "app", scalingStack, "Image", publicImage, "Size", "1")
	equal(t, 1, len(imagesOf(t, scaling, name)))
}

func TestTagsOfGroups(t *testing.T) {
	cloud := localtest.New(t)
	api, scaling := ec2Client(cloud), scalingClient(cloud)
	newGroup(t, scaling, "web", newTemplate(t, api, "app", publicImage), "$Latest", 0)
	tag := func(key, value string, propagate bool) types.Tag {
		return types.Tag{ResourceId: aws.String("web"), ResourceType: aws.String("auto-scaling-group"), Key: &key, Value: &value, PropagateAtLaunch: &propagate}
	}
	must(scaling.CreateOrUpdateTags(t.Context(), &autoscaling.CreateOrUpdateTagsInput{Tags: []types.Tag{tag("app", "shop", true), tag("team", "blue", false)}}))(t)
	must(scaling.DeleteTags(t.Context(), &autoscaling.DeleteTagsInput{Tags: []types.Tag{tag("none", "", false)}}))(t)
	resize(t, scaling, "web", 1)
	out := must(scaling.DescribeTags(t.Context(), &autoscaling.DescribeTagsInput{Filters: []types.Filter{{Name: aws.String("auto-scaling-group"), Values: []string{"web"}}}}))(t).Tags
	equal(t, "app=shop team=blue", *out[0].Key+"="+*out[0].Value+" "+*out[1].Key+"="+*out[1].Value)
	i := must(api.DescribeInstances(t.Context(), &ec2.DescribeInstancesInput{}))(t).Reservations[0].Instances[0]
	equal(t, "app=shop", *i.Tags[0].Key+"="+*i.Tags[0].Value)
	equal(t, 4, len(i.Tags))
	groups := must(scaling.DescribeAutoScalingGroups(t.Context(), &autoscaling.DescribeAutoScalingGroupsInput{Filters: []types.Filter{{Name: aws.String("tag:team"), Values: []string{"blue"}}}}))(t)
	equal(t, 1, len(groups.AutoScalingGroups))
	_, err := scaling.CreateOrUpdateTags(t.Context(), &autoscaling.CreateOrUpdateTagsInput{Tags: []types.Tag{{ResourceId: aws.String("no"), ResourceType: aws.String("auto-scaling-group"), Key: aws.String("a")}}})
	wantCode(t, err, "ValidationError", "AutoScalingGroup name not found - AutoScalingGroup: no not found")
}

func TestARefreshWaitsForProtectedInstances(t *testing.T) {
	for policy, want := range map[types.ScaleInProtectedInstances]string{
		"":        "InProgress 50% 1: 1 old, 1 new, 0 on the way",
		"Ignore":  "Successful 100% 0: 1 old, 1 new, 0 on the way",
		"Refresh": "Successful 100% 0: 0 old, 2 new, 0 on the way",
	} {
		t.Run(string(policy), func(t *testing.T) {
			inFleet(t, "1", 2, func(t *testing.T, f *fleetTest) {
				protected := *groupOf(t, f.scaling, "web").Instances[0].InstanceId
				protect := func(on bool) {
					t.Helper()
					must(f.scaling.SetInstanceProtection(t.Context(), &autoscaling.SetInstanceProtectionInput{AutoScalingGroupName: aws.String("web"), InstanceIds: []string{protected}, ProtectedFromScaleIn: &on}))(t)
				}
				protect(true)
				if err := f.start(t, true, &types.RefreshPreferences{ScaleInProtectedInstances: policy}); err != nil {
					t.Fatal(err)
				}
				got := f.follow(t, 3)
				equal(t, want, got[len(got)-1])
				if policy != "" {
					return
				}
				equal(t, "Waiting for remaining instances to be available. For example: "+protected+" is protected. Remove instance scale-in protection to continue.", *f.refresh(t).StatusReason)
				protect(false)
				got = f.follow(t, 3)
				equal(t, "Successful 100% 0: 0 old, 2 new, 0 on the way", got[len(got)-1])
			})
		})
	}
}

func TestARefreshWhileTheGroupGrowsAndShrinks(t *testing.T) {
	for size, want := range map[int32]string{
		5: "Successful 100% 0: 0 old, 5 new, 0 on the way",
		1: "Successful 100% 0: 0 old, 1 new, 0 on the way",
		0: "Successful 100% 0: 0 old, 0 new, 0 on the way",
	} {
		inFleet(t, "1", 3, func(t *testing.T, f *fleetTest) {
			if err := f.start(t, true, nil); err != nil {
				t.Fatal(err)
			}
			time.Sleep(90 * time.Second)
			resize(t, f.scaling, "web", size)
			got := f.follow(t, 10)
			equal(t, want, got[len(got)-1])
		})
	}
}

func TestUnhealthyInstancesAreReplaced(t *testing.T) {
	cloud := localtest.New(t)
	api, scaling := ec2Client(cloud), scalingClient(cloud)
	newGroup(t, scaling, "web", newTemplate(t, api, "app", publicImage), "$Latest", 1)
	ill := *groupOf(t, scaling, "web").Instances[0].InstanceId
	must(scaling.SetInstanceHealth(t.Context(), &autoscaling.SetInstanceHealthInput{InstanceId: &ill, HealthStatus: aws.String("Unhealthy")}))(t)
	if well := *groupOf(t, scaling, "web").Instances[0].InstanceId; well == ill {
		t.Error("the instance was not replaced")
	}
	_, err := scaling.TerminateInstanceInAutoScalingGroup(t.Context(), &autoscaling.TerminateInstanceInAutoScalingGroupInput{InstanceId: &ill, ShouldDecrementDesiredCapacity: aws.Bool(true)})
	wantCode(t, err, "ValidationError", "Instance Id not found - No managed instance found for instance ID: "+ill)
	well := groupOf(t, scaling, "web").Instances[0].InstanceId
	must(scaling.TerminateInstanceInAutoScalingGroup(t.Context(), &autoscaling.TerminateInstanceInAutoScalingGroupInput{InstanceId: well, ShouldDecrementDesiredCapacity: aws.Bool(true)}))(t)
	equal(t, 0, len(groupOf(t, scaling, "web").Instances))
	equal(t, int32(0), *groupOf(t, scaling, "web").DesiredCapacity)
}

// A cloud that is opened again goes on with what was under way.
func TestFleetsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	cloud := reopened(t, path)
	cloud.Fail(local.Fault{Type: "AWS::EC2::Image", LogicalID: "slow", Delay: time.Hour})
	api, scaling := ec2Client(cloud), scalingClient(cloud)
	template := newTemplate(t, api, "app", publicImage)
	newGroup(t, scaling, "web", template, "1", 2)
	source := runOne(t, api)
	slow := bake(t, api, source, "slow")
	newVersion(t, api, template, bake(t, api, source, "golden"))
	start := func(scaling *autoscaling.Client) error {
		_, err := scaling.StartInstanceRefresh(t.Context(), &autoscaling.StartInstanceRefreshInput{
			AutoScalingGroupName: aws.String("web"), Preferences: &types.RefreshPreferences{InstanceWarmup: aws.Int32(3600)},
			DesiredConfiguration: &types.DesiredConfiguration{LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateId: &template, Version: aws.String("2")}},
		})
		return err
	}
	if err := start(scaling); err != nil {
		t.Fatal(err)
	}
	before := groupOf(t, scaling, "web")
	if err := cloud.Close(); err != nil {
		t.Fatal(err)
	}
	cloud = reopened(t, path)
	api, scaling = ec2Client(cloud), scalingClient(cloud)
	equal(t, *before.Instances[1].InstanceId, *groupOf(t, scaling, "web").Instances[1].InstanceId)
	equal(t, "pending", string(imageOf(t, api, slow).State))
	wantCode(t, start(scaling), "InstanceRefreshInProgress", "")
	must(scaling.RollbackInstanceRefresh(t.Context(), &autoscaling.RollbackInstanceRefreshInput{AutoScalingGroupName: aws.String("web")}))(t)
	resize(t, scaling, "web", 3)
	equal(t, []string{publicImage, publicImage, publicImage}, imagesOf(t, scaling, "web"))
}

// Two hundred groups in ten regions are refreshed at once.
func TestALargeFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		var all []*autoscaling.Client
		for n := range 10 {
			config := cloud.Config()
			config.Region = fmt.Sprintf("region-%d", n)
			api, scaling := ec2.NewFromConfig(config), autoscaling.NewFromConfig(config)
			all = append(all, scaling)
			template := newTemplate(t, api, "app", publicImage)
			newVersion(t, api, template, bake(t, api, runOne(t, api), "golden"))
			for g := range 20 {
				must(scaling.CreateAutoScalingGroup(t.Context(), &autoscaling.CreateAutoScalingGroupInput{
					AutoScalingGroupName: aws.String(fmt.Sprintf("web-%d", g)), MinSize: aws.Int32(3), MaxSize: aws.Int32(3), AvailabilityZones: []string{config.Region + "a"},
					LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateId: &template, Version: aws.String("$Latest")},
				}))(t)
			}
		}
		cloud.Fail(local.Fault{Type: "AWS::EC2::Instance", Delay: time.Minute})
		for _, scaling := range all {
			for g := range 20 {
				must(scaling.StartInstanceRefresh(t.Context(), &autoscaling.StartInstanceRefreshInput{AutoScalingGroupName: aws.String(fmt.Sprintf("web-%d", g))}))(t)
			}
		}
		time.Sleep(4 * time.Minute)
		for _, scaling := range all {
			for g := range 20 {
				out := must(scaling.DescribeInstanceRefreshes(t.Context(), &autoscaling.DescribeInstanceRefreshesInput{AutoScalingGroupName: aws.String(fmt.Sprintf("web-%d", g))}))(t)
				equal(t, types.InstanceRefreshStatusSuccessful, out.InstanceRefreshes[0].Status)
			}
		}
	})
}

func TestAStackWaitsForTheInstancesOfANewGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		cloud.Fail(local.Fault{Type: "AWS::EC2::Instance", Reason: "there is no room", Times: 3}, local.Fault{Type: "AWS::EC2::Instance", Delay: time.Minute})
		stacks := client(cloud)
		began := time.Now()
		create(t, stacks, "app", scalingStack, "Image", publicImage)
		if err := cloudformation.NewStackCreateCompleteWaiter(stacks).Wait(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("app")}, time.Hour); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 2*time.Minute || took > 5*time.Minute {
			t.Errorf("it took %s", took)
		}
		equal(t, 2, len(imagesOf(t, scalingClient(cloud), output(describe(t, stacks, "app"), "Group"))))
		cloud.Heal()
		cloud.Fail(local.Fault{Type: "AWS::EC2::Instance", Reason: "there is no room"})
		create(t, stacks, "worse", scalingStack, "Image", publicImage)
		time.Sleep(20 * time.Minute)
		equal(t, "ROLLBACK_COMPLETE", string(describe(t, stacks, "worse").StackStatus))
		wantIn(t, strings.Join(lines(t, stacks, "worse"), "\n"), "Group CREATE_FAILED: Group did not stabilize. {current/minSize/maxSize} group size = {0/1/4}. "+
			"Failed Scaling Activity: Launching a new EC2 instance.  Status Reason: there is no room. Launching EC2 instance failed.")
	})
}

func TestMixedInstancesPolicies(t *testing.T) {
	cloud := localtest.New(t)
	api, scaling := ec2Client(cloud), scalingClient(cloud)
	id := newTemplate(t, api, "app", publicImage)
	policy := &types.MixedInstancesPolicy{
		InstancesDistribution: &types.InstancesDistribution{OnDemandPercentageAboveBaseCapacity: aws.Int32(50)},
		LaunchTemplate: &types.LaunchTemplate{
			LaunchTemplateSpecification: &types.LaunchTemplateSpecification{LaunchTemplateId: &id, Version: aws.String("$Default")},
			Overrides:                   []types.LaunchTemplateOverrides{{InstanceType: aws.String("m5.large")}, {InstanceType: aws.String("c5.large")}},
		},
	}
	must(scaling.CreateAutoScalingGroup(t.Context(), &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(1), MaxSize: aws.Int32(1), AvailabilityZones: []string{"us-east-1a"}, MixedInstancesPolicy: policy,
	}))(t)
	g := groupOf(t, scaling, "web")
	equal(t, "m5.large", *g.Instances[0].InstanceType)
	equal(t, "c5.large", *g.MixedInstancesPolicy.LaunchTemplate.Overrides[1].InstanceType)
	equal(t, int32(50), *g.MixedInstancesPolicy.InstancesDistribution.OnDemandPercentageAboveBaseCapacity)
	equal(t, "app", *g.MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateName)
	policy.LaunchTemplate.Overrides[0].InstanceType = aws.String("m7i.large")
	must(scaling.StartInstanceRefresh(t.Context(), &autoscaling.StartInstanceRefreshInput{
		AutoScalingGroupName: aws.String("web"), DesiredConfiguration: &types.DesiredConfiguration{MixedInstancesPolicy: policy}, Preferences: &types.RefreshPreferences{SkipMatching: aws.Bool(true)},
	}))(t)
	g = groupOf(t, scaling, "web")
	equal(t, "m7i.large", *g.Instances[0].InstanceType)
	equal(t, "m7i.large", *g.MixedInstancesPolicy.LaunchTemplate.Overrides[0].InstanceType)
}
