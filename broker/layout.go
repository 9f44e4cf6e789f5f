package broker

import (
	"cmp"
	"encoding/json"
	"slices"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// A layout is how a template wants its parameters shown.
type layout struct {
	label, group map[string]string
	order        []string // of the parameters that are in groups
}

// layoutOf reads AWS::CloudFormation::Interface. A template may do without, and what is wrong there
// does not matter to what it makes.
func layoutOf(t *stack.Template) layout {
	l := layout{label: map[string]string{}, group: map[string]string{}}
	data, err := fn.Append(nil, t.Metadata)
	if t.Metadata == nil || err != nil {
		return l
	}
	var m struct {
		Interface struct {
			ParameterGroups []struct {
				Label      struct{ Default string }
				Parameters []string
			}
			ParameterLabels map[string]struct{ Default string }
		} `json:"AWS::CloudFormation::Interface"`
	}
	if json.Unmarshal(data, &m) != nil {
		return l
	}
	for _, g := range m.Interface.ParameterGroups {
		for _, name := range g.Parameters {
			l.group[name] = g.Label.Default
			l.order = append(l.order, name)
		}
	}
	for name, label := range m.Interface.ParameterLabels {
		l.label[name] = label.Default
	}
	return l
}

// sort puts parameters in the order in which they are to be shown. Those that are in no group come last.
func (l layout) sort(names []string) {
	rank := func(name string) int {
		if at := slices.Index(l.order, name); at >= 0 {
			return at
		}
		return len(l.order)
	}
	slices.SortStableFunc(names, func(x, y string) int { return cmp.Compare(rank(x), rank(y)) })
}
