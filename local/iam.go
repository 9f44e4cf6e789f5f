package local

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

// iamOperations are those of IAM that are answered.
var iamOperations = map[string]operation{
	"GetRole":                  typed(getRole),
	"ListRolePolicies":         typed(listRolePolicies),
	"GetRolePolicy":            typed(getRolePolicy),
	"ListAttachedRolePolicies": typed(listAttachedRolePolicies),
	"GetUser":                  typed(getUser),
	"ListUsers":                typed(listUsers),
	"ListAccessKeys":           typed(listAccessKeys),
	"ListUserPolicies":         typed(listUserPolicies),
	"GetUserPolicy":            typed(getUserPolicy),
	"ListAttachedUserPolicies": typed(listAttachedUserPolicies),
}

type roleInput struct{ RoleName, PolicyName string }

func (in *roleInput) find(c *call) (*asset, error) {
	if a := c.cloud.global(c.region.account, typeRole, in.RoleName); a != nil {
		return a, nil
	}
	return nil, noSuchEntity("The role with name " + in.RoleName + " cannot be found.")
}

func noSuchEntity(message string) error {
	return &query.Error{Code: "NoSuchEntity", Message: message, Status: http.StatusNotFound}
}

type roleDescription struct {
	Path                     string
	RoleName                 string
	RoleId                   string
	Arn                      string
	CreateDate               time.Time
	AssumeRolePolicyDocument string
	Description              *string
	MaxSessionDuration       int
	RoleLastUsed             struct{}
}

func getRole(c *call, in *roleInput) (any, error) {
	a, err := in.find(c)
	if err != nil {
		return nil, err
	}
	d := roleDescription{
		Path: "/", RoleName: a.physicalID, RoleId: a.text("RoleId"), Arn: a.text("Arn"), CreateDate: a.created,
		AssumeRolePolicyDocument: url.PathEscape(trustPolicy(a).JSON()), MaxSessionDuration: 3600,
	}
	description := a.properties.Get("Description").Str()
	d.Description = &description
	if path := a.properties.Get("Path").Str(); path != "" {
		d.Path = path
	}
	if n, err := strconv.Atoi(a.properties.Get("MaxSessionDuration").Str()); err == nil {
		d.MaxSessionDuration = n
	}
	return &struct{ Role roleDescription }{d}, nil
}

// trustPolicy is the trust policy of a role. IAM tells a list of one element as that element.
func trustPolicy(a *asset) *tree.Node {
	var plain func(*tree.Node) (*tree.Node, error)
	plain = func(n *tree.Node) (*tree.Node, error) {
		if n.Is(tree.List) && len(n.List) == 1 && n.List[0].Is(tree.String) {
			return n.List[0], nil
		}
		return eachChild(n, plain)
	}
	document := a.properties.Get("AssumeRolePolicyDocument")
	if !document.Is(tree.Map) {
		return tree.Object()
	}
	made, _ := eachChild(document, plain)
	return made
}

// policyNames is a listing of the policies that are part of a role or user.
type policyNames struct {
	PolicyNames []string
	IsTruncated bool
}

func inlinePolicies(a *asset) *policyNames {
	result := &policyNames{PolicyNames: []string{}}
	for _, p := range a.properties.Get("Policies").Items() {
		result.PolicyNames = append(result.PolicyNames, p.Get("PolicyName").Str())
	}
	return result
}

// inlinePolicy returns the document of such a policy, as IAM escapes it.
func inlinePolicy(a *asset, name string) (document string, ok bool) {
	for _, p := range a.properties.Get("Policies").Items() {
		if p.Get("PolicyName").Str() == name {
			return url.PathEscape(p.Get("PolicyDocument").JSON()), true
		}
	}
	return "", false
}

func listRolePolicies(c *call, in *roleInput) (any, error) {
	a, err := in.find(c)
	if err != nil {
		return nil, err
	}
	return inlinePolicies(a), nil
}

func getRolePolicy(c *call, in *roleInput) (any, error) {
	a, err := in.find(c)
	if err != nil {
		return nil, err
	}
	if document, ok := inlinePolicy(a, in.PolicyName); ok {
		return &struct{ RoleName, PolicyName, PolicyDocument string }{a.physicalID, in.PolicyName, document}, nil
	}
	return nil, noSuchEntity("The role policy with name " + in.PolicyName + " cannot be found.")
}

type attachedPolicy struct{ PolicyName, PolicyArn string }

func listAttachedRolePolicies(c *call, in *roleInput) (any, error) {
	a, err := in.find(c)
	if err != nil {
		return nil, err
	}
	result := &struct {
		AttachedPolicies []attachedPolicy
		IsTruncated      bool
	}{AttachedPolicies: []attachedPolicy{}}
	for _, arn := range names(a.properties.Get("ManagedPolicyArns")) {
		result.AttachedPolicies = append(result.AttachedPolicies, attachedPolicy{arnName(arn), arn})
	}
	return result, nil
}
