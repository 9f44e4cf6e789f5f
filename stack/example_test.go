package stack_test

import (
	"fmt"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

func ExampleParse() {
	t, err := stack.Parse([]byte(`
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub ${AWS::StackName}-jobs
      VisibilityTimeout: "30"
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	jobs, _ := t.Resources.Get("Jobs")
	jobs.DeletionPolicy = stack.Retain
	properties := jobs.Properties.(*stack.Object)
	fmt.Println(properties.At("VisibilityTimeout"))
	properties.Set("VisibilityTimeout", fn.Int(60))
	properties.Set("Tags", []fn.Tag{{Key: "Stack", Value: fn.StackName}})
	body, err := t.YAML()
	fmt.Println(string(body), err)
	// Output:
	// 30
	// Resources:
	//   Jobs:
	//     Type: AWS::SQS::Queue
	//     Properties:
	//       QueueName: !Sub ${AWS::StackName}-jobs
	//       VisibilityTimeout: 60
	//       Tags:
	//         - Key: Stack
	//           Value: !Ref AWS::StackName
	//     DeletionPolicy: Retain
	//  <nil>
}

func ExampleParse_mistake() {
	_, err := stack.Parse([]byte("Resources:\n  Jobs:\n    Type: !Reff Kind\n"))
	fmt.Println(err)
	// Output:
	// line 3, column 11: the tag !Reff, which is no function of CloudFormation
}

func ExampleTemplate_LongYAML() {
	t := &stack.Template{}
	t.Output("Where", stack.Output{Value: fn.Region})
	body, err := t.LongYAML()
	fmt.Println(string(body), err)
	// Output:
	// Outputs:
	//   Where:
	//     Value:
	//       Ref: AWS::Region
	//  <nil>
}

func ExampleDiff() {
	before, _ := stack.Parse([]byte(`{"Resources": {"Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs", "DelaySeconds": 1}}}}`))
	after, _ := stack.Parse([]byte(`{"Resources": {"Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "tasks", "DelaySeconds": "1"}}}}`))
	changes, err := stack.Diff(before, after, &stack.DiffOptions{
		Effect: func(resourceType string, path ...string) stack.Effect { return stack.Replaces },
	})
	fmt.Println(changes, err)
	// Output:
	// ~ Jobs (AWS::SQS::Queue): replaces
	//     ~ Properties.QueueName: "jobs" -> "tasks" (replaces)
	//  <nil>
}

func ExampleTemplate_ForEachResource() {
	t := &stack.Template{Transforms: []string{"AWS::LanguageExtensions"}}
	names := t.ListParameter("Names", stack.Parameter{})
	body := t.ForEachResource("Queues", "Name", names.Ref())
	q := stack.Add(body, "Queue${Name}", &queue{QueueName: fn.Ref("Name")})
	t.ForEachOutput("Arns", "Name", names.Ref()).Output("Arn${Name}", stack.Output{Value: q.GetAtt("Arn")})
	out, err := t.YAML()
	fmt.Println(string(out), err)
	// Output:
	// Transform: AWS::LanguageExtensions
	// Parameters:
	//   Names:
	//     Type: CommaDelimitedList
	// Resources:
	//   Fn::ForEach::Queues:
	//     - Name
	//     - !Ref Names
	//     - Queue${Name}:
	//         Type: AWS::SQS::Queue
	//         Properties:
	//           QueueName: !Ref Name
	// Outputs:
	//   Fn::ForEach::Arns:
	//     - Name
	//     - !Ref Names
	//     - Arn${Name}:
	//         Value: !GetAtt Queue${Name}.Arn
	//  <nil>
}

func ExampleTemplate_Rule() {
	t := &stack.Template{}
	env := t.Parameter("Env", stack.Parameter{})
	t.Rule("Prod", stack.Rule{
		RuleCondition: fn.Equals(env.Ref(), "prod"),
		Assertions: []stack.Assertion{{
			Assert:            fn.EachMemberIn(fn.ValueOfAll("AWS::EC2::Subnet::Id", "VpcId"), fn.RefAll("AWS::EC2::VPC::Id")),
			AssertDescription: "every subnet is in the VPC",
		}},
	})
	t.Metadata = &stack.Metadata{Interface: &stack.Interface{
		ParameterGroups: []stack.ParameterGroup{{Label: &stack.Label{Default: "Where"}, Parameters: []fn.String{"Env"}}},
	}}
	body, err := t.YAML()
	fmt.Println(string(body), err)
	// Output:
	// Metadata:
	//   AWS::CloudFormation::Interface:
	//     ParameterGroups:
	//       - Label:
	//           default: Where
	//         Parameters:
	//           - Env
	// Parameters:
	//   Env:
	//     Type: String
	// Rules:
	//   Prod:
	//     RuleCondition: !Equals [!Ref Env, prod]
	//     Assertions:
	//       - Assert: !EachMemberIn
	//           - !ValueOfAll ['AWS::EC2::Subnet::Id', VpcId]
	//           - !RefAll AWS::EC2::VPC::Id
	//         AssertDescription: every subnet is in the VPC
	//  <nil>
}

func ExampleTemplate_Transform() {
	t := &stack.Template{}
	t.Transform("AWS::Include", map[string]any{"Location": "s3://bucket/part.yaml"})
	body, err := t.Minified()
	fmt.Println(string(body), err)
	// Output:
	// {"Transform":{"Name":"AWS::Include","Parameters":{"Location":"s3://bucket/part.yaml"}}} <nil>
}

func ExampleTemplate_Locate() {
	t, _ := stack.Parse([]byte("Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n"))
	for _, d := range t.Locate(stack.Diagnostics{{Path: "Resources.Jobs.Type", Summary: "as an example"}}) {
		fmt.Printf("%d:%d: %s\n", d.Line, d.Column, d)
	}
	// Output:
	// 3:11: Resources.Jobs.Type: as an example
}
