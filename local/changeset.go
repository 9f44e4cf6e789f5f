package local

import (
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/stack"
)

// A changeSet is a plan that waits for its execution.
type changeSet struct {
	id, name    string
	state       *stackState
	description string
	created     time.Time
	status      string
	reason      string
	execution   string
	kind        string // CREATE or UPDATE
	next        settings
	plan        *plan
	onFailure   string
	token       string
	includes    bool       // IncludeNestedStacks
	parent      *changeSet // that this one is nested in; nil if it is in none
	unvalidated bool       // DisableValidation
	findings    []*finding `record:"-"` // until they are told
}

const statusFailed = "FAILED"

// The states of a change set's execution.
const (
	available       = "AVAILABLE"
	unavailable     = "UNAVAILABLE"
	obsolete        = "OBSOLETE"
	executing       = "EXECUTE_IN_PROGRESS"
	executed        = "EXECUTE_COMPLETE"
	executionFailed = "EXECUTE_FAILED"
)

const noChanges = "The submitted information didn't contain changes. Submit different information to create a change set."

type createChangeSetInput struct {
	stackInput
	ChangeSetName           string
	ChangeSetType           string
	ClientToken             string
	Description             string
	ResourcesToImport       []importInput
	IncludeNestedStacks     bool
	OnStackFailure          string
	ImportExistingResources bool
	DeploymentMode          string
	DisableValidation       bool
}

type createChangeSetResult struct{ Id, StackId string }

func createChangeSet(c *call, in *createChangeSetInput) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s, err := in.stack(c)
	if err != nil {
		return nil, err
	}
	if old := s.set(in.ChangeSetName); old != nil && old.open() {
		if in.ClientToken != "" && old.token == in.ClientToken {
			return &createChangeSetResult{old.id, s.id}, nil
		}
		return nil, alreadyExists("ChangeSet %s already exists", in.ChangeSetName)
	}
	next, err := in.settle(s)
	if err != nil {
		return nil, err
	}
	next.disableRollback, next.onFailure, next.timeoutMinutes = s.disableRollback, s.onFailure, s.timeoutMinutes
	if next.adopts, err = in.imports(s, next.template); err != nil {
		return nil, err
	}
	next.takesExisting = in.ImportExistingResources
	if next.revertsDrift = in.DeploymentMode != ""; next.revertsDrift {
		next.found = s.detectAll(nil)
	}
	if in.DeploymentConfig != nil {
		next.disableRollback = in.DeploymentConfig.disablesRollback(nil)
	}
	if in.OnStackFailure != "" {
		next.onFailure, next.disableRollback = in.OnStackFailure, in.OnStackFailure == "DO_NOTHING"
	}
	set := &changeSet{
		id: c.region.arn("changeSet", in.ChangeSetName, c.cloud.uuid()), name: in.ChangeSetName, state: s, description: in.Description,
		created: time.Now(), status: "CREATE_COMPLETE", execution: available, kind: in.ChangeSetType, next: next, token: in.ClientToken,
		onFailure: in.OnStackFailure, unvalidated: in.DisableValidation,
	}
	if err := set.prepare(); err != nil {
		return nil, err
	}
	if c.region.byID[s.id] == nil {
		c.region.add(s)
		s.setStatus(stack.ReviewInProgress, userInitiated, "")
	}
	if in.IncludeNestedStacks {
		set.includeNested(c)
	}
	s.creation(set)
	s.sets = append(s.sets, set)
	c.region.sets[set.id] = set
	return &createChangeSetResult{set.id, s.id}, nil
}

// check refuses what is wrong before the stack is looked at.
func (in *createChangeSetInput) check() error {
	if in.ChangeSetType == "" {
		in.ChangeSetType = "UPDATE"
	}
	if err := required("stackName", in.StackName); err != nil {
		return err
	}
	if err := checkName("changeSetName", in.ChangeSetName); err != nil {
		return err
	}
	if err := in.checkImports(); err != nil {
		return err
	}
	if err := in.checkMode(); err != nil {
		return err
	}
	switch {
	case in.IncludeNestedStacks && in.ChangeSetType == typeImport:
		return invalid("IncludeNestedStacks cannot be specified when ChangeSetType is IMPORT")
	case in.ChangeSetType != "CREATE" && in.ChangeSetType != "UPDATE" && in.ChangeSetType != typeImport:
		return invalid("1 validation error detected: Value '%s' at 'changeSetType' failed to satisfy constraint: Member must satisfy enum value set: [IMPORT, UPDATE, CREATE]", in.ChangeSetType)
	case in.OnStackFailure != "" && !slices.Contains([]string{"DO_NOTHING", "ROLLBACK", "DELETE"}, in.OnStackFailure):
		return invalid("1 validation error detected: Value '%s' at 'onStackFailure' failed to satisfy constraint: Member must satisfy enum value set: [ROLLBACK, DELETE, DO_NOTHING]", in.OnStackFailure)
	}
	if in.ChangeSetType == "CREATE" {
		for _, p := range in.Parameters {
			if p.UsePreviousValue {
				return invalid("Cannot specify UsePreviousValue on Parameters when ChangeSetType is CREATE")
			}
		}
	}
	return nil
}

