package main

import (
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/autoscaling"
	"github.com/updraft-go/updraft/resources/cloudwatch"
	"github.com/updraft-go/updraft/resources/ec2"
	"github.com/updraft-go/updraft/stack"
)

// firstImage is with what everything begins. The embedded cloud takes it for one of AWS's.
const firstImage = "ami-0123456789abcdef0"

// template is the shop: a server to bake, and a group whose launch template has the version that the
// parameter says.
func template() *stack.Template {
	t := &stack.Template{Description: "web servers, and one of which their image is made"}
	version := t.Parameter("Version", stack.Parameter{Description: "of the launch template", Default: "1"})
	builder := stack.Add(t, "Builder", &ec2.Instance{ImageId: firstImage, InstanceType: "t3.micro"})
	servers := stack.Add(t, "Servers", &ec2.LaunchTemplate{
		LaunchTemplateName: "web",
		LaunchTemplateData: &ec2.LaunchTemplate_LaunchTemplateData{ImageId: firstImage, InstanceType: "t3.micro"},
	})
	stack.Add(t, "Group", &autoscaling.AutoScalingGroup{
		AutoScalingGroupName: "web", MinSize: "1", MaxSize: "10", AvailabilityZones: fn.GetAZs(""),
		LaunchTemplate: &autoscaling.AutoScalingGroup_LaunchTemplateSpecification{LaunchTemplateId: servers.Ref(), Version: version.Ref()},
	})
	stack.Add(t, "Errors", &cloudwatch.Alarm{
		AlarmName: "errors", Namespace: "web", MetricName: "Errors", Statistic: "Sum", Period: fn.Int(60), EvaluationPeriods: fn.Int(1),
		ComparisonOperator: cloudwatch.Alarm_ComparisonOperator_GreaterThanThreshold, Threshold: fn.Num(10.0),
	})
	t.Output("Builder", stack.Output{Value: builder.Ref()})
	return t
}
