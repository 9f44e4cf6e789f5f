package broker

import (
	"encoding/json"
	"strings"
)

type object = map[string]any

// template is the template of a binding: the record of it, which holds the instance, and its rights.
func (plan *bindingPlan) template(instanceStack string, form *form, values map[string]string) ([]byte, error) {
	parameters := object{}
	for _, name := range plan.inputs {
		parameters[name] = object{"Type": "String"}
	}
	for _, name := range form.order {
		parameters[name] = object{"Type": "String", "Default": ""}
	}
	// A stack keeps its parameters only if its template has them, and uses them.
	var about any = "the service instance of this binding"
	if len(form.order) > 0 {
		about = object{"Fn::Sub": "the service instance of this binding: ${" + strings.Join(form.order, "} ${") + "}"}
	}
	resources := object{"Record": object{
		"Type": "AWS::SSM::Parameter",
		"Properties": object{
			"Type": "String", "Description": about,
			"Value": object{"Fn::ImportValue": exportName(instanceStack)},
		},
	}}
	t := object{
		"AWSTemplateFormatVersion": "2010-09-09", "Description": "a binding of a service instance",
		"Parameters": parameters, "Resources": resources,
	}
	policies := plan.granted(values[fieldScope])
	switch {
	case values[fieldRoleName] != "":
		addRolePolicies(resources, policies)
	case plan.keypair:
		addUser(resources, policies)
		t["Outputs"] = object{
			outputKeyID:  object{"Value": object{"Ref": "Key"}},
			outputSecret: object{"Value": object{"Fn::Sub": secretPrefix + "${Secret}"}},
		}
	}
	if len(parameters) == 0 {
		delete(t, "Parameters")
	}
	return json.Marshal(t)
}

// granted are the policies of a scope.
func (plan *bindingPlan) granted(scope string) []boundPolicy {
	var list []boundPolicy
	for _, p := range plan.policies {
		if scope == "" || p.name == scope {
			list = append(list, p)
		}
	}
	return list
}

// addUser adds a user that may do what the policies say, its access key, and a secret with the key's
// secret part: there it is neither an output nor in the description of the stack.
func addUser(resources object, policies []boundPolicy) {
	var inline []object
	for _, p := range policies {
		inline = append(inline, object{"PolicyName": p.name, "PolicyDocument": p.document})
	}
	resources["User"] = object{"Type": "AWS::IAM::User", "Properties": object{"Path": "/service-broker/", "Policies": inline}}
	resources["Key"] = object{"Type": "AWS::IAM::AccessKey", "Properties": object{"UserName": object{"Ref": "User"}}}
	resources["Secret"] = object{"Type": "AWS::SecretsManager::Secret", "Properties": object{
		"Description":  "the secret access key of a service binding",
		"SecretString": object{"Fn::GetAtt": []string{"Key", "SecretAccessKey"}},
	}}
}

// addRolePolicies adds the policies to a role that exists.
func addRolePolicies(resources object, policies []boundPolicy) {
	for i, p := range policies {
		id := "Policy" + string(rune('A'+i%26))
		if i >= 26 {
			id += string(rune('A' + i/26))
		}
		resources[id] = object{"Type": "AWS::IAM::RolePolicy", "Properties": object{
			"RoleName": object{"Ref": fieldRoleName}, "PolicyDocument": p.document,
			"PolicyName": object{"Fn::Sub": "${AWS::StackName}-" + p.name},
		}}
	}
}
