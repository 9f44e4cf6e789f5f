package sam

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// globalKinds are the kinds of resources for which a template can say something once.
var globalKinds = []string{"Function", "Api", "HttpApi", "SimpleTable", "StateMachine", "LayerVersion"}

func (x *expansion) checkGlobals(section *tree.Node) {
	if section != nil && !section.Is(tree.Map) {
		x.problems = append(x.problems, "'Globals' section is invalid. Globals must be a map.")
		return
	}
	for _, m := range section.Members() {
		switch {
		case !slices.Contains(globalKinds, m.Key):
			x.problems = append(x.problems, "'Globals' section is invalid. '"+m.Key+"' is not supported. Must be one of the following values - ["+strings.Join(globalKinds, ", ")+"]")
		case !m.Value.Is(tree.Map):
			x.problems = append(x.problems, "'Globals' section is invalid. Value of "+m.Key+" must be a map.")
		}
	}
}
