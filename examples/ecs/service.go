package main

import (
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/resources/ecs"
	"github.com/updraft-go/updraft/resources/iam"
	"github.com/updraft-go/updraft/stack"
)

// service is the template of helloworld itself: one container, of an image in the repository,
// behind the load balancer of its environment.
func service(repository fn.String) *stack.Template {
	t := &stack.Template{Description: "Effective DevOps in AWS: ECS service - Helloworld"}
	tag := t.Parameter("Tag", stack.Parameter{Default: "latest", Description: "Tag to deploy"})

	task := stack.Add(t, "task", &ecs.TaskDefinition{
		ContainerDefinitions: []ecs.TaskDefinition_ContainerDefinition{{
			Name:         "helloworld",
			Image:        fn.Join("", fn.AccountID, ".dkr.ecr.", fn.Region, ".amazonaws.com", "/", repository, ":", tag.Ref()),
			Memory:       fn.Int(32),
			Cpu:          fn.Int(256),
			PortMappings: []ecs.TaskDefinition_PortMapping{{ContainerPort: port}},
		}},
	})
	role := stack.Add(t, "ServiceRole", &iam.Role{
		AssumeRolePolicyDocument: trust("ecs.amazonaws.com"),
		Path:                     "/",
		ManagedPolicyArns:        []fn.String{"arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceRole"},
	})
	stack.Add(t, "service", &ecs.Service{
		Cluster:        imported("cluster-id"),
		DesiredCount:   fn.Int(1),
		TaskDefinition: task.Ref(),
		Role:           role.Ref(),
		LoadBalancers: []ecs.Service_LoadBalancer{{
			ContainerName:  "helloworld",
			ContainerPort:  port,
			TargetGroupArn: imported("alb-target-group"),
		}},
	})
	return t
}

// trust lets a service assume a role, in the chapter's words: without a version.
func trust(service fn.String) policy.Document {
	return policy.Document{Statement: []policy.Statement{policy.AssumeRole(service)}}
}
