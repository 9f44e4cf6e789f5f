package validate

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var parameterRules = []Rule{
	{"parameter", fails, "a parameter is a map"},
	{"parameter-attribute", fails, "a parameter has only the attributes that CloudFormation knows"},
	{"parameter-type-missing", fails, "a parameter has a type"},
	{"parameter-type", fails, "the type of a parameter is one that CloudFormation knows"},
	{"parameter-literal", fails, "what a parameter says of itself is literal"},
	{"parameter-default", fails, "the default of a parameter meets its constraints"},
	{"parameter-default-type", fails, "the default of a parameter is text; that of a list is text with commas"},
	{"parameter-default-shape", warns, "the default of a parameter looks like an identifier of its type"},
	{"parameter-allowed", fails, "AllowedValues is a list of texts that is not empty"},
	{"parameter-allowed-number", fails, "the allowed values of a number are numbers"},
	{"parameter-allowed-twice", warns, "an allowed value stands once"},
	{"parameter-length", fails, "MinLength is not above MaxLength"},
	{"parameter-range", fails, "MinValue is not above MaxValue"},
	{"parameter-bound", fails, "a bound of a parameter is a number"},
	{"parameter-constraint", warns, "a constraint fits the type of the parameter"},
	{"parameter-pattern", warns, "AllowedPattern is a regular expression"},
	{"parameter-description-type", fails, "the description of a parameter is literal text"},
	{"parameter-description-size", fails, "the description of a parameter has at most 4,000 bytes"},
	{"parameter-size", fails, "the default of a parameter has at most 4,096 bytes"},
	{"parameter-noecho", fails, "NoEcho is true or false"},
	{"parameter-noecho-default", warns, "a NoEcho parameter has no default, which everybody can read"},
	{"parameter-secret", warns, "a parameter that is called a password is NoEcho"},
	{"parameter-unused", warns, "a parameter is used"},
	{"parameter-unknown", fails, "a stack gives values to parameters that its template has"},
	{"parameter-value", fails, "the value that a stack gives to a parameter meets its constraints"},
}

var parameterAttributes = []string{
	"AllowedPattern", "AllowedValues", "ConstraintDescription", "Default", "Description", "MaxLength", "MaxValue",
	"MinLength", "MinValue", "NoEcho", "Type",
}

const (
	maxParameter            = 4096
	maxParameterDescription = 4000
)

// parameterSection checks what is declared in Parameters.
func (c *checker) parameterSection() {
	for _, m := range c.doc.Get("Parameters").Members() {
		p := at("Parameters", m.Key)
		if strings.HasPrefix(m.Key, "Fn::") || m.Value.Get("Fn::Transform") != nil {
			continue
		}
		if m.Value.Kind != tree.Map {
			c.report("parameter", p, m.Value, fmt.Sprintf("the parameter %s is %s, not a map", m.Key, kindOf(m.Value)), "give it a Type")
			continue
		}
		if c.parameterShape(p, m.Value) {
			c.parameterBounds(p, m.Value)
			c.parameterDefault(p, m.Value)
			c.parameterSecrecy(p, m.Key, m.Value)
		}
	}
}

// parameterShape checks the attributes and the type, and reports whether there is one.
func (c *checker) parameterShape(p *place, n *tree.Node) bool {
	for _, m := range n.Map {
		switch {
		case !slices.Contains(parameterAttributes, m.Key):
			c.report("parameter-attribute", p.in(m.Key), m.Value, fmt.Sprintf("a parameter has no attribute %q", m.Key), nearest(m.Key, parameterAttributes, "leave it out"))
		case m.Value.Is(tree.Map) && m.Key == "Default":
			c.report("parameter-default-type", p.in(m.Key), m.Value, "the default is "+kindOf(m.Value), "give literal text")
		case m.Value.Is(tree.Map) && m.Key != "Description":
			c.report("parameter-literal", p.in(m.Key), m.Value, fmt.Sprintf("%s is %s", m.Key, kindOf(m.Value)), "give a literal value; no function is evaluated here")
		}
	}
	if d := n.Get("Description"); d != nil {
		c.text("parameter-description-type", "parameter-description-size", p.in("Description"), d, maxParameterDescription)
	}
	kind := n.Get("Type")
	if kind == nil {
		c.report("parameter-type-missing", p, n, "the parameter has no Type", "set it to String, Number or CommaDelimitedList, for example")
		return false
	}
	if !knownParameterType(kind.Str()) {
		c.report("parameter-type", p.in("Type"), kind, fmt.Sprintf("%q is no type of a parameter", kind.Str()),
			nearest(kind.Str(), parameterTypes(), "use String, Number, CommaDelimitedList, List<Number>, or an AWS-specific type such as AWS::EC2::VPC::Id"))
		return false
	}
	return true
}

