package local_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

const withRules = `{
	"Parameters": {"Env": {"Type": "String"}, "Size": {"Type": "String", "Default": "small"}},
	"Rules": {
		"Prod": {
			"RuleCondition": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
			"Assertions": [{"Assert": {"Fn::Contains": [["large", "huge"], {"Ref": "Size"}]}, "AssertDescription": "production is large"}]
		},
		"Region": {"Assertions": [{"Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-north-1"]}]}}]}
	},
	"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}`

func TestRulesHoldOverTheParameters(t *testing.T) {
	api := client(localtest.New(t))
	_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(withRules), Parameters: params("Env", "prod")})
	refusedWith(t, err, "ValidationError", "Template validation error: production is large")
	equal(t, types.StackStatusCreateComplete, create(t, api, "work", withRules, "Env", "test").StackStatus)
	_, err = api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("work"), UsePreviousTemplate: aws.Bool(true), Parameters: params("Env", "prod")})
	refusedWith(t, err, "ValidationError", "Template validation error: production is large")
	equal(t, types.StackStatusUpdateComplete, update(t, api, "work", strings.Replace(withRules, `"AWS::SQS::Queue"}`, `"AWS::SQS::Queue", "Metadata": {"a": "b"}}`, 1), "Env", "prod", "Size", "huge").StackStatus)
}

func TestRulesKnowTheAccount(t *testing.T) {
	api := client(localtest.New(t))
	net := create(t, api, "net", `{"Resources": {
		"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Team", "Value": "blue"}]}},
		"Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}}
	}, "Outputs": {"A": {"Value": {"Ref": "Subnet"}}, "B": {"Value": {"Ref": "Vpc"}}}}`)
	rules := `{
		"Parameters": {"Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"}, "Vpc": {"Type": "AWS::EC2::VPC::Id"}},
		"Rules": {"R": {"Assertions": [
			{"Assert": {"Fn::EachMemberIn": [{"Fn::ValueOf": ["Subnets", "VpcId"]}, {"Fn::RefAll": "AWS::EC2::VPC::Id"}]}, "AssertDescription": "subnets of ours"},
			{"Assert": {"Fn::EachMemberEquals": [{"Fn::ValueOfAll": ["AWS::EC2::VPC::Id", "Tags.Team"]}, {"Fn::ValueOf": ["Vpc", "Tags.Team"]}]}, "AssertDescription": "one team"}
		]}},
		"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}`
	subnet, vpc := *net.Outputs[0].OutputValue, *net.Outputs[1].OutputValue
	equal(t, types.StackStatusCreateComplete, create(t, api, "work", rules, "Subnets", subnet, "Vpc", vpc).StackStatus)
	for want, given := range map[string][]string{"subnets of ours": {"Subnets", subnet + ",subnet-0", "Vpc", vpc}, "one team": {"Subnets", subnet, "Vpc", "vpc-0"}} {
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("more"), TemplateBody: &rules, Parameters: params(given...)})
		refusedWith(t, err, "ValidationError", "Template validation error: "+want)
	}
}

func TestRulesThatAreRefused(t *testing.T) {
	api := client(localtest.New(t))
	for _, tt := range []struct{ rules, want string }{
		{`{"R": {"Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "P"}, "a"]}}]}}`, "Template format error: Rules block references undeclared parameters: [P]"},
		{`{"R": {}}`, "Template format error: Every Rules member must contain a list of Assertions; R does not"},
		{`{"R": {"Assertions": [{}]}}`, "Template format error: Every member of the Assertions of rule R must contain Assert, and AssertDescription besides"},
		{`{"R": {"Assertion": []}}`, "Template format error: Rule R may hold RuleCondition and Assertions only"},
		{`{"R-1": {"Assertions": []}}`, "Template format error: Rule name R-1 is non alphanumeric."},
		{`[]`, "Template format error: [/Rules] Every Rules member must be a map"},
		{`{"R": {"Assertions": [{"Assert": "yes"}]}}`, "Template format error: Rule R must evaluate to true or false"},
		{`{"R": {"Assertions": [{"Assert": {"Fn::Equals": [{"Fn::RefAll": "String"}, "a"]}}]}}`, "Template error: Fn::RefAll does not support the parameter type String"},
	} {
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(`{"Rules": ` + tt.rules + `, "Resources": {` + queue + `}}`)})
		refusedWith(t, err, "ValidationError", tt.want)
	}
}
