package conformance

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/rollout"
	"github.com/updraft-go/updraft/waiter"
)

func configAt(endpoint string) aws.Config {
	return aws.Config{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("123456789012", "any", "")}
}

// A rolloutStage is a launch template, a group on it and an image, at an endpoint.
type rolloutStage struct {
	client             *rollout.Client
	ec2                *ec2.Client
	scaling            *autoscaling.Client
	instance, template string
}

func good[T any](out T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func newRolloutStage(t *testing.T, endpoint, image, version string) *rolloutStage {
	t.Helper()
	cfg := configAt(endpoint)
	s := &rolloutStage{ec2: ec2.NewFromConfig(cfg), scaling: autoscaling.NewFromConfig(cfg)}
	s.client = &rollout.Client{
		EC2: s.ec2, AutoScaling: s.scaling, SSM: ssm.NewFromConfig(cfg), Poller: &waiter.Poller{MinInterval: 10 * time.Millisecond, Rate: -1},
	}
	run := good(s.ec2.RunInstances(t.Context(), &ec2.RunInstancesInput{ImageId: &image, InstanceType: "t3.micro", MinCount: aws.Int32(1), MaxCount: aws.Int32(1)}))(t)
	s.instance = *run.Instances[0].InstanceId
	made := good(s.ec2.CreateLaunchTemplate(t.Context(), &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String("web"), LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: &image},
	}))(t)
	s.template = *made.LaunchTemplate.LaunchTemplateId
	good(s.scaling.CreateAutoScalingGroup(t.Context(), &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(0), MaxSize: aws.Int32(2), DesiredCapacity: aws.Int32(0), AvailabilityZones: []string{"us-east-1a"},
		LaunchTemplate: &scalingtypes.LaunchTemplateSpecification{LaunchTemplateId: &s.template, Version: &version},
	}))(t)
	return s
}

// moto serves moto, an emulator of AWS by others, on this machine until the test ends. It skips the test
// if there is none.
func moto(t *testing.T) string {
	t.Helper()
	name, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("no moto_server is here")
	}
	l := good(net.Listen("tcp", "127.0.0.1:0"))(t)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	cmd := exec.CommandContext(t.Context(), name, "-H", "127.0.0.1", "-p", port)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // this one, which the test has started
		_ = cmd.Wait()
	})
	url := "http://127.0.0.1:" + port
	ready := &waiter.Poller{MinInterval: 50 * time.Millisecond, Rate: -1}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err = ready.Poll(ctx, func(ctx context.Context) (bool, error) {
		r := good(http.NewRequestWithContext(ctx, http.MethodGet, url+"/moto-api/", nil))(t)
		out, err := http.DefaultClient.Do(r)
		if err == nil {
			out.Body.Close()
		}
		return err == nil, nil
	})
	if err != nil {
		t.Skipf("moto_server does not answer: %v\n%s", err, &said)
	}
	return url
}

// A rolloutOutcome is what a rollout of an image that is there comes to, without what each place names by itself.
type rolloutOutcome struct {
	Version              int64
	From, Default, Group string
	Description          string
	Image                bool // the version has it
}

// rollImage rolls an image out that is there: of the calls of a rollout those that moto has.
func (s *rolloutStage) rollImage(t *testing.T) rolloutOutcome {
	t.Helper()
	image := good(s.ec2.CreateImage(t.Context(), &ec2.CreateImageInput{InstanceId: &s.instance, Name: aws.String("golden")}))(t)
	r := &rollout.Release{ID: "v1", Name: "web", ImageID: *image.ImageId, Group: "web"}
	result := good(s.client.Roll(t.Context(), r, nil))(t)
	if again := good(s.client.Roll(t.Context(), r, nil))(t); again.Changed {
		t.Errorf("once more: %+v", again)
	}
	out := good(s.ec2.DescribeLaunchTemplateVersions(t.Context(), &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &s.template, Versions: []string{"2"}}))(t).LaunchTemplateVersions[0]
	group := good(s.scaling.DescribeAutoScalingGroups(t.Context(), &autoscaling.DescribeAutoScalingGroupsInput{}))(t).AutoScalingGroups[0]
	template := good(s.ec2.DescribeLaunchTemplates(t.Context(), &ec2.DescribeLaunchTemplatesInput{LaunchTemplateIds: []string{s.template}}))(t).LaunchTemplates[0]
	return rolloutOutcome{
		Version: result.Version, From: result.From, Default: strconv.FormatInt(*template.DefaultVersionNumber, 10), Group: *group.LaunchTemplate.Version,
		Description: *out.VersionDescription, Image: *out.LaunchTemplateData.ImageId == *image.ImageId,
	}
}

