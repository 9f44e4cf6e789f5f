package main

import (
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/ec2"
	elb "github.com/updraft-go/updraft/resources/elasticloadbalancingv2"
	"github.com/updraft-go/updraft/stack"
)

// port is where helloworld listens.
const port fn.Integer = "3000"

// imported is a value that another stack of the same environment exports. The environment is the
// first part of a stack's name, so that one template serves staging and production: in the stack
// staging-alb, imported("cluster-vpc-id") is what staging-cluster exports as staging-cluster-vpc-id.
func imported(name fn.String) fn.String {
	environment := fn.Select(0, fn.Split("-", fn.StackName))
	return fn.ImportValue(fn.Join("-", environment, name))
}

// balancer is the template of the load balancer in front of a cluster.
func balancer() *stack.Template {
	t := &stack.Template{Description: "Effective DevOps in AWS: ALB for the ECS Cluster"}

	group := stack.Add(t, "LoadBalancerSecurityGroup", &ec2.SecurityGroup{
		GroupDescription: "Web load balancer security group.",
		VpcId:            imported("cluster-vpc-id"),
		SecurityGroupIngress: []ec2.SecurityGroup_Ingress{
			{IpProtocol: "tcp", FromPort: port, ToPort: port, CidrIp: "0.0.0.0/0"},
		},
	})
	lb := stack.Add(t, "LoadBalancer", &elb.LoadBalancer{
		Scheme:         elb.LoadBalancer_Scheme_InternetFacing,
		Subnets:        fn.Split(",", imported("cluster-public-subnets")),
		SecurityGroups: []fn.String{group.Ref()},
	})
	targets := stack.Add(t, "TargetGroup", &elb.TargetGroup{
		Port:                       port,
		Protocol:                   elb.TargetGroup_Protocol_HTTP,
		VpcId:                      imported("cluster-vpc-id"),
		HealthCheckProtocol:        elb.TargetGroup_HealthCheckProtocol_HTTP,
		HealthCheckIntervalSeconds: fn.Int(20),
		HealthCheckTimeoutSeconds:  fn.Int(15),
		HealthyThresholdCount:      fn.Int(5),
		UnhealthyThresholdCount:    fn.Int(3),
		Matcher:                    &elb.TargetGroup_Matcher{HttpCode: "200"},
	}, stack.Attributes{DependsOn: stack.After(lb)})
	stack.Add(t, "Listener", &elb.Listener{
		LoadBalancerArn: lb.Ref(),
		Port:            port,
		Protocol:        elb.Listener_Protocol_HTTP,
		DefaultActions:  []elb.Listener_Action{{Type: elb.Listener_Action_Type_Forward, TargetGroupArn: targets.Ref()}},
	})

	t.Export("TargetGroup", fn.Sub("${AWS::StackName}-target-group", nil), stack.Output{Description: "TargetGroup", Value: targets.Ref()})
	t.Output("URL", stack.Output{
		Description: "Helloworld URL",
		Value:       "http://" + lb.AttrDNSName() + ":3000",
	})
	return t
}
