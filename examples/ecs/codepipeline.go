package main

import (
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/resources/codepipeline"
	"github.com/updraft-go/updraft/resources/iam"
	"github.com/updraft-go/updraft/resources/s3"
	"github.com/updraft-go/updraft/stack"
)

// later stands for what a user fills in by hand, in the console.
const later = "ToBeConfiguredLater"

// pipeline is the template of the way from a commit to production: source, build, staging, an
// approval by hand, production.
func pipeline() *stack.Template {
	t := &stack.Template{Description: "Effective DevOps in AWS: Helloworld Pipeline"}

	bucket := stack.Add(t, "S3Bucket", &s3.Bucket{
		VersioningConfiguration: &s3.Bucket_VersioningConfiguration{Status: s3.Bucket_VersioningConfiguration_Status_Enabled},
	})
	role := stack.Add(t, "PipelineRole", &iam.Role{
		AssumeRolePolicyDocument: trust("codepipeline.amazonaws.com"),
		Path:                     "/",
		Policies: []iam.Role_Policy{{
			PolicyName:     "HelloworldCodePipeline",
			PolicyDocument: mayDoAll("cloudformation", "codebuild", "codepipeline", "ecr", "ecs", "iam", "s3"),
		}},
	})
	deployer := stack.Add(t, "CloudFormationHelloworldRole", &iam.Role{
		RoleName:                 "CloudFormationHelloworldRole",
		AssumeRolePolicyDocument: trust("cloudformation.amazonaws.com"),
		Path:                     "/",
		Policies: []iam.Role_Policy{{
			PolicyName:     "HelloworldCloudFormation",
			PolicyDocument: mayDoAll("cloudformation", "ecr", "ecs", "iam"),
		}},
	})
	stack.Add(t, "HelloWorldPipeline", &codepipeline.Pipeline{
		RoleArn:       role.AttrArn(),
		ArtifactStore: &codepipeline.Pipeline_ArtifactStore{Type: "S3", Location: bucket.Ref()},
		Stages: []codepipeline.Pipeline_StageDeclaration{
			source(),
			image(),
			deploy("Staging", "staging-helloworld-ecs-service", deployer),
			approval(),
			deploy("Production", "production-helloworld-ecs-service", deployer),
		},
	})
	return t
}

// mayDoAll is a policy that allows every action of some services.
func mayDoAll(services ...fn.String) policy.Document {
	d := policy.Document{Compact: true}
	for _, s := range services {
		d.Statement = append(d.Statement, policy.Statement{Action: []fn.String{s + ":*"}, Resource: []fn.String{"*"}})
	}
	return d
}

// stage is a stage of one action.
func stage(name fn.String, action codepipeline.Pipeline_ActionDeclaration) codepipeline.Pipeline_StageDeclaration {
	return codepipeline.Pipeline_StageDeclaration{Name: name, Actions: []codepipeline.Pipeline_ActionDeclaration{action}}
}

// kind is the type of an action, in its only version.
func kind(category, owner, provider fn.String) *codepipeline.Pipeline_ActionTypeId {
	return &codepipeline.Pipeline_ActionTypeId{Category: category, Owner: owner, Provider: provider, Version: "1"}
}

func inputs(names ...fn.String) []codepipeline.Pipeline_InputArtifact {
	list := []codepipeline.Pipeline_InputArtifact{}
	for _, n := range names {
		list = append(list, codepipeline.Pipeline_InputArtifact{Name: n})
	}
	return list
}

func source() codepipeline.Pipeline_StageDeclaration {
	return stage("Source", codepipeline.Pipeline_ActionDeclaration{
		Name:            "Source",
		ActionTypeId:    kind("Source", "ThirdParty", "GitHub"),
		Configuration:   map[string]any{"Owner": later, "Repo": later, "Branch": later, "OAuthToken": later},
		OutputArtifacts: []codepipeline.Pipeline_OutputArtifact{{Name: "App"}},
	})
}

func image() codepipeline.Pipeline_StageDeclaration {
	return stage("Build", codepipeline.Pipeline_ActionDeclaration{
		Name:            "Container",
		ActionTypeId:    kind("Build", "AWS", "CodeBuild"),
		Configuration:   map[string]any{"ProjectName": "HelloWorldContainer"},
		InputArtifacts:  inputs("App"),
		OutputArtifacts: []codepipeline.Pipeline_OutputArtifact{{Name: "BuildOutput"}},
	})
}

func approval() codepipeline.Pipeline_StageDeclaration {
	return stage("Approval", codepipeline.Pipeline_ActionDeclaration{
		Name:           "Approval",
		ActionTypeId:   kind("Approval", "AWS", "Manual"),
		Configuration:  map[string]any{},
		InputArtifacts: inputs(),
	})
}

// deploy updates the service's stack with the tag that the build gave out.
func deploy(name, stackName fn.String, role *iam.Role) codepipeline.Pipeline_StageDeclaration {
	return stage(name, codepipeline.Pipeline_ActionDeclaration{
		Name:         "Deploy",
		ActionTypeId: kind("Deploy", "AWS", "CloudFormation"),
		Configuration: map[string]any{
			"ActionMode":         "CREATE_UPDATE",
			"Capabilities":       "CAPABILITY_NAMED_IAM",
			"ChangeSetName":      "Deploy",
			"ParameterOverrides": `{"Tag" : { "Fn::GetParam" : [ "BuildOutput", "build.json", "tag" ] } }`,
			"RoleArn":            role.AttrArn(),
			"StackName":          stackName,
			"TemplatePath":       "App::templates/helloworld-ecs-service-cf.template",
		},
		InputArtifacts: inputs("App", "BuildOutput"),
	})
}
