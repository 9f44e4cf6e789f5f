package local

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// createInput is the request of CreateStack.
type createInput struct {
	stackInput
	DisableRollback             *bool
	OnFailure                   string
	RetainExceptOnCreate        bool
	TimeoutInMinutes            *int
	EnableTerminationProtection bool
	StackPolicyBody             string
	StackPolicyURL              string
	DisableValidation           bool
}

// stackIDResult is the answer of operations on one stack.
type stackIDResult struct {
	StackId     string
	OperationId string // of the operation that was begun, if one was
}

// begun is the answer of an operation that set something going on a stack.
func (s *stackState) begun() *stackIDResult { return &stackIDResult{s.id, s.operation().id} }

func createStack(c *call, in *createInput) (any, error) {
	if err := checkName("stackName", in.StackName); err != nil {
		return nil, err
	}
	if err := in.checkCreate(); err != nil {
		return nil, err
	}
	s := c.region.byName[in.StackName]
	if s != nil && s.status != stack.ReviewInProgress {
		if in.ClientRequestToken != "" && s.requests[in.ClientRequestToken] == "CreateStack" {
			return s.begun(), nil
		}
		return nil, alreadyExists("Stack [%s] already exists", in.StackName)
	}
	if s == nil {
		s = c.region.newStack(in.StackName)
	}
	next, err := in.settleDirectly(s)
	if err != nil {
		return nil, err
	}
	policy, err := c.region.readPolicy(in.StackPolicyBody, in.StackPolicyURL)
	if err != nil {
		return nil, err
	}
	next.disableRollback = in.OnFailure == "" && in.DeploymentConfig.disablesRollback(in.DisableRollback)
	next.onFailure, next.timeoutMinutes = in.OnFailure, in.TimeoutInMinutes
	next.retainExceptOnCreate = in.RetainExceptOnCreate
	found := s.foresee(next, in.DisableValidation)
	if c.region.byID[s.id] == nil {
		c.region.add(s)
	}
	s.settings, s.protected, s.policy = next, in.EnableTerminationProtection, policy
	s.remember(in.ClientRequestToken, "CreateStack")
	s.setStatus(stack.CreateInProgress, userInitiated, in.ClientRequestToken)
	c.settle = c.cloud.launch(s, in.ClientRequestToken, operateCreate)
	c.settle.reject(found)
	return s.begun(), nil
}

// userInitiated is the reason of what a caller asked for.
const userInitiated = "User Initiated"

func (in *createInput) checkCreate() error {
	if err := in.DeploymentConfig.checkWith(in.DisableRollback, in.OnFailure); err != nil {
		return err
	}
	switch {
	case in.DisableRollback != nil && in.OnFailure != "":
		return invalid("You can specify either DisableRollback or OnFailure, but not both")
	case in.OnFailure != "" && !slices.Contains([]string{"DO_NOTHING", "ROLLBACK", "DELETE"}, in.OnFailure):
		return invalid("1 validation error detected: Value '%s' at 'onFailure' failed to satisfy constraint: Member must satisfy enum value set: [ROLLBACK, DELETE, DO_NOTHING]", in.OnFailure)
	case in.TimeoutInMinutes != nil && *in.TimeoutInMinutes < 1:
		return invalid("1 validation error detected: Value '%d' at 'timeoutInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 1", *in.TimeoutInMinutes)
	}
	return nil
}

// newStack returns a stack that the region does not hold yet.
func (r *region) newStack(name string) *stackState {
	return &stackState{
		region: r, id: r.arn("stack", name, r.cloud.uuid()), name: name, created: time.Now(),
		resources: map[string]*resource{}, history: map[string]*resource{}, imports: map[string]bool{}, told: map[string]bool{}, requests: map[string]string{},
	}
}

// remember keeps a client's token, so that the same request does not work twice.
func (s *stackState) remember(token, operation string) {
	if token != "" {
		s.requests[token] = operation
	}
}

