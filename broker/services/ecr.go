package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/resources/ecr"
	"github.com/updraft-go/updraft/stack"
)

// ECR is a repository of container images, in the plans mutable and immutable. A binding may push and
// pull or, with the scope pull, pull.
func ECR() *broker.Service {
	grant := func(actions ...fn.String) policy.Document {
		return policy.Document{Version: policy.Version, Statement: []policy.Statement{
			{Action: []fn.String{"ecr:GetAuthorizationToken"}, Resource: []fn.String{"*"}},
			{Action: actions, Resource: []fn.String{fn.GetAtt("Repository", "Arn")}},
		}}
	}
	pull := []fn.String{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
	push := append([]fn.String{"ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"}, pull...)
	return &broker.Service{
		Name: "ecr", DisplayName: "Amazon ECR", Description: "A repository of Amazon ECR", ProviderName: provider,
		LongDescription:  "A private repository of container images, which are searched for known weaknesses. Its images are deleted with it.",
		DocumentationURL: "https://docs.aws.amazon.com/ecr/", Tags: []string{"AWS", "ECR", "containers"},
		Plans: []broker.Plan{
			{Name: "mutable", DisplayName: "Mutable", Description: "Tags can be moved to other images", Cost: "https://aws.amazon.com/ecr/pricing/"},
			{Name: "immutable", DisplayName: "Immutable", Description: "A tag stays where it is", Cost: "https://aws.amazon.com/ecr/pricing/"},
		},
		Template: func(plan string) (*stack.Template, error) {
			t := &stack.Template{Description: "a repository of a service broker"}
			tags := fn.String("MUTABLE")
			if plan == "immutable" {
				tags = "IMMUTABLE"
			}
			repository := stack.Add(t, "Repository", &ecr.Repository{
				ImageTagMutability: tags, EmptyOnDelete: fn.True,
				ImageScanningConfiguration: &ecr.Repository_ImageScanningConfiguration{ScanOnPush: fn.True},
			})
			t.Output("RepositoryName", stack.Output{Description: "Name of the repository", Value: repository.Ref()})
			t.Output("RepositoryARN", stack.Output{Description: "ARN of the repository", Value: repository.AttrArn()})
			t.Output("RepositoryURI", stack.Output{Description: "Where images are pushed to", Value: repository.AttrRepositoryUri()})
			return t, nil
		},
		PlanUpdatable: true,
		Bindings: broker.Bindings{Keypair: true, Policies: []broker.Policy{
			{Name: "push", Document: grant(push...)}, {Name: "pull", Document: grant(pull...)},
		}},
	}
}
