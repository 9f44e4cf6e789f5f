// Command goformation writes the same template of six services with goformation.
package main

import (
	"log"
	"os"

	"github.com/awslabs/goformation/v7/cloudformation"
	"github.com/awslabs/goformation/v7/cloudformation/autoscaling"
	"github.com/awslabs/goformation/v7/cloudformation/ec2"
	"github.com/awslabs/goformation/v7/cloudformation/ecr"
	"github.com/awslabs/goformation/v7/cloudformation/ecs"
	elb "github.com/awslabs/goformation/v7/cloudformation/elasticloadbalancingv2"
	"github.com/awslabs/goformation/v7/cloudformation/iam"
)

func ptr[T any](v T) *T { return &v }

func main() {
	t := cloudformation.NewTemplate()
	t.Description = "six services"
	t.Resources["Vpc"] = &ec2.VPC{CidrBlock: ptr("10.0.0.0/16")}
	t.Resources["Subnet"] = &ec2.Subnet{VpcId: cloudformation.Ref("Vpc"), CidrBlock: ptr("10.0.0.0/24")}
	t.Resources["Repository"] = &ecr.Repository{RepositoryName: ptr("app")}
	t.Resources["Role"] = &iam.Role{AssumeRolePolicyDocument: map[string]any{
		"Version":   "2012-10-17",
		"Statement": []any{map[string]any{"Effect": "Allow", "Principal": map[string]any{"Service": []string{"ecs.amazonaws.com"}}, "Action": []string{"sts:AssumeRole"}}},
	}}
	t.Resources["Cluster"] = &ecs.Cluster{ClusterName: ptr(cloudformation.Join("", []string{cloudformation.Ref("AWS::StackName"), "-cluster"}))}
	t.Resources["Balancer"] = &elb.LoadBalancer{Subnets: []string{cloudformation.Ref("Subnet")}}
	t.Resources["Group"] = &autoscaling.AutoScalingGroup{MinSize: "1", MaxSize: "2", VPCZoneIdentifier: []string{cloudformation.Ref("Subnet")}}
	t.Outputs["URL"] = cloudformation.Output{Value: cloudformation.Join("", []string{"http://", cloudformation.GetAtt("Balancer", "DNSName")})}
	body, err := t.JSON()
	if err != nil {
		log.Fatal(err)
	}
	os.Stdout.Write(body)
}
