package broker

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A record is what is known of an instance or a binding: its stack.
type record struct {
	place      *Place
	id         string // the stack's ARN
	name       string
	status     stack.Status
	tags       map[string]string
	parameters map[string]string
	outputs    map[string]string
}

// uuid is the part of the stack's ARN that tells it from others of its name.
func (r *record) uuid() string { return r.id[strings.LastIndex(r.id, "/")+1:] }

// read reads a stack by its name or ARN. It returns nil if there is none.
func (p *Place) read(ctx context.Context, name string) (*record, error) {
	out, err := p.API.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	switch {
	case waiter.NotFound(err, name):
		return nil, nil
	case err != nil:
		return nil, err
	case len(out.Stacks) == 0:
		return nil, nil
	}
	return newRecord(p, &out.Stacks[0]), nil
}

func newRecord(p *Place, s *types.Stack) *record {
	r := &record{
		place: p, id: aws.ToString(s.StackId), name: aws.ToString(s.StackName), status: stack.Status(s.StackStatus),
		tags: map[string]string{}, parameters: map[string]string{}, outputs: map[string]string{},
	}
	for _, t := range s.Tags {
		r.tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	for _, x := range s.Parameters {
		r.parameters[aws.ToString(x.ParameterKey)] = aws.ToString(x.ParameterValue)
	}
	for _, o := range s.Outputs {
		r.outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return r
}

// find looks for a stack at all places, at home first. It returns nil if there is none. A stack of
// that name that another made is none of this broker's business.
func (b *Broker) find(ctx context.Context, name string) (*record, error) {
	for _, p := range b.places() {
		r, err := p.read(ctx, name)
		if err != nil || r != nil && r.tags[TagBroker] == b.Name() {
			return r, err
		}
	}
	return nil, nil
}

// provisioned reports whether an instance was made, whatever became of it since.
func (r *record) provisioned() bool {
	switch r.status {
	case stack.CreateComplete, stack.UpdateComplete, stack.UpdateRollbackComplete, stack.ImportComplete, stack.ImportRollbackComplete:
		return true
	}
	return r.updating() || r.stuck()
}

// updating reports whether an update runs.
func (r *record) updating() bool {
	return strings.HasPrefix(string(r.status), "UPDATE_") && strings.HasSuffix(string(r.status), "_IN_PROGRESS")
}

// stuck reports whether an update failed, and its roll-back too.
func (r *record) stuck() bool {
	return r.status == stack.UpdateFailed || r.status == stack.UpdateRollbackFailed
}

// creating reports whether the creation has not come to its end, good or bad.
func (r *record) creating() bool {
	return r.status == stack.CreateInProgress || r.status == stack.RollbackInProgress || r.status == stack.ReviewInProgress
}

// broken reports whether the creation failed, or a deletion.
func (r *record) broken() bool {
	switch r.status {
	case stack.CreateFailed, stack.RollbackComplete, stack.RollbackFailed, stack.DeleteFailed:
		return true
	}
	return false
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
