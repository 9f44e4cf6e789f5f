package executor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// A group is stacks that one operation can name: each of the regions of each of the accounts.
type group struct {
	accounts, units, regions []string
	filter                   types.AccountFilterType
	values                   map[string]string
}

// groups divides stacks into as few groups as there are different sets of regions. Those that came with
// an organizational unit are named by that.
func groups(instances []StackInstance) []group {
	type owner struct{ unit, account string }
	regions := map[owner][]string{}
	for _, i := range instances {
		o := owner{unit: i.OrganizationalUnit}
		if o.unit == "" {
			o.account = i.Account
		}
		if !slices.Contains(regions[o], i.Region) {
			regions[o] = append(regions[o], i.Region)
		}
	}
	byRegions := map[string]*group{}
	for o, list := range regions {
		slices.Sort(list)
		kind := "accounts "
		if o.unit != "" {
			kind = "units "
		}
		g := byRegions[kind+strings.Join(list, " ")]
		if g == nil {
			g = &group{regions: list}
			byRegions[kind+strings.Join(list, " ")] = g
		}
		if o.unit != "" {
			g.units = append(g.units, o.unit)
		} else {
			g.accounts = append(g.accounts, o.account)
		}
	}
	var all []group
	for _, key := range slices.Sorted(maps.Keys(byRegions)) {
		g := byRegions[key]
		slices.Sort(g.accounts)
		slices.Sort(g.units)
		all = append(all, *g)
	}
	return all
}

// targets is a group in the words of an API call: accounts by themselves, or units.
func (g group) targets() (accounts []string, units *types.DeploymentTargets) {
	if g.units == nil {
		return g.accounts, nil
	}
	return nil, &types.DeploymentTargets{OrganizationalUnitIds: g.units, Accounts: g.accounts, AccountFilterType: g.filter}
}

// covers reports whether a target means a stack that is there.
func (t StackSetTarget) covers(i StackInstance) bool {
	if !slices.Contains(t.Regions, i.Region) {
		return false
	}
	if len(t.OrganizationalUnits) == 0 {
		return slices.Contains(t.Accounts, i.Account)
	}
	named := slices.Contains(t.Accounts, i.Account)
	within := slices.Contains(t.OrganizationalUnits, i.OrganizationalUnit) // which is as it was named then
	switch t.AccountFilter {
	case types.AccountFilterTypeIntersection:
		return within && named
	case types.AccountFilterTypeDifference:
		return within && !named
	case types.AccountFilterTypeUnion:
		return within || named
	}
	return within
}

