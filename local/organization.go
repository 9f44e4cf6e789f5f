package local

import (
	"slices"
	"time"
)

// Organize says which accounts an organizational unit of AWS Organizations has, such as ou-ab12-cdefghij.
// Stack sets with SERVICE_MANAGED permissions have units as their targets; those that deploy
// automatically make their stacks in accounts that come to a unit, and let go of those in accounts that
// leave it. No accounts at all are a unit without members.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
func (c *Cloud) Organize(unit string, accounts ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start()
	if c.organization == nil {
		c.organization = map[string][]string{}
	}
	c.organization[unit] = slices.Clone(accounts)
	for _, r := range c.regions {
		for _, set := range r.stackSets {
			if !set.deleted && set.auto.on() && slices.Contains(set.targetUnits, unit) {
				set.follow(unit, accounts)
			}
		}
	}
}

// follow makes the instances of a unit those of its accounts.
func (set *stackSet) follow(unit string, accounts []string) {
	retain := set.auto.RetainStacksOnAccountRemoval != nil && *set.auto.RetainStacksOnAccountRemoval
	gone := set.automatic(Delete)
	gone.retain = &retain
	for _, i := range set.instances {
		if i.unit == unit && !slices.Contains(accounts, i.account) {
			gone.at(i)
		}
	}
	made := set.automatic(Create)
	for _, name := range set.targetRegions {
		for _, account := range accounts {
			if set.instance(place{account, name}) == nil {
				i := &stackInstance{account: account, region: name, unit: unit, status: instanceOutdated}
				set.instances = append(set.instances, i)
				made.at(i)
			}
		}
	}
	if len(gone.results) > 0 {
		gone.start(nil, gone.remove)
	}
	if len(made.results) > 0 {
		made.start(nil, made.deploy)
	}
}

// automatic is an operation that nobody asked for. It waits for the others.
func (set *stackSet) automatic(action Action) *setRun {
	all := 100
	run := &setRun{
		set: set, id: set.region.cloud.uuid(), action: string(action), status: runQueued, created: time.Now(),
		preferences: &setPreferences{FailureTolerancePercentage: &all, MaxConcurrentPercentage: &all},
		resting:     make(chan struct{}), slow: make(chan struct{}),
	}
	return run
}

type organizationsAccess struct{ Status string }

func describeOrganizationsAccess(c *call, _ *struct{ CallAs string }) (any, error) {
	if c.cloud.organization != nil {
		return &organizationsAccess{"ENABLED"}, nil
	}
	return &organizationsAccess{"DISABLED"}, nil
}

func listAutoDeploymentTargets(c *call, in *struct {
	setName
	listing
}) (any, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, err
	}
	type summary struct {
		OrganizationalUnitId string
		Regions              []string
	}
	var list []summary
	for _, unit := range set.targetUnits {
		list = append(list, summary{unit, orEmpty(set.targetRegions)})
	}
	some, next, err := part(in.listing, list, func(s summary) string { return s.OrganizationalUnitId })
	if err != nil {
		return nil, err
	}
	return &struct {
		Summaries []summary
		NextToken string
	}{some, next}, nil
}
