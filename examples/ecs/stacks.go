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

// stacks are the stacks of some environments, and those that all environments share. Their order
// here does not matter: the executor finds it from what they export and import.
func (c *chapter) stacks(environments []string, network, service map[string]string) []*stack.Stack {
	all := []*stack.Stack{c.registry}
	for _, e := range environments {
		all = append(all,
			&stack.Stack{Name: e + "-cluster", Template: c.cluster, Parameters: network},
			&stack.Stack{Name: e + "-alb", Template: c.alb},
			&stack.Stack{Name: e + "-helloworld-service", Template: c.service, Parameters: service},
		)
	}
	return append(all,
		&stack.Stack{Name: "helloworld-codebuild", Template: c.build},
		&stack.Stack{Name: "helloworld-codepipeline", Template: c.pipeline},
	)
}