// stack returns the stack that the change set is for: a new one if it is to be created.
func (in *createChangeSetInput) stack(c *call) (*stackState, error) {
	s := c.region.live(in.StackName)
	switch {
	case in.ChangeSetType == "CREATE" && s == nil && c.region.byID[in.StackName] != nil:
		return nil, invalid("Stack [%s] already exists and cannot be created again with the changeSet [%s].", in.StackName, in.ChangeSetName)
	case in.ChangeSetType != "UPDATE" && s == nil:
		if err := checkName("stackName", in.StackName); err != nil {
			return nil, err
		}
		return c.region.newStack(in.StackName), nil
	case s == nil:
		return nil, invalid("Stack [%s] does not exist", in.StackName)
	case in.ChangeSetType == "CREATE" && s.status != stack.ReviewInProgress:
		return nil, invalid("Stack [%s] already exists and cannot be created again with the changeSet [%s].", in.StackName, in.ChangeSetName)
	case in.ChangeSetType == typeImport && s.status == stack.ReviewInProgress:
	case in.ChangeSetType != "CREATE" && !updatable(s.status):
		return nil, invalid("Stack:%s is in %s state and can not be updated.", s.id, s.status)
	}
	return s, nil
}

// prepare makes the plan. Its error refuses the request; what else is wrong makes the change set a failed
// one.
func (set *changeSet) prepare() error {
	p, err := set.state.plan(set.next)
	switch {
	case err == nil && set.kind == typeImport && p.outputs:
		return invalid("As part of the import operation, you cannot modify or add [Outputs]")
	case err == nil && set.kind == typeImport && len(p.notImported()) > 0:
		set.failed("You have modified resources [" + strings.Join(p.notImported(), ", ") + "] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.")
	case err != nil:
		set.failed(textOf(err))
	case p.empty() && !unfinished(set.state.status):
		set.failed(noChanges)
	default:
		set.plan = p
		set.validate()
	}
	return nil
}

// validate makes the change set a failed one if it is found that what it plans cannot go well. It keeps its
// changes.
func (set *changeSet) validate() {
	if set.unvalidated {
		return
	}
	set.findings = set.state.validate(set.plan)
	if reason := failedChecks(set.findings); reason != "" {
		set.failed(reason)
	}
}

func (set *changeSet) failed(reason string) {
	set.status, set.execution, set.reason = statusFailed, unavailable, reason
}

// open reports whether the change set was not executed yet, nor made pointless by another.
func (set *changeSet) open() bool { return set.execution == available || set.execution == unavailable }

// set returns the stack's newest change set of that name: one that was executed gives its name free.
func (s *stackState) set(name string) *changeSet {
	for _, set := range slices.Backward(s.sets) {
		if set.name == name {
			return set
		}
	}
	return nil
}

// setInput names a change set: by its ARN, or by its name and its stack's.
type setInput struct{ StackName, ChangeSetName string }

func (in *setInput) find(c *call) (*changeSet, error) {
	if err := required("changeSetName", in.ChangeSetName); err != nil {
		return nil, err
	}
	if strings.HasPrefix(in.ChangeSetName, "arn:") {
		if set := c.region.sets[in.ChangeSetName]; set != nil {
			set.state.touch()
			return set, nil
		}
		return nil, changeSetNotFound(in.ChangeSetName)
	}
	if in.StackName == "" {
		return nil, invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
	}
	s := c.region.find(in.StackName)
	if s == nil {
		return nil, invalid("Stack [%s] does not exist", in.StackName)
	}
	if set := s.set(in.ChangeSetName); set != nil {
		return set, nil
	}
	return nil, changeSetNotFound(in.ChangeSetName)
}

func changeSetNotFound(name string) error {
	return &query.Error{Code: "ChangeSetNotFound", Message: "ChangeSet [" + name + "] does not exist", Status: 404}
}

