package main

import (
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// chapter is the whole sample: six templates, and the stacks that are made of them.
type chapter struct {
	ecr, cluster, alb, service, build, pipeline *stack.Template

	registry *stack.Stack
}

// newChapter builds the templates. adminCIDR is who may log in to the instances.
func newChapter(adminCIDR string) *chapter {
	c := &chapter{
		cluster:  cluster(fn.String(adminCIDR)),
		alb:      balancer(),
		build:    build(),
		pipeline: pipeline(),
	}
	var name *stack.Export
	c.ecr, name = repository()
	c.registry = &stack.Stack{Name: "helloworld-ecr", Template: c.ecr, Parameters: map[string]string{"RepoName": "helloworld"}}
	c.service = service(name.ImportFrom(c.registry))
	return c
}

// files are the templates by the names of their files.
func (c *chapter) files() map[string]*stack.Template {
	return map[string]*stack.Template{
		"ecr-repository.json":          c.ecr,
		"ecs-cluster.json":             c.cluster,
		"helloworld-ecs-alb.json":      c.alb,
		"helloworld-ecs-service.json":  c.service,
		"helloworld-codebuild.json":    c.build,
		"helloworld-codepipeline.json": c.pipeline,
	}
}

// shared are the stacks that all environments use. Their order here and in environment does not
// matter: the executor finds it from what they export and import.
func (c *chapter) shared() []*stack.Stack {
	return []*stack.Stack{
		c.registry,
		{Name: "helloworld-codebuild", Template: c.build},
		{Name: "helloworld-codepipeline", Template: c.pipeline},
	}
}

// environment are the stacks of one environment.
func (c *chapter) environment(name string, network, service map[string]string) []*stack.Stack {
	return []*stack.Stack{
		{Name: name + "-cluster", Template: c.cluster, Parameters: network},
		{Name: name + "-alb", Template: c.alb},
		{Name: name + "-helloworld-service", Template: c.service, Parameters: service},
	}
}
