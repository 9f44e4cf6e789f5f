package cfnstack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/updraft-go/updraft/customresource"
)

// Properties are what the template says of the resource.
type Properties struct {
	// AccessKeyId and AccessKeySecret are what the stack is deployed with, SecurityToken goes with
	// keys that are temporary. Without keys, the function's own credentials are used.
	AccessKeyId, AccessKeySecret, SecurityToken customresource.Secret
	// RoleArn is a role that is assumed with these credentials, "" if none is; ExternalId is what the
	// role asks for of strangers, if it does.
	RoleArn    string
	ExternalId customresource.Secret
	// RegionId is the region of AWS. It is required.
	RegionId string
	// Stack is the stack. It is required.
	Stack Stack
}

// A Stack is what is deployed.
type Stack struct {
	// Name is the stack's name: 1 to 128 letters, digits and hyphens, beginning with a letter.
	Name string
	// Template is its template: text, JSON or YAML. It may also be an object, but functions in that are
	// the outer template's, which evaluates them before.
	Template Template
	// Parameters are values of the template's parameters. One that is not named takes its default.
	Parameters Parameters
	// Tags are put on the stack, beside one of the provider's own.
	Tags map[string]string
}

var stackName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,127}$`)

// Validate returns all that is missing or cannot be.
func (p *Properties) Validate() error {
	var all []error
	if p.RegionId == "" {
		all = append(all, errors.New("property RegionId is missing: the region of AWS in which the stack is to be"))
	}
	if !stackName.MatchString(p.Stack.Name) {
		all = append(all, fmt.Errorf("property Stack.Name is %q, and must be 1 to 128 letters, digits and hyphens, beginning with a letter", p.Stack.Name))
	}
	if len(p.Stack.Template) == 0 {
		all = append(all, errors.New("property Stack.Template is missing: a template as text or as an object"))
	}
	if (p.AccessKeyId == "") != (p.AccessKeySecret == "") {
		all = append(all, errors.New("properties AccessKeyId and AccessKeySecret go together: give both, or none to use the function's own credentials"))
	}
	return errors.Join(all...)
}

// A Template is the text of a template.
type Template []byte

// UnmarshalJSON takes text, or an object.
func (t *Template) UnmarshalJSON(data []byte) error {
	switch data = bytes.TrimSpace(data); {
	case len(data) > 0 && data[0] == '{':
		*t = bytes.Clone(data)
		return nil
	case len(data) > 0 && data[0] == '"':
		var text string
		err := json.Unmarshal(data, &text)
		*t = Template(text)
		return err
	}
	return errors.New("a template is a text or an object")
}

// Parameters are values by the names of parameters.
type Parameters map[string]string

// UnmarshalJSON takes an object of values, or a list of objects with ParameterKey and ParameterValue,
// as the AWS CLI has it. A value is a scalar, or a list of such.
func (p *Parameters) UnmarshalJSON(data []byte) error {
	values := map[string]parameterValue{}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		var list []struct {
			ParameterKey   string
			ParameterValue parameterValue
		}
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
		for _, one := range list {
			values[one.ParameterKey] = one.ParameterValue
		}
	} else if err := json.Unmarshal(data, &values); err != nil {
		return err
	}
	*p = Parameters{}
	for name, v := range values {
		(*p)[name] = string(v)
	}
	return nil
}

// A parameterValue is a value as CloudFormation takes it: text, in which commas part the elements of
// a list.
type parameterValue string

func (v *parameterValue) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '{', 'n':
		return errors.New("a parameter's value is a scalar or a list")
	case '"':
		return json.Unmarshal(data, (*string)(v))
	case '[':
		var list []parameterValue
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
		parts := make([]string, len(list))
		for i, one := range list {
			parts[i] = string(one)
		}
		*v = parameterValue(strings.Join(parts, ","))
		return nil
	}
	*v = parameterValue(data)
	return nil
}
