package validate

import "fmt"

func codeChecks() []check {
	project, pipeline, repository := on("CodeBuild::Project"), on("CodePipeline::Pipeline"), on("ECR::Repository")
	return []check{
		{Rule{"codebuild-pipeline", fails, "a project that takes its source from a pipeline gives its artifacts to it"}, project, func(s *subject) {
			source, artifacts := s.props.get("Source", "Type"), s.props.get("Artifacts", "Type")
			a, aok := source.text()
			b, bok := artifacts.text()
			if aok && bok && (a == "CODEPIPELINE") != (b == "CODEPIPELINE") {
				s.flag(artifacts, fmt.Sprintf("the source is %s and the artifacts are %s", a, b), "use CODEPIPELINE for both or for neither")
			}
		}},
		{Rule{"codebuild-location", fails, "a source has a location where its type has one"}, project, where("Source", "Type", "BITBUCKET|CODECOMMIT|GITHUB|GITHUB_ENTERPRISE|GITLAB|S3", "Location")},
		{Rule{"codebuild-artifacts", fails, "artifacts in S3 have a location"}, project, where("Artifacts", "Type", "S3", "Location")},
		{Rule{"codebuild-buildspec", fails, "a project without a source has its build specification"}, project, where("Source", "Type", "NO_SOURCE", "BuildSpec")},
		{Rule{"codebuild-vpc", fails, "a project in a VPC has subnets and security groups"}, project, together("VpcConfig", "VpcId", "SecurityGroupIds", "Subnets")},
		{Rule{"codebuild-variable-twice", fails, "a variable stands once"}, project, distinct("Environment.EnvironmentVariables[]", "Name")},
		{Rule{"codepipeline-stages", fails, "a pipeline has two stages or more"}, pipeline, func(s *subject) {
			v := s.props.get("Stages")
			if items, all := v.items(); v.there() && all && len(items) < 2 {
				s.flag(v, fmt.Sprintf("the pipeline has %d stages", len(items)), "add another one")
			}
		}},
		{Rule{"codepipeline-source", fails, "the first stage has the sources, and no other has any"}, pipeline, pipelineSources},
		{Rule{"codepipeline-stage-twice", fails, "the name of a stage stands once"}, pipeline, distinct("Stages[]", "Name")},
		{Rule{"codepipeline-action-twice", fails, "the name of an action stands once in its stage"}, pipeline, func(s *subject) {
			s.each("Stages[]", func(stage value) {
				seen := map[string]bool{}
				stage.each("Actions[]", func(v value) {
					name, ok := v.get("Name").text()
					if ok && seen[name] {
						s.flag(v.get("Name"), fmt.Sprintf("the action %s stands twice", shown(name)), "change one of them")
					}
					seen[name] = true
				})
			})
		}},
		{Rule{"codepipeline-artifact", fails, "an action takes artifacts that an earlier one gives"}, pipeline, pipelineArtifacts},
		{Rule{"codepipeline-artifact-twice", fails, "an artifact is given by one action"}, pipeline, distinct("Stages[].Actions[].OutputArtifacts[]", "Name")},
		{Rule{"codepipeline-store", fails, "a pipeline has one store, or one for each region"}, pipeline, one("", "ArtifactStore", "ArtifactStores")},
		{Rule{"ecr-lifecycle", fails, "a lifecycle policy is JSON"}, repository, textual("LifecyclePolicy", "LifecyclePolicyText", "correct the JSON", brokenJSON)},
		{Rule{"ecr-encryption", fails, "only encryption by KMS has a key"}, repository, never("EncryptionConfiguration", "EncryptionType", "AES256", "KmsKey")},
	}
}

func pipelineSources(s *subject) {
	stages, all := s.props.get("Stages").items()
	if !all {
		return
	}
	for i, stage := range stages {
		stage.each("Actions[]", func(v value) {
			category := v.get("ActionTypeId", "Category")
			if text, ok := category.text(); ok && (text == "Source") != (i == 0) {
				s.flag(category, fmt.Sprintf("an action of stage %d is of the category %s", i+1, text), "put sources into the first stage, and only those")
			}
		})
	}
}

func pipelineArtifacts(s *subject) {
	given, sure := map[string]bool{}, true
	s.each("Stages[].Actions[].OutputArtifacts[]", func(v value) {
		name, ok := v.get("Name").text()
		sure = sure && ok
		given[name] = true
	})
	if _, all := s.props.get("Stages").items(); !sure || !all {
		return
	}
	s.each("Stages[].Actions[].InputArtifacts[]", func(v value) {
		if name, ok := v.get("Name").text(); ok && !given[name] {
			s.flag(v.get("Name"), fmt.Sprintf("no action gives the artifact %s", shown(name)), nearest(name, sortedNames(given), "add it to the OutputArtifacts of an earlier action"))
		}
	})
}
