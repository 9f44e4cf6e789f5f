package broker

import (
	"encoding/json"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// A layout is how a template wants its parameters shown.
type layout struct{ label, group map[string]string }

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
		}
	}
	for name, label := range m.Interface.ParameterLabels {
		l.label[name] = label.Default
	}
	return l
}