// updateInput is the request of UpdateStack.
type updateInput struct {
	stackInput
	DisableRollback             *bool
	RetainExceptOnCreate        bool
	StackPolicyBody             string
	StackPolicyURL              string
	StackPolicyDuringUpdateBody string
	StackPolicyDuringUpdateURL  string
	DisableValidation           bool
}

func updateStack(c *call, in *updateInput) (any, error) {
	if err := required("stackName", in.StackName); err != nil {
		return nil, err
	}
	s := c.region.live(in.StackName)
	if s == nil {
		return nil, invalid("Stack [%s] does not exist", in.StackName)
	}
	if in.ClientRequestToken != "" && s.requests[in.ClientRequestToken] == "UpdateStack" {
		return s.begun(), nil
	}
	if !updatable(s.status) {
		return nil, invalid("Stack:%s is in %s state and can not be updated.", s.id, s.status)
	}
	if err := in.DeploymentConfig.checkWith(in.DisableRollback, ""); err != nil {
		return nil, err
	}
	next, err := in.settleDirectly(s)
	if err != nil {
		return nil, err
	}
	next.disableRollback = in.DeploymentConfig.disablesRollback(in.DisableRollback)
	next.retainExceptOnCreate = in.RetainExceptOnCreate
	if err := s.checkChanges(next); err != nil {
		return nil, err
	}
	d, err := in.policies(c.region, s)
	if err != nil {
		return nil, err
	}
	found := s.foresee(next, in.DisableValidation)
	s.remember(in.ClientRequestToken, "UpdateStack")
	c.settle = c.cloud.launchUpdate(s, next, in.ClientRequestToken)
	c.settle.policy = d
	c.settle.reject(found)
	return s.begun(), nil
}

var errNoUpdates = invalid("No updates are to be performed.")

// checkChanges refuses an update that changes nothing. One whose transforms failed is accepted, and
// fails.
func (s *stackState) checkChanges(next settings) error {
	if next.problem != nil {
		return nil
	}
	p, err := s.plan(next)
	if err == nil && p.empty() && !unfinished(s.status) {
		err = errNoUpdates
	}
	return err
}

// policies sets the stack's new policy, if the request gives one, and returns the one that holds
// during the update only, nil if there is none.
func (in *updateInput) policies(r *region, s *stackState) (during *stackPolicy, err error) {
	lasting, err := r.readPolicy(in.StackPolicyBody, in.StackPolicyURL)
	if err != nil {
		return nil, err
	}
	if during, err = r.readPolicy(in.StackPolicyDuringUpdateBody, in.StackPolicyDuringUpdateURL); err != nil {
		return nil, err
	}
	if lasting != nil {
		s.policy = lasting
	}
	return during, nil
}

// launchUpdate sets an update going.
func (c *Cloud) launchUpdate(s *stackState, next settings, token string) *deployment {
	old := snapshot{s.settings, s.outputs, maps.Clone(s.imports)}
	prior := s.undone
	s.undone, s.drift = nil, nil
	s.settings, s.updated = next, time.Now()
	s.setStatus(stack.UpdateInProgress, userInitiated, token)
	d := c.launch(s, token, operateUpdate)
	d.old = &old
	d.prior = prior
	return d
}

// launchImport sets an import of resources going.
func (c *Cloud) launchImport(s *stackState, next settings, token string) *deployment {
	old := snapshot{s.settings, s.outputs, maps.Clone(s.imports)}
	s.settings, s.updated = next, time.Now()
	s.setStatus(stack.ImportInProgress, userInitiated, token)
	d := c.launch(s, token, operateImport)
	d.old = &old
	return d
}

// updatable reports whether a stack in that state can be updated.
func updatable(status stack.Status) bool {
	return slices.Contains([]stack.Status{
		stack.CreateComplete, stack.CreateFailed, stack.UpdateComplete, stack.UpdateFailed, stack.UpdateRollbackComplete,
		stack.ImportComplete, stack.ImportRollbackComplete,
	}, status)
}

// unfinished reports whether a stack is left as a failure left it, so that the same request may be
// made again.
func unfinished(status stack.Status) bool {
	return status == stack.CreateFailed || status == stack.UpdateFailed
}

