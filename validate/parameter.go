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

var awsParameter = regexp.MustCompile(`^(List<)?AWS::[A-Za-z0-9]+(::[A-Za-z0-9]+)+>?$`)

// parameterRules checks the types and defaults of parameters.
func (c *checker) parameterRules() {
	for _, m := range c.doc.Get("Parameters").Members() {
		path := "Parameters." + m.Key
		kind := m.Value.Get("Type")
		if !knownParameterType(kind.Str()) {
			c.report("parameter-type", path+".Type", kind, fmt.Sprintf("%q is no type of a parameter", kind.Str()), "use String, Number, CommaDelimitedList, List<Number>, or an AWS-specific type such as AWS::EC2::VPC::Id")
			continue
		}
		if d := m.Value.Get("Default"); d != nil {
			for _, complaint := range violations(m.Value, d.Str()) {
				c.report("parameter-default", path+".Default", d, "the default "+complaint, "change the default or the constraint")
			}
		}
	}
}

func knownParameterType(t string) bool {
	switch t {
	case "String", "Number", "CommaDelimitedList", "List<Number>", "List<String>":
		return true
	}
	return strings.HasPrefix(t, "AWS::SSM::Parameter::Value<") || awsParameter.MatchString(t)
}

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
	shown := strconv.Quote(value)
	if p.Get("NoEcho").Str() == "true" {
		shown = "(not shown)"
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
		item = strings.TrimSpace(item)
		if strings.Contains(kind, "Number") {
			out = append(out, numberViolations(p, item, shown)...)
		}
		if allowed := p.Get("AllowedValues").Items(); allowed != nil && !slices.ContainsFunc(allowed, func(n *tree.Node) bool { return n.Str() == item }) {
			out = append(out, fmt.Sprintf("%s is not one of the allowed values", shown))
		}
		if kind == "String" {
			out = append(out, textViolations(p, value, shown)...)
		}
	}
	return out
}

func numberViolations(p *tree.Node, item, shown string) []string {
	f, err := strconv.ParseFloat(item, 64)
	if err != nil {
		return []string{shown + " is no number"}
	}
	var out []string
	if least, err := strconv.ParseFloat(p.Get("MinValue").Str(), 64); err == nil && f < least {
		out = append(out, fmt.Sprintf("%s is less than MinValue, %v", shown, least))
	}
	if most, err := strconv.ParseFloat(p.Get("MaxValue").Str(), 64); err == nil && f > most {
		out = append(out, fmt.Sprintf("%s is more than MaxValue, %v", shown, most))
	}
	return out
}

func textViolations(p *tree.Node, value, shown string) []string {
	var out []string
	length := len([]rune(value))
	if least, err := strconv.Atoi(p.Get("MinLength").Str()); err == nil && length < least {
		out = append(out, fmt.Sprintf("%s is shorter than MinLength, %d", shown, least))
	}
	if most, err := strconv.Atoi(p.Get("MaxLength").Str()); err == nil && length > most {
		out = append(out, fmt.Sprintf("%s is longer than MaxLength, %d", shown, most))
	}
	if pattern := p.Get("AllowedPattern").Str(); pattern != "" {
		// A pattern that Go does not read (CloudFormation's is Java's) is not judged.
		if re, err := regexp.Compile(`^(?:` + pattern + `)$`); err == nil && !re.MatchString(value) {
			out = append(out, fmt.Sprintf("%s does not match AllowedPattern, %s", shown, pattern))
		}
	}
	return out
}
