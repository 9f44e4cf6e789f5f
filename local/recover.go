package local

import (
	"maps"
	"slices"
	"time"

	"github.com/updraft-go/updraft/stack"
)

type continueInput struct {
	StackName, RoleARN, ClientRequestToken string
	ResourcesToSkip                        []string
}

// continueUpdateRollback goes on with the roll-back of an update that failed.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html
func continueUpdateRollback(c *call, in *continueInput) (any, error) {
	s, err := c.region.named(in.StackName)
	if err != nil {
		return nil, err
	}
	if in.ClientRequestToken != "" && s.requests[in.ClientRequestToken] == "ContinueUpdateRollback" {
		return &struct{}{}, nil
	}
	if s.status != stack.UpdateRollbackFailed || s.undone == nil {
		return nil, invalid("Stack:%s is in %s state and can not be continued with rollback.", s.id, s.status)
	}
	for _, id := range in.ResourcesToSkip {
		if r := s.resources[id]; r == nil || r.status != stack.UpdateFailed {
			return nil, invalid("The following resources to skip are not in UPDATE_FAILED state: [%s]", id)
		}
	}
	s.remember(in.ClientRequestToken, "ContinueUpdateRollback")
	return &struct{}{}, c.resume(s, in.ClientRequestToken, userInitiated, in.ResourcesToSkip)
}

// resume rolls an update back that was not rolled back, or not wholly.
func (c *call) resume(s *stackState, token, reason string, skip []string) error {
	was := s.undone
	s.updated = time.Now()
	s.setStatus(stack.UpdateRollbackInProgress, reason, token)
	d := c.cloud.launch(s, token, func(d *deployment) { d.undo(*d.old) })
	d.before, d.touched, d.retired, d.nested = was.before, was.touched, was.retired, was.nested
	d.restored, d.left, d.skips, d.old = was.restored, was.left, skip, &was.snapshot
	c.settle = d
	return nil
}

// An undone is what it takes to roll an update back that was not rolled back, or not wholly.
type undone struct {
	snapshot snapshot
	before   map[string]*resource // how resources were; nil if they were not
	touched  []string             // the keys of before, in order
	restored map[string]bool      // what the roll-back has brought back
	left     []*resource          // what it has taken out of the stack and not deleted yet
	retired  []*resource
	nested   map[string]*deployment
}

// leave keeps what it takes to roll the update back later, to where the stack last was whole.
func (d *deployment) leave(old snapshot) {
	u := &undone{old, d.before, d.touched, d.restored, d.left, d.retired, d.nested}
	if p := d.prior; p != nil {
		u.snapshot, u.retired, u.left = p.snapshot, slices.Concat(p.retired, u.retired), slices.Concat(p.left, u.left)
		maps.Copy(u.before, p.before)
		u.touched = slices.Concat(p.touched, slices.DeleteFunc(u.touched, func(id string) bool { return slices.Contains(p.touched, id) }))
	}
	d.state.undone = u
}

// skipped reports whether the roll-back leaves a resource as it is.
func (d *deployment) skipped(id string) bool { return slices.Contains(d.skips, id) }

type rollbackInput struct {
	StackName, RoleARN, ClientRequestToken string
	RetainExceptOnCreate                   bool
	DeploymentConfig                       *deploymentConfig
}

// rollbackStack rolls back what a failed creation or update left, because it was told not to roll back.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html
func rollbackStack(c *call, in *rollbackInput) (any, error) {
	s, err := c.region.named(in.StackName)
	if err != nil {
		return nil, err
	}
	if in.ClientRequestToken != "" && s.requests[in.ClientRequestToken] == "RollbackStack" {
		return s.begun(), nil
	}
	if err := in.DeploymentConfig.check(); err != nil {
		return nil, err
	}
	if in.DeploymentConfig != nil {
		s.config = in.DeploymentConfig
	}
	s.retainExceptOnCreate = s.retainExceptOnCreate || in.RetainExceptOnCreate
	switch {
	case s.status == stack.CreateFailed:
		s.setStatus(stack.RollbackInProgress, userInitiated, in.ClientRequestToken)
		c.settle = c.cloud.launch(s, in.ClientRequestToken, (*deployment).undoCreate)
	case s.status == stack.UpdateFailed && s.undone != nil:
		if err := c.resume(s, in.ClientRequestToken, userInitiated, nil); err != nil {
			return nil, err
		}
	default:
		return nil, invalid("Stack:%s is in %s state and can not be rolled back.", s.id, s.status)
	}
	s.remember(in.ClientRequestToken, "RollbackStack")
	return s.begun(), nil
}
