package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

func ecsChecks() []check {
	task, service := on("ECS::TaskDefinition"), on("ECS::Service")
	return []check{
		{Rule{"ecs-fargate-size", fails, "a Fargate task has a pair of Cpu and Memory that there is"}, task, fargate(fargateSize)},
		{Rule{"ecs-fargate-required", fails, "a Fargate task has Cpu and Memory"}, task, fargate(func(s *subject) { demand(s, s.props, []string{"Cpu", "Memory"}, "the task is for Fargate") })},
		{Rule{"ecs-fargate-network", fails, "a Fargate task has the network mode awsvpc"}, task, fargate(func(s *subject) {
			if v := s.props.get("NetworkMode"); v.missing() || v.is("bridge", "host", "none") {
				s.flag(v, "the network mode of a Fargate task is not awsvpc", "set NetworkMode to awsvpc")
			}
		})},
		{Rule{"ecs-fargate-role", warns, "a Fargate task that logs has an ExecutionRoleArn"}, task, fargate(fargateRole)},
		{Rule{"ecs-fargate-properties", fails, "a Fargate task leaves out what Fargate does not have"}, task, fargate(func(s *subject) {
			for _, name := range []string{"PlacementConstraints", "InferenceAccelerators"} {
				if v := s.props.get(name); v.there() {
					s.flag(v, name+" is set for Fargate", "leave it out")
				}
			}
		})},
		{Rule{"ecs-container-essential", fails, "a container of a task is essential"}, task, essential},
		{Rule{"ecs-container-twice", fails, "the name of a container stands once in its task"}, task, distinct("ContainerDefinitions[]", "Name")},
		{Rule{"ecs-container-memory", fails, "a container has memory, or its task has"}, task, containerMemory},
		{Rule{"ecs-container-reservation", fails, "a container does not reserve more memory than it may have"}, task, ordered("ContainerDefinitions[]", "MemoryReservation", "Memory")},
		{Rule{"ecs-container-image", fails, "a container has an image"}, task, func(s *subject) {
			s.each("ContainerDefinitions[]", func(v value) { demand(s, v, []string{"Image", "Name"}, "a container is defined") })
		}},
		{Rule{"ecs-container-depends", fails, "a container depends on containers of its task"}, task, containerDepends},
		{Rule{"ecs-container-logs", fails, "the log driver awslogs has a group and a region"}, task, containerLogs},
		{Rule{"ecs-host-port", fails, "with awsvpc or host, the port of the host is that of the container"}, task, hostPort},
		{Rule{"ecs-mount", fails, "a container mounts volumes of its task"}, task, mounts},
		{Rule{"ecs-environment-twice", warns, "a variable of a container stands once"}, task, func(s *subject) {
			s.each("ContainerDefinitions[]", func(v value) {
				seen := map[string]bool{}
				v.each("Environment[]", func(e value) {
					name, ok := e.get("Name").text()
					if ok && seen[name] {
						s.flag(e.get("Name"), fmt.Sprintf("the variable %s stands twice", shown(name)), "leave one out")
					}
					seen[name] = true
				})
			})
		}},
		{Rule{"ecs-volume", fails, "a volume is of one kind"}, task, exclusive("Volumes[]", "DockerVolumeConfiguration", "EFSVolumeConfiguration", "FSxWindowsFileServerVolumeConfiguration", "Host")},
		{Rule{"ecs-service-launch", fails, "a service has a launch type or a strategy of capacity providers"}, service, exclusive("", "CapacityProviderStrategy", "LaunchType")},
		{Rule{"ecs-service-task", fails, "a service has a task definition"}, service, func(s *subject) {
			if s.props.get("DeploymentController").missing() {
				demand(s, s.props, []string{"TaskDefinition"}, "ECS deploys the service")
			}
		}},
		{Rule{"ecs-service-network", fails, "a service of awsvpc tasks has a NetworkConfiguration"}, service, serviceNetwork},
		{Rule{"ecs-service-daemon", fails, "a daemon has no DesiredCount"}, service, never("", "SchedulingStrategy", "DAEMON", "DesiredCount", "PlacementStrategies")},
		{Rule{"ecs-service-fargate-daemon", fails, "Fargate runs no daemons"}, service, func(s *subject) {
			if v := s.props.get("SchedulingStrategy"); v.is("DAEMON") && s.props.get("LaunchType").is("FARGATE") {
				s.flag(v, "a daemon is to run on Fargate", "use REPLICA")
			}
		}},
		{Rule{"ecs-service-fargate", fails, "a service on Fargate runs a task that is for Fargate"}, service, serviceFargate},
		{Rule{"ecs-service-target", fails, "the load balancer of a service reaches a container and port of its task"}, service, serviceTarget},
		{Rule{"ecs-service-target-type", fails, "the target group of awsvpc tasks has the target type ip"}, service, serviceTargetType},
		{Rule{"ecs-service-balancer", fails, "a load balancer of a service is a target group or a name"}, service, exclusive("LoadBalancers[]", "LoadBalancerName", "TargetGroupArn")},
		{Rule{"ecs-service-percent", fails, "a deployment has room: MinimumHealthyPercent is below MaximumPercent"}, service, ordered("DeploymentConfiguration", "MinimumHealthyPercent", "MaximumPercent")},
		{Rule{"ecs-service-grace", warns, "a grace period is for services with a load balancer"}, service, func(s *subject) {
			if v := s.props.get("HealthCheckGracePeriodSeconds"); v.there() && s.props.get("LoadBalancers").missing() && s.props.get("VpcLatticeConfigurations").missing() && s.props.get("ServiceRegistries").missing() {
				s.flag(v, "HealthCheckGracePeriodSeconds is set, and there is no load balancer", "leave it out")
			}
		}},
	}
}

