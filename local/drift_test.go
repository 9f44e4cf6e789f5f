package local_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

func TestDrift(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	create(t, api, "work", resources(`"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "p", "Type": "String", "Value": "one"}},
		"Q": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 1, "Tags": [{"Key": "a", "Value": "b"}]}}, "T": {"Type": "AWS::SNS::Topic"}`))
	look := func() (types.StackDriftStatus, map[string]types.StackResourceDrift) {
		t.Helper()
		out, err := api.DetectStackDrift(t.Context(), &cloudformation.DetectStackDriftInput{StackName: aws.String("work")})
		if err != nil {
			t.Fatal(err)
		}
		status, err := api.DescribeStackDriftDetectionStatus(t.Context(), &cloudformation.DescribeStackDriftDetectionStatusInput{StackDriftDetectionId: out.StackDriftDetectionId})
		if err != nil {
			t.Fatal(err)
		}
		drifts, err := api.DescribeStackResourceDrifts(t.Context(), &cloudformation.DescribeStackResourceDriftsInput{StackName: aws.String("work")})
		if err != nil {
			t.Fatal(err)
		}
		byID := map[string]types.StackResourceDrift{}
		for _, d := range drifts.StackResourceDrifts {
			byID[*d.LogicalResourceId] = d
		}
		return status.StackDriftStatus, byID
	}
	status, _ := look()
	equal(t, types.StackDriftStatusInSync, status)

	ask(t, cloud, "AmazonSSM.PutParameter", `{"Name": "p", "Value": "two", "Overwrite": true}`)
	if err := cloud.Change("work", "Q", map[string]any{"DelaySeconds": 2, "Tags": nil, "VisibilityTimeout": 9}); err != nil {
		t.Fatal(err)
	}
	if err := cloud.Change("work", "T", nil); err != nil {
		t.Fatal(err)
	}
	status, byID := look()
	equal(t, types.StackDriftStatusDrifted, status)
	equal(t, types.StackDriftStatusDrifted, describe(t, api, "work").DriftInformation.StackDriftStatus)
	equal(t, types.StackResourceDriftStatusDeleted, byID["T"].StackResourceDriftStatus)
	told := func(id string) []string {
		var all []string
		for _, d := range byID[id].PropertyDifferences {
			all = append(all, *d.PropertyPath+" "+*d.ExpectedValue+" "+*d.ActualValue+" "+string(d.DifferenceType))
		}
		return all
	}
	equal(t, []string{"/Value one two NOT_EQUAL"}, told("P"))
	equal(t, []string{"/DelaySeconds 1 2 NOT_EQUAL", `/Tags [{"Key":"a","Value":"b"}] null REMOVE`}, told("Q"))
	one, err := api.DetectStackResourceDrift(t.Context(), &cloudformation.DetectStackResourceDriftInput{StackName: aws.String("work"), LogicalResourceId: aws.String("P")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackResourceDriftStatusModified, one.StackResourceDrift.StackResourceDriftStatus)
	for _, names := range [][2]string{{"none", "Q"}, {"work", "X"}, {"work", "T"}} {
		if err := cloud.Change(names[0], names[1], nil); err == nil {
			t.Errorf("%v was changed", names)
		}
	}
}
