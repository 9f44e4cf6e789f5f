package local

import (
	"slices"

	"github.com/updraft-go/updraft/stack"
)

// setInstancesInput is what the operations on stack instances share.
type setInstancesInput struct {
	setName
	Accounts             []string
	DeploymentTargets    *deploymentTargets
	Regions              []string
	ParameterOverrides   []parameterInput
	OperationPreferences *setPreferences
	OperationId          string
	RetainStacks         *bool
}

type setOperationResult struct{ OperationId string }

// begin finds the set of a request and the accounts that it names.
func (in *setInstancesInput) begin(c *call, action Action) (*stackSet, *setRun, []target, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, nil, nil, err
	}
	targets, err := set.accounts(in.Accounts, in.DeploymentTargets)
	if err != nil {
		return nil, nil, nil, err
	}
	if len(in.Regions) == 0 {
		return nil, nil, nil, required("regions", "")
	}
	if len(targets) == 0 && set.model == selfManaged {
		return nil, nil, nil, invalid("Accounts must be specified")
	}
	run, err := set.newRun(string(action), in.OperationId, in.OperationPreferences)
	return set, run, targets, err
}

func createStackInstances(c *call, in *setInstancesInput) (any, error) {
	set, run, targets, err := in.begin(c, Create)
	if err != nil {
		return nil, err
	}
	if _, err := set.region.readParameters(set.template, in.ParameterOverrides, set.parameters); err != nil {
		return nil, err
	}
	for _, name := range in.Regions {
		for _, t := range targets {
			i := set.instance(place{t.account, name})
			if i == nil {
				i = &stackInstance{account: t.account, region: name, unit: t.unit, status: instanceOutdated}
				set.instances = append(set.instances, i)
			}
			if in.ParameterOverrides != nil {
				i.overrides = in.ParameterOverrides
			}
			run.at(i)
		}
	}
	if in.DeploymentTargets != nil {
		set.targetUnits = union(set.targetUnits, in.DeploymentTargets.OrganizationalUnitIds)
		set.targetRegions = union(set.targetRegions, in.Regions)
	}
	run.start(c, run.deploy)
	return &setOperationResult{run.id}, nil
}

