package waiter_test

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// What happens at one moment is told in CloudFormation's order: a resource fails, then its stack rolls
// back.
func TestEventsOfOneMomentKeepTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		cloud.Fail(local.Fault{LogicalID: "Q", Action: local.Create, Reason: "no more queues"})
		api := cloudformation.NewFromConfig(cloud.Config())
		if _, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("s"), TemplateBody: aws.String(`{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}`)}); err != nil {
			t.Fatal(err)
		}
		failed := false
		for e, err := range (&waiter.Poller{API: api}).Events(t.Context(), "s", &waiter.EventOptions{Nested: true}) {
			if err != nil {
				t.Fatal(err)
			}
			failed = failed || e.Status == stack.CreateFailed
			if e.Status == stack.RollbackInProgress && !failed {
				t.Error("the stack rolls back before the resource has failed")
			}
		}
	})
}
