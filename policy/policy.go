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
	"fmt"

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
	// Compact writes each list of one action, resource, principal or condition value as that one.
	// Both forms mean the same.
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

// document and statement are the JSON of Document and Statement.
type document struct {
	Version   fn.String
	ID        fn.String `cfn:"Id"`
	Statement []statement
}

type statement struct {
	Sid          fn.String
	Effect       fn.String
	Principal    any
	NotPrincipal any
	Action       any
	NotAction    any
	Resource     any
	NotResource  any
	Condition    any
}

// AppendValue writes the document; it is called when the template is written. A document without a
// statement, and a statement without an action or with both of two that exclude each other, are
// errors.
func (d Document) AppendValue(dst []byte) ([]byte, error) {
	if len(d.Statement) == 0 {
		return dst, errors.New("a policy document without a statement; add one")
	}
	out := document{Version: d.Version, ID: d.ID}
	var errs []error
	for i, s := range d.Statement {
		if err := s.check(); err != nil {
			errs = append(errs, &fn.ValueError{Path: fmt.Sprintf("Statement[%d]", i), Err: err})
		}
		out.Statement = append(out.Statement, s.json(d.Compact))
	}
	if len(errs) > 0 {
		return dst, errors.Join(errs...)
	}
	return fn.Append(dst, out)
}

func (s Statement) check() error {
	switch {
	case len(s.Action) == 0 && len(s.NotAction) == 0:
		return errors.New("a statement without an action; set Action or NotAction")
	case len(s.Action) > 0 && len(s.NotAction) > 0:
		return errors.New("both Action and NotAction; set one of them")
	case len(s.Resource) > 0 && len(s.NotResource) > 0:
		return errors.New("both Resource and NotResource; set one of them")
	case s.Principal != nil && s.NotPrincipal != nil:
		return errors.New("both Principal and NotPrincipal; set one of them")
	}
	return nil
}

func (s Statement) json(compact bool) statement {
	out := statement{
		Sid: s.Sid, Effect: s.Effect,
		Principal: s.Principal.json(compact), NotPrincipal: s.NotPrincipal.json(compact),
		Action: values(s.Action, compact), NotAction: values(s.NotAction, compact),
		Resource: values(s.Resource, compact), NotResource: values(s.NotResource, compact),
	}
	if out.Effect == "" {
		out.Effect = Allow
	}
	if s.Condition != nil {
		c := map[string]map[string]any{}
		for operator, keys := range s.Condition {
			c[operator] = map[string]any{}
			for key, v := range keys {
				c[operator][key] = values(v, compact)
			}
		}
		out.Condition = c
	}
	return out
}

func (p *Principal) json(compact bool) any {
	if p == nil {
		return nil
	}
	if p.Everybody {
		return "*"
	}
	out := map[string]any{}
	for kind, v := range map[string][]fn.String{
		"AWS": p.AWS, "Service": p.Service, "Federated": p.Federated, "CanonicalUser": p.CanonicalUser,
	} {
		if v != nil {
			out[kind] = values(v, compact)
		}
	}
	return out
}

// values writes a list; nil is absent.
func values(list []fn.String, compact bool) any {
	switch {
	case list == nil:
		return nil
	case compact && len(list) == 1 && !fn.IsListExpression(list):
		return list[0]
	}
	return list
}
