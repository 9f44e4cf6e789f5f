package executor

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// DriftOptions say how drift is looked for. Nil, or the zero value, looks at the whole stack.
type DriftOptions struct {
	// LogicalIDs are the resources to look at. Nil is all.
	LogicalIDs []string
	// Last shows what was found when it was looked for last, and does not look anew. False looks.
	Last bool
	// PropertyValues adds what properties are to be and what they are. They may hold secrets. False
	// leaves them out.
	PropertyValues bool
}

// A Drift is how far a stack's resources are from what its template says.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
type Drift struct {
	// StackName and StackID name the stack.
	StackName, StackID string
	// Status is DRIFTED, IN_SYNC, UNKNOWN or NOT_CHECKED.
	Status types.StackDriftStatus
	// Incomplete is why not all resources could be looked at, "" if they were.
	Incomplete string
	// Resources are those that drift is known of, also the ones that are in sync.
	Resources []ResourceDrift
}

// Drifted returns the resources that are not what the template says.
func (d *Drift) Drifted() []ResourceDrift {
	var list []ResourceDrift
	for _, r := range d.Resources {
		if r.Status == types.StackResourceDriftStatusModified || r.Status == types.StackResourceDriftStatusDeleted {
			list = append(list, r)
		}
	}
	return list
}

// A ResourceDrift is how far one resource is from what the template says.
type ResourceDrift struct {
	// LogicalID, PhysicalID and Type name the resource.
	LogicalID, PhysicalID, Type string
	// Status is IN_SYNC, MODIFIED, DELETED, NOT_CHECKED, UNKNOWN or UNSUPPORTED.
	Status types.StackResourceDriftStatus
	// Checked is when it was looked at.
	Checked time.Time
	// Differences are the properties that differ.
	Differences []Difference
}

// A Difference is one property that is not what the template says.
type Difference struct {
	// Path leads to it, such as /Tags/0/Value.
	Path string
	// Type is ADD, REMOVE or NOT_EQUAL.
	Type types.DifferenceType
	// Expected and Actual are the values, with DriftOptions.PropertyValues.
	Expected, Actual string
}

// DetectDrift has CloudFormation compare a stack, named by its name or ARN, with what is there, and
// waits for the answer. It changes nothing. [Options.RevertDrift] puts back what has drifted.
//
// # Errors
//
// [*StateError] if there is no such stack; [*RefusedError] if its state does not allow it; the cause
// of ctx if that ends.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DetectStackDrift.html
func (c *Client) DetectDrift(ctx context.Context, name string, opts *DriftOptions) (*Drift, error) {
	if opts == nil {
		opts = &DriftOptions{}
	}
	d, err := c.read(ctx, name)
	if err != nil {
		return nil, err
	}
	if d.status() == "" {
		return nil, noSuchStack(name)
	}
	drift := &Drift{StackName: aws.ToString(d.StackName), StackID: d.id()}
	if opts.Last {
		drift.Status = types.StackDriftStatusNotChecked
		if d.DriftInformation != nil {
			drift.Status = d.DriftInformation.StackDriftStatus
		}
		return drift, c.readDrift(ctx, drift, opts)
	}
	in := &cloudformation.DetectStackDriftInput{StackName: &drift.StackID, LogicalResourceIds: opts.LogicalIDs}
	began, err := call(ctx, c, "DetectStackDrift", drift.StackName, c.API.DetectStackDrift, in)
	if err != nil {
		return nil, refused(drift.StackName, "looking for its drift", err)
	}
	if err := c.untilDetected(ctx, drift, began.StackDriftDetectionId); err != nil {
		return nil, err
	}
	return drift, c.readDrift(ctx, drift, opts)
}

// untilDetected waits until the detection has come to its end. One that failed has results all the
// same, of the resources that it got to.
func (c *Client) untilDetected(ctx context.Context, drift *Drift, id *string) error {
	var last *cloudformation.DescribeStackDriftDetectionStatusOutput
	err := c.watcher().Poll(ctx, func(ctx context.Context) (bool, error) {
		out, err := c.API.DescribeStackDriftDetectionStatus(ctx, &cloudformation.DescribeStackDriftDetectionStatusInput{StackDriftDetectionId: id}, once)
		last = out
		return err == nil && out.DetectionStatus != types.StackDriftDetectionStatusDetectionInProgress, err
	})
	if err != nil {
		return fmt.Errorf("stack %s: waiting for its drift: %w", drift.StackName, err)
	}
	drift.Status = last.StackDriftStatus
	if last.DetectionStatus != types.StackDriftDetectionStatusDetectionComplete {
		drift.Incomplete = aws.ToString(last.DetectionStatusReason)
		if drift.Incomplete == "" {
			drift.Incomplete = string(last.DetectionStatus)
		}
	}
	return nil
}

// readDrift reads what was detected of each resource.
func (c *Client) readDrift(ctx context.Context, drift *Drift, opts *DriftOptions) error {
	in := &cloudformation.DescribeStackResourceDriftsInput{StackName: &drift.StackID}
	for {
		out, err := call(ctx, c, "DescribeStackResourceDrifts", drift.StackName, c.API.DescribeStackResourceDrifts, in)
		if err != nil {
			return err
		}
		for _, r := range out.StackResourceDrifts {
			drift.Resources = append(drift.Resources, resourceDrift(r, opts.PropertyValues))
		}
		if aws.ToString(out.NextToken) == "" {
			return nil
		}
		in.NextToken = out.NextToken
	}
}

func resourceDrift(r types.StackResourceDrift, values bool) ResourceDrift {
	drift := ResourceDrift{
		LogicalID: aws.ToString(r.LogicalResourceId), PhysicalID: aws.ToString(r.PhysicalResourceId), Type: aws.ToString(r.ResourceType),
		Status: r.StackResourceDriftStatus, Checked: aws.ToTime(r.Timestamp),
	}
	for _, p := range r.PropertyDifferences {
		difference := Difference{Path: aws.ToString(p.PropertyPath), Type: p.DifferenceType}
		if values {
			difference.Expected, difference.Actual = aws.ToString(p.ExpectedValue), aws.ToString(p.ActualValue)
		}
		drift.Differences = append(drift.Differences, difference)
	}
	return drift
}
