package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/schema"
)

// The kinds of extensions, and how visible and changeable they are.
const (
	typeOfResource = "RESOURCE"
	visiblePublic  = "PUBLIC"
	fullyMutable   = "FULLY_MUTABLE"
	immutable      = "IMMUTABLE"
	live           = "LIVE"
)

type listTypesInput struct {
	Visibility, ProvisioningType, DeprecatedStatus, Type, NextToken string
	Filters                                                         *struct{ Category, PublisherId, TypeNamePrefix string }
	MaxResults                                                      *int
}

type typeSummary struct {
	Type, TypeName, TypeArn, Description string
}

// listTypes lists AWS's resource types; the account itself has registered or activated nothing.
func listTypes(c *call, in *listTypesInput) (any, error) {
	if err := checkEnum("visibility", in.Visibility, "PUBLIC", "PRIVATE"); err != nil {
		return nil, err
	}
	if err := checkEnum("type", in.Type, "RESOURCE", "MODULE", "HOOK"); err != nil {
		return nil, err
	}
	list := []typeSummary{}
	for name := range schema.Types() {
		if t, ok := schema.Lookup(name); ok && in.wants(t) {
			list = append(list, typeSummary{typeOfResource, name, c.region.typeArn(name), "Resource type " + name})
		}
	}
	size := pageSize
	if in.MaxResults != nil {
		size = min(max(*in.MaxResults, 1), pageSize)
	}
	part, next, err := pageOfSize(size, list, in.NextToken, func(t typeSummary) string { return t.TypeName })
	if err != nil {
		return nil, err
	}
	return &struct {
		TypeSummaries []typeSummary
		NextToken     string
	}{part, next}, nil
}

// wants reports whether a type is asked for.
func (in *listTypesInput) wants(t *schema.Type) bool {
	switch {
	case in.Visibility != visiblePublic, in.Type != "" && in.Type != typeOfResource, t.Transform != "":
		return false
	case in.DeprecatedStatus != "" && in.DeprecatedStatus != live, in.ProvisioningType != "" && in.ProvisioningType != provisioning(t):
		return false
	case in.Filters == nil:
		return true
	}
	return (in.Filters.Category == "" || in.Filters.Category == "AWS_TYPES") && in.Filters.PublisherId == "" &&
		strings.HasPrefix(t.Name, in.Filters.TypeNamePrefix)
}

// provisioning says whether resources of a type can be changed.
func provisioning(t *schema.Type) string {
	if slices.ContainsFunc(t.Properties, func(p schema.Property) bool { return p.Replacement != schema.Yes }) {
		return fullyMutable
	}
	return immutable
}

// typeArn is the ARN of one of AWS's resource types, which are of no account.
func (r *region) typeArn(name string) string {
	return "arn:" + r.partition + ":cloudformation:" + r.name + "::type/resource/" + strings.ReplaceAll(name, "::", "-")
}

type typeInput struct{ Type, TypeName, Arn string }

// find returns the type that a request names.
func (in *typeInput) find(c *call) (*schema.Type, error) {
	name := in.TypeName
	if _, after, ok := strings.Cut(in.Arn, ":type/resource/"); ok {
		name = strings.ReplaceAll(after, "-", "::")
	}
	if err := checkEnum("type", in.Type, "RESOURCE", "MODULE", "HOOK"); err != nil {
		return nil, err
	}
	if in.Arn == "" && (in.TypeName == "" || in.Type == "") {
		return nil, invalid("Either TypeName and Type, or Arn must be specified")
	}
	t, ok := schema.Lookup(name)
	if !ok || t.Transform != "" || in.Type != "" && in.Type != typeOfResource {
		return nil, &query.Error{Code: "TypeNotFoundException", Message: "The type '" + name + "' cannot be found.", Status: 404}
	}
	return t, nil
}

type typeDescription struct {
	Arn, Type, TypeName string
	IsDefaultVersion    bool
	Description         string
	Schema              string
	ProvisioningType    string
	DeprecatedStatus    string
	Visibility          string
	DocumentationUrl    string
}

func describeType(c *call, in *typeInput) (any, error) {
	t, err := in.find(c)
	if err != nil {
		return nil, err
	}
	return &typeDescription{
		c.region.typeArn(t.Name), typeOfResource, t.Name, true, "Resource type " + t.Name, resourceSchema(t).JSON(),
		provisioning(t), live, visiblePublic, t.ManualURL(),
	}, nil
}

func listTypeVersions(c *call, in *typeInput) (any, error) {
	t, err := in.find(c)
	if err != nil {
		return nil, err
	}
	type summary struct {
		Type, TypeName   string
		VersionId        string
		IsDefaultVersion bool
		Arn              string
	}
	const first = "00000001"
	return &struct{ TypeVersionSummaries []summary }{[]summary{{typeOfResource, t.Name, first, true, c.region.typeArn(t.Name) + "/" + first}}}, nil
}

type accountLimit struct {
	Name  string
	Value int
}

// describeAccountLimits tells the quotas that AWS gives an account. The embedded cloud does not hold
// anybody to them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
func describeAccountLimits(*call, *struct{ NextToken string }) (any, error) {
	return &struct{ AccountLimits []accountLimit }{[]accountLimit{
		{"StackLimit", 2000}, {"StackOutputsLimit", 200}, {"ConcurrentResourcesLimit", 2500},
	}}, nil
}
