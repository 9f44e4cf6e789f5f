package broker

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/updraft-go/updraft/executor"
)

// API is what the broker needs of CloudFormation. *cloudformation.Client is one.
type API interface {
	executor.API
	CreateStack(context.Context, *cloudformation.CreateStackInput, ...func(*cloudformation.Options)) (*cloudformation.CreateStackOutput, error)
	UpdateStack(context.Context, *cloudformation.UpdateStackInput, ...func(*cloudformation.Options)) (*cloudformation.UpdateStackOutput, error)
}

// SecretsAPI is what the broker needs of Secrets Manager. *secretsmanager.Client is one.
type SecretsAPI interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
}

// ParametersAPI is what the broker needs of Systems Manager. *ssm.Client is one.
type ParametersAPI interface {
	GetParameters(context.Context, *ssm.GetParametersInput, ...func(*ssm.Options)) (*ssm.GetParametersOutput, error)
}

// A Place is an account and region in which a broker makes stacks. Account, Region and API are
// required. It must not be copied after its first use.
type Place struct {
	// Account is the ID of the account, Region the region.
	Account, Region string
	// Role is the name of the role in the account that API acts as, as users name it with the parameter
	// target_role_name. "" is none.
	Role string
	// StackRole is the ARN of the role that CloudFormation assumes for the stacks there. "" is none: what the
	// stacks make is made with the rights of API.
	StackRole string
	// API is CloudFormation there.
	API API
	// Client waits for stacks, and its Uploader takes the templates that are too large to be sent. If
	// nil, one is made of API, which cannot take templates over 51,200 bytes.
	Client *executor.Client
	// Secrets is Secrets Manager there: it holds the secrets of bindings with an access key. If nil,
	// bindings that need it are refused.
	Secrets SecretsAPI
	// Parameters is Systems Manager there, for outputs whose values begin with ssm:. If nil, bindings
	// that need it are refused.
	Parameters ParametersAPI

	once sync.Once
	own  *executor.Client
}

// stackRole is the role that CloudFormation assumes, nil for none.
func (p *Place) stackRole() *string {
	if p.StackRole == "" {
		return nil
	}
	return &p.StackRole
}

func (p *Place) client() *executor.Client {
	if p.Client != nil {
		return p.Client
	}
	p.once.Do(func() { p.own = &executor.Client{API: p.API} })
	return p.own
}

// places are all places of the broker, the one at home first.
func (b *Broker) places() []*Place { return append([]*Place{b.Home}, b.Others...) }