func orEmpty(n *tree.Node) *tree.Node {
	if n == nil {
		return noProperties
	}
	return n
}

// isFargate reports whether a task definition is for Fargate.
func isFargate(task value) bool {
	items, _ := task.get("RequiresCompatibilities").items()
	return slices.ContainsFunc(items, func(v value) bool { return v.is("FARGATE") })
}

func fargate(do func(s *subject)) func(*subject) {
	return func(s *subject) {
		if isFargate(s.props) {
			do(s)
		}
	}
}

// fargateMemory gives, for the CPU units of a task, the least and most memory in MiB and the step.
var fargateMemory = map[float64][3]float64{
	512: {1024, 4096, 1024}, 1024: {2048, 8192, 1024}, 2048: {4096, 16384, 1024},
	4096: {8192, 30720, 1024}, 8192: {16384, 61440, 4096}, 16384: {32768, 122880, 8192}, 32768: {60 * 1024, 244 * 1024, 8192},
}

func fargateSize(s *subject) {
	cpu, cok := s.props.get("Cpu").number()
	memory, mok := s.props.get("Memory").number()
	if !cok {
		return
	}
	bounds, known := fargateMemory[cpu]
	switch {
	case cpu == 256:
		if mok && memory != 512 && memory != 1024 && memory != 2048 {
			s.flag(s.props.get("Memory"), fmt.Sprintf("Memory is %v where Cpu is 256", memory), "use 512, 1024 or 2048")
		}
	case !known:
		s.flag(s.props.get("Cpu"), fmt.Sprintf("Cpu is %v", cpu), "use 256, 512, 1024, 2048, 4096, 8192 or 16384")
	case cpu < 32768 && mok && (memory < bounds[0] || memory > bounds[1] || int(memory)%int(bounds[2]) != 0):
		s.flag(s.props.get("Memory"), fmt.Sprintf("Memory is %v where Cpu is %v", memory, cpu), fmt.Sprintf("use %v to %v in steps of %v", bounds[0], bounds[1], bounds[2]))
	}
}

func fargateRole(s *subject) {
	if !s.props.get("ExecutionRoleArn").missing() {
		return
	}
	s.each("ContainerDefinitions[]", func(v value) {
		if v.get("LogConfiguration", "LogDriver").is("awslogs") || v.get("Secrets").there() {
			s.flag(s.props, "ExecutionRoleArn is missing where Fargate is to write logs or read secrets", "set ExecutionRoleArn")
		}
	})
}

func essential(s *subject) {
	containers, known := s.props.get("ContainerDefinitions").items()
	if !known || len(containers) == 0 {
		return
	}
	for _, c := range containers {
		if v := c.get("Essential"); !v.is("false", "False") {
			return
		}
	}
	s.flag(s.props.get("ContainerDefinitions"), "no container is essential", "set Essential of one of them to true")
}

func containerMemory(s *subject) {
	if !s.props.get("Memory").missing() {
		return
	}
	s.each("ContainerDefinitions[]", func(v value) { atLeastOne(s, v, []string{"Memory", "MemoryReservation"}) })
}

// containerNames returns the literal names of a task's containers, and whether those are all.
func containerNames(task value) (map[string]value, bool) {
	containers, all := task.get("ContainerDefinitions").items()
	names := map[string]value{}
	for _, c := range containers {
		name, ok := c.get("Name").text()
		all = all && ok
		names[name] = c
	}
	return names, all
}

func containerDepends(s *subject) {
	names, all := containerNames(s.props)
	s.each("ContainerDefinitions[].DependsOn[]", func(v value) {
		name, ok := v.get("ContainerName").text()
		if _, known := names[name]; ok && all && !known {
			s.flag(v.get("ContainerName"), fmt.Sprintf("%s is no container of the task", shown(name)), nearest(name, sortedNames(names), "name one of them"))
		}
	})
}

