package cfnstack

import (
	"context"
	"errors"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/executor"
)

// IsComplete waits until what was begun has come to its end, or ctx ends.
func (p *Provider) IsComplete(ctx context.Context, r *request) (*result, error) {
	if r.RequestType == customresource.Delete {
		return p.deleted(ctx, r)
	}
	arn, _ := parseARN(r.PhysicalResourceID)
	client, err := p.client(ctx, &r.Properties, arn.region)
	if err != nil {
		return nil, err
	}
	if r.State == "" { // there was nothing to change
		there, err := client.Describe(ctx, r.PhysicalResourceID)
		if err != nil {
			return nil, err
		}
		return &result{Data: there.Outputs}, nil
	}
	run, err := client.Attach(ctx, r.PhysicalResourceID, r.State)
	if err != nil {
		return nil, err
	}
	end, err := run.Wait(ctx)
	if err != nil {
		return nil, stillGoing(err)
	}
	return &result{Data: end.Outputs}, nil
}

// stillGoing is nil for the end of a wait, and else the error that the work has come to.
func stillGoing(err error) error {
	if errors.Is(err, executor.ErrDetached) {
		return nil
	}
	return err
}

// deleted waits for the end of a deletion.
func (p *Provider) deleted(ctx context.Context, r *request) (*result, error) {
	client, id, err := p.own(ctx, r)
	if err != nil {
		return nil, err
	}
	if id == "" {
		return &result{}, nil
	}
	run, err := client.BeginDelete(ctx, id, &executor.DeleteOptions{Busy: executor.BusyWait})
	if err != nil {
		return nil, stillGoing(err)
	}
	if _, err := run.Wait(ctx); err != nil {
		return nil, stillGoing(err)
	}
	return &result{}, nil
}