// moto knows neither snapshots' tags nor instance refreshes, and merges no versions; what it does know it
// and the embedded cloud say alike, to the same client.
func TestARolloutOnMotoAndOnTheEmbeddedCloud(t *testing.T) {
	url := moto(t)
	for _, version := range []string{"$Default", "$Latest", "1"} {
		t.Run(version, func(t *testing.T) {
			reset := good(http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/moto-api/reset", nil))(t)
			good(http.DefaultClient.Do(reset))(t).Body.Close()
			images := good(ec2.NewFromConfig(configAt(url)).DescribeImages(t.Context(), &ec2.DescribeImagesInput{}))(t).Images
			theirs := newRolloutStage(t, url, *images[0].ImageId, version).rollImage(t)
			ours := newRolloutStage(t, serve(t), "ami-0123456789abcdef0", version).rollImage(t)
			if diff := cmp.Diff(theirs, ours); diff != "" {
				t.Errorf("(-moto +embedded cloud):\n%s", diff)
			}
		})
	}
}

// rolloutSeen is what boto3 sees of a rollout.
const rolloutSeen = `
import boto3, os
def client(name):
    return boto3.client(name, endpoint_url=os.environ["ENDPOINT"], region_name="us-east-1")
ec2, asg = client("ec2"), client("autoscaling")
image, = ec2.describe_images(Owners=["self"], Filters=[{"Name": "tag:updraft:release", "Values": ["v1"]}])["Images"]
ec2.get_waiter("image_available").wait(ImageIds=[image["ImageId"]])
snapshot, = ec2.describe_snapshots(OwnerIds=["self"], Filters=[{"Name": "tag:updraft:name", "Values": ["web"]}])["Snapshots"]
versions = ec2.get_paginator("describe_launch_template_versions").paginate(LaunchTemplateName="web")
versions = {v["VersionNumber"]: v for p in versions for v in p["LaunchTemplateVersions"]}
refresh, = asg.describe_instance_refreshes(AutoScalingGroupName="web")["InstanceRefreshes"]
group, = asg.describe_auto_scaling_groups(AutoScalingGroupNames=["web"])["AutoScalingGroups"]
assert ec2.describe_image_attribute(ImageId=image["ImageId"], Attribute="launchPermission")["LaunchPermissions"] == []
assert asg.describe_launch_configurations()["LaunchConfigurations"] == []
print(image["Name"], image["State"], snapshot["State"])
print(len(versions), versions[2]["VersionDescription"], versions[2]["LaunchTemplateData"]["ImageId"] == image["ImageId"])
print(refresh["Status"], refresh["DesiredConfiguration"]["LaunchTemplate"]["Version"], refresh["Preferences"]["SkipMatching"])
print(group["LaunchTemplate"]["Version"])
`

func TestBoto3SeesWhatARolloutHasMade(t *testing.T) {
	python, url := python(t), serve(t)
	s := newRolloutStage(t, url, "ami-0123456789abcdef0", "1")
	good(s.scaling.SetDesiredCapacity(t.Context(), &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(1)}))(t)
	good(s.client.Roll(t.Context(), &rollout.Release{ID: "v1", Name: "web", InstanceID: s.instance, Group: "web"}, &rollout.Options{Refresh: &rollout.Refresh{}}))(t)
	want := `web-v1 available completed
2 updraft:release=v1 updraft:name=web updraft:from=1 True
Successful 2 True
2
`
	if got := run(t, environment(t, url), rolloutSeen, python); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
