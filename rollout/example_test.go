package rollout_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	groups "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/rollout"
	"github.com/updraft-go/updraft/waiter"
)

// shop makes an embedded cloud with an instance, and a group that is on a version of a launch template.
func shop(ctx context.Context) (*local.Cloud, *rollout.Client, string) {
	cloud := &local.Cloud{}
	cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 2 * time.Millisecond}) // by which images are told apart
	cfg := cloud.Config()
	compute, scaling := ec2.NewFromConfig(cfg), autoscaling.NewFromConfig(cfg)
	run, err := compute.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String(first), InstanceType: "t3.micro", MinCount: aws.Int32(1), MaxCount: aws.Int32(1)})
	if err != nil {
		panic(err)
	}
	name := aws.String("web")
	if _, err := compute.CreateLaunchTemplate(ctx, &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: name, LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: aws.String(first), InstanceType: "t3.micro"},
	}); err != nil {
		panic(err)
	}
	if _, err := scaling.CreateAutoScalingGroup(ctx, &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: name, MinSize: aws.Int32(0), MaxSize: aws.Int32(4), DesiredCapacity: aws.Int32(2), AvailabilityZones: []string{"us-east-1a"},
		LaunchTemplate: &groups.LaunchTemplateSpecification{LaunchTemplateName: name, Version: aws.String("1")},
	}); err != nil {
		panic(err)
	}
	client := &rollout.Client{EC2: compute, AutoScaling: scaling, Poller: &waiter.Poller{MinInterval: time.Millisecond, Rate: -1}}
	return cloud, client, *run.Instances[0].InstanceId
}

func ExampleClient_Roll() {
	ctx := context.Background()
	cloud, client, instance := shop(ctx)
	defer cloud.Close()
	release := &rollout.Release{ID: "v7", Name: "web", InstanceID: instance, Group: "web"}
	result, err := client.Roll(ctx, release, &rollout.Options{Refresh: &rollout.Refresh{}})
	fmt.Println(result.Version, result.From, len(result.Stale), result.Changed, err)
	result, err = client.Roll(ctx, release, nil) // finds that all of it is there
	fmt.Println(result.Version, result.From, len(result.Stale), result.Changed, err)
	// Output:
	// 2 1 0 true <nil>
	// 2 1 0 false <nil>
}

func ExampleClient_Events() {
	ctx := context.Background()
	cloud, client, instance := shop(ctx)
	defer cloud.Close()
	for e, err := range client.Events(ctx, &rollout.Release{ID: "v7", Name: "web", InstanceID: instance, Group: "web"}, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if e.Kind != rollout.Progress {
			fmt.Println(e.Step, e.Kind)
		}
	}
	// Output:
	// image started
	// available done
	// check skipped
	// version done
	// point done
	// refresh skipped
	// prune skipped
}

func ExampleClient_Plan() {
	ctx := context.Background()
	cloud, client, instance := shop(ctx)
	defer cloud.Close()
	plan, err := client.Plan(ctx, &rollout.Release{ID: "v7", Name: "web", InstanceID: instance, Group: "web"}, &rollout.Options{Refresh: &rollout.Refresh{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Pointer, "is", plan.From)
	for _, s := range plan.Steps {
		fmt.Println(s.Step, s.Needed)
	}
	// Output:
	// the version in group web is 1
	// image true
	// available true
	// check false
	// version true
	// point true
	// refresh true
	// prune false
}

func ExampleClient_Rollback() {
	ctx := context.Background()
	cloud, client, instance := shop(ctx)
	defer cloud.Close()
	release := &rollout.Release{ID: "v7", Name: "web", InstanceID: instance, Group: "web"}
	if _, err := client.Roll(ctx, release, nil); err != nil {
		fmt.Println(err)
	}
	_, err := client.Rollback(ctx, release, &rollout.Options{Refresh: &rollout.Refresh{}})
	fmt.Println(err)
	plan, err := client.Plan(ctx, &rollout.Release{ID: "v8", Name: "web", InstanceID: instance, Group: "web"}, nil)
	fmt.Println(plan.Pointer, "is", plan.From, err)
	// Output:
	// <nil>
	// the version in group web is 1 <nil>
}

func ExampleClient_Prune() {
	ctx := context.Background()
	cloud, client, instance := shop(ctx)
	defer cloud.Close()
	for _, id := range []string{"v1", "v2", "v3", "v4"} {
		if _, err := client.Roll(ctx, &rollout.Release{ID: id, Name: "web", InstanceID: instance, Group: "web"}, nil); err != nil {
			fmt.Println(err)
		}
	}
	plan, err := client.PlanPrune(ctx, "web", &rollout.PruneOptions{Keep: 1, MinAge: -1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range plan.Images {
		fmt.Println(i.Release, len(i.Reasons) > 0)
	}
	removed, err := client.Prune(ctx, plan)
	fmt.Println(len(removed), err)
	// Output:
	// v4 true
	// v3 true
	// v2 false
	// v1 false
	// 2 <nil>
}

func ExampleRollAll() {
	ctx := context.Background()
	cloud, client, instance := shop(ctx)
	defer cloud.Close()
	report, err := rollout.RollAll(ctx, []rollout.Job{
		{Region: "us-east-1", Client: client, Release: &rollout.Release{ID: "v7", Name: "web", InstanceID: instance, Group: "web"}},
		{Region: "us-east-1", Client: client, Release: &rollout.Release{ID: "v7", Name: "api", InstanceID: instance, Group: "nowhere"}},
	}, nil)
	fmt.Println(report.Count(rollout.Succeeded, ""), report.Count(rollout.Failed, ""))
	fmt.Println(err)
	// Output:
	// 1 1
	// 1 of 2 jobs failed, 0 were stopped, 0 were not begun; the first of them: us-east-1 nowhere: release v7: group nowhere: there is no such Auto Scaling group in this account and region; check its name
}
