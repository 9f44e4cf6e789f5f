package yaml

import (
	"regexp"

	"go.yaml.in/yaml/v3"

	"github.com/updraft-go/updraft/internal/tree"
)

var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// scalar fills n with what CloudFormation sees: numbers as JSON writes them, true and false, null;
// everything else, and everything in quotes, is text.
func scalar(n *tree.Node, y *yaml.Node) {
	n.Kind, n.Text = tree.String, y.Value
	if y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || y.Tag == "!!str" && y.Style&yaml.TaggedStyle != 0 {
		return
	}
	switch y.Value {
	case "true", "True", "TRUE":
		n.Kind, n.Text = tree.Bool, "true"
	case "false", "False", "FALSE":
		n.Kind, n.Text = tree.Bool, "false"
	case "", "~", "null", "Null", "NULL":
		if functionTag(y.Tag) {
			return // "!GetAZs" with nothing behind it is an empty string
		}
		n.Kind, n.Text = tree.Null, ""
	default:
		if number.MatchString(y.Value) {
			n.Kind = tree.Number
		}
	}
}
