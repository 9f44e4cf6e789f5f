package executor

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/updraft-go/updraft/stack"
)

// A Description is what CloudFormation tells of a stack, without the values of its parameters.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html
type Description struct {
	// StackName and StackID name the stack; ParentID is the stack in which it is nested, "" if none.
	StackName, StackID, ParentID string
	// Status is its state, Reason what CloudFormation says of it, Text its template's description.
	Status       stack.Status
	Reason, Text string
	// Created, Updated and Deleted are when the last operation of each kind began; zero if there was
	// none.
	Created, Updated, Deleted time.Time
	// TerminationProtection reports that it cannot be deleted, RoleARN is the role that CloudFormation
	// assumes, "" if none. Drift is IN_SYNC, DRIFTED, NOT_CHECKED or UNKNOWN.
	TerminationProtection bool
	RoleARN, Drift        string
	// Tags are on the stack. Outputs are its outputs by name, Exports the values of those that are
	// exported, by the name of the export.
	Tags, Outputs, Exports map[string]string
}

// Describe reads a stack, named by its name or ARN; by its ARN also one that is deleted.
//
// # Errors
//
// [*StateError] with the status DELETE_COMPLETE if there is no such stack.
func (c *Client) Describe(ctx context.Context, name string) (*Description, error) {
	d, err := c.readAny(ctx, name)
	if err != nil {
		return nil, err
	}
	if d.status() == "" {
		return nil, noSuchStack(name)
	}
	result := newResult(&Run{}, d.Stack)
	description := &Description{
		StackName: aws.ToString(d.StackName), StackID: d.id(), ParentID: aws.ToString(d.ParentId),
		Status: d.status(), Reason: aws.ToString(d.StackStatusReason), Text: aws.ToString(d.Description),
		Created: aws.ToTime(d.CreationTime), Updated: aws.ToTime(d.LastUpdatedTime), Deleted: aws.ToTime(d.DeletionTime),
		TerminationProtection: aws.ToBool(d.EnableTerminationProtection), RoleARN: aws.ToString(d.RoleARN),
		Tags: map[string]string{}, Outputs: result.Outputs, Exports: result.Exports,
	}
	if d.DriftInformation != nil {
		description.Drift = string(d.DriftInformation.StackDriftStatus)
	}
	for _, t := range d.Tags {
		description.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return description, nil
}

func noSuchStack(name string) error {
	return &StateError{Stack: name, Status: stack.DeleteComplete, Next: "there is no such stack in this account and region; check its name, or give its ARN"}
}