type executeInput struct {
	setInput
	ClientRequestToken   string
	DisableRollback      *bool
	RetainExceptOnCreate bool
}

func executeChangeSet(c *call, in *executeInput) (any, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, err
	}
	s := set.state
	if in.ClientRequestToken != "" && s.requests[in.ClientRequestToken] == set.id {
		return &struct{}{}, nil
	}
	if err := set.onRoot("ExecuteChangeSet"); err != nil {
		return nil, err
	}
	switch {
	case set.execution != available:
		status := set.status
		if status == "CREATE_COMPLETE" {
			status = set.execution
		}
		return nil, &query.Error{Code: "InvalidChangeSetStatus", Message: "ChangeSet [" + set.id + "] cannot be executed in its current status of [" + status + "]"}
	case s.inProgress() || s.status == stack.DeleteComplete:
		return nil, invalid("Stack:%s is in %s state and can not be updated.", s.id, s.status)
	case in.DisableRollback != nil && set.next.onFailure != "":
		return nil, invalid("Cannot specify DisableRollback on a change set that was created with OnStackFailure")
	}
	if in.DisableRollback != nil {
		set.next.disableRollback = *in.DisableRollback
	}
	set.next.retainExceptOnCreate = in.RetainExceptOnCreate
	s.remember(in.ClientRequestToken, set.id)
	c.settle = set.execute(c, in.ClientRequestToken)
	return &struct{}{}, nil
}

// execute sets the deployment going. The stack's other change sets are out of date then.
func (set *changeSet) execute(c *call, token string) *deployment {
	s := set.state
	for _, other := range s.sets {
		if other != set && other.execution == available {
			other.execution = obsolete
		}
	}
	set.execution, s.executed = executing, set
	if set.kind == typeImport {
		d := c.cloud.launchImport(s, set.next, token)
		d.finally = set.finish
		return d
	}
	if s.status != stack.ReviewInProgress {
		d := c.cloud.launchUpdate(s, set.next, token)
		d.finally = set.finish
		return d
	}
	s.settings, s.updated = set.next, time.Now()
	s.setStatus(stack.CreateInProgress, userInitiated, token)
	d := c.cloud.launch(s, token, operateCreate)
	d.finally = set.finish
	return d
}

// finish records how the execution went.
func (set *changeSet) finish() {
	set.execution = executed
	if set.state.status.Failed() || set.state.status == stack.DeleteComplete {
		set.execution = executionFailed
	}
	if set.state.status == stack.RollbackComplete || set.state.status == stack.RollbackFailed {
		set.state.executed = nil
	}
}

func deleteChangeSet(c *call, in *setInput) (any, error) {
	set, err := in.find(c)
	if err != nil {
		if known, ok := err.(*query.Error); ok && known.Code == "ChangeSetNotFound" {
			return &struct{}{}, nil
		}
		return nil, err
	}
	if set.execution == executing {
		return nil, &query.Error{Code: "InvalidChangeSetStatus", Message: "ChangeSet [" + set.id + "] cannot be deleted in its current status of [" + set.execution + "]"}
	}
	if err := set.onRoot("DeleteChangeSet"); err != nil {
		return nil, err
	}
	set.drop()
	return &struct{}{}, nil
}

type changeSetSummary struct {
	StackId             string
	StackName           string
	ChangeSetId         string
	ChangeSetName       string
	ExecutionStatus     string
	Status              string
	StatusReason        string
	CreationTime        time.Time
	Description         string
	IncludeNestedStacks bool
	ParentChangeSetId   string
	RootChangeSetId     string
}

func listChangeSets(c *call, in *struct{ StackName, NextToken string }) (any, error) {
	if err := required("stackName", in.StackName); err != nil {
		return nil, err
	}
	s := c.region.find(in.StackName)
	if s == nil {
		return nil, invalid("Stack [%s] does not exist", in.StackName)
	}
	open := slices.DeleteFunc(slices.Clone(s.sets), func(set *changeSet) bool { return !set.open() })
	part, next, err := page(open, in.NextToken, func(set *changeSet) string { return set.id })
	if err != nil {
		return nil, err
	}
	result := &struct {
		Summaries []changeSetSummary
		NextToken string
	}{[]changeSetSummary{}, next}
	for _, set := range part {
		parent, root := set.parents()
		result.Summaries = append(result.Summaries, changeSetSummary{
			s.id, s.name, set.id, set.name, set.execution, set.status, set.reason, set.created, set.description, set.includes, parent, root,
		})
	}
	return result, nil
}
