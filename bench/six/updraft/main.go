// Command updraft writes a template of six services: what the size of a program and the time to
// compile it are measured on.
package main

import (
	"log"
	"os"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/resources/autoscaling"
	"github.com/updraft-go/updraft/resources/ec2"
	"github.com/updraft-go/updraft/resources/ecr"
	"github.com/updraft-go/updraft/resources/ecs"
	elb "github.com/updraft-go/updraft/resources/elasticloadbalancingv2"
	"github.com/updraft-go/updraft/resources/iam"
	"github.com/updraft-go/updraft/stack"
)

func main() {
	t := &stack.Template{Description: "six services"}
	vpc := stack.Add(t, "Vpc", &ec2.VPC{CidrBlock: "10.0.0.0/16"})
	subnet := stack.Add(t, "Subnet", &ec2.Subnet{VpcId: vpc.Ref(), CidrBlock: fn.Select(0, fn.Cidr(vpc.AttrCidrBlock(), 4, 8))})
	stack.Add(t, "Repository", &ecr.Repository{RepositoryName: "app"})
	stack.Add(t, "Role", &iam.Role{AssumeRolePolicyDocument: policy.Trust("ecs.amazonaws.com")})
	stack.Add(t, "Cluster", &ecs.Cluster{ClusterName: fn.StackName + "-cluster"})
	lb := stack.Add(t, "Balancer", &elb.LoadBalancer{Subnets: []fn.String{subnet.Ref()}})
	stack.Add(t, "Group", &autoscaling.AutoScalingGroup{MinSize: "1", MaxSize: "2", VPCZoneIdentifier: []fn.String{subnet.Ref()}})
	t.Output("URL", stack.Output{Value: "http://" + lb.AttrDNSName()})
	body, err := t.JSON()
	if err != nil {
		log.Fatal(err)
	}
	os.Stdout.Write(body)
}
