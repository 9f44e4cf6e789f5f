package local

import (
	"slices"

	"github.com/updraft-go/updraft/internal/query"
)

// Preferences are how an operation on a stack set goes through accounts and regions.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html
type setPreferences struct {
	RegionConcurrencyType                             string
	RegionOrder                                       []string
	FailureToleranceCount, FailureTolerancePercentage *int
	MaxConcurrentCount, MaxConcurrentPercentage       *int
	ConcurrencyMode                                   string
}

const (
	parallelRegions = "PARALLEL"
	softTolerance   = "SOFT_FAILURE_TOLERANCE"
)

// check takes nil, which is the defaults.
func (p *setPreferences) check() error {
	if p == nil {
		return nil
	}
	if err := checkEnum("operationPreferences.regionConcurrencyType", p.RegionConcurrencyType, "SEQUENTIAL", parallelRegions); err != nil {
		return err
	}
	if err := checkEnum("operationPreferences.concurrencyMode", p.ConcurrencyMode, "STRICT_FAILURE_TOLERANCE", softTolerance); err != nil {
		return err
	}
	for _, b := range []struct {
		name  string
		n     *int
		least int
	}{
		{"failureToleranceCount", p.FailureToleranceCount, 0}, {"failureTolerancePercentage", p.FailureTolerancePercentage, 0},
		{"maxConcurrentCount", p.MaxConcurrentCount, 1}, {"maxConcurrentPercentage", p.MaxConcurrentPercentage, 1},
	} {
		if b.n != nil && *b.n < b.least {
			return invalid("1 validation error detected: Value '%d' at 'operationPreferences.%s' failed to satisfy constraint: Member must have value greater than or equal to %d", *b.n, b.name, b.least)
		}
	}
	switch {
	case p.FailureToleranceCount != nil && p.FailureTolerancePercentage != nil:
		return invalid("Cannot specify both FailureToleranceCount and FailureTolerancePercentage")
	case p.MaxConcurrentCount != nil && p.MaxConcurrentPercentage != nil:
		return invalid("Cannot specify both MaxConcurrentCount and MaxConcurrentPercentage")
	}
	return nil
}

// portion is a number of so many accounts: a count, or a percentage that is rounded down.
func portion(count, percentage *int, of, otherwise int) int {
	switch {
	case count != nil:
		return *count
	case percentage != nil:
		return of * *percentage / 100
	}
	return otherwise
}

// tolerance is how many of so many accounts of a region may fail.
func (p *setPreferences) tolerance(of int) int {
	if p == nil {
		return 0
	}
	return portion(p.FailureToleranceCount, p.FailureTolerancePercentage, of, 0)
}

// atOnce is in how many of so many accounts of a region the operation may run at the same time, of which
// some have failed.
func (p *setPreferences) atOnce(of, failed int) int {
	if p == nil {
		return 1
	}
	most := max(portion(p.MaxConcurrentCount, p.MaxConcurrentPercentage, of, 1), 1)
	if p.ConcurrencyMode == softTolerance {
		return most
	}
	return min(most, max(p.tolerance(of)-failed, 0)+1)
}

// deploymentTargets are where an operation happens.
type deploymentTargets struct {
	Accounts              []string
	AccountsUrl           string
	OrganizationalUnitIds []string
	AccountFilterType     string
}

// A target is an account, and the organizational unit by which it was chosen, "" if by itself.
type target struct{ account, unit string }

// accounts resolves what a request says of accounts.
func (set *stackSet) accounts(plain []string, t *deploymentTargets) ([]target, error) {
	switch {
	case len(plain) > 0 && t != nil:
		return nil, invalid("Cannot specify both Accounts and DeploymentTargets")
	case t == nil:
		t = &deploymentTargets{Accounts: plain}
	case t.AccountsUrl != "":
		return nil, notEmulated("the AccountsUrl of DeploymentTargets")
	}
	if set.model == selfManaged && len(t.OrganizationalUnitIds) > 0 {
		return nil, invalid("OrganizationalUnitIds can only be specified for stack sets with SERVICE_MANAGED permissions")
	}
	if set.model == serviceManaged && len(t.OrganizationalUnitIds) == 0 {
		return nil, invalid("OrganizationalUnitIds are required for stack sets with SERVICE_MANAGED permissions")
	}
	for _, account := range t.Accounts {
		if !isAccount(account) {
			return nil, invalid("1 validation error detected: Value '%s' at 'accounts' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9]{12}$", account)
		}
	}
	if set.model == serviceManaged {
		return set.region.cloud.unitTargets(t)
	}
	var list []target
	for _, account := range t.Accounts {
		list = append(list, target{account: account})
	}
	return list, nil
}

// unitTargets are the accounts of organizational units, as the filter says.
func (c *Cloud) unitTargets(t *deploymentTargets) ([]target, error) {
	if err := checkEnum("deploymentTargets.accountFilterType", t.AccountFilterType, "NONE", "INTERSECTION", "DIFFERENCE", "UNION"); err != nil {
		return nil, err
	}
	var list []target
	for _, unit := range t.OrganizationalUnitIds {
		members, ok := c.organization[unit]
		if !ok {
			return nil, invalid("Organizational unit %s not found; a program tells the embedded cloud of one with Cloud.Organize", unit)
		}
		for _, account := range members {
			named := slices.Contains(t.Accounts, account)
			if t.AccountFilterType == "INTERSECTION" && !named || t.AccountFilterType == "DIFFERENCE" && named {
				continue
			}
			list = append(list, target{account, unit})
		}
	}
	if t.AccountFilterType == "UNION" {
		for _, account := range t.Accounts {
			if !slices.ContainsFunc(list, func(have target) bool { return have.account == account }) {
				list = append(list, target{account: account})
			}
		}
	}
	return list, nil
}

func setOperationNotFound(id string) error {
	return &query.Error{Code: "OperationNotFoundException", Message: "Operation " + id + " not found", Status: 404}
}
