package validate

import "fmt"

func autoScalingChecks() []check {
	return []check{
		{Rule{"autoscaling-size", fails, "MinSize is not above MaxSize"}, on("AutoScaling::AutoScalingGroup"), ordered("", "MinSize", "MaxSize")},
		{Rule{"autoscaling-size-number", fails, "the sizes of a group are whole numbers"}, on("AutoScaling::AutoScalingGroup"), func(s *subject) {
			for _, name := range []string{"DesiredCapacity", "MaxSize", "MinSize"} {
				v := s.props.get(name)
				text, ok := v.text()
				if n, number := v.number(); ok && (!number || n < 0 || n != float64(int(n))) {
					s.flag(v, fmt.Sprintf("%s is %s", name, shown(text)), "give a whole number")
				}
			}
		}},
		{Rule{"autoscaling-desired", fails, "DesiredCapacity lies between MinSize and MaxSize"}, on("AutoScaling::AutoScalingGroup"), all(ordered("", "MinSize", "DesiredCapacity"), ordered("", "DesiredCapacity", "MaxSize"))},
		{Rule{"autoscaling-launch", fails, "a group launches from exactly one source"}, on("AutoScaling::AutoScalingGroup"), one("", "InstanceId", "LaunchConfigurationName", "LaunchTemplate", "MixedInstancesPolicy")},
		{Rule{"autoscaling-zones", warns, "a group has subnets or availability zones"}, on("AutoScaling::AutoScalingGroup"), some("", "AvailabilityZones", "VPCZoneIdentifier", "AvailabilityZoneIds")},
		{Rule{"autoscaling-template", fails, "a launch template is named by its ID or its name, and has a version"}, on("AutoScaling::AutoScalingGroup"), one("LaunchTemplate", "LaunchTemplateId", "LaunchTemplateName")},
		{Rule{"autoscaling-rolling", fails, "a rolling update keeps fewer instances in service than MaxSize"}, on("AutoScaling::AutoScalingGroup"), rollingRoom},
		{Rule{"autoscaling-configuration", fails, "a launch configuration has an ImageId, or an instance to copy"}, on("AutoScaling::LaunchConfiguration"), some("", "ImageId", "InstanceId")},
		{Rule{"autoscaling-configuration-public", fails, "a price for spot instances stands alone"}, on("AutoScaling::LaunchConfiguration"), never("", "PlacementTenancy", "dedicated", "SpotPrice")},
		{Rule{"autoscaling-policy-target", fails, "a policy of target tracking has its configuration"}, on("AutoScaling::ScalingPolicy"), where("", "PolicyType", "TargetTrackingScaling", "TargetTrackingConfiguration")},
		{Rule{"autoscaling-policy-step", fails, "a policy of steps has its steps"}, on("AutoScaling::ScalingPolicy"), where("", "PolicyType", "StepScaling", "StepAdjustments", "AdjustmentType")},
		{Rule{"autoscaling-policy-simple", fails, "a simple policy has its adjustment and no steps"}, on("AutoScaling::ScalingPolicy"), all(where("", "PolicyType", "SimpleScaling", "ScalingAdjustment", "AdjustmentType"), never("", "PolicyType", "SimpleScaling", "StepAdjustments", "TargetTrackingConfiguration"))},
		{Rule{"autoscaling-tracking", fails, "target tracking follows one metric"}, on("AutoScaling::ScalingPolicy"), one("TargetTrackingConfiguration", "PredefinedMetricSpecification", "CustomizedMetricSpecification")},
		{Rule{"autoscaling-schedule", fails, "a scheduled action changes a size"}, on("AutoScaling::ScheduledAction"), some("", "DesiredCapacity", "MaxSize", "MinSize")},
		{Rule{"autoscaling-target", fails, "the bounds of a scalable target are in their order"}, on("ApplicationAutoScaling::ScalableTarget"), ordered("", "MinCapacity", "MaxCapacity")},
		{Rule{"autoscaling-target-policy", fails, "a scaling policy has the configuration of its type"}, on("ApplicationAutoScaling::ScalingPolicy"), all(where("", "PolicyType", "TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration"), where("", "PolicyType", "StepScaling", "StepScalingPolicyConfiguration"))},
		{Rule{"autoscaling-target-resource", fails, "a scaling policy names its target in one way"}, on("ApplicationAutoScaling::ScalingPolicy"), all(exclusive("", "ScalingTargetId", "ResourceId"), some("", "ScalingTargetId", "ResourceId"))},
	}
}

func rollingRoom(s *subject) {
	policy := s.resolve(orEmpty(s.node.Get("UpdatePolicy")), s.props.at.up.in("UpdatePolicy"))
	v := policy.get("AutoScalingRollingUpdate", "MinInstancesInService")
	keep, kok := v.number()
	most, mok := s.props.get("MaxSize").number()
	if kok && mok && keep >= most && most > 0 {
		s.flag(v, fmt.Sprintf("MinInstancesInService, %v, is not below MaxSize, %v", keep, most), "lower it, or raise MaxSize")
	}
}
