package broker

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// specificationKey is where a template's metadata say what service it is.
const specificationKey = "AWS::ServiceBroker::Specification"

// A specification is what a template says of the service that it is, in the form of the AWS Service
// Broker.
type specification struct {
	Name, DisplayName, LongDescription, ImageUrl, DocumentationUrl, ProviderDisplayName string

	Tags         []string
	OutputsAsIs  bool
	CloudFoundry bool
	Bindings     struct {
		IAM struct {
			AddKeypair bool
			Policies   []struct {
				PolicyName     string
				PolicyDocument any
			}
		}
		CFNOutputs []string
	}
	BindViaLambda       bool
	ServicePlans        planSpecifications
	UpdatableParameters []string
}

type planSpecification struct {
	name                                            string
	DisplayName, Description, LongDescription, Cost string
	Costs                                           []Cost
	ParameterValues, ParameterDefaults              map[string]any
}

// planSpecifications are plans in the order of the template.
type planSpecifications []planSpecification

// UnmarshalJSON reads an object whose keys are the names of plans.
func (l *planSpecifications) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("ServicePlans must be an object of plans by their names")
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		var p planSpecification
		if err := d.Decode(&p); err != nil {
			return err
		}
		p.name, _ = t.(string)
		*l = append(*l, p)
	}
	return nil
}

// ParseService reads a service from a CloudFormation template, JSON or YAML, whose metadata have
// AWS::ServiceBroker::Specification: the name of the service, its plans with the parameters that they
// set, and what its bindings give.
//
// # Errors
//
// A [*stack.SyntaxError] for a text that is no template; else what the metadata lack.
func ParseService(data []byte) (*Service, error) {
	t, err := stack.Parse(data)
	if err != nil {
		return nil, err
	}
	spec, err := specificationOf(t)
	if err != nil {
		return nil, err
	}
	kept := bytes.Clone(data)
	s := &Service{
		Name: spec.Name, DisplayName: spec.DisplayName, LongDescription: spec.LongDescription, ImageURL: spec.ImageUrl,
		DocumentationURL: spec.DocumentationUrl, ProviderName: spec.ProviderDisplayName, Tags: spec.Tags,
		OutputsAsIs: spec.OutputsAsIs, CloudFoundry: spec.CloudFoundry, Updatable: spec.UpdatableParameters,
		Template: func(string) (*stack.Template, error) { return stack.Parse(kept) },
		Bindings: Bindings{Keypair: spec.Bindings.IAM.AddKeypair, Outputs: spec.Bindings.CFNOutputs},
	}
	for _, p := range spec.Bindings.IAM.Policies {
		s.Bindings.Policies = append(s.Bindings.Policies, Policy{Name: p.PolicyName, Document: p.PolicyDocument})
	}
	for _, p := range spec.ServicePlans {
		plan := Plan{Name: p.name, DisplayName: p.DisplayName, Description: p.Description, LongDescription: p.LongDescription, Cost: p.Cost, Costs: p.Costs}
		if plan.Fixed, err = texts("ParameterValues", p.ParameterValues); err != nil {
			return nil, fmt.Errorf("plan %q: %w", p.name, err)
		}
		if plan.Defaults, err = texts("ParameterDefaults", p.ParameterDefaults); err != nil {
			return nil, fmt.Errorf("plan %q: %w", p.name, err)
		}
		s.Plans = append(s.Plans, plan)
	}
	return s, nil
}

func specificationOf(t *stack.Template) (*specification, error) {
	data, err := fn.Append(nil, t.Metadata)
	if err != nil {
		return nil, err
	}
	var metadata map[string]json.RawMessage
	if t.Metadata != nil {
		if err := json.Unmarshal(data, &metadata); err != nil {
			return nil, err
		}
	}
	raw, ok := metadata[specificationKey]
	if !ok {
		return nil, fmt.Errorf("the template's Metadata have no %s, which makes it a service", specificationKey)
	}
	spec := &specification{}
	if err := json.Unmarshal(raw, spec); err != nil {
		return nil, fmt.Errorf("%s: %w", specificationKey, err)
	}
	switch {
	case spec.Name == "":
		return nil, fmt.Errorf("%s has no Name; give the service one", specificationKey)
	case len(spec.ServicePlans) == 0:
		return nil, fmt.Errorf("%s has no ServicePlans; give the service one at least", specificationKey)
	case spec.BindViaLambda:
		return nil, fmt.Errorf("%s has BindViaLambda, which this broker does not do; give the bindings a policy in Bindings.IAM", specificationKey)
	}
	return spec, nil
}

// texts are parameters' values as CloudFormation takes them. A template may write numbers and booleans.
func texts(what string, values map[string]any) (map[string]string, error) {
	out := map[string]string{}
	for name, value := range values {
		text, ok := scalar(value)
		if !ok {
			if list, isList := value.([]any); isList {
				text, ok = joined(list)
			}
		}
		if !ok {
			return nil, fmt.Errorf("%s.%s must be a text, a number, a boolean or a list of such", what, name)
		}
		out[name] = text
	}
	return out, nil
}

func joined(list []any) (string, bool) {
	var parts []string
	for _, value := range list {
		text, ok := scalar(value)
		if !ok {
			return "", false
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ","), true
}
