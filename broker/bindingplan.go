package broker

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

const (
	// markerOutput is the output by which the bindings of an instance hold it: it is exported, and they
	// import it.
	markerOutput = "ServiceBrokerInstance"
	// handedOver begins the names of outputs that an instance hands over to its bindings.
	handedOver = "ServiceBrokerBinding"
	// policyOutput begins the names of outputs that are not credentials: with the AWS Service Broker,
	// they are ARNs of policies.
	policyOutput = "PolicyArn"
)

func exportName(instanceStack string) string { return instanceStack + "-service-broker" }

// export adds the marker to an instance's template.
func export(t *stack.Template) {
	t.Export(markerOutput, fn.StackName+"-service-broker", stack.Output{
		Description: "what the bindings of this instance import", Value: fn.StackName,
	})
}

// A bindingPlan is what the stacks of a service's bindings are made of.
type bindingPlan struct {
	keypair  bool
	policies []boundPolicy
	inputs   []string // outputs of the instance, which are parameters of the binding
}

type boundPolicy struct {
	name     string
	document any // JSON, in which the inputs are parameters
}

// newBindingPlan takes the expressions out of a service's policies: each becomes an output of the
// instance, and a parameter of its bindings.
func newBindingPlan(s *Service, t *stack.Template) (*bindingPlan, error) {
	plan := &bindingPlan{keypair: s.Bindings.Keypair}
	if plan.keypair && len(s.Bindings.Policies) == 0 {
		return nil, fmt.Errorf("its bindings have an access key and no policy; give them at least one right")
	}
	known := map[string]string{}
	for i, p := range s.Bindings.Policies {
		data, err := fn.Append(nil, p.Document)
		if err != nil {
			return nil, fmt.Errorf("policy %d of its bindings: %w", i+1, err)
		}
		var document any
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		if err := d.Decode(&document); err != nil {
			return nil, fmt.Errorf("policy %d of its bindings: %w", i+1, err)
		}
		name := p.Name
		if name == "" {
			name = "policy" + strconv.Itoa(i+1)
		}
		plan.policies = append(plan.policies, boundPolicy{name, plan.bindTo(t, document, known)})
	}
	return plan, nil
}

// bindTo returns a document in which the expressions are parameters, and adds the outputs for them.
func (plan *bindingPlan) bindTo(t *stack.Template, node any, known map[string]string) any {
	switch node := node.(type) {
	case map[string]any:
		if isExpression(node) {
			return plan.parameter(t, node, known)
		}
		for key, value := range node {
			node[key] = plan.bindTo(t, value, known)
		}
	case []any:
		for i, value := range node {
			node[i] = plan.bindTo(t, value, known)
		}
	}
	return node
}

func isExpression(node map[string]any) bool {
	for key, value := range node {
		text, _ := value.(string)
		same := slices.Contains([]string{"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix", "AWS::NoValue"}, text)
		return len(node) == 1 && (strings.HasPrefix(key, "Fn::") || key == "Ref" && !same)
	}
	return false
}

func (plan *bindingPlan) parameter(t *stack.Template, node map[string]any, known map[string]string) any {
	data, err := json.Marshal(node)
	if err != nil {
		return node // what was read as JSON is written as JSON
	}
	name := known[string(data)]
	if name == "" {
		name = handedOver + strconv.Itoa(len(known)+1)
		known[string(data)] = name
		plan.inputs = append(plan.inputs, name)
		t.Output(name, stack.Output{Description: "what a policy of the bindings needs", Value: fn.FromJSON[fn.String](data)})
	}
	return map[string]any{"Ref": name}
}

// Parameters of a binding, with the names that the AWS Service Broker gives them.
const (
	fieldRoleName = "RoleName"
	fieldScope    = "Scope"
)

// bindForm is what the request for a binding may say.
func (s *Service) bindForm() form {
	f := form{}
	if len(s.Bindings.Policies) == 0 {
		return f
	}
	none := ""
	f.add(&field{name: fieldRoleName, kind: "string", title: "IAM Role", fallback: &none,
		description: "Name of an IAM role that gets the rights of the binding, in place of a user with an access key"})
	if names := s.scopes(); len(names) > 1 {
		f.add(&field{name: fieldScope, kind: "string", title: "Scope", fallback: &none, allowed: append([]string{""}, names...),
			description: "Name of the only right that the binding gets; all if it is empty"})
	}
	return f
}

func (s *Service) scopes() []string {
	var names []string
	for _, p := range s.Bindings.Policies {
		if p.Name != "" {
			names = append(names, p.Name)
		}
	}
	return names
}
