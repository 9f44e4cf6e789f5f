package local

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// parameters are the values of a template's parameters.
type parameters struct {
	list  []*parameter // in the template's order
	byKey map[string]*parameter
}

// A parameter has a value that was checked.
type parameter struct {
	key      string
	text     string
	resolved *string    // what SSM holds under the name that text is; nil if the type is no SSM type
	noted    bool       // NoEcho
	value    *tree.Node // what Ref returns
}

// shown is the value as descriptions show it.
func (p *parameter) shown() string {
	if p.noted {
		return mask
	}
	return p.text
}

// shownResolved is shown for what SSM holds.
func (p *parameter) shownResolved() *string {
	if p.resolved == nil || !p.noted {
		return p.resolved
	}
	return new(mask)
}

// get returns a parameter, nil if there is none. It takes nil parameters, which are none.
func (p *parameters) get(key string) *parameter {
	if p == nil {
		return nil
	}
	return p.byKey[key]
}

// parameterInput is a parameter as a caller gives it.
type parameterInput struct {
	ParameterKey     string
	ParameterValue   *string
	UsePreviousValue bool

	unknown bool // what only the deployment of an outer stack settles
}

// parameterAttributes are what a declaration may say.
var parameterAttributes = []string{
	"Type", "Default", "Description", "AllowedValues", "AllowedPattern", "ConstraintDescription", "MinLength", "MaxLength",
	"MinValue", "MaxValue", "NoEcho",
}

func checkParameters(root *tree.Node) error {
	declared := root.Get("Parameters")
	if declared == nil {
		return nil
	}
	for _, m := range declared.Map {
		if !isAlphanumeric(m.Key) {
			return invalid("Template format error: Parameter name %s is non alphanumeric.", m.Key)
		}
		if m.Value.Kind != tree.Map || m.Value.Get("Type") == nil {
			return invalid("Template format error: Every Parameters object must contain a Type member.")
		}
		if unknown := unknownKeys(m.Value, parameterAttributes); len(unknown) > 0 {
			return invalid("Invalid template parameter property '%s'", unknown[0])
		}
		if err := checkParameterType(m.Value.Get("Type").Str()); err != nil {
			return err
		}
		if d := m.Value.Get("Default"); d != nil {
			if _, ok := d.Scalar(); !ok {
				return invalid("Template format error: Every Default member must be a string.")
			}
		}
	}
	return nil
}

func checkParameterType(typ string) error {
	if typ == ssmName {
		return nil
	}
	plain := plainType(typ)
	inner, list := strings.CutPrefix(plain, "List<")
	if list {
		inner = strings.TrimSuffix(inner, ">")
	}
	switch {
	case inner == "Number", !list && (inner == "String" || inner == "CommaDelimitedList"), list && inner == "String":
		return nil
	case slices.Contains(identifierTypes, inner):
		return nil
	}
	return invalid("Template format error: Unrecognized parameter type: %s", typ)
}

// The parameter types that speak of parameters of Systems Manager.
const (
	ssmName  = "AWS::SSM::Parameter::Name"
	ssmValue = "AWS::SSM::Parameter::Value<"
)

// plainType is a parameter type without the words that say that its value is read from SSM.
func plainType(typ string) string {
	if inner, ok := strings.CutPrefix(typ, ssmValue); ok {
		return strings.TrimSuffix(inner, ">")
	}
	return typ
}

// fetch reads the values of parameters from SSM. It returns the names that are not there.
func (r *region) fetch(p *parameter, declared *tree.Node) (missing string, err error) {
	typ := declared.Get("Type").Str()
	if !strings.HasPrefix(typ, ssmValue) && typ != ssmName {
		return "", nil
	}
	a, version, err := r.ssmParameter(p.text)
	if err != nil {
		return p.text, nil
	}
	if typ == ssmName {
		return "", nil
	}
	held := a.ssm(version, true)
	if held.Type == secureString {
		return "", invalid("Parameters [%s] referenced by template have types not supported by CloudFormation.", p.text)
	}
	p.resolved = &held.Value
	return "", nil
}

// identifierTypes are the parameter types whose values name something that exists in the account.
var identifierTypes = []string{
	"AWS::EC2::AvailabilityZone::Name", "AWS::EC2::Image::Id", "AWS::EC2::Instance::Id", "AWS::EC2::KeyPair::KeyName",
	"AWS::EC2::SecurityGroup::GroupName", "AWS::EC2::SecurityGroup::Id", "AWS::EC2::Subnet::Id", "AWS::EC2::Volume::Id",
	"AWS::EC2::VPC::Id", "AWS::Route53::HostedZone::Id",
}

