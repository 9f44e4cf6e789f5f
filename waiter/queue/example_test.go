package queue_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	awssqs "github.com/updraft-go/updraft/resources/sqs"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
	"github.com/updraft-go/updraft/waiter/queue"
)

// A poller that looks once a minute is woken as soon as CloudFormation has told a topic, to which a queue is
// subscribed, that the stack is there.
func ExampleReader_Run() {
	cloud := &local.Cloud{Delay: 20 * time.Millisecond}
	defer cloud.Close()
	api := cloudformation.NewFromConfig(cloud.Config())
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	// A topic and its queue, once and for all.
	made, err := (&executor.Client{API: api}).Deploy(ctx, office(""), nil)
	if err != nil {
		fmt.Println(err)
		return
	}

	poller := &waiter.Poller{API: api, MinInterval: time.Minute}
	reader := &queue.Reader{API: sqs.NewFromConfig(cloud.Config()), URL: made.Outputs["Queue"]}
	var reading sync.WaitGroup
	reading.Go(func() {
		if err := reader.Run(ctx, poller.Wake); ctx.Err() == nil {
			fmt.Println(err)
		}
	})

	t := &stack.Template{}
	stack.Add(t, "Jobs", &awssqs.Queue{})
	result, err := (&executor.Client{API: api, Poller: poller}).Deploy(ctx, &stack.Stack{Name: "jobs", Template: t},
		&executor.Options{NotificationARNs: []string{made.Outputs["Topic"]}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Status)
	cancel()
	reading.Wait()
	// Output:
	// CREATE_COMPLETE
}
