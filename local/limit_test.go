package local_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/updraft-go/updraft/local/localtest"
)

// A group of more instances than a region takes gets as many as there are, and its activities say why.
func TestInstancesOfARegionAreLimited(t *testing.T) {
	const why = "You have requested more instances (2001) than your current instance limit of 2000 allows for the specified instance type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."
	cloud := localtest.New(t)
	api, machines, scaling := client(cloud), ec2Client(cloud), scalingClient(cloud)
	_, err := machines.RunInstances(t.Context(), &ec2.RunInstancesInput{ImageId: aws.String(publicImage), MinCount: aws.Int32(1), MaxCount: aws.Int32(2001)})
	wantCode(t, err, "InstanceLimitExceeded", why)
	create(t, api, "fleet", resources(`"T": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {"ImageId": "`+publicImage+`"}}},
		"G": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {"AutoScalingGroupName": "all", "MinSize": "0", "MaxSize": "2000000000", "DesiredCapacity": "2000000000",
			"AvailabilityZones": ["us-east-1a"], "LaunchTemplate": {"LaunchTemplateId": {"Ref": "T"}, "Version": "1"}}}`))
	if n := len(groupOf(t, scaling, "all").Instances); n != 2000 {
		t.Errorf("the group has %d instances", n)
	}
	if last := activitiesOf(t, scaling, "all")[0]; !strings.Contains(aws.ToString(last.StatusMessage), why) {
		t.Errorf("the last activity says %q", aws.ToString(last.StatusMessage))
	}
	_, err = machines.RunInstances(t.Context(), &ec2.RunInstancesInput{ImageId: aws.String(publicImage), MinCount: aws.Int32(1), MaxCount: aws.Int32(1)})
	wantCode(t, err, "InstanceLimitExceeded", why)
}

// A time that no int64 of nanoseconds holds is long, not over.
func TestLongTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := client(localtest.New(t))
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TimeoutInMinutes: aws.Int32(2147483647), TemplateBody: aws.String(
			`{"Resources": {"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"}, "W": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "H"}, "Timeout": "43200"}}}}`)})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		equal(t, types.StackStatusCreateInProgress, describe(t, api, "work").StackStatus)
	})
}