// readParameters gives each parameter of the template its value: the caller's, the previous one, or
// the default.
func (r *region) readParameters(t *template, given []parameterInput, previous *parameters) (*parameters, error) {
	inputs, err := byKey(t, given)
	if err != nil {
		return nil, err
	}
	p := &parameters{byKey: map[string]*parameter{}}
	var missing, unfetched []string
	declared := t.root.Get("Parameters")
	if declared == nil {
		return p, nil
	}
	for _, m := range declared.Map {
		text, ok, err := valueOf(m, inputs, previous)
		if err != nil {
			return nil, err
		}
		if !ok {
			missing = append(missing, m.Key)
			continue
		}
		one := &parameter{key: m.Key, text: text, noted: strings.EqualFold(m.Value.Get("NoEcho").Str(), "true")}
		if inputs[m.Key].unknown {
			one.value = unsettled()
			p.list = append(p.list, one)
			p.byKey[m.Key] = one
			continue
		}
		name, err := r.fetch(one, m.Value)
		if err == nil {
			err = one.read(m.Value)
		}
		if err != nil {
			return nil, err
		}
		if name != "" {
			unfetched = append(unfetched, name)
		}
		p.list = append(p.list, one)
		p.byKey[m.Key] = one
	}
	if len(missing) > 0 {
		return nil, invalid("Parameters: [%s] must have values", strings.Join(missing, ", "))
	}
	if len(unfetched) > 0 {
		return nil, invalid("Unable to fetch parameters [%s] from parameter store for this account.", strings.Join(unfetched, ","))
	}
	return p, nil
}

func byKey(t *template, given []parameterInput) (map[string]parameterInput, error) {
	inputs := map[string]parameterInput{}
	var unknown []string
	for _, in := range given {
		if _, twice := inputs[in.ParameterKey]; twice {
			return nil, invalid("Duplicate input parameter key: %s", in.ParameterKey)
		}
		inputs[in.ParameterKey] = in
		if t.root.At("Parameters", in.ParameterKey) == nil {
			unknown = append(unknown, in.ParameterKey)
		}
	}
	if len(unknown) > 0 {
		return nil, invalid("Parameters: [%s] do not exist in the template", strings.Join(unknown, ", "))
	}
	return inputs, nil
}

func valueOf(m tree.Member, inputs map[string]parameterInput, previous *parameters) (text string, ok bool, err error) {
	in, given := inputs[m.Key]
	switch {
	case given && in.UsePreviousValue && in.ParameterValue != nil:
		return "", false, invalid("Invalid input for parameter key %s. Cannot specify usePreviousValue as true and a value for the same parameter key.", m.Key)
	case given && in.UsePreviousValue:
		old := previous.get(m.Key)
		if old == nil {
			return "", false, invalid("Invalid input for parameter key %s. Cannot specify usePreviousValue as true for a parameter key not in the previous template", m.Key)
		}
		return old.text, true, nil
	case given && in.ParameterValue != nil:
		return *in.ParameterValue, true, nil
	}
	if d := m.Value.Get("Default"); d != nil {
		return d.Str(), true, nil
	}
	return "", false, nil
}

// read checks a value against its declaration, and makes of it what Ref returns.
func (p *parameter) read(declared *tree.Node) error {
	typ, text := plainType(declared.Get("Type").Str()), p.text
	if p.resolved != nil {
		text = *p.resolved
	}
	if typ != "CommaDelimitedList" && !strings.HasPrefix(typ, "List<") {
		p.value = &tree.Node{Kind: tree.String, Text: text, Secret: p.noted}
		return checkValue(p.key, typ, declared, text)
	}
	p.value = tree.ListOf()
	for _, item := range splitList(text) {
		if err := checkValue(p.key, strings.TrimSuffix(strings.TrimPrefix(typ, "List<"), ">"), declared, item); err != nil {
			return err
		}
		p.value.List = append(p.value.List, &tree.Node{Kind: tree.String, Text: item, Secret: p.noted})
	}
	return nil
}

func splitList(text string) []string {
	items := strings.Split(text, ",")
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return items
}

func checkValue(key, typ string, declared *tree.Node, text string) error {
	if slices.Contains(identifierTypes, typ) && text == "" {
		return invalid("Parameter validation failed: parameter value %s for parameter name %s does not exist", text, key)
	}
	problem := outOfBounds(typ, declared, text)
	if problem == "" {
		return nil
	}
	if said := declared.Get("ConstraintDescription").Str(); said != "" && problem != notNumber {
		return invalid("Parameter '%s' failed to satisfy constraint: %s", key, said)
	}
	return invalid("Parameter '%s' %s", key, problem)
}

const notNumber = "must be a number."

// outOfBounds says which bound of the declaration a text does not keep, "" if none.
func outOfBounds(typ string, declared *tree.Node, text string) string {
	if typ == "Number" {
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return notNumber
		}
	}
	if allowed := declared.Get("AllowedValues"); allowed.Is(tree.List) {
		if !slices.ContainsFunc(allowed.List, func(n *tree.Node) bool { return n.Str() == text }) {
			return "must be one of AllowedValues"
		}
	}
	if pattern := declared.Get("AllowedPattern").Str(); pattern != "" {
		if re, err := regexp.Compile("^(?:" + pattern + ")$"); err == nil && !re.MatchString(text) {
			return "must match pattern " + pattern
		}
	}
	length, value := float64(len([]rune(text))), 0.0
	if typ == "Number" {
		value, _ = strconv.ParseFloat(text, 64) // it was parsed above
	}
	for _, b := range []struct {
		name   string
		number float64
		least  bool
		says   string
	}{
		{"MinLength", length, true, "must contain at least %s characters"},
		{"MaxLength", length, false, "must contain at most %s characters"},
		{"MinValue", value, true, "must be a number not less than %s"},
		{"MaxValue", value, false, "must be a number not greater than %s"},
	} {
		bound, err := strconv.ParseFloat(declared.Get(b.name).Str(), 64)
		if err == nil && (b.least && b.number < bound || !b.least && b.number > bound) {
			return strings.Replace(b.says, "%s", declared.Get(b.name).Str(), 1)
		}
	}
	return ""
}
