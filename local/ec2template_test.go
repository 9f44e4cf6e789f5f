package local_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/updraft-go/updraft/local/localtest"
)

// newTemplate makes a launch template of an image.
func newTemplate(t *testing.T, api *ec2.Client, name, image string) string {
	t.Helper()
	out := must(api.CreateLaunchTemplate(t.Context(), &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: &name,
		LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: &image, InstanceType: types.InstanceTypeT3Micro},
	}))(t)
	return *out.LaunchTemplate.LaunchTemplateId
}

// newVersion makes a version with another image of the newest one.
func newVersion(t *testing.T, api *ec2.Client, id, image string) types.LaunchTemplateVersion {
	t.Helper()
	return *must(api.CreateLaunchTemplateVersion(t.Context(), &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateId: &id, SourceVersion: aws.String("$Latest"), LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: &image},
	}))(t).LaunchTemplateVersion
}

func TestLaunchTemplateDataComesBackAsItWasGiven(t *testing.T) {
	api := ec2Client(localtest.New(t))
	data := &types.RequestLaunchTemplateData{
		ImageId: aws.String(publicImage), InstanceType: types.InstanceTypeM5Large, EbsOptimized: aws.Bool(true), KeyName: aws.String("key"),
		UserData: aws.String("IyEvYmluL3No"), SecurityGroupIds: []string{"sg-1", "sg-2"},
		BlockDeviceMappings: []types.LaunchTemplateBlockDeviceMappingRequest{{
			DeviceName: aws.String("/dev/xvda"), Ebs: &types.LaunchTemplateEbsBlockDeviceRequest{VolumeSize: aws.Int32(20), VolumeType: types.VolumeTypeGp3, Encrypted: aws.Bool(false)},
		}},
		NetworkInterfaces: []types.LaunchTemplateInstanceNetworkInterfaceSpecificationRequest{{
			DeviceIndex: aws.Int32(0), Groups: []string{"sg-3"}, PrivateIpAddresses: []types.PrivateIpAddressSpecification{{PrivateIpAddress: aws.String("10.0.0.9"), Primary: aws.Bool(true)}},
		}},
		TagSpecifications: []types.LaunchTemplateTagSpecificationRequest{{ResourceType: types.ResourceTypeInstance, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}}},
		MetadataOptions:   &types.LaunchTemplateInstanceMetadataOptionsRequest{HttpTokens: types.LaunchTemplateHttpTokensStateRequired, HttpPutResponseHopLimit: aws.Int32(2)},
		InstanceRequirements: &types.InstanceRequirementsRequest{
			VCpuCount: &types.VCpuCountRangeRequest{Min: aws.Int32(2)}, MemoryMiB: &types.MemoryMiBRequest{Min: aws.Int32(1024)},
			MemoryGiBPerVCpu: &types.MemoryGiBPerVCpuRequest{Min: aws.Float64(1.5)}, CpuManufacturers: []types.CpuManufacturer{types.CpuManufacturerAmd},
		},
		LicenseSpecifications: []types.LaunchTemplateLicenseConfigurationRequest{{LicenseConfigurationArn: aws.String("arn:x")}},
	}
	must(api.CreateLaunchTemplate(t.Context(), &ec2.CreateLaunchTemplateInput{LaunchTemplateName: aws.String("app"), LaunchTemplateData: data}))(t)
	out := must(api.DescribeLaunchTemplateVersions(t.Context(), &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateName: aws.String("app")}))(t)
	want := &types.ResponseLaunchTemplateData{
		ImageId: data.ImageId, InstanceType: data.InstanceType, EbsOptimized: data.EbsOptimized, KeyName: data.KeyName, UserData: data.UserData, SecurityGroupIds: data.SecurityGroupIds,
		BlockDeviceMappings: []types.LaunchTemplateBlockDeviceMapping{{
			DeviceName: aws.String("/dev/xvda"), Ebs: &types.LaunchTemplateEbsBlockDevice{VolumeSize: aws.Int32(20), VolumeType: types.VolumeTypeGp3, Encrypted: aws.Bool(false)},
		}},
		NetworkInterfaces: []types.LaunchTemplateInstanceNetworkInterfaceSpecification{{
			DeviceIndex: aws.Int32(0), Groups: []string{"sg-3"}, PrivateIpAddresses: []types.PrivateIpAddressSpecification{{PrivateIpAddress: aws.String("10.0.0.9"), Primary: aws.Bool(true)}},
		}},
		TagSpecifications: []types.LaunchTemplateTagSpecification{{ResourceType: types.ResourceTypeInstance, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}}},
		MetadataOptions:   &types.LaunchTemplateInstanceMetadataOptions{HttpTokens: types.LaunchTemplateHttpTokensStateRequired, HttpPutResponseHopLimit: aws.Int32(2)},
		InstanceRequirements: &types.InstanceRequirements{
			VCpuCount: &types.VCpuCountRange{Min: aws.Int32(2)}, MemoryMiB: &types.MemoryMiB{Min: aws.Int32(1024)},
			MemoryGiBPerVCpu: &types.MemoryGiBPerVCpu{Min: aws.Float64(1.5)}, CpuManufacturers: []types.CpuManufacturer{types.CpuManufacturerAmd},
		},
		LicenseSpecifications: []types.LaunchTemplateLicenseConfiguration{{LicenseConfigurationArn: aws.String("arn:x")}},
	}
	if diff := cmp.Diff(want, out.LaunchTemplateVersions[0].LaunchTemplateData, cmpopts.IgnoreUnexported(
		types.ResponseLaunchTemplateData{}, types.LaunchTemplateBlockDeviceMapping{}, types.LaunchTemplateEbsBlockDevice{}, types.LaunchTemplateInstanceNetworkInterfaceSpecification{},
		types.PrivateIpAddressSpecification{}, types.LaunchTemplateTagSpecification{}, types.Tag{}, types.LaunchTemplateInstanceMetadataOptions{}, types.InstanceRequirements{},
		types.VCpuCountRange{}, types.MemoryMiB{}, types.MemoryGiBPerVCpu{}, types.LaunchTemplateLicenseConfiguration{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLaunchTemplateVersions(t *testing.T) {
	api := ec2Client(localtest.New(t))
	id := newTemplate(t, api, "app", publicImage)
	_, err := api.CreateLaunchTemplate(t.Context(), &ec2.CreateLaunchTemplateInput{LaunchTemplateName: aws.String("app"), LaunchTemplateData: &types.RequestLaunchTemplateData{KeyName: aws.String("k")}})
	wantCode(t, err, "InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
	two := newVersion(t, api, id, "ami-2")
	equal(t, int64(2), *two.VersionNumber)
	equal(t, types.InstanceTypeT3Micro, two.LaunchTemplateData.InstanceType)
	plain := must(api.CreateLaunchTemplateVersion(t.Context(), &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateName: aws.String("app"), LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: aws.String("ami-nonsense")}, VersionDescription: aws.String("three"),
	}))(t)
	equal(t, types.InstanceType(""), plain.LaunchTemplateVersion.LaunchTemplateData.InstanceType)
	equal(t, "InvalidAMIID.Malformed", *plain.Warning.Errors[0].Code)
	modified := must(api.ModifyLaunchTemplate(t.Context(), &ec2.ModifyLaunchTemplateInput{LaunchTemplateId: &id, DefaultVersion: aws.String("2")}))(t)
	equal(t, int64(2), *modified.LaunchTemplate.DefaultVersionNumber)
	equal(t, int64(3), *modified.LaunchTemplate.LatestVersionNumber)
	for _, tt := range []struct {
		versions []string
		want     []int64
	}{
		{nil, []int64{3, 2, 1}},
		{[]string{"$Latest"}, []int64{3}},
		{[]string{"$Default"}, []int64{2}},
		{[]string{"1", "$Latest"}, []int64{3, 1}},
	} {
		out := must(api.DescribeLaunchTemplateVersions(t.Context(), &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &id, Versions: tt.versions}))(t)
		var got []int64
		for _, v := range out.LaunchTemplateVersions {
			got = append(got, *v.VersionNumber)
		}
		equal(t, tt.want, got)
	}
	_, err = api.DescribeLaunchTemplateVersions(t.Context(), &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &id, Versions: []string{"9"}})
	wantCode(t, err, "InvalidLaunchTemplateId.VersionNotFound", "Could not find the specified version 9 for the launch template with ID "+id+".")
	deleted := must(api.DeleteLaunchTemplateVersions(t.Context(), &ec2.DeleteLaunchTemplateVersionsInput{LaunchTemplateId: &id, Versions: []string{"1", "2", "7", "3"}}))(t)
	equal(t, 2, len(deleted.SuccessfullyDeletedLaunchTemplateVersions))
	equal(t, 2, len(deleted.UnsuccessfullyDeletedLaunchTemplateVersions))
	// A number is never used again.
	equal(t, int64(4), *newVersion(t, api, id, "ami-4").VersionNumber)
	must(api.DeleteLaunchTemplate(t.Context(), &ec2.DeleteLaunchTemplateInput{LaunchTemplateName: aws.String("app")}))(t)
	_, err = api.DescribeLaunchTemplates(t.Context(), &ec2.DescribeLaunchTemplatesInput{LaunchTemplateIds: []string{id}})
	wantCode(t, err, "InvalidLaunchTemplateId.NotFound", "")
	newTemplate(t, api, "app", publicImage)
}

func TestClientTokensMakeOneVersion(t *testing.T) {
	api := ec2Client(localtest.New(t))
	id := newTemplate(t, api, "app", publicImage)
	in := &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateId: &id, ClientToken: aws.String("rollout-1"), SourceVersion: aws.String("1"),
		LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: aws.String("ami-2")},
	}
	for range 2 {
		equal(t, int64(2), *must(api.CreateLaunchTemplateVersion(t.Context(), in))(t).LaunchTemplateVersion.VersionNumber)
	}
	in.LaunchTemplateData.ImageId = aws.String("ami-3")
	_, err := api.CreateLaunchTemplateVersion(t.Context(), in)
	wantCode(t, err, "IdempotentParameterMismatch", "")
}
