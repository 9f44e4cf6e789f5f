package local_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// publicImage is one that the cloud takes for one of AWS's.
const publicImage = "ami-0123456789abcdef0"

func ec2Client(c *local.Cloud) *ec2.Client { return ec2.NewFromConfig(c.Config()) }

func scalingClient(c *local.Cloud) *autoscaling.Client { return autoscaling.NewFromConfig(c.Config()) }

// must returns what a call answers, and ends the test if it fails.
func must[T any](out T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// wantCode fails the test unless an error has a code and, if it is given, a text.
func wantCode(t *testing.T, err error, code, text string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || text != "" && api.ErrorMessage() != text {
		t.Errorf("%v\nwant %s: %s", err, code, text)
	}
}

// runOne launches an instance of a public image.
func runOne(t *testing.T, api *ec2.Client) string {
	t.Helper()
	out := must(api.RunInstances(t.Context(), &ec2.RunInstancesInput{
		ImageId: aws.String(publicImage), InstanceType: types.InstanceTypeT3Micro, MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
	}))(t)
	return *out.Instances[0].InstanceId
}

func bake(t *testing.T, api *ec2.Client, instance, name string) string {
	t.Helper()
	return *must(api.CreateImage(t.Context(), &ec2.CreateImageInput{
		InstanceId: &instance, Name: &name, Description: aws.String("of a test"),
		TagSpecifications: []types.TagSpecification{
			{ResourceType: types.ResourceTypeImage, Tags: []types.Tag{{Key: aws.String("rollout"), Value: &name}}},
			{ResourceType: types.ResourceTypeSnapshot, Tags: []types.Tag{{Key: aws.String("rollout"), Value: &name}}},
		},
	}))(t).ImageId
}

func imageOf(t *testing.T, api *ec2.Client, id string) types.Image {
	t.Helper()
	out := must(api.DescribeImages(t.Context(), &ec2.DescribeImagesInput{ImageIds: []string{id}}))(t)
	return out.Images[0]
}

func TestImagesOverTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Minute}
		defer cloud.Close()
		cloud.Fail(local.Fault{Type: "AWS::EC2::Image", LogicalID: "slow-*", Delay: 9 * time.Minute},
			local.Fault{Type: "AWS::EC2::Image", LogicalID: "bad-*", Reason: "the disk is broken"})
		api := ec2Client(cloud)
		instance := runOne(t, api)
		_, err := api.CreateImage(t.Context(), &ec2.CreateImageInput{InstanceId: &instance, Name: aws.String("early")})
		wantCode(t, err, "IncorrectInstanceState", "")
		if err := ec2.NewInstanceRunningWaiter(api).Wait(t.Context(), &ec2.DescribeInstancesInput{InstanceIds: []string{instance}}, 5*time.Minute); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		slow := bake(t, api, instance, "slow-1")
		bad := bake(t, api, instance, "bad-1")
		equal(t, types.ImageStatePending, imageOf(t, api, slow).State)
		snapshot := *imageOf(t, api, slow).BlockDeviceMappings[0].Ebs.SnapshotId
		time.Sleep(5 * time.Minute)
		out := must(api.DescribeSnapshots(t.Context(), &ec2.DescribeSnapshotsInput{SnapshotIds: []string{snapshot}}))(t)
		equal(t, "50%", *out.Snapshots[0].Progress)
		equal(t, "rollout=slow-1", *out.Snapshots[0].Tags[0].Key+"="+*out.Snapshots[0].Tags[0].Value)
		failed := imageOf(t, api, bad)
		equal(t, types.ImageStateFailed, failed.State)
		equal(t, "the disk is broken", *failed.StateReason.Message)
		if err := ec2.NewImageAvailableWaiter(api).Wait(t.Context(), &ec2.DescribeImagesInput{ImageIds: []string{slow}}, time.Hour); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took < 10*time.Minute || took > 12*time.Minute {
			t.Errorf("the image took %s", took)
		}
	})
}

