package local_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/schema"
)

func TestResourceTypesAreListed(t *testing.T) {
	api := client(localtest.New(t))
	seen := map[string]bool{}
	pages := cloudformation.NewListTypesPaginator(api, &cloudformation.ListTypesInput{Visibility: types.VisibilityPublic, MaxResults: aws.Int32(70)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.TypeSummaries {
			seen[*s.TypeName] = true
		}
	}
	for name := range schema.Types() {
		if of, _ := schema.Lookup(name); of.Transform == "" && !seen[name] {
			t.Errorf("%s is not listed", name)
		}
	}
	own, err := api.ListTypes(t.Context(), &cloudformation.ListTypesInput{})
	if err != nil || len(own.TypeSummaries) > 0 {
		t.Errorf("an account has types of its own: %v, %v", own, err)
	}
	some, err := api.ListTypes(t.Context(), &cloudformation.ListTypesInput{Visibility: types.VisibilityPublic, Filters: &types.TypeFilters{Category: types.CategoryAwsTypes, TypeNamePrefix: aws.String("AWS::SQS::")}})
	if err != nil || len(some.TypeSummaries) != 3 {
		t.Errorf("got %v, %v", some, err)
	}
}

func TestAResourceTypeIsDescribed(t *testing.T) {
	api := client(localtest.New(t))
	out, err := api.DescribeType(t.Context(), &cloudformation.DescribeTypeInput{Arn: aws.String("arn:aws:cloudformation:us-east-1::type/resource/AWS-SQS-Queue")})
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		TypeName             string
		Properties           map[string]struct{ Type any }
		PrimaryIdentifier    []string
		CreateOnlyProperties []string
		ReadOnlyProperties   []string
	}
	if err := json.Unmarshal([]byte(*out.Schema), &s); err != nil {
		t.Fatal(err)
	}
	equal(t, "AWS::SQS::Queue", s.TypeName)
	equal(t, []string{"/properties/QueueUrl"}, s.PrimaryIdentifier)
	equal(t, []string{"/properties/FifoQueue", "/properties/QueueName"}, s.CreateOnlyProperties)
	equal(t, "integer", s.Properties["DelaySeconds"].Type.(string))
	equal(t, types.ProvisioningTypeFullyMutable, out.ProvisioningType)
	_, err = api.DescribeType(t.Context(), &cloudformation.DescribeTypeInput{Type: types.RegistryTypeResource, TypeName: aws.String("AWS::No::Thing")})
	refusedWith(t, err, "TypeNotFoundException", "The type 'AWS::No::Thing' cannot be found.")
	_, err = api.DescribeType(t.Context(), &cloudformation.DescribeTypeInput{})
	refusedWith(t, err, "ValidationError", "Either TypeName and Type, or Arn must be specified")
	limits, err := api.DescribeAccountLimits(t.Context(), &cloudformation.DescribeAccountLimitsInput{})
	if err != nil || len(limits.AccountLimits) != 3 {
		t.Errorf("got %v, %v", limits, err)
	}
}

// The schema of every type is JSON.
func TestAllSchemasAreWellFormed(t *testing.T) {
	api := client(localtest.New(t))
	for name := range schema.Types() {
		if of, _ := schema.Lookup(name); of.Transform != "" {
			continue
		}
		out, err := api.DescribeType(t.Context(), &cloudformation.DescribeTypeInput{Type: types.RegistryTypeResource, TypeName: &name})
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid([]byte(*out.Schema)) {
			t.Errorf("%s: %s", name, *out.Schema)
		}
	}
}
