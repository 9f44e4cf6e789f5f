package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// warn notes a resource in which Fn::Join gets a list that is not known before the deployment:
// CloudFormation then takes its word for an unknown value for the list, and complains.
func (pl *planner) warn(def *definition) {
	if pl.joinsUnknown(def.properties()) && !slices.Contains(pl.unjoined, def.id) {
		pl.unjoined = append(pl.unjoined, def.id)
	}
}

func (pl *planner) joinsUnknown(n *tree.Node) bool {
	if name, arg, ok := n.Function(); ok && name == "Fn::Join" && len(arg.Items()) == 2 && isFunction(arg.List[1]) {
		v, err := pl.eval.Value(arg.List[1])
		if err == nil && v.Is(tree.Unknown) {
			return true
		}
	}
	return slices.ContainsFunc(n.Items(), pl.joinsUnknown) ||
		slices.ContainsFunc(n.Members(), func(m tree.Member) bool { return pl.joinsUnknown(m.Value) })
}

// warnings tell of values that a change set cannot tell, in CloudFormation's words.
func (pl *planner) warnings() string {
	if len(pl.unjoined) == 0 {
		return ""
	}
	return "[WARN] --include-property-values option can return incomplete ChangeSet data because: ChangeSet creation failed for resource [" +
		strings.Join(pl.unjoined, ", ") + "] because: Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
}
