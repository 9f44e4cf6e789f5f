package ros_test

import (
	"fmt"
	"log"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/intrinsics/ros"
	"github.com/updraft-go/updraft/resources/ros/ecs"
	"github.com/updraft-go/updraft/stack"
)

// A template for Alibaba Cloud: three switches in one network.
func Example() {
	t := &stack.Template{Extra: ros.Format()}
	vpc := stack.Add(t, "Vpc", &ecs.VPC{VpcName: ros.StackName + "-vpc", CidrBlock: "10.0.0.0/8"})
	stack.Add(t, "Switches", &ecs.VSwitch{
		VpcId:     vpc.Ref(),
		ZoneId:    fn.SelectAt(ros.Index, fn.GetAZs(ros.Region)),
		CidrBlock: fn.SelectAt(ros.Index, fn.Cidr("10.0.0.0/16", 3, 8)),
	}, stack.Attributes{Extra: fn.Extra{"Count": 3}})
	t.Output("VpcId", stack.Output{Value: vpc.AttrVpcId()})

	text, err := t.YAML()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(text))
	// Output:
	// Resources:
	//   Vpc:
	//     Type: ALIYUN::ECS::VPC
	//     Properties:
	//       CidrBlock: 10.0.0.0/8
	//       VpcName: !Join ['', [!Ref 'ALIYUN::StackName', '-vpc']]
	//   Switches:
	//     Type: ALIYUN::ECS::VSwitch
	//     Properties:
	//       CidrBlock: !Select [!Ref 'ALIYUN::Index', !Cidr [10.0.0.0/16, 3, 8]]
	//       VpcId: !Ref Vpc
	//       ZoneId: !Select
	//         - !Ref ALIYUN::Index
	//         - Fn::GetAZs: !Ref ALIYUN::Region
	//     Count: 3
	// Outputs:
	//   VpcId:
	//     Value: !GetAtt Vpc.VpcId
	// ROSTemplateFormatVersion: '2015-09-01'
}
