package main

import (
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/ecr"
	"github.com/updraft-go/updraft/stack"
)

// repository is the template of the image repository, and its export: the repository's name.
func repository() (*stack.Template, *stack.Export) {
	t := &stack.Template{Description: "Effective DevOps in AWS: ECR Repository"}
	name := t.Parameter("RepoName", stack.Parameter{Description: "Name of the ECR repository to create"})

	stack.Add(t, "Repository", &ecr.Repository{RepositoryName: name.Ref()})

	export := t.Export("Repository", fn.Join("-", name.Ref(), "repo"), stack.Output{
		Description: "ECR repository",
		Value:       name.Ref(),
	})
	return t, export
}