// add adds the stacks that targets mean and that are not there.
func (d *setDeployment) add(ctx context.Context) error {
	for _, t := range d.targets {
		for _, g := range d.missing(t) {
			err := d.carry(ctx, d.identity(d.secret(g.values)), instruction{step: d.valued("set-add-", g), what: "adding stacks to it", sure: true, call: func(ctx context.Context, operation string) (*string, error) {
				accounts, units := g.targets()
				in := &cloudformation.CreateStackInstancesInput{
					StackSetName: &d.result.Name, Regions: g.regions, Accounts: accounts, DeploymentTargets: units, ParameterOverrides: parameters(g.values),
					OperationId: &operation, OperationPreferences: d.opts.Preferences, CallAs: d.CallAs,
				}
				out, err := call(ctx, d.pace(), "CreateStackInstances", d.result.Name, d.API.CreateStackInstances, in)
				if err != nil {
					return nil, err
				}
				return out.OperationId, nil
			}})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// missing are the stacks of a target that are not there. Of a unit only its regions are known.
func (d *setDeployment) missing(t StackSetTarget) []group {
	if len(t.OrganizationalUnits) > 0 {
		var regions []string
		for _, r := range t.Regions {
			there := slices.ContainsFunc(d.instances, func(i StackInstance) bool { return i.Region == r && t.covers(i) })
			if !there && !slices.Contains(regions, r) {
				regions = append(regions, r)
			}
		}
		if regions == nil {
			return nil
		}
		return []group{{accounts: t.Accounts, units: t.OrganizationalUnits, regions: regions, filter: t.AccountFilter, values: t.Parameters}}
	}
	var missing []StackInstance
	for _, a := range t.Accounts {
		for _, r := range t.Regions {
			if !slices.ContainsFunc(d.instances, func(i StackInstance) bool { return i.Account == a && i.Region == r }) {
				missing = append(missing, StackInstance{Account: a, Region: r})
			}
		}
	}
	all := groups(missing)
	for i := range all {
		all[i].values = t.Parameters
	}
	d.instances = append(d.instances, missing...) // for the targets that come after
	return all
}

// override updates the stacks whose own parameters are not what their target says.
func (d *setDeployment) override(ctx context.Context) error {
	for _, t := range d.targets {
		var differ []StackInstance
		for _, i := range d.instances {
			if i.StackID == "" && i.Status == "" || t.Parameters == nil || !t.covers(i) {
				continue
			}
			same, err := d.overridden(ctx, i, t.Parameters)
			if err != nil {
				return err
			}
			if !same {
				differ = append(differ, i)
			}
		}
		for _, g := range groups(differ) {
			g.values = t.Parameters
			err := d.carry(ctx, d.identity(d.secret(g.values)), instruction{step: d.valued("set-override-", g), what: "changing parameters of its stacks", sure: true, call: func(ctx context.Context, operation string) (*string, error) {
				accounts, units := g.targets()
				in := &cloudformation.UpdateStackInstancesInput{
					StackSetName: &d.result.Name, Regions: g.regions, Accounts: accounts, DeploymentTargets: units, ParameterOverrides: parameters(t.Parameters),
					OperationId: &operation, OperationPreferences: d.opts.Preferences, CallAs: d.CallAs,
				}
				out, err := call(ctx, d.pace(), "UpdateStackInstances", d.result.Name, d.API.UpdateStackInstances, in)
				if err != nil {
					return nil, err
				}
				return out.OperationId, nil
			}})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// overridden reports whether a stack has these parameters of its own.
func (d *setDeployment) overridden(ctx context.Context, i StackInstance, want map[string]string) (bool, error) {
	in := &cloudformation.DescribeStackInstanceInput{StackSetName: &d.result.Name, StackInstanceAccount: &i.Account, StackInstanceRegion: &i.Region, CallAs: d.CallAs}
	out, err := call(ctx, d.pace(), "DescribeStackInstance", d.result.Name, d.API.DescribeStackInstance, in)
	if err != nil || out.StackInstance == nil {
		return false, err
	}
	have := map[string]string{}
	for _, p := range out.StackInstance.ParameterOverrides {
		have[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
	}
	return maps.Equal(have, want), nil
}

// prune removes the stacks that no target means.
func (d *setDeployment) prune(ctx context.Context) error {
	if !d.opts.Prune {
		return nil
	}
	over := slices.DeleteFunc(slices.Clone(d.instances), func(i StackInstance) bool {
		return slices.ContainsFunc(d.targets, func(t StackSetTarget) bool { return t.covers(i) })
	})
	for _, g := range groups(over) {
		if err := d.carry(ctx, d.request.id, d.removal(d.result.Name, g, d.opts.RetainPruned, d.opts.Preferences)); err != nil {
			return err
		}
	}
	return nil
}

// removal removes stacks from a set.
func (c *StackSets) removal(name string, g group, retain bool, preferences *types.StackSetOperationPreferences) instruction {
	return instruction{step: "set-remove-" + digest(g.describe())[:8], what: "removing stacks from it", sure: true, call: func(ctx context.Context, operation string) (*string, error) {
		accounts, units := g.targets()
		in := &cloudformation.DeleteStackInstancesInput{
			StackSetName: &name, Regions: g.regions, Accounts: accounts, DeploymentTargets: units, RetainStacks: &retain,
			OperationId: &operation, OperationPreferences: preferences, CallAs: c.CallAs,
		}
		out, err := call(ctx, c.pace(), "DeleteStackInstances", name, c.API.DeleteStackInstances, in)
		if err != nil {
			return nil, err
		}
		return out.OperationId, nil
	}}
}

// parameters are values as they are sent.
func parameters(of map[string]string) []types.Parameter {
	var list []types.Parameter
	for _, k := range slices.Sorted(maps.Keys(of)) {
		list = append(list, types.Parameter{ParameterKey: aws.String(k), ParameterValue: aws.String(of[k])})
	}
	return list
}

// describe says which stacks a group is about, in an operation's ID.
func (g group) describe() string {
	return strings.Join(g.accounts, ",") + "/" + strings.Join(g.units, ",") + "/" + strings.Join(g.regions, ",")
}

// valued is the step of an operation with values of their own for these stacks.
func (d *setDeployment) valued(step string, g group) string {
	text := g.describe()
	if !d.secret(g.values) {
		text += fmt.Sprint(g.values)
	}
	return step + digest(text)[:8]
}