// union appends what is not there yet.
func union(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func updateStackInstances(c *call, in *setInstancesInput) (any, error) {
	set, run, targets, err := in.begin(c, Update)
	if err != nil {
		return nil, err
	}
	if _, err := set.region.readParameters(set.template, in.ParameterOverrides, set.parameters); err != nil {
		return nil, err
	}
	found, err := set.chosen(in.Regions, targets)
	if err != nil {
		return nil, err
	}
	for _, i := range found {
		i.override(in.ParameterOverrides)
		run.at(i)
	}
	run.start(c, run.deploy)
	return &setOperationResult{run.id}, nil
}

// override takes new values over; a parameter with UsePreviousValue keeps its own.
func (i *stackInstance) override(given []parameterInput) {
	if given == nil {
		return
	}
	var next []parameterInput
	for _, p := range given {
		if p.UsePreviousValue {
			at := slices.IndexFunc(i.overrides, func(old parameterInput) bool { return old.ParameterKey == p.ParameterKey })
			if at < 0 {
				continue
			}
			p = i.overrides[at]
		}
		next = append(next, p)
	}
	i.overrides = next
}

// chosen returns the instances of the accounts in the regions.
func (set *stackSet) chosen(regions []string, targets []target) ([]*stackInstance, error) {
	var found []*stackInstance
	for _, name := range regions {
		for _, t := range targets {
			i := set.instance(place{t.account, name})
			if i == nil {
				return nil, noInstance(set, t.account, name)
			}
			found = append(found, i)
		}
	}
	return found, nil
}

func deleteStackInstances(c *call, in *setInstancesInput) (any, error) {
	if in.RetainStacks == nil {
		return nil, required("retainStacks", "")
	}
	set, run, targets, err := in.begin(c, Delete)
	if err != nil {
		return nil, err
	}
	found, err := set.chosen(in.Regions, targets)
	if err != nil {
		return nil, err
	}
	run.retain = in.RetainStacks
	for _, i := range found {
		run.at(i)
	}
	run.start(c, run.remove)
	return &setOperationResult{run.id}, nil
}

// input is the request for the stack of an instance.
func (run *setRun) input(i *stackInstance) *stackInput {
	set := run.set
	in := &stackInput{parsed: set.template, Capabilities: set.capabilities, Tags: orEmpty(set.tags), Parameters: slices.Clone(set.given)}
	for _, p := range i.overrides {
		same := func(have parameterInput) bool { return have.ParameterKey == p.ParameterKey }
		in.Parameters = append(slices.DeleteFunc(in.Parameters, same), p)
	}
	return in
}

// deploy makes the stack of an instance what the set says, or makes it anew if it is not there or its
// creation failed.
func (run *setRun) deploy(r *setResult, done func(error)) {
	i := r.instance
	end := func(err error) {
		i.status = instanceCurrent
		if err != nil {
			i.status = instanceOutdated
		}
		done(err)
	}
	region := run.set.region.cloud.at(place{i.account, i.region})
	switch s := i.state; {
	case s == nil || s.status == stack.DeleteComplete:
		run.create(region, i, end)
	case s.status == stack.RollbackComplete || s.status == stack.RollbackFailed || s.status == stack.CreateFailed:
		run.erase(i, func(err error) {
			if err != nil {
				end(err)
				return
			}
			run.create(region, i, end)
		})
	default:
		run.update(i, end)
	}
}

func (run *setRun) create(region *region, i *stackInstance, done func(error)) {
	s := region.newStack("StackSet-" + run.set.name + "-" + region.cloud.uuid())
	next, err := run.input(i).settle(s)
	if err == nil {
		err = next.problem
	}
	if err != nil {
		done(err)
		return
	}
	region.add(s)
	s.settings, i.state = next, s
	s.setStatus(stack.CreateInProgress, userInitiated, "")
	run.await(region.cloud.launch(s, "", operateCreate), func() { done(s.setOutcome(stack.CreateComplete)) })
}

func (run *setRun) update(i *stackInstance, done func(error)) {
	s := i.state
	if !updatable(s.status) {
		done(invalid("Stack:%s is in %s state and can not be updated.", s.id, s.status))
		return
	}
	next, err := run.input(i).settle(s)
	if err == nil {
		err = s.checkChanges(next)
	}
	switch {
	case err == errNoUpdates:
		done(nil)
	case err != nil:
		done(err)
	default:
		run.await(s.region.cloud.launchUpdate(s, next, ""), func() { done(s.setOutcome(stack.UpdateComplete)) })
	}
}

// remove lets go of an instance, and deletes its stack unless that is to stay.
func (run *setRun) remove(r *setResult, done func(error)) {
	i := r.instance
	end := func(err error) {
		if err == nil {
			run.set.instances = slices.DeleteFunc(run.set.instances, func(other *stackInstance) bool { return other == i })
		} else {
			i.status = instanceInoperable
		}
		done(err)
	}
	if *run.retain {
		end(nil)
		return
	}
	run.erase(i, end)
}

func (run *setRun) erase(i *stackInstance, done func(error)) {
	s := i.state
	switch {
	case s == nil || s.status == stack.DeleteComplete:
		done(nil)
		return
	case s.protected:
		done(invalid("Stack [%s] cannot be deleted while TerminationProtection is enabled", s.name))
		return
	case s.inProgress():
		done(invalid("Stack [%s] cannot be deleted while in status %s", s.name, s.status))
		return
	}
	was := s.status
	s.setStatus(stack.DeleteInProgress, userInitiated, "")
	d := s.region.cloud.launch(s, "", operateDelete)
	d.was = was
	run.await(d, func() { done(s.setOutcome(stack.DeleteComplete)) })
}

// await does something as a step of the operation when a deployment is over.
func (run *setRun) await(d *deployment, then func()) {
	ctx := run.loop.ctx
	run.loop.call(func() func() {
		select {
		case <-d.resting:
			return then
		case <-d.slow:
			run.isSlow()
		case <-ctx.Done():
			return then
		}
		select {
		case <-d.resting:
		case <-ctx.Done():
		}
		return then
	})
}

// setOutcome is the error of an operation on a stack set that did not bring a stack to the state that it
// should: the first failure of a resource.
func (s *stackState) setOutcome(want stack.Status) error {
	if s.status == want {
		return nil
	}
	i := len(s.operations) - 1
	for i > 0 && s.operations[i].kind == opRollback {
		i--
	}
	for _, e := range s.events {
		if i >= 0 && e.operation == s.operations[i] && e.failure(s) && e.reason != "Resource creation cancelled" {
			return invalid("ResourceLogicalId:%s, ResourceType:%s, ResourceStatusReason:%s.", e.logicalID, e.typ, e.reason)
		}
	}
	return invalid("%s", s.reason)
}
