// Package ros has what the templates of Alibaba Cloud's Resource Orchestration Service (ROS) say
// otherwise than those of CloudFormation: pseudo parameters, and functions that only ROS has or that it
// calls by other names. All else is in package intrinsics: Ref, GetAtt, Join, Select, Split, Sub,
// FindInMap, GetAZs, Cidr, Equals, And, Or and Not are the same in both.
//
// A template for ROS is a [github.com/updraft-go/updraft/stack.Template] of the typed resources under
// resources/ros, with the version of the format among its extra members:
//
//	t := &stack.Template{Extra: ros.Format()}
//	vpc := stack.Add(t, "Vpc", &ecs.VPC{VpcName: ros.StackName + "-vpc", CidrBlock: "10.0.0.0/8"})
//	t.Output("VpcId", stack.Output{Value: vpc.AttrVpcId()})
//
// What ROS puts beside a resource's properties and CloudFormation does not know, such as Count, goes into
// the Extra of stack.Attributes; what it adds to parameters, such as AssociationProperty, into the Extra
// of stack.Parameter. Two functions of CloudFormation are not for ROS: ImportValue, for which there is
// [GetStackOutput], and Base64, for which there is [Base64Encode]. [If] and [IfOf] stand for those of
// package intrinsics, since an absent value is another pseudo parameter.
//
// https://www.alibabacloud.com/help/en/ros/user-guide/functions
package ros