// parameterBounds checks that constraints are well-formed and fit the type.
func (c *checker) parameterBounds(p *place, n *tree.Node) {
	kind := n.Get("Type").Str()
	for _, b := range []struct{ code, low, high, of string }{
		{"parameter-length", "MinLength", "MaxLength", "String"}, {"parameter-range", "MinValue", "MaxValue", "Number"},
	} {
		low, lok := c.bound(p, n, b.low)
		high, hok := c.bound(p, n, b.high)
		if lok && hok && low > high {
			c.report(b.code, p.in(b.low), n.Get(b.low), fmt.Sprintf("%s, %v, is above %s, %v", b.low, low, b.high, high), "exchange them")
		}
		if !strings.Contains(kind, b.of) && (lok || hok) && !strings.HasPrefix(kind, "AWS::") {
			c.report("parameter-constraint", p, n, fmt.Sprintf("%s and %s are for the type %s, not %s", b.low, b.high, b.of, kind), "leave them out")
		}
	}
	if pattern := n.Get("AllowedPattern"); pattern.Is(tree.String) {
		if _, err := regexp.Compile(pattern.Text); err != nil && !strings.Contains(err.Error(), "Perl syntax") && !strings.Contains(err.Error(), "escape sequence") && !strings.Contains(err.Error(), "repe") {
			c.report("parameter-pattern", p.in("AllowedPattern"), pattern, fmt.Sprintf("%s is no regular expression", shown(pattern.Text)), strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
	}
	c.allowedValues(p, n)
}

func (c *checker) bound(p *place, n *tree.Node, name string) (float64, bool) {
	v := n.Get(name)
	text, ok := v.Scalar()
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		c.report("parameter-bound", p.in(name), v, fmt.Sprintf("%s is %s, which is no number", name, shown(text)), "give a number")
	}
	return f, err == nil
}

func (c *checker) allowedValues(p *place, n *tree.Node) {
	values := n.Get("AllowedValues")
	if values == nil {
		return
	}
	p = p.in("AllowedValues")
	if values.Kind != tree.List || len(values.List) == 0 {
		if values.Kind != tree.Map {
			c.report("parameter-allowed", p, values, "AllowedValues is "+described(values), "give a list of the values that are allowed")
		}
		return
	}
	seen := map[string]bool{}
	for i, v := range values.List {
		text, ok := v.Scalar()
		_, err := strconv.ParseFloat(text, 64)
		switch {
		case !ok:
			c.report("parameter-allowed", p.item(i), v, "an allowed value is "+kindOf(v), "give text")
		case n.Get("Type").Str() == "Number" && err != nil:
			c.report("parameter-allowed-number", p.item(i), v, fmt.Sprintf("the allowed value %s is no number", shown(text)), "give a number, or change the type to String")
		case seen[text]:
			c.report("parameter-allowed-twice", p.item(i), v, fmt.Sprintf("the allowed value %s stands twice", shown(text)), "leave one out")
		}
		seen[text] = true
	}
}

// described says what a node is, and that a list is empty.
func described(n *tree.Node) string {
	if n.Is(tree.List) {
		return "an empty list"
	}
	return kindOf(n)
}

func (c *checker) parameterDefault(p *place, n *tree.Node) {
	d := n.Get("Default")
	if d == nil || d.Is(tree.Map) {
		return
	}
	p = p.in("Default")
	text, ok := d.Scalar()
	if !ok {
		c.report("parameter-default-type", p, d, "the default is "+kindOf(d), "write a list as text with commas")
		return
	}
	if len(text) > maxParameter {
		c.report("parameter-size", p, d, fmt.Sprintf("the default has %d bytes; at most %d are allowed", len(text), maxParameter), "shorten it, or fetch it with a dynamic reference")
		return
	}
	complaints := violations(n, text)
	for _, complaint := range complaints {
		c.report("parameter-default", p, d, "the default "+complaint, "change the default or the constraint")
	}
	kind := strings.TrimSuffix(strings.TrimPrefix(n.Get("Type").Str(), "List<"), ">")
	if prefix := identifierPrefixes(kind); prefix != "" && text != "" && n.Get("NoEcho").Str() != "true" && len(complaints) == 0 {
		for _, item := range strings.Split(text, ",") {
			if item = strings.TrimSpace(item); item != "" && !strings.HasPrefix(item, prefix) {
				c.report("parameter-default-shape", p, d, fmt.Sprintf("the default %s is no %s", shown(item), kind), "it begins with "+prefix)
				return
			}
		}
	}
}

// identifierPrefixes is how the identifiers of a type of parameter begin.
func identifierPrefixes(kind string) string {
	switch kind {
	case "AWS::EC2::Image::Id":
		return "ami-"
	case "AWS::EC2::Instance::Id":
		return "i-"
	case "AWS::EC2::SecurityGroup::Id":
		return "sg-"
	case "AWS::EC2::Subnet::Id":
		return "subnet-"
	case "AWS::EC2::VPC::Id":
		return "vpc-"
	case "AWS::EC2::Volume::Id":
		return "vol-"
	}
	return ""
}

func (c *checker) parameterSecrecy(p *place, name string, n *tree.Node) {
	echo := n.Get("NoEcho")
	hidden := strings.EqualFold(echo.Str(), "true")
	switch {
	case echo != nil && !hidden && !strings.EqualFold(echo.Str(), "false") && !echo.Is(tree.Map):
		c.report("parameter-noecho", p.in("NoEcho"), echo, "NoEcho is neither true nor false", "set it to true")
	case hidden && n.Get("Default").Str() != "":
		c.report("parameter-noecho-default", p.in("Default"), n.Get("Default"), "a NoEcho parameter has a default, which stands in the template", "leave the default out")
	case !hidden && soundsSecret(name) && n.Get("Type").Str() == "String":
		c.report("parameter-secret", p, n, fmt.Sprintf("the parameter %s is shown to everybody who may describe the stack", name), "set NoEcho, or use a dynamic reference to a secret")
	}
}

func soundsSecret(name string) bool {
	l := strings.ToLower(name)
	return strings.HasSuffix(l, "password") || strings.HasSuffix(l, "passphrase") || strings.HasSuffix(l, "secretkey") || strings.HasSuffix(l, "oauthtoken") || strings.HasSuffix(l, "accesstoken")
}