func containerLogs(s *subject) {
	s.each("ContainerDefinitions[].LogConfiguration", func(v value) {
		if v.get("LogDriver").is("awslogs") {
			options := v.get("Options")
			if options.missing() {
				s.flag(v, "the log driver awslogs has no Options", "set awslogs-group and awslogs-region")
			} else {
				demand(s, options, []string{"awslogs-group"}, "the log driver is awslogs")
			}
		}
	})
}

func hostPort(s *subject) {
	if !s.props.get("NetworkMode").is("awsvpc", "host") {
		return
	}
	s.each("ContainerDefinitions[].PortMappings[]", func(v value) {
		host, hok := v.get("HostPort").number()
		container, cok := v.get("ContainerPort").number()
		if hok && cok && host != container && host != 0 {
			s.flag(v.get("HostPort"), fmt.Sprintf("HostPort is %v and ContainerPort is %v", host, container), "leave HostPort out")
		}
	})
}

func mounts(s *subject) {
	volumes, all := s.props.get("Volumes").items()
	var names []string
	for _, v := range volumes {
		name, ok := v.get("Name").text()
		all = all && ok
		names = append(names, name)
	}
	s.each("ContainerDefinitions[].MountPoints[]", func(v value) {
		if name, ok := v.get("SourceVolume").text(); ok && all && !slices.Contains(names, name) {
			s.flag(v.get("SourceVolume"), fmt.Sprintf("%s is no volume of the task", shown(name)), nearest(name, names, "declare it in Volumes"))
		}
	})
}

// taskOf returns the task definition of a service, if the template makes it.
func taskOf(s *subject) (value, bool) {
	return s.props.get("TaskDefinition").resource("ECS::TaskDefinition")
}

func serviceNetwork(s *subject) {
	if !s.props.get("NetworkConfiguration").missing() {
		return
	}
	task, ok := taskOf(s)
	if s.props.get("LaunchType").is("FARGATE") || ok && task.get("NetworkMode").is("awsvpc") {
		s.flag(s.props, "NetworkConfiguration is missing where tasks have network interfaces of their own", "set it, with subnets")
	}
}

func serviceFargate(s *subject) {
	task, ok := taskOf(s)
	compatibilities := task.try("RequiresCompatibilities")
	if ok && s.props.get("LaunchType").is("FARGATE") && !isFargate(task) && (compatibilities.missing() || compatibilities.n.Is(tree.List)) {
		if _, all := compatibilities.items(); all && literal(compatibilities) {
			s.flag(s.props.get("LaunchType"), "the launch type is FARGATE, and the task definition is not for Fargate", "add FARGATE to its RequiresCompatibilities")
		}
	}
}

// try is get for a value that may be the zero value.
func (v value) try(key string) value {
	if v.s == nil {
		return value{unsure: true}
	}
	return v.get(key)
}

// literal reports whether all elements of a list are literal.
func literal(v value) bool {
	items, all := v.items()
	for _, item := range items {
		if _, ok := item.text(); !ok {
			return false
		}
	}
	return all
}

func serviceTarget(s *subject) {
	task, ok := taskOf(s)
	if !ok {
		return
	}
	names, all := containerNames(task)
	s.each("LoadBalancers[]", func(v value) {
		name, ok := v.get("ContainerName").text()
		if !ok || !all {
			return
		}
		container, known := names[name]
		if !known {
			s.flag(v.get("ContainerName"), fmt.Sprintf("%s is no container of the task definition", shown(name)), nearest(name, sortedNames(names), "name one of them"))
			return
		}
		port, ok := v.get("ContainerPort").text()
		mappings, all := container.get("PortMappings").items()
		if !ok || !all || strings.Contains(port, "-") {
			return
		}
		for _, m := range mappings {
			if p, ok := m.get("ContainerPort").text(); !ok || p == port {
				return
			}
		}
		s.flag(v.get("ContainerPort"), fmt.Sprintf("the container %s has no port %s", name, port), "add it to the container's PortMappings")
	})
}

func serviceTargetType(s *subject) {
	task, ok := taskOf(s)
	if !ok || !task.get("NetworkMode").is("awsvpc") {
		return
	}
	s.each("LoadBalancers[]", func(v value) {
		group, ok := v.get("TargetGroupArn").resource("ElasticLoadBalancingV2::TargetGroup")
		if kind := group.try("TargetType"); ok && (kind.missing() || kind.is("instance")) {
			s.flag(v.get("TargetGroupArn"), "the target group is for instances, and the tasks have addresses of their own", "set its TargetType to ip")
		}
	})
}
