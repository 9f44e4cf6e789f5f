package goformation_test

import (
	"fmt"

	"github.com/awslabs/goformation/v7/cloudformation"
	theirsqs "github.com/awslabs/goformation/v7/cloudformation/sqs"

	"github.com/updraft-go/updraft/interop/goformation"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/sqs"
	"github.com/updraft-go/updraft/stack"
)

func ExampleFromTemplate() {
	theirs := cloudformation.NewTemplate()
	theirs.Resources["Jobs"] = &theirsqs.Queue{QueueName: cloudformation.JoinPtr("-", []string{cloudformation.Ref("AWS::StackName"), "jobs"})}

	t, err := goformation.FromTemplate(theirs)
	if err != nil {
		fmt.Println(err)
		return
	}
	stack.Add(t, "Dead", &sqs.Queue{DelaySeconds: fn.Int(5)}) // go on with it as with any other
	body, err := t.Minified()
	fmt.Println(string(body), err)
	// Output:
	// {"AWSTemplateFormatVersion":"2010-09-09","Resources":{"Jobs":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Fn::Join":["-",[{"Ref":"AWS::StackName"},"jobs"]]}}},"Dead":{"Type":"AWS::SQS::Queue","Properties":{"DelaySeconds":5}}}} <nil>
}

func ExampleFromResource() {
	r, err := goformation.FromResource(&theirsqs.Queue{QueueName: cloudformation.RefPtr("Name")})
	if err != nil {
		fmt.Println(err)
		return
	}
	t := &stack.Template{}
	t.Resources.Set("Jobs", r)
	body, err := t.Minified()
	fmt.Println(string(body), err)
	// Output:
	// {"Resources":{"Jobs":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Ref":"Name"}}}}} <nil>
}

func ExampleToTemplate() {
	t := &stack.Template{}
	queue := stack.Add(t, "Jobs", &sqs.Queue{QueueName: fn.StackName + "-jobs"})
	t.Output("URL", stack.Output{Value: queue.Ref()})
	theirs, err := goformation.ToTemplate(t)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(theirs.GetAllSQSQueueResources()), len(theirs.Outputs))

	seconds := t.NumberParameter("Seconds", stack.Parameter{})
	stack.Add(t, "Dead", &sqs.Queue{VisibilityTimeout: seconds.Ref()})
	_, err = goformation.ToTemplate(t)
	fmt.Println(err)
	// Output:
	// 1 1
	// Resources.Dead.Properties.VisibilityTimeout: Ref, where goformation has room for a whole number only; give it literally, or keep the resource out of goformation
}

func ExampleToResource() {
	t := &stack.Template{}
	stack.Add(t, "Jobs", &sqs.Queue{DelaySeconds: fn.Int(5)})
	r, _ := t.Resources.Get("Jobs")
	queue, err := goformation.ToResource[*theirsqs.Queue](r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*queue.DelaySeconds)
	// Output: 5
}
