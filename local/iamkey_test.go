package local_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

const userTemplate = `{"Resources": {
	"User": {"Type": "AWS::IAM::User", "Properties": {"Path": "/apps/", "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}}]}},
	"Key": {"Type": "AWS::IAM::AccessKey", "Properties": {"UserName": {"Ref": "User"}}},
	"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "deployer", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}}},
	"Outputs": {"User": {"Value": {"Ref": "User"}}, "Key": {"Value": {"Ref": "Key"}}}}`

// as is a configuration with another access key.
func as(cloud *local.Cloud, key string) aws.Config {
	cfg := cloud.Config()
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: key, SecretAccessKey: "any"}, nil
	})
	return cfg
}

// TestAccessKeysLeadToTheirAccount makes a user in an account that is not the default one.
func TestAccessKeysLeadToTheirAccount(t *testing.T) {
	cloud := localtest.New(t)
	const account = "210987654321"
	api := cloudformation.NewFromConfig(as(cloud, account))
	if _, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("user"), TemplateBody: aws.String(userTemplate), Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam}}); err != nil {
		t.Fatal(err)
	}
	d, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, o := range d.Stacks[0].Outputs {
		out[*o.OutputKey] = *o.OutputValue
	}
	users := iam.NewFromConfig(as(cloud, out["Key"]))
	me, err := users.GetUser(t.Context(), &iam.GetUserInput{})
	if err != nil || *me.User.UserName != out["User"] || *me.User.Arn != "arn:aws:iam::"+account+":user/apps/"+out["User"] {
		t.Fatalf("GetUser: %+v, %v", me, err)
	}
	keys, err := users.ListAccessKeys(t.Context(), &iam.ListAccessKeysInput{UserName: me.User.UserName})
	if err != nil || len(keys.AccessKeyMetadata) != 1 || *keys.AccessKeyMetadata[0].AccessKeyId != out["Key"] || keys.AccessKeyMetadata[0].Status != "Active" {
		t.Errorf("ListAccessKeys: %+v, %v", keys, err)
	}
	policy, err := users.GetUserPolicy(t.Context(), &iam.GetUserPolicyInput{UserName: me.User.UserName, PolicyName: aws.String("p")})
	if err != nil || !strings.Contains(*policy.PolicyDocument, "sqs:%2A") && !strings.Contains(*policy.PolicyDocument, "sqs:*") {
		t.Errorf("GetUserPolicy: %+v, %v", policy, err)
	}
	who, err := sts.NewFromConfig(as(cloud, out["Key"])).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil || *who.Account != account || *who.Arn != *me.User.Arn {
		t.Errorf("GetCallerIdentity: %+v, %v", who, err)
	}

	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("user")}); err != nil {
		t.Fatal(err)
	}
	if _, err := users.GetUser(t.Context(), &iam.GetUserInput{}); err == nil || !strings.Contains(err.Error(), "InvalidClientTokenId") {
		t.Errorf("a key that is deleted: %v", err)
	}
}

func TestAssumedRolesLeadToTheirAccount(t *testing.T) {
	cloud := localtest.New(t)
	const account = "210987654321"
	api := cloudformation.NewFromConfig(as(cloud, account))
	if _, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("user"), TemplateBody: aws.String(userTemplate), Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam}}); err != nil {
		t.Fatal(err)
	}
	home := sts.NewFromConfig(cloud.Config())
	assumed, err := home.AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::" + account + ":role/deployer"), RoleSessionName: aws.String("me")})
	if err != nil {
		t.Fatal(err)
	}
	who, err := sts.NewFromConfig(as(cloud, *assumed.Credentials.AccessKeyId)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil || *who.Arn != "arn:aws:sts::"+account+":assumed-role/deployer/me" {
		t.Errorf("GetCallerIdentity: %+v, %v", who, err)
	}
	if _, err := home.AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::" + account + ":role/nobody"), RoleSessionName: aws.String("me")}); err == nil || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("a role that is not there: %v", err)
	}
}
