package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/cognito"
	"github.com/updraft-go/updraft/stack"
)

// Cognito is a pool of users with an application client, in the plans open, where people sign up, and
// invited, where they are let in. A binding may read and manage the users.
func Cognito() *broker.Service {
	return &broker.Service{
		Name: "cognito", DisplayName: "Amazon Cognito", Description: "A user pool of Amazon Cognito", ProviderName: provider,
		LongDescription:  "A directory of an application's users, who sign in by their mail address.",
		DocumentationURL: "https://docs.aws.amazon.com/cognito/", Tags: []string{"AWS", "Cognito", "identity"},
		Plans: []broker.Plan{
			{Name: "open", DisplayName: "Open", Description: "People sign up by themselves", Cost: "https://aws.amazon.com/cognito/pricing/"},
			{Name: "invited", DisplayName: "Invited", Description: "People are let in by somebody", Cost: "https://aws.amazon.com/cognito/pricing/"},
		},
		Template:  poolTemplate,
		Updatable: []string{"MinimumPasswordLength"},
		Bindings: rights([]fn.String{fn.GetAtt("Pool", "Arn")},
			"cognito-idp:AdminCreateUser", "cognito-idp:AdminDeleteUser", "cognito-idp:AdminGetUser", "cognito-idp:AdminUpdateUserAttributes",
			"cognito-idp:DescribeUserPool", "cognito-idp:ListUsers"),
	}
}

func poolTemplate(plan string) (*stack.Template, error) {
	t := &stack.Template{Description: "a user pool of a service broker"}
	length := t.NumberParameter("MinimumPasswordLength", stack.Parameter{Description: "Characters that a password has at least", MinValue: fn.Num(8), MaxValue: fn.Num(99), Default: "12"})
	pool := stack.Add(t, "Pool", &cognito.UserPool{
		UsernameAttributes: []fn.String{"email"}, AutoVerifiedAttributes: []fn.String{"email"},
		AdminCreateUserConfig: &cognito.UserPool_AdminCreateUserConfig{AllowAdminCreateUserOnly: fn.Bool(plan == "invited")},
		Policies:              &cognito.UserPool_Policies{PasswordPolicy: &cognito.UserPool_PasswordPolicy{MinimumLength: length.Ref()}},
	})
	client := stack.Add(t, "Client", &cognito.UserPoolClient{
		UserPoolId: pool.Ref(), ExplicitAuthFlows: []fn.String{"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"},
		PreventUserExistenceErrors: "ENABLED",
	})
	t.Output("UserPoolID", stack.Output{Description: "ID of the pool", Value: pool.Ref()})
	t.Output("UserPoolARN", stack.Output{Description: "ARN of the pool", Value: pool.AttrArn()})
	t.Output("ClientID", stack.Output{Description: "ID of the application client", Value: client.Ref()})
	t.Output("ProviderURL", stack.Output{Description: "URL of the issuer of its tokens", Value: pool.AttrProviderURL()})
	return t, nil
}
