package local_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/updraft-go/updraft/local/localtest"
)

func TestImagesAreSharedWithOtherAccounts(t *testing.T) {
	cloud := localtest.New(t)
	api := ec2Client(cloud)
	id := bake(t, api, runOne(t, api), "golden")
	permissions := func() []types.LaunchPermission {
		return must(api.DescribeImageAttribute(t.Context(), &ec2.DescribeImageAttributeInput{ImageId: &id, Attribute: types.ImageAttributeNameLaunchPermission}))(t).LaunchPermissions
	}
	equal(t, 0, len(permissions()))
	cfg := cloud.Config()
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "210987654321", SecretAccessKey: "any"}, nil
	})
	other := ec2.NewFromConfig(cfg)
	_, err := other.DescribeImages(t.Context(), &ec2.DescribeImagesInput{ImageIds: []string{id}})
	wantCode(t, err, "InvalidAMIID.NotFound", "")
	must(api.ModifyImageAttribute(t.Context(), &ec2.ModifyImageAttributeInput{ImageId: &id, LaunchPermission: &types.LaunchPermissionModifications{
		Add: []types.LaunchPermission{{UserId: aws.String("210987654321")}},
	}}))(t)
	equal(t, "210987654321", *permissions()[0].UserId)
	equal(t, "golden", *imageOf(t, other, id).Name)
	_, err = other.DeregisterImage(t.Context(), &ec2.DeregisterImageInput{ImageId: &id})
	wantCode(t, err, "AuthFailure", "")
	must(api.ModifyImageAttribute(t.Context(), &ec2.ModifyImageAttributeInput{
		ImageId: &id, Attribute: aws.String("launchPermission"), OperationType: types.OperationTypeAdd, UserGroups: []string{"all"},
	}))(t)
	equal(t, true, *imageOf(t, other, id).Public)
	must(api.ModifyImageAttribute(t.Context(), &ec2.ModifyImageAttributeInput{ImageId: &id, LaunchPermission: &types.LaunchPermissionModifications{
		Remove: []types.LaunchPermission{{UserId: aws.String("210987654321")}, {Group: types.PermissionGroupAll}},
	}}))(t)
	equal(t, 0, len(permissions()))
	for _, bad := range []types.LaunchPermission{{UserId: aws.String("me")}, {Group: "some"}} {
		_, err = api.ModifyImageAttribute(t.Context(), &ec2.ModifyImageAttributeInput{ImageId: &id, LaunchPermission: &types.LaunchPermissionModifications{Add: []types.LaunchPermission{bad}}})
		wantCode(t, err, "InvalidAMIAttributeItemValue", "")
	}
	_, err = api.ModifyImageAttribute(t.Context(), &ec2.ModifyImageAttributeInput{ImageId: &id})
	wantCode(t, err, "InvalidParameterCombination", "")
}

func TestNothingIsLaunchedOfADisabledImage(t *testing.T) {
	cloud := localtest.New(t)
	api, scaling := ec2Client(cloud), scalingClient(cloud)
	id := bake(t, api, runOne(t, api), "golden")
	newGroup(t, scaling, "web", newTemplate(t, api, "app", id), "1", 0)
	must(api.DisableImage(t.Context(), &ec2.DisableImageInput{ImageId: &id}))(t)
	resize(t, scaling, "web", 1)
	equal(t, types.ImageStateDisabled, must(api.DescribeImages(t.Context(), &ec2.DescribeImagesInput{ImageIds: []string{id}, IncludeDisabled: aws.Bool(true)}))(t).Images[0].State)
	equal(t, "Failed", string(activitiesOf(t, scaling, "web")[0].StatusCode))
	must(api.EnableImage(t.Context(), &ec2.EnableImageInput{ImageId: &id}))(t)
	equal(t, types.ImageStateAvailable, imageOf(t, api, id).State)
}

func TestLaunchConfigurations(t *testing.T) {
	api := scalingClient(localtest.New(t))
	must(api.CreateLaunchConfiguration(t.Context(), &autoscaling.CreateLaunchConfigurationInput{
		LaunchConfigurationName: aws.String("old"), ImageId: aws.String(publicImage), InstanceType: aws.String("t3.micro"), SecurityGroups: []string{"sg-1"},
	}))(t)
	list := must(api.DescribeLaunchConfigurations(t.Context(), &autoscaling.DescribeLaunchConfigurationsInput{}))(t).LaunchConfigurations
	equal(t, 1, len(list))
	equal(t, "old "+publicImage+" t3.micro sg-1", *list[0].LaunchConfigurationName+" "+*list[0].ImageId+" "+*list[0].InstanceType+" "+list[0].SecurityGroups[0])
	must(api.CreateAutoScalingGroup(t.Context(), &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(0), MaxSize: aws.Int32(1), AvailabilityZones: []string{"us-east-1a"}, LaunchConfigurationName: aws.String("old"),
	}))(t)
	_, err := api.DeleteLaunchConfiguration(t.Context(), &autoscaling.DeleteLaunchConfigurationInput{LaunchConfigurationName: aws.String("old")})
	wantCode(t, err, "ResourceInUse", "")
	must(api.DeleteAutoScalingGroup(t.Context(), &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: aws.String("web")}))(t)
	must(api.DeleteLaunchConfiguration(t.Context(), &autoscaling.DeleteLaunchConfigurationInput{LaunchConfigurationName: aws.String("old")}))(t)
	for _, tt := range []struct {
		in   *autoscaling.CreateLaunchConfigurationInput
		want string
	}{
		{&autoscaling.CreateLaunchConfigurationInput{LaunchConfigurationName: aws.String("a"), ImageId: aws.String(publicImage)}, "ValidationError"},
		{&autoscaling.CreateLaunchConfigurationInput{LaunchConfigurationName: aws.String("a"), InstanceId: aws.String("i-1")}, "ValidationError"},
	} {
		_, err := api.CreateLaunchConfiguration(t.Context(), tt.in)
		wantCode(t, err, tt.want, "")
	}
}
