package validate

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// givenParameters checks the values that a stack gives to its parameters.
func givenParameters(doc *tree.Node, s *stack.Stack) stack.Diagnostics {
	parameters := index(doc.Get("Parameters"))
	var ds stack.Diagnostics
	for _, name := range sortedNames(s.Parameters) {
		p, ok := parameters[name]
		if !ok {
			ds = append(ds, stack.Diagnostic{
				Code: "parameter-unknown", Path: "Parameters." + name,
				Summary: fmt.Sprintf("a value is given for the parameter %q, which the template does not have", name),
				Cure:    nearest(name, sortedNames(parameters), "leave it out"),
			})
			continue
		}
		for _, complaint := range violations(p, s.Parameters[name]) {
			ds = append(ds, stack.Diagnostic{
				Code: "parameter-value", Path: "Parameters." + name,
				Summary: "the value " + complaint,
				Cure:    orElse(p.Get("ConstraintDescription").Str(), "give another value"),
			})
		}
	}
	return ds
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// violations says which constraints of a parameter a value breaks. The value of a NoEcho parameter
// is not shown.
func violations(p *tree.Node, value string) []string {
	seen := shown(value)
	if strings.EqualFold(p.Get("NoEcho").Str(), "true") {
		seen = "(not shown)"
	}
	kind := p.Get("Type").Str()
	if strings.HasPrefix(kind, "AWS::SSM::") {
		return nil // the value is the name of another
	}
	items := []string{value}
	if kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<") {
		items = strings.Split(value, ",")
	}
	var out []string
	for _, item := range items {
		if kind != "String" {
			item = strings.TrimSpace(item)
		}
		if strings.Contains(kind, "Number") {
			out = append(out, numberViolations(p, item, seen)...)
		}
		if allowed := p.Get("AllowedValues").Items(); allowed != nil && !slices.ContainsFunc(allowed, func(n *tree.Node) bool { return n.Str() == item }) {
			out = append(out, fmt.Sprintf("%s is not one of the allowed values", seen))
		}
		if kind == "String" {
			out = append(out, textViolations(p, value, seen)...)
		}
	}
	return out
}

func numberViolations(p *tree.Node, item, seen string) []string {
	f, err := strconv.ParseFloat(item, 64)
	if err != nil {
		return []string{seen + " is no number"}
	}
	var out []string
	if least, err := strconv.ParseFloat(p.Get("MinValue").Str(), 64); err == nil && f < least {
		out = append(out, fmt.Sprintf("%s is less than MinValue, %v", seen, least))
	}
	if most, err := strconv.ParseFloat(p.Get("MaxValue").Str(), 64); err == nil && f > most {
		out = append(out, fmt.Sprintf("%s is more than MaxValue, %v", seen, most))
	}
	return out
}

func textViolations(p *tree.Node, value, seen string) []string {
	var out []string
	length := len([]rune(value))
	if least, err := strconv.Atoi(p.Get("MinLength").Str()); err == nil && length < least {
		out = append(out, fmt.Sprintf("%s is shorter than MinLength, %d", seen, least))
	}
	if most, err := strconv.Atoi(p.Get("MaxLength").Str()); err == nil && length > most {
		out = append(out, fmt.Sprintf("%s is longer than MaxLength, %d", seen, most))
	}
	if pattern := p.Get("AllowedPattern").Str(); pattern != "" {
		// A pattern that Go does not read (CloudFormation's is Java's) is not judged.
		if re, err := regexp.Compile(`^(?:` + pattern + `)$`); err == nil && !re.MatchString(value) {
			out = append(out, fmt.Sprintf("%s does not match AllowedPattern, %s", seen, pattern))
		}
	}
	return out
}
