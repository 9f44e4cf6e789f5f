package local

import (
	"slices"
	"strings"
	"time"
)

type userInput struct{ UserName, PolicyName, PathPrefix string }

// find returns the user that a request names, or who sends it.
func (in *userInput) find(c *call) (*asset, error) {
	name := in.UserName
	if name == "" {
		if a := c.sender(); a != nil {
			name = a.text("UserName")
		}
	}
	if a := c.cloud.global(c.region.account, typeUser, name); a != nil {
		return a, nil
	}
	return nil, noSuchEntity("The user with name " + name + " cannot be found.")
}

// sender is the access key of a user that a request is signed with, nil if it is none.
func (c *call) sender() *asset { return c.cloud.global(c.region.account, typeAccessKey, c.key) }

type userDescription struct {
	Path       string
	UserName   string
	UserId     string
	Arn        string
	CreateDate time.Time
	Tags       []tag
}

func describeUser(a *asset) userDescription {
	d := userDescription{
		Path: "/", UserName: a.physicalID, UserId: a.userID(), Arn: a.attribute(a.state, "Arn").Str(), CreateDate: a.created,
	}
	if path := a.properties.Get("Path").Str(); path != "" {
		d.Path = path
	}
	for _, t := range a.properties.Get("Tags").Items() {
		d.Tags = append(d.Tags, tag{t.Get("Key").Str(), t.Get("Value").Str()})
	}
	return d
}

// userID is the unique ID of a user. CloudFormation does not tell it.
func (a *asset) userID() string {
	if a.generated == "" {
		a.generated = "AIDA" + a.state.region.cloud.pick(letters[:26]+digits, 17)
	}
	return a.generated
}

func getUser(c *call, in *userInput) (any, error) {
	a, err := in.find(c)
	if err != nil {
		return nil, err
	}
	return &struct{ User userDescription }{describeUser(a)}, nil
}

func listUsers(c *call, in *userInput) (any, error) {
	result := &struct {
		Users       []userDescription
		IsTruncated bool
	}{Users: []userDescription{}}
	for _, a := range c.cloud.everywhere(c.region.account, typeUser) {
		if d := describeUser(a); strings.HasPrefix(d.Path, in.PathPrefix) {
			result.Users = append(result.Users, d)
		}
	}
	return result, nil
}

// everywhere returns the resources of a service that has no regions, of one account, by their
// identifiers.
func (c *Cloud) everywhere(account, typ string) []*asset {
	var all []*asset
	for at, r := range c.regions {
		if at.account == account {
			all = append(all, r.list(typ)...)
		}
	}
	slices.SortFunc(all, func(a, b *asset) int { return strings.Compare(a.physicalID, b.physicalID) })
	return all
}

type accessKeyDescription struct {
	UserName    string
	AccessKeyId string
	Status      string
	CreateDate  time.Time
}

func listAccessKeys(c *call, in *userInput) (any, error) {
	user, err := in.find(c)
	if err != nil {
		return nil, err
	}
	result := &struct {
		AccessKeyMetadata []accessKeyDescription
		IsTruncated       bool
	}{AccessKeyMetadata: []accessKeyDescription{}}
	for _, a := range c.cloud.everywhere(c.region.account, typeAccessKey) {
		if a.text("UserName") != user.physicalID {
			continue
		}
		status := a.text("Status")
		if status == "" {
			status = "Active"
		}
		result.AccessKeyMetadata = append(result.AccessKeyMetadata, accessKeyDescription{user.physicalID, a.physicalID, status, a.created})
	}
	return result, nil
}

func listUserPolicies(c *call, in *userInput) (any, error) {
	a, err := in.find(c)
	if err != nil {
		return nil, err
	}
	return inlinePolicies(a), nil
}

func getUserPolicy(c *call, in *userInput) (any, error) {
	a, err := in.find(c)
	if err != nil {
		return nil, err
	}
	if document, ok := inlinePolicy(a, in.PolicyName); ok {
		return &struct{ UserName, PolicyName, PolicyDocument string }{a.physicalID, in.PolicyName, document}, nil
	}
	return nil, noSuchEntity("The user policy with name " + in.PolicyName + " cannot be found.")
}

func listAttachedUserPolicies(c *call, in *userInput) (any, error) {
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
