package ros

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/updraft-go/updraft/internal/tree"
)

// values gives each parameter of a template its value: what is given, what it had before if that is
// asked for, or its default. They are checked, and have the type that the parameter says.
func (t *template) values(given [][2]string, before map[string]string) (typed map[string]*tree.Node, texts map[string]string, err error) {
	typed, texts = map[string]*tree.Node{}, map[string]string{}
	for _, g := range given {
		if t.doc.At("Parameters", g[0]) == nil && !strings.HasPrefix(g[0], "ALIYUN::") {
			return nil, nil, refuse(400, "StackValidationFailed", "The Parameter (%s) was not defined in template.", g[0])
		}
	}
	for _, m := range t.parameters {
		text, ok := lookUp(given, m.Key)
		if !ok {
			text, ok = before[m.Key]
		}
		if fallback := m.Value.Get("Default"); !ok && fallback != nil {
			text, ok = fallback.JSON(), true
			if s, scalar := fallback.Scalar(); scalar {
				text = s
			}
		}
		if !ok {
			return nil, nil, refuse(400, "StackValidationFailed", "The Parameter (%s) was not provided.", m.Key)
		}
		n, err := parameterValue(m, text)
		if err != nil {
			return nil, nil, refuse(400, "StackValidationFailed", "Parameter %s is invalid: %v", m.Key, err)
		}
		n.Secret = strings.EqualFold(m.Value.Get("NoEcho").Str(), "true")
		typed[m.Key], texts[m.Key] = n, text
	}
	return typed, texts, nil
}

func lookUp(given [][2]string, name string) (string, bool) {
	i := slices.IndexFunc(given, func(g [2]string) bool { return g[0] == name })
	if i < 0 {
		return "", false
	}
	return given[i][1], true
}

// parameterValue reads a value of a parameter, and holds it to its constraints.
func parameterValue(m tree.Member, text string) (*tree.Node, error) {
	if err := constrained(m.Value, text); err != nil {
		return nil, err
	}
	switch kind := m.Value.Get("Type").Str(); kind {
	case "String", "":
		return tree.Text(text), nil
	case "Number":
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return nil, fmt.Errorf("%q is not a number", text)
		}
		return &tree.Node{Kind: tree.Number, Text: text}, nil
	case "Boolean":
		b, err := strconv.ParseBool(strings.ToLower(text))
		if err != nil {
			return nil, fmt.Errorf("%q is not a boolean", text)
		}
		return tree.Boolean(b), nil
	case "CommaDelimitedList":
		list := tree.ListOf()
		if text != "" {
			for part := range strings.SplitSeq(text, ",") {
				list.List = append(list.List, tree.Text(strings.TrimSpace(part)))
			}
		}
		return list, nil
	case "Json":
		n, err := tree.Parse([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("the value is not JSON: %w", err)
		}
		return n, nil
	default:
		return nil, fmt.Errorf("the type %q is not one that the embedded cloud knows", kind)
	}
}

func constrained(p *tree.Node, text string) error {
	if allowed := p.Get("AllowedValues"); allowed != nil && !slices.ContainsFunc(allowed.Items(), func(n *tree.Node) bool { return n.Str() == text }) {
		return fmt.Errorf("%q is not an allowed value", shown(p, text))
	}
	if pattern := p.Get("AllowedPattern").Str(); pattern != "" {
		re, err := regexp.Compile(`^(?:` + pattern + `)$`)
		if err == nil && !re.MatchString(text) {
			return fmt.Errorf("%q does not match pattern %q", shown(p, text), pattern)
		}
	}
	number, _ := strconv.ParseFloat(text, 64)
	length := float64(utf8.RuneCountInString(text))
	for _, bound := range []struct {
		name  string
		value float64
		above bool
	}{{"MinLength", length, false}, {"MaxLength", length, true}, {"MinValue", number, false}, {"MaxValue", number, true}} {
		limit, err := strconv.ParseFloat(p.Get(bound.name).Str(), 64)
		if err == nil && (bound.above && bound.value > limit || !bound.above && bound.value < limit) {
			return fmt.Errorf("it is out of range (%s: %v)", bound.name, limit)
		}
	}
	return nil
}

// shown is a value for a message: not that of a parameter which is not to be echoed.
func shown(p *tree.Node, text string) string {
	if strings.EqualFold(p.Get("NoEcho").Str(), "true") {
		return masked
	}
	return text
}

// masked stands for what is not to be seen.
const masked = "******"