// deleteInput is the request of DeleteStack.
type deleteInput struct {
	StackName          string
	RetainResources    []string
	RoleARN            string
	ClientRequestToken string
	DeletionMode       string
	DeploymentConfig   *deploymentConfig
}

// The modes of a deletion.
const (
	deleteStandard = "STANDARD"
	deleteForced   = "FORCE_DELETE_STACK"
)

func (in *deleteInput) check() error {
	if err := required("stackName", in.StackName); err != nil {
		return err
	}
	if in.DeletionMode != "" && in.DeletionMode != deleteStandard && in.DeletionMode != deleteForced {
		return invalid("1 validation error detected: Value '%s' at 'deletionMode' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, FORCE_DELETE_STACK]", in.DeletionMode)
	}
	return in.DeploymentConfig.check()
}

func deleteStack(c *call, in *deleteInput) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s := c.region.live(in.StackName)
	if s == nil || s.status == stack.DeleteInProgress {
		return nil, nil
	}
	switch {
	case in.DeletionMode == deleteForced && s.status != stack.DeleteFailed:
		return nil, invalid("DeletionMode FORCE_DELETE_STACK can only be specified when the stack is in the DELETE_FAILED state")
	case s.protected:
		return nil, invalid("Stack [%s] cannot be deleted while TerminationProtection is enabled", s.name)
	case len(in.RetainResources) > 0 && s.status != stack.DeleteFailed:
		return nil, invalid("RetainResources can only be specified when the stack is in the DELETE_FAILED state")
	case s.status == stack.UpdateInProgress || s.status == stack.UpdateRollbackInProgress,
		s.status == stack.UpdateCompleteCleanupInProgress, s.status == stack.UpdateRollbackCompleteCleanupInProgress:
		return nil, invalid("Stack [%s] cannot be deleted while in status %s", s.name, s.status)
	}
	for _, id := range in.RetainResources {
		if s.resources[id] == nil {
			return nil, invalid("Resource %s does not exist for stack %s", id, s.name)
		}
	}
	if err := c.cloud.assumable(cmp.Or(in.RoleARN, s.role)); err != nil {
		return nil, err
	}
	was, d := s.status, s.running
	s.deletionMode, s.config = in.DeletionMode, in.DeploymentConfig
	s.setStatus(stack.DeleteInProgress, userInitiated, in.ClientRequestToken)
	if d == nil {
		c.settle = c.cloud.launch(s, in.ClientRequestToken, operateDelete)
		c.settle.was, c.settle.retain = was, in.RetainResources
		c.settle.force = in.DeletionMode == deleteForced
		return nil, nil
	}
	d.was, d.retain = was, in.RetainResources
	d.then = func() {
		d.token, d.then = in.ClientRequestToken, nil
		operateDelete(d)
	}
	if was == stack.CreateInProgress {
		d.stop()
	}
	return nil, nil
}

func cancelUpdateStack(c *call, in *struct{ StackName, ClientRequestToken string }) (any, error) {
	if err := required("stackName", in.StackName); err != nil {
		return nil, err
	}
	s := c.region.live(in.StackName)
	switch {
	case s == nil:
		return nil, invalid("Stack [%s] does not exist", in.StackName)
	case s.status != stack.UpdateInProgress || s.running == nil:
		return nil, invalid("CancelUpdateStack cannot be called from current stack status")
	}
	if in.ClientRequestToken != "" {
		s.running.token = in.ClientRequestToken
	}
	s.running.abandon(invalid(userInitiated))
	return nil, nil
}

func updateTerminationProtection(c *call, in *struct {
	StackName                   string
	EnableTerminationProtection *bool
}) (any, error) {
	if err := required("stackName", in.StackName); err != nil {
		return nil, err
	}
	if in.EnableTerminationProtection == nil {
		return nil, required("enableTerminationProtection", "")
	}
	s := c.region.live(in.StackName)
	if s == nil {
		return nil, invalid("Stack [%s] does not exist", in.StackName)
	}
	s.protected = *in.EnableTerminationProtection
	return &stackIDResult{StackId: s.id}, nil
}
