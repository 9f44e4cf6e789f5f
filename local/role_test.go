package local_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
)

// trusting is a role of a name that trusts a service.
func trusting(name, service string) string {
	return resources(`"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "` + name + `", "AssumeRolePolicyDocument": {
		"Statement": {"Effect": "Allow", "Principal": {"Service": "` + service + `"}, "Action": "sts:AssumeRole"}}}}`)
}

func TestRolesThatCannotBeAssumed(t *testing.T) {
	api := client(localtest.New(t))
	create(t, api, "deployer", trusting("deployer", "cloudformation.amazonaws.com"))
	create(t, api, "other", trusting("other", "ec2.amazonaws.com"))
	ctx, arn := t.Context(), func(name string) *string { return aws.String("arn:aws:iam::" + local.DefaultAccount + ":role/" + name) }
	const refused = " is invalid or cannot be assumed"
	for _, tt := range []struct {
		role *string
		want string
	}{
		{arn("nobody"), "ValidationError: Role " + *arn("nobody") + refused},
		{arn("other"), "ValidationError: Role " + *arn("other") + refused},
		{aws.String("the-role-that-deploys"), "ValidationError: the-role-that-deploys is not a valid RoleARN"},
	} {
		_, direct := api.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(topic1), RoleARN: tt.role})
		_, set := api.CreateChangeSet(ctx, &cloudformation.CreateChangeSetInput{
			StackName: aws.String("work"), ChangeSetName: aws.String("set"), ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: aws.String(topic1), RoleARN: tt.role,
		})
		for _, err := range []error{direct, set} {
			if err == nil {
				t.Fatalf("%s was accepted", *tt.role)
			}
			wantIn(t, err.Error(), tt.want)
		}
	}
	if _, err := api.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String("work")}); err == nil {
		t.Error("a stack was made by a request that was refused")
	}

	must(api.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(topic1), RoleARN: arn("deployer")}))(t)
	equal(t, stack.CreateComplete, stack.Status(describe(t, api, "work").StackStatus))
	must(api.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: aws.String("deployer")}))(t)
	_, err := api.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: aws.String("work")})
	if err == nil {
		t.Fatal("a stack was deleted whose role is gone")
	}
	wantIn(t, err.Error(), "Role "+*arn("deployer")+refused)
	create(t, api, "deployer", trusting("deployer", "cloudformation.amazonaws.com"))
	must(api.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: aws.String("work")}))(t)
}
