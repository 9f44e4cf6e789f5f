package yaml

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/updraft-go/updraft/internal/tree"
)

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
		if isNumber(y.Value) {
			n.Kind = tree.Number
		}
	}
}

// isNumber reports whether s is a number as JSON writes it.
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, rest := digits(s)
	if whole == "" || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		if whole, rest = digits(fraction); whole == "" {
			return false
		}
	}
	if rest == "" {
		return true
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return false
	}
	rest = rest[1:]
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		rest = rest[1:]
	}
	exponent, rest := digits(rest)
	return exponent != "" && rest == ""
}

// digits cuts s after the digits with which it begins.
func digits(s string) (before, after string) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return s[:i], s[i:]
}
