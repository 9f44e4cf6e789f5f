package local_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
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

func TestTheDefaultNetwork(t *testing.T) {
	cloud := localtest.New(t)
	api := ec2Client(cloud)
	vpcs := must(api.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{Filters: []types.Filter{{Name: aws.String("is-default"), Values: []string{"true"}}}}))(t).Vpcs
	equal(t, 1, len(vpcs))
	inVPC := []types.Filter{{Name: aws.String("vpc-id"), Values: []string{*vpcs[0].VpcId}}}
	subnets := must(api.DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{Filters: inVPC}))(t).Subnets
	equal(t, 3, len(subnets))
	equal(t, int32(4091), *subnets[0].AvailableIpAddressCount)
	groups := must(api.DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{Filters: inVPC}))(t).SecurityGroups
	equal(t, "default", *groups[0].GroupName)
	equal(t, "0.0.0.0/0", *groups[0].IpPermissionsEgress[0].IpRanges[0].CidrIp)
	out := must(api.RunInstances(t.Context(), &ec2.RunInstancesInput{ImageId: aws.String(publicImage), SubnetId: subnets[1].SubnetId, MinCount: aws.Int32(1), MaxCount: aws.Int32(1)}))(t)
	i := out.Instances[0]
	equal(t, *subnets[1].AvailabilityZone, *i.Placement.AvailabilityZone)
	equal(t, *vpcs[0].VpcId+" "+*groups[0].GroupId, *i.VpcId+" "+*i.SecurityGroups[0].GroupId)
	_, err := api.RunInstances(t.Context(), &ec2.RunInstancesInput{ImageId: aws.String(publicImage), SubnetId: aws.String("subnet-1"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1)})
	wantCode(t, err, "InvalidSubnetID.NotFound", "The subnet ID 'subnet-1' does not exist")
	_, err = api.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{"vpc-1"}})
	wantCode(t, err, "InvalidVpcID.NotFound", "")
	zones := must(api.DescribeAvailabilityZones(t.Context(), nil))(t).AvailabilityZones
	equal(t, "us-east-1a use1-az1", *zones[0].ZoneName+" "+*zones[0].ZoneId)
	equal(t, 17, len(must(api.DescribeRegions(t.Context(), nil))(t).Regions))
}

const networkStack = `{
	"Resources": {
		"Net": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.1.0.0/16", "Tags": [{"Key": "Name", "Value": "net"}]}},
		"Sub": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Net"}, "CidrBlock": "10.1.7.0/24", "AvailabilityZone": "us-east-1c"}},
		"Web": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "web", "VpcId": {"Ref": "Net"},
			"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}]}},
		"Key": {"Type": "AWS::EC2::KeyPair", "Properties": {"KeyName": "ops"}},
		"Server": {"Type": "AWS::EC2::Instance", "Properties": {"ImageId": "ami-0123456789abcdef0", "InstanceType": "t3.nano", "SubnetId": {"Ref": "Sub"},
			"SecurityGroupIds": [{"Ref": "Web"}], "KeyName": {"Ref": "Key"}, "Tags": [{"Key": "Name", "Value": "server"}]}}},
	"Outputs": {"Server": {"Value": {"Ref": "Server"}}, "Address": {"Value": {"Fn::GetAtt": "Server.PrivateIp"}}, "Net": {"Value": {"Ref": "Net"}}}}`

func TestStacksMakeWhatEC2Shows(t *testing.T) {
	cloud := localtest.New(t)
	stacks, api := client(cloud), ec2Client(cloud)
	made := create(t, stacks, "net", networkStack)
	out := must(api.DescribeInstances(t.Context(), &ec2.DescribeInstancesInput{Filters: []types.Filter{{Name: aws.String("tag:Name"), Values: []string{"server"}}}}))(t)
	i := out.Reservations[0].Instances[0]
	equal(t, output(made, "Server"), *i.InstanceId)
	equal(t, output(made, "Address"), *i.PrivateIpAddress)
	equal(t, "10.1.7.5 us-east-1c t3.nano ops", *i.PrivateIpAddress+" "+*i.Placement.AvailabilityZone+" "+string(i.InstanceType)+" "+*i.KeyName)
	equal(t, output(made, "Net"), *i.VpcId)
	groups := must(api.DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*i.SecurityGroups[0].GroupId}}))(t).SecurityGroups
	equal(t, int32(443), *groups[0].IpPermissions[0].FromPort)
	equal(t, 1, len(must(api.DescribeKeyPairs(t.Context(), &ec2.DescribeKeyPairsInput{KeyNames: []string{"ops"}}))(t).KeyPairs))
	tags := must(api.DescribeTags(t.Context(), &ec2.DescribeTagsInput{Filters: []types.Filter{{Name: aws.String("key"), Values: []string{"aws:cloudformation:stack-name"}}}}))(t).Tags
	equal(t, 4, len(tags))
	// An instance that is terminated behind its stack's back has drifted away.
	must(api.TerminateInstances(t.Context(), &ec2.TerminateInstancesInput{InstanceIds: []string{*i.InstanceId}}))(t)
	drift := must(stacks.DetectStackResourceDrift(t.Context(), &cloudformation.DetectStackResourceDriftInput{StackName: aws.String("net"), LogicalResourceId: aws.String("Server")}))(t)
	equal(t, "DELETED", string(drift.StackResourceDrift.StackResourceDriftStatus))
	remove(t, stacks, "net")
	equal(t, 1, len(must(api.DescribeVpcs(t.Context(), nil))(t).Vpcs))
}

func TestAStackFailsWithAnImageThatCannotBeLaunched(t *testing.T) {
	cloud := localtest.New(t)
	cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: time.Hour})
	stacks, api := client(cloud), ec2Client(cloud)
	golden := bake(t, api, runOne(t, api), "golden")
	failed := create(t, stacks, "server", `{"Resources": {"Server": {"Type": "AWS::EC2::Instance", "Properties": {"ImageId": "`+golden+`"}}}}`)
	equal(t, "ROLLBACK_COMPLETE", string(failed.StackStatus))
	create(t, stacks, "app", scalingStack, "Image", publicImage)
	failed = update(t, stacks, "app", scalingStack, "Image", golden)
	equal(t, "UPDATE_ROLLBACK_COMPLETE", string(failed.StackStatus))
	wantIn(t, strings.Join(lines(t, stacks, "app"), "\n"), "Group UPDATE_FAILED: You must use a valid fully-formed launch template. AMI "+golden+" is pending, and cannot be run.")
	equal(t, []string{publicImage, publicImage}, imagesOf(t, scalingClient(cloud), output(failed, "Group")))
}
