package updraft_test

import (
	"context"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/resources/sqs"
	"github.com/updraft-go/updraft/stack"
)

// A template, a stack, a deployment to the embedded cloud. For AWS, take the client's configuration
// from config.LoadDefaultConfig instead of cloud.Config.
func Example() {
	t := &stack.Template{Description: "jobs, and those that failed"}
	dead := stack.Add(t, "Dead", &sqs.Queue{})
	jobs := stack.Add(t, "Jobs", &sqs.Queue{
		QueueName:         fn.StackName + "-jobs",
		VisibilityTimeout: fn.Int(30),
		RedrivePolicy:     map[string]any{"deadLetterTargetArn": dead.AttrArn(), "maxReceiveCount": 5},
	})
	t.Output("URL", stack.Output{Value: jobs.Ref()})

	cloud := &local.Cloud{}
	defer cloud.Close()
	client := &executor.Client{API: cloudformation.NewFromConfig(cloud.Config())}
	result, err := client.Deploy(context.Background(), &stack.Stack{Name: "demo", Template: t}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Status, result.Outputs["URL"])
	// Output: CREATE_COMPLETE https://sqs.us-east-1.amazonaws.com/123456789012/demo-jobs
}
