package customresource_test

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/resources/sns"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// GreetingResource is a greeting as a template has it: its properties, and its attribute Text.
type GreetingResource struct {
	fn.Named
	ServiceToken fn.String
	Name         fn.String
	Times        fn.Integer
}

// CloudFormationType returns "Custom::Greeting".
func (*GreetingResource) CloudFormationType() string { return "Custom::Greeting" }

// AttrText is the attribute Text.
func (r *GreetingResource) AttrText() fn.String { return r.GetAtt("Text") }

// A custom resource in a stack, typed like any other; on the embedded cloud its provider runs in this
// process. Deployed to AWS, the ServiceToken is the ARN of the Lambda function that holds it.
func Example_stack() {
	t := &stack.Template{}
	hello := stack.Add(t, "Hello", &GreetingResource{ServiceToken: "arn:aws:lambda:us-east-1:123456789012:function:greet", Name: fn.StackName, Times: fn.Int(3)})
	stack.Add(t, "Topic", &sns.Topic{DisplayName: hello.AttrText()})
	t.Output("Text", stack.Output{Value: hello.AttrText()})

	cloud := &local.Cloud{}
	defer cloud.Close()
	cloud.HandleCustom("greet", &customresource.Handler[Greeting]{Provider: greeter{}})
	api := cloudformation.NewFromConfig(cloud.Config())
	client := &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: 1e6}}
	result, err := client.Deploy(context.Background(), &stack.Stack{Name: "work", Template: t}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Status, result.Outputs["Text"])
	// Output: CREATE_COMPLETE hello work, 3 times
}
