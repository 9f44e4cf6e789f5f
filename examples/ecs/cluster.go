package main

import (
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/resources/autoscaling"
	"github.com/updraft-go/updraft/resources/cloudwatch"
	"github.com/updraft-go/updraft/resources/ec2"
	"github.com/updraft-go/updraft/resources/ecs"
	"github.com/updraft-go/updraft/resources/iam"
	"github.com/updraft-go/updraft/stack"
)

// cluster is the template of an ECS cluster: its instances in an Auto Scaling group that grows and
// shrinks by the CPU and memory that containers reserve. adminCIDR may reach the instances by SSH.
func cluster(adminCIDR fn.String) *stack.Template {
	t := &stack.Template{Description: "Effective DevOps in AWS: ECS Cluster"}
	key := t.Parameter("KeyPair", stack.Parameter{
		Type:                  "AWS::EC2::KeyPair::KeyName",
		Description:           "Name of an existing EC2 KeyPair to SSH",
		ConstraintDescription: "must be the name of an existing EC2 KeyPair.",
	})
	vpc := t.Parameter("VpcId", stack.Parameter{Type: "AWS::EC2::VPC::Id", Description: "VPC"})
	subnets := t.ListParameter("PublicSubnet", stack.Parameter{
		Type:                  "List<AWS::EC2::Subnet::Id>",
		Description:           "PublicSubnet",
		ConstraintDescription: "PublicSubnet",
	})

	group := stack.Add(t, "SecurityGroup", &ec2.SecurityGroup{
		GroupDescription: "Allow SSH and private network access",
		VpcId:            vpc.Ref(),
		SecurityGroupIngress: []ec2.SecurityGroup_Ingress{
			{IpProtocol: "tcp", FromPort: fn.Int(0), ToPort: fn.Int(65535), CidrIp: "172.16.0.0/12"},
			{IpProtocol: "tcp", FromPort: fn.Int(22), ToPort: fn.Int(22), CidrIp: adminCIDR},
		},
	})
	cluster := stack.Add(t, "ECSCluster", &ecs.Cluster{})
	instances := launch(t, cluster, group, key.Ref())
	scale(t, cluster, stack.Add(t, "ECSAutoScalingGroup", &autoscaling.AutoScalingGroup{
		DesiredCapacity: "1", MinSize: "1", MaxSize: "5",
		VPCZoneIdentifier:       subnets.Ref(),
		LaunchConfigurationName: instances.Ref(),
	}))

	t.Export("Cluster", fn.Sub("${AWS::StackName}-id", nil), stack.Output{Description: "ECS Cluster Name", Value: cluster.Ref()})
	t.Export("VpcId", fn.Sub("${AWS::StackName}-vpc-id", nil), stack.Output{Description: "VpcId", Value: vpc.Ref()})
	t.Export("PublicSubnet", fn.Sub("${AWS::StackName}-public-subnets", nil), stack.Output{
		Description: "PublicSubnet",
		Value:       fn.Join(",", subnets.Ref()...),
	})
	return t
}

// launch describes the instances: what they may do, and how they join the cluster at boot. The
// chapter uses a launch configuration; newer accounts take launch templates only.
//
//lint:ignore SA1019 the chapter uses it
func launch(t *stack.Template, cluster *ecs.Cluster, group *ec2.SecurityGroup, key fn.String) *autoscaling.LaunchConfiguration {
	trust := policy.Trust("ec2.amazonaws.com")
	trust.Compact = true
	role := stack.Add(t, "EcsClusterRole", &iam.Role{
		AssumeRolePolicyDocument: trust,
		ManagedPolicyArns: []fn.String{
			"arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM",
			"arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly",
			"arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
			"arn:aws:iam::aws:policy/CloudWatchFullAccess",
		},
	})
	profile := stack.Add(t, "EC2InstanceProfile", &iam.InstanceProfile{Roles: []fn.String{role.Ref()}})
	//lint:ignore SA1019 the chapter uses it
	return stack.Add(t, "ContainerInstances", &autoscaling.LaunchConfiguration{
		ImageId:                  "ami-04351e12",
		InstanceType:             "t2.micro",
		KeyName:                  key,
		IamInstanceProfile:       profile.Ref(),
		SecurityGroups:           []fn.String{group.Ref()},
		AssociatePublicIpAddress: fn.True,
		UserData: fn.Base64(fn.Join("",
			"#!/bin/bash -xe\n",
			"echo ECS_CLUSTER=", cluster.Ref(), " >> /etc/ecs/ecs.config\n",
			"yum install -y aws-cfn-bootstrap\n",
			"/opt/aws/bin/cfn-signal -e $? ",
			"         --stack ", fn.StackName,
			"         --resource ECSAutoScalingGroup ",
			"         --region ", fn.Region, "\n",
		)),
	})
}

// scale adds an instance when the cluster is full, and takes one away when it is nearly empty.
func scale(t *stack.Template, cluster *ecs.Cluster, group *autoscaling.AutoScalingGroup) {
	for _, resource := range []string{"CPU", "Memory"} {
		for _, rule := range []struct {
			direction, level, comparison string
			threshold                    float64
			instances                    int
		}{
			{"ScaleUp", "High", cloudwatch.Alarm_ComparisonOperator_GreaterThanThreshold, 75, 1},
			{"ScaleDown", "Low", cloudwatch.Alarm_ComparisonOperator_LessThanThreshold, 30, -1},
		} {
			action := stack.Add(t, rule.direction+"PolicyFor"+resource, &autoscaling.ScalingPolicy{
				AdjustmentType:       "ChangeInCapacity",
				AutoScalingGroupName: group.Ref(),
				ScalingAdjustment:    fn.Int(rule.instances),
			})
			stack.Add(t, resource+"ReservationToo"+rule.level, &cloudwatch.Alarm{
				AlarmDescription:   fn.String("Alarm if " + resource + " reservation too " + rule.level),
				Namespace:          "AWS/ECS",
				MetricName:         fn.String(resource + "Reservation"),
				Dimensions:         []cloudwatch.Alarm_Dimension{{Name: "ClusterName", Value: cluster.Ref()}},
				Statistic:          cloudwatch.Alarm_Statistic_Average,
				Period:             fn.Int(60),
				EvaluationPeriods:  fn.Int(1),
				Threshold:          fn.Num(rule.threshold),
				ComparisonOperator: fn.String(rule.comparison),
				AlarmActions:       []fn.String{action.Ref()},
			})
		}
	}
}
