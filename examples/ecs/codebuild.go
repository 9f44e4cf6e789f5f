package main

import (
	_ "embed"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/codebuild"
	"github.com/updraft-go/updraft/resources/iam"
	"github.com/updraft-go/updraft/stack"
)

// buildspec builds the image, tags it with the revision, and pushes it.
//
//go:embed buildspec.yml
var buildspec string

// build is the template of the project that turns a revision into an image.
func build() *stack.Template {
	t := &stack.Template{Description: "Effective DevOps in AWS: CodeBuild - Helloworld container"}

	role := stack.Add(t, "ServiceRole", &iam.Role{
		AssumeRolePolicyDocument: trust("codebuild.amazonaws.com"),
		Path:                     "/",
		ManagedPolicyArns: []fn.String{
			"arn:aws:iam::aws:policy/AWSCodePipelineReadOnlyAccess",
			"arn:aws:iam::aws:policy/AWSCodeBuildDeveloperAccess",
			"arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser",
			"arn:aws:iam::aws:policy/AmazonS3FullAccess",
			"arn:aws:iam::aws:policy/CloudWatchLogsFullAccess",
		},
	})
	stack.Add(t, "CodeBuild", &codebuild.Project{
		Name:        "HelloWorldContainer",
		ServiceRole: role.Ref(),
		Artifacts:   &codebuild.Project_Artifacts{Name: "output", Type: codebuild.Project_Artifacts_Type_CODEPIPELINE},
		Source:      &codebuild.Project_Source{Type: "CODEPIPELINE", BuildSpec: fn.String(buildspec)},
		Environment: &codebuild.Project_Environment{
			Type:        codebuild.Project_Environment_Type_LINUX_CONTAINER,
			ComputeType: codebuild.Project_Environment_ComputeType_BUILD_GENERAL1_SMALL,
			Image:       "aws/codebuild/docker:1.12.1",
			EnvironmentVariables: []codebuild.Project_EnvironmentVariable{
				{Name: "REPOSITORY_NAME", Value: "helloworld"},
				{Name: "REPOSITORY_URI", Value: fn.Join("", fn.AccountID, ".dkr.ecr.", fn.Region, ".amazonaws.com", "/", "helloworld")},
			},
		},
	})
	return t
}