func TestImagesHaveUniqueNames(t *testing.T) {
	api := ec2Client(localtest.New(t))
	instance := runOne(t, api)
	first := bake(t, api, instance, "golden-1")
	_, err := api.CreateImage(t.Context(), &ec2.CreateImageInput{InstanceId: &instance, Name: aws.String("golden-1")})
	wantCode(t, err, "InvalidAMIName.Duplicate", "AMI name golden-1 is already in use by AMI "+first)
	_, err = api.CreateImage(t.Context(), &ec2.CreateImageInput{InstanceId: &instance, Name: aws.String("no")})
	wantCode(t, err, "InvalidAMIName.Malformed", "")
	_, err = api.CreateImage(t.Context(), &ec2.CreateImageInput{InstanceId: aws.String("i-0"), Name: aws.String("golden-2")})
	wantCode(t, err, "InvalidInstanceID.NotFound", "The instance ID 'i-0' does not exist")
	snapshot := *imageOf(t, api, first).BlockDeviceMappings[0].Ebs.SnapshotId
	_, err = api.DeleteSnapshot(t.Context(), &ec2.DeleteSnapshotInput{SnapshotId: &snapshot})
	wantCode(t, err, "InvalidSnapshot.InUse", "The snapshot "+snapshot+" is currently in use by "+first)
	out := must(api.DeregisterImage(t.Context(), &ec2.DeregisterImageInput{ImageId: &first, DeleteAssociatedSnapshots: aws.Bool(true)}))(t)
	equal(t, types.SnapshotReturnCodesSuccess, out.DeleteSnapshotResults[0].ReturnCode)
	_, err = api.DescribeImages(t.Context(), &ec2.DescribeImagesInput{ImageIds: []string{first}})
	wantCode(t, err, "InvalidAMIID.NotFound", "The image id '["+first+"]' does not exist")
	bake(t, api, instance, "golden-1")
}

func TestImagesThatReadsDoNotShowYet(t *testing.T) {
	cloud := localtest.New(t)
	cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Action: local.Read, Times: 2})
	api := ec2Client(cloud)
	id := bake(t, api, runOne(t, api), "golden-1")
	for range 2 {
		_, err := api.DescribeImages(t.Context(), &ec2.DescribeImagesInput{ImageIds: []string{id}})
		wantCode(t, err, "InvalidAMIID.NotFound", "")
	}
	equal(t, "golden-1", *imageOf(t, api, id).Name)
}

func TestImagesByOwnerAndFilter(t *testing.T) {
	cloud := localtest.New(t)
	api := ec2Client(cloud)
	instance := runOne(t, api)
	for _, name := range []string{"golden/a-1", "golden/a-2", "golden/b-1"} {
		bake(t, api, instance, name)
	}
	for _, tt := range []struct {
		owners []string
		name   string
		values []string
		want   int
	}{
		{nil, "", nil, 4},
		{[]string{"self"}, "", nil, 3},
		{[]string{"amazon"}, "", nil, 1},
		{[]string{local.DefaultAccount}, "name", []string{"golden/a-*"}, 2},
		{nil, "name", []string{"golden/?-1", "golden/a-2"}, 3},
		{nil, "tag:rollout", []string{"golden/b-1"}, 1},
		{nil, "tag-key", []string{"rollout"}, 3},
		{nil, "state", []string{"pending"}, 0},
		{nil, "source-instance-id", []string{instance}, 3},
	} {
		in := &ec2.DescribeImagesInput{Owners: tt.owners}
		if tt.name != "" {
			in.Filters = []types.Filter{{Name: &tt.name, Values: tt.values}}
		}
		if got := len(must(api.DescribeImages(t.Context(), in))(t).Images); got != tt.want {
			t.Errorf("owners %v, %s %v: %d images, want %d", tt.owners, tt.name, tt.values, got, tt.want)
		}
	}
	_, err := api.DescribeImages(t.Context(), &ec2.DescribeImagesInput{Filters: []types.Filter{{Name: aws.String("colour"), Values: []string{"red"}}}})
	wantCode(t, err, "InvalidParameterValue", "The filter 'colour' is invalid")
}
