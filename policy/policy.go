// Package policy writes IAM policy documents: trust policies, identity and resource policies.
//
//	&iam.Role{AssumeRolePolicyDocument: policy.Trust("lambda.amazonaws.com")}
//
// A [Document] stands wherever a property takes free-form JSON. Its values are text with
// expressions in them, as everywhere. A raw document (a map or a struct) may stand there instead.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
package policy

import (
	"errors"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// Version is the current version of the policy language. A document without a version is read by
// the rules of 2008-10-17, without policy variables.
const Version = "2012-10-17"

// Effects of a statement.
const (
	Allow = "Allow"
	Deny  = "Deny"
)

// A Document is a policy document. The zero value is not valid: a document has a statement.
type Document struct {
	// Version is the version of the policy language. "" leaves it out; [Version] is to be
	// preferred.
	Version fn.String
	// ID names the document, where a service wants that. "" leaves it out.
	ID fn.String
	// Statement holds the statements, at least one.
	Statement []Statement
	// Compact writes each list of one action, resource, principal or condition value as that one;
	// [One] does so for one list. Both forms mean the same.
	Compact bool
}

// A Statement is one rule of a document.
type Statement struct {
	// Sid names the statement. "" leaves it out.
	Sid fn.String
	// Effect is [Allow] or [Deny]. If it is "", Allow.
	Effect fn.String
	// Principal is whom the statement is about; nil in an identity policy. NotPrincipal is
	// everybody else; at most one of the two is set.
	Principal, NotPrincipal *Principal
	// Action holds what is done, such as s3:GetObject; NotAction all but that. One of the two is set.
	Action, NotAction []fn.String
	// Resource holds to what it is done; NotResource all but that. Both are nil in a trust policy.
	Resource, NotResource []fn.String
	// Condition bounds the statement. Nil is no bound.
	Condition Conditions
}

// Conditions maps an operator, such as StringEquals, to condition keys with their values.
type Conditions map[string]map[string][]fn.String

// A Principal is whom a statement is about: identities of several kinds, or everybody.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type Principal struct {
	// Everybody is written as "*". The other fields are then nil.
	Everybody bool
	// AWS holds accounts, users, roles, by ID or ARN.
	AWS []fn.String
	// Service holds services, such as ecs.amazonaws.com.
	Service []fn.String
	// Federated holds identity providers.
	Federated []fn.String
	// CanonicalUser holds canonical user IDs of S3.
	CanonicalUser []fn.String
}

// Trust is the document of a role that the services may assume.
func Trust(services ...fn.String) Document {
	return Document{Version: Version, Statement: []Statement{AssumeRole(services...)}}
}

// AssumeRole is the statement that lets services assume the role on which it stands.
func AssumeRole(services ...fn.String) Statement {
	return Statement{Principal: &Principal{Service: services}, Action: []fn.String{"sts:AssumeRole"}}
}

// alone marks a list whose one value is written without the list. Anywhere but in a document it is
// an error when the template is written.
var alone = fn.Fail[fn.String](errors.New("policy.One outside a policy document; give a list"))

// One is a list of one value that is written as that value, without the list.
func One(value fn.String) []fn.String { return []fn.String{alone, value} }
