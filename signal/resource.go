package signal

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// API is what is needed of a [cloudformation.Client] to signal a resource.
type API interface {
	SignalResource(context.Context, *cloudformation.SignalResourceInput, ...func(*cloudformation.Options)) (*cloudformation.SignalResourceOutput, error)
}

// A Resource is one that waits for signals: that has a creation policy, or an update policy with
// WaitOnResourceSignals. Both fields are required.
type Resource struct {
	// Stack is the stack's name or ID.
	Stack string
	// LogicalID is the resource's ID in the template.
	LogicalID string
}

// SendToResource signals a resource. Status and UniqueID are sent; the operation has no room for Reason
// and Data. Trying again is the client's business, as it is set up.
//
// # Errors
//
// [ErrInvalid], before anything is sent; what the client returns, such as a ValidationError for a
// resource that waits for nothing.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SignalResource.html
func SendToResource(ctx context.Context, api API, r Resource, s Signal) error {
	if err := s.checkFor(r); err != nil {
		return err
	}
	_, err := api.SignalResource(ctx, &cloudformation.SignalResourceInput{
		StackName: &r.Stack, LogicalResourceId: &r.LogicalID,
		UniqueId: aws.String(s.UniqueID), Status: types.ResourceSignalStatus(s.Status),
	})
	if err != nil {
		return fmt.Errorf("signal %s of stack %s: %w", r.LogicalID, r.Stack, err)
	}
	return nil
}

func (s Signal) checkFor(r Resource) error {
	var problems []error
	if r.Stack == "" {
		problems = append(problems, errors.New("there is no stack; give its name or ID"))
	}
	if r.LogicalID == "" {
		problems = append(problems, errors.New("there is no resource; give its logical ID"))
	}
	if n := utf8.RuneCountInString(s.UniqueID); n > MaxResourceID {
		problems = append(problems, fmt.Errorf("the unique ID has %d characters, and may have %d for a resource", n, MaxResourceID))
	}
	sent := Signal{Status: s.Status, UniqueID: s.UniqueID}
	if err := sent.Check(); err != nil {
		return errors.Join(err, errors.Join(problems...))
	}
	return invalid(problems)
}
