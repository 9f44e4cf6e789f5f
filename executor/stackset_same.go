package executor

import (
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// same reports whether the set is what it is to be already, as far as that can be read.
func (d *setDeployment) same(now *types.StackSet) bool {
	if d.request.secretive() || d.request.assets != nil || aws.ToString(now.Description) != d.description() {
		return false
	}
	theirs, err := stack.Parse([]byte(aws.ToString(now.TemplateBody)))
	if err != nil {
		return false
	}
	body, err := theirs.Minified()
	if err != nil || !tree.Equal(tree.FromJSON(string(body)).Sorted(), d.request.document.root.Sorted()) {
		return false
	}
	values := func(list []types.Parameter) map[string]string {
		m := map[string]string{}
		for _, p := range list {
			m[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
		}
		return m
	}
	defaults := map[string]string{}
	for _, m := range d.request.document.root.Get("Parameters").Members() {
		if v, ok := m.Value.Get("Default").Scalar(); ok {
			defaults[m.Key] = v
		}
	}
	want, have := maps.Clone(defaults), maps.Clone(defaults)
	maps.Copy(want, values(d.values))
	maps.Copy(have, values(now.Parameters))
	if !maps.Equal(want, have) || d.request.stack.Tags != nil && !maps.Equal(d.request.stack.Tags, tagsOf(now.Tags)) {
		return false
	}
	kept := func(want string, have *string) bool { return want == "" || want == aws.ToString(have) }
	return kept(d.opts.AdministrationRoleARN, now.AdministrationRoleARN) && kept(d.opts.ExecutionRoleName, now.ExecutionRoleName) &&
		(!d.opts.ManagedExecution || now.ManagedExecution != nil && aws.ToBool(now.ManagedExecution.Active)) &&
		(d.opts.AutoDeployment == nil || now.AutoDeployment != nil && aws.ToBool(now.AutoDeployment.Enabled) == aws.ToBool(d.opts.AutoDeployment.Enabled) &&
			aws.ToBool(now.AutoDeployment.RetainStacksOnAccountRemoval) == aws.ToBool(d.opts.AutoDeployment.RetainStacksOnAccountRemoval))
}

func tagsOf(list []types.Tag) map[string]string {
	m := map[string]string{}
	for _, t := range list {
		m[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return m
}
