package validate

import (
	"cmp"
	"slices"
	"sync"

	"github.com/updraft-go/updraft/stack"
)

// A Rule is one thing that is checked.
type Rule struct {
	// Code names the rule in a finding and where it is suppressed; it stays the same over releases.
	Code string
	// Severity is that of its findings.
	Severity stack.Severity
	// Description says in one line what the rule demands.
	Description string
}

// The severities, short for the tables of rules.
const (
	fails = stack.SeverityError
	warns = stack.SeverityWarning
	tells = stack.SeverityInfo
)

// Rules returns all rules, by code.
func Rules() []Rule { return slices.Clone(catalogue().sorted) }

type ruleSet struct {
	sorted []Rule
	byCode map[string]Rule
	checks map[string][]check // by type of resource
}

// catalogue is put together once.
var catalogue = sync.OnceValue(func() *ruleSet {
	s := &ruleSet{byCode: map[string]Rule{}, checks: map[string][]check{}}
	for _, rules := range [][]Rule{
		templateRules, mappingRules, conditionRules, parameterRules, referenceRules, functionRules,
		resourceRules, propertyRules, policyRules, outputRules, assertionRules, practiceRules, suppressionRules, identifierRules,
	} {
		s.sorted = append(s.sorted, rules...)
	}
	for _, checks := range serviceChecks() {
		for _, c := range checks {
			s.sorted = append(s.sorted, c.Rule)
			for _, t := range c.types {
				s.checks[t] = append(s.checks[t], c)
			}
		}
	}
	slices.SortFunc(s.sorted, func(a, b Rule) int { return cmp.Compare(a.Code, b.Code) })
	for _, r := range s.sorted {
		s.byCode[r.Code] = r
	}
	return s
})
