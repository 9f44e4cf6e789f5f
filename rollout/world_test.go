package rollout_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	groups "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/rollout"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// first is the image with which everything begins: one of AWS's.
const first = "ami-0123456789abcdef0"

// A world is an embedded cloud with an instance to bake, a launch template and a group.
type world struct {
	*testing.T
	cloud              *local.Cloud
	ec2                *ec2.Client
	scaling            *autoscaling.Client
	ssm                *ssm.Client
	instance, template string
}

// newWorld makes the cloud; the test closes it, since it may run in a bubble of time.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, cloud: &local.Cloud{}}
	cfg := w.cloud.Config()
	w.ec2, w.scaling, w.ssm = ec2.NewFromConfig(cfg), autoscaling.NewFromConfig(cfg), ssm.NewFromConfig(cfg)
	run := ok(w.ec2.RunInstances(t.Context(), &ec2.RunInstancesInput{
		ImageId: aws.String(first), InstanceType: types.InstanceTypeT3Micro, MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
	}))(t)
	w.instance = *run.Instances[0].InstanceId
	w.template = w.newTemplate("web", first)
	return w
}

// ok returns what a call answers, and ends the test if it fails.
func ok[T any](out T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func (w *world) newTemplate(name, image string) string {
	w.Helper()
	out := ok(w.ec2.CreateLaunchTemplate(w.Context(), &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: &name, LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: &image, InstanceType: types.InstanceTypeT3Micro},
	}))(w)
	return *out.LaunchTemplate.LaunchTemplateId
}

// newGroup makes a group of the launch template, on a version.
func (w *world) newGroup(name, version string, size int32) {
	w.Helper()
	w.newGroupOf(name, w.template, version, size)
}

func (w *world) newGroupOf(name, template, version string, size int32) {
	w.Helper()
	ok(w.scaling.CreateAutoScalingGroup(w.Context(), &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: &name, MinSize: aws.Int32(0), MaxSize: aws.Int32(10), DesiredCapacity: &size, AvailabilityZones: []string{"us-east-1a"},
		LaunchTemplate: &groups.LaunchTemplateSpecification{LaunchTemplateId: &template, Version: &version},
	}))(w)
}

// client is a new one, as a process has that has just begun.
func (w *world) client() *rollout.Client { return clientOf(w.cloud.Config()) }

func clientOf(cfg aws.Config) *rollout.Client {
	api := cloudformation.NewFromConfig(cfg)
	return &rollout.Client{
		EC2: ec2.NewFromConfig(cfg), AutoScaling: autoscaling.NewFromConfig(cfg), SSM: ssm.NewFromConfig(cfg), CloudFormation: api,
		Stacks: &executor.Client{API: api, Poller: &waiter.Poller{API: api, MinInterval: time.Millisecond, Rate: -1}},
		Poller: &waiter.Poller{MinInterval: time.Second, Rate: -1},
	}
}

// release is one of the instance, to a group.
func (w *world) release(id, group string) *rollout.Release {
	return &rollout.Release{ID: id, Name: "web", InstanceID: w.instance, Group: group}
}

func (w *world) roll(r *rollout.Release, opts *rollout.Options) *rollout.Result {
	w.Helper()
	return ok(w.client().Roll(w.Context(), r, opts))(w)
}

func (w *world) group(name string) groups.AutoScalingGroup {
	w.Helper()
	out := ok(w.scaling.DescribeAutoScalingGroups(w.Context(), &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{name}}))(w)
	if len(out.AutoScalingGroups) != 1 {
		w.Fatalf("there are %d groups called %s", len(out.AutoScalingGroups), name)
	}
	return out.AutoScalingGroups[0]
}

func (w *world) resize(name string, to int32) {
	w.Helper()
	ok(w.scaling.SetDesiredCapacity(w.Context(), &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: &name, DesiredCapacity: &to}))(w)
}

// running are the images of the instances of a group, sorted.
func (w *world) running(name string) []string {
	w.Helper()
	var all []string
	for _, i := range w.group(name).Instances {
		out := ok(w.ec2.DescribeInstances(w.Context(), &ec2.DescribeInstancesInput{InstanceIds: []string{*i.InstanceId}}))(w)
		all = append(all, *out.Reservations[0].Instances[0].ImageId)
	}
	slices.Sort(all)
	return all
}

// images are those of the account.
func (w *world) images() []types.Image {
	w.Helper()
	return ok(w.ec2.DescribeImages(w.Context(), &ec2.DescribeImagesInput{Owners: []string{"self"}}))(w).Images
}

// snapshots are those of the account.
func (w *world) snapshots() []types.Snapshot {
	w.Helper()
	return ok(w.ec2.DescribeSnapshots(w.Context(), &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}}))(w).Snapshots
}

// versions are those of the launch template, as number=image, oldest first.
func (w *world) versions() []string {
	w.Helper()
	var all []string
	out := ok(w.ec2.DescribeLaunchTemplateVersions(w.Context(), &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &w.template}))(w)
	for _, v := range slices.Backward(out.LaunchTemplateVersions) {
		all = append(all, strconv.FormatInt(*v.VersionNumber, 10)+"="+aws.ToString(v.LaunchTemplateData.ImageId))
	}
	return all
}

func (w *world) defaultVersion() int64 {
	w.Helper()
	out := ok(w.ec2.DescribeLaunchTemplates(w.Context(), &ec2.DescribeLaunchTemplatesInput{LaunchTemplateIds: []string{w.template}}))(w)
	return *out.LaunchTemplates[0].DefaultVersionNumber
}

// foreignVersion is made by somebody else.
func (w *world) foreignVersion(data *types.RequestLaunchTemplateData) {
	w.Helper()
	ok(w.ec2.CreateLaunchTemplateVersion(w.Context(), &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateId: &w.template, SourceVersion: aws.String("$Latest"), LaunchTemplateData: data,
	}))(w)
}

// wants fails the test unless an error is there and has each part in its text.
func wants(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("got no error, want %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("got %v\nwant %q in it", err, p)
		}
	}
}

func equal[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := diffOf(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// events are what a rollout tells, as text, and its error.
func events(ctx context.Context, c *rollout.Client, r *rollout.Release, opts *rollout.Options) (list []string, err error) {
	for e, failed := range c.Events(ctx, r, opts) {
		if failed != nil {
			return list, failed
		}
		list = append(list, string(e.Kind)+" "+e.String())
	}
	return list, nil
}

func (w *world) refreshes(group string) []groups.InstanceRefresh {
	w.Helper()
	return ok(w.scaling.DescribeInstanceRefreshes(w.Context(), &autoscaling.DescribeInstanceRefreshesInput{AutoScalingGroupName: &group}))(w).InstanceRefreshes
}

// deployText deploys a template that needs no parameters.
func deployText(w *world, name, template string) *executor.Result {
	w.Helper()
	client := &executor.Client{API: cloudformation.NewFromConfig(w.cloud.Config())}
	return ok(client.Deploy(w.Context(), &stack.Stack{Name: name}, &executor.Options{TemplateBody: []byte(template)}))(w)
}

// refusing is a client that may not make one call.
func (w *world) refusing(call string) *rollout.Client {
	cfg := w.cloud.Config()
	cfg.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if nameOf(r) != call {
			return w.cloud.RoundTrip(r)
		}
		body := `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message></Error></Errors></Response>`
		return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})}
	return clientOf(cfg)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
