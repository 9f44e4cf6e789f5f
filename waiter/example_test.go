package waiter_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

func ExampleClassify() {
	fmt.Println(waiter.Classify(waiter.Update, stack.UpdateCompleteCleanupInProgress))
	fmt.Println(waiter.Classify(waiter.Update, stack.UpdateRollbackInProgress))
	fmt.Println(waiter.Classify(waiter.Delete, stack.UpdateComplete))
	// Output:
	// succeeding
	// failing
	// failed
}

// The poller follows a stack that the SDK was asked to create.
func ExamplePoller_Events() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	api := cloudformation.NewFromConfig(cloud.Config())
	_, err := api.CreateStack(context.Background(), &cloudformation.CreateStackInput{
		StackName: aws.String("jobs"), ClientRequestToken: aws.String("mine"),
		TemplateBody: aws.String(`{"Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}`),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	p := &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond}
	for e, err := range p.Events(context.Background(), "jobs", &waiter.EventOptions{Token: "mine"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if e.OfStack() {
			fmt.Println(e.LogicalID, e.Status)
		}
	}
	result, err := p.Wait(context.Background(), waiter.Target{Stack: "jobs", Operation: waiter.Create, Token: "mine"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Outcome)
	// Output:
	// jobs CREATE_IN_PROGRESS
	// jobs CREATE_COMPLETE
	// succeeded
}

// Whatever receives CloudFormation's messages wakes the waits: here a queue that a topic of the stack's
// notifications is subscribed to.
func ExampleStackOf() {
	p := &waiter.Poller{MinInterval: time.Minute}
	message := []byte(`{"Type":"Notification","Message":"StackId='arn:aws:cloudformation:eu-west-1:111122223333:stack/jobs/1'\nResourceStatus='CREATE_COMPLETE'\n"}`)
	if id, ok := waiter.StackOf(message); ok {
		p.Wake(id)
		fmt.Println(id)
	}
	// Output:
	// arn:aws:cloudformation:eu-west-1:111122223333:stack/jobs/1
}
