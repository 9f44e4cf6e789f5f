package executor_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// drifting is a fake in which a stack has drifted, told on two pages after a few looks.
type drifting struct {
	*fake
	end   types.StackDriftDetectionStatus
	looks int
}

func (d *drifting) DetectStackDrift(_ context.Context, in *cloudformation.DetectStackDriftInput, _ ...opt) (*cloudformation.DetectStackDriftOutput, error) {
	if d.find(*in.StackName).StackStatus == types.StackStatusReviewInProgress {
		return nil, refuse("ValidationError", "Drift detection cannot be performed on stack [%s] while it is in REVIEW_IN_PROGRESS", *in.StackName)
	}
	return &cloudformation.DetectStackDriftOutput{StackDriftDetectionId: aws.String("d-1")}, nil
}

func (d *drifting) DescribeStackDriftDetectionStatus(_ context.Context, in *cloudformation.DescribeStackDriftDetectionStatusInput, _ ...opt) (*cloudformation.DescribeStackDriftDetectionStatusOutput, error) {
	out := &cloudformation.DescribeStackDriftDetectionStatusOutput{DetectionStatus: types.StackDriftDetectionStatusDetectionInProgress}
	switch d.looks++; {
	case *in.StackDriftDetectionId != "d-1":
		return nil, refuse("ValidationError", "no such detection")
	case d.looks == 2:
		return nil, throttle()
	case d.looks > 3:
		out.DetectionStatus, out.StackDriftStatus = d.end, types.StackDriftStatusDrifted
	}
	return out, nil
}

func (d *drifting) DescribeStackResourceDrifts(_ context.Context, in *cloudformation.DescribeStackResourceDriftsInput, _ ...opt) (*cloudformation.DescribeStackResourceDriftsOutput, error) {
	if in.NextToken == nil {
		return &cloudformation.DescribeStackResourceDriftsOutput{NextToken: aws.String("2"), StackResourceDrifts: []types.StackResourceDrift{
			{LogicalResourceId: aws.String("A"), StackResourceDriftStatus: types.StackResourceDriftStatusInSync},
		}}, nil
	}
	return &cloudformation.DescribeStackResourceDriftsOutput{StackResourceDrifts: []types.StackResourceDrift{{
		LogicalResourceId: aws.String("B"), StackResourceDriftStatus: types.StackResourceDriftStatusModified,
		PropertyDifferences: []types.PropertyDifference{{PropertyPath: aws.String("/X"), DifferenceType: types.DifferenceTypeNotEqual, ExpectedValue: aws.String("1"), ActualValue: aws.String("2")}},
	}}}, nil
}

// 27: drift has statuses of its own; a detection that failed has results all the same.
func TestEdge27Drift(t *testing.T) {
	for _, end := range []types.StackDriftDetectionStatus{types.StackDriftDetectionStatusDetectionComplete, types.StackDriftDetectionStatusDetectionFailed} {
		synctest.Test(t, func(t *testing.T) {
			d := &drifting{fake: newFake(), end: end}
			d.put("jobs", stack.UpdateComplete)
			c := d.client()
			c.API = d
			got, err := c.DetectDrift(t.Context(), "jobs", nil)
			if err != nil {
				t.Fatal(err)
			}
			want := []executor.ResourceDrift{{LogicalID: "B", Status: types.StackResourceDriftStatusModified, Differences: []executor.Difference{{Path: "/X", Type: types.DifferenceTypeNotEqual}}}}
			if diff := cmp.Diff(want, got.Drifted()); diff != "" || got.Status != types.StackDriftStatusDrifted || len(got.Resources) != 2 {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if failed := end == types.StackDriftDetectionStatusDetectionFailed; (got.Incomplete != "") != failed {
				t.Errorf("%s: incomplete %q", end, got.Incomplete)
			}
			if got, err = c.DetectDrift(t.Context(), "jobs", &executor.DriftOptions{PropertyValues: true}); err != nil || got.Drifted()[0].Differences[0].Actual != "2" {
				t.Errorf("with values: got %+v, %v", got, err)
			}
			d.put("review", stack.ReviewInProgress)
			if _, err = c.DetectDrift(t.Context(), "review", nil); err == nil || !strings.Contains(err.Error(), "looking for its drift was refused") {
				t.Errorf("under review: got %v", err)
			}
		})
	}
}

func TestEdge22ImportAndRevertHaveChangeSetsOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.put("jobs", stack.UpdateComplete)
		resources := []types.ResourceToImport{{LogicalResourceId: aws.String("R"), ResourceType: aws.String("AWS::SNS::Topic"), ResourceIdentifier: map[string]string{"TopicArn": "arn:t"}}}
		p, err := f.client().Plan(t.Context(), topic("jobs"), &executor.Options{ResourcesToImport: resources})
		if err != nil || f.sets[0].ChangeSetType != types.ChangeSetTypeImport || len(f.sets[0].ResourcesToImport) != 1 || p.Operation.String() != "import" {
			t.Errorf("import: got %+v, %v", p, err)
		}
		if _, err = f.client().Plan(t.Context(), topic("jobs"), &executor.Options{RevertDrift: true}); err != nil || f.sets[1].DeploymentMode != types.DeploymentModeRevertDrift {
			t.Errorf("revert: got %v", err)
		}
		calls := len(f.calls)
		for _, opts := range []*executor.Options{
			{ResourcesToImport: resources, IncludeNestedStacks: true}, {RevertDrift: true, IncludeNestedStacks: true},
			{ResourcesToImport: resources, RevertDrift: true}, {ResourcesToImport: resources, ImportExistingResources: true},
		} {
			if _, err := f.client().Plan(t.Context(), topic("jobs"), opts); err == nil || !strings.Contains(err.Error(), "exclude each other") || len(f.calls) > calls {
				t.Errorf("got %v", err)
			}
		}
	})
}
