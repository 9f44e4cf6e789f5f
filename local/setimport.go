package local

import (
	"strings"
)

// importStacksToStackSet makes stacks that exist instances of a stack set.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-import.html
func importStacksToStackSet(c *call, in *struct {
	setName
	StackIds              []string
	StackIdsUrl           string
	OrganizationalUnitIds []string
	OperationId           string
	OperationPreferences  *setPreferences
}) (any, error) {
	set, err := in.find(c)
	switch {
	case err != nil:
		return nil, err
	case in.StackIdsUrl != "":
		return nil, notEmulated("the StackIdsUrl of ImportStacksToStackSet")
	case set.model == serviceManaged:
		return nil, notEmulated("imports into stack sets with SERVICE_MANAGED permissions")
	case len(in.StackIds) == 0 || len(in.StackIds) > 10:
		return nil, invalid("From 1 to 10 StackIds must be specified")
	}
	run, err := set.newRun(string(Create), in.OperationId, in.OperationPreferences)
	if err != nil {
		return nil, err
	}
	for _, id := range in.StackIds {
		s, err := c.cloud.stackOf(id)
		if err != nil {
			return nil, err
		}
		at := place{s.region.account, s.region.name}
		if set.instance(at) != nil {
			return nil, invalid("Stack set %s has an instance in account %s and region %s already", set.name, at.account, at.region)
		}
		i := &stackInstance{account: at.account, region: at.region, state: s, status: instanceOutdated}
		set.instances = append(set.instances, i)
		run.at(i)
	}
	run.start(c, func(r *setResult, done func(error)) {
		if r.instance.state.template.root.JSON() == set.template.root.JSON() {
			r.instance.status = instanceCurrent
		}
		done(nil)
	})
	return &setOperationResult{run.id}, nil
}

// stackOf finds a stack by its ID in any account and region.
func (c *Cloud) stackOf(id string) (*stackState, error) {
	if parts := strings.SplitN(id, ":", 6); len(parts) == 6 {
		if r := c.regions[place{parts[4], parts[3]}]; r != nil {
			if s := r.live(id); s != nil && !s.inProgress() {
				return s, nil
			}
		}
	}
	return nil, invalid("Stack with id %s does not exist, or is not at rest", id)
}
