package local_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// stuck is a stack in UPDATE_ROLLBACK_FAILED: C could not be updated, nor A brought back.
func stuck(t *testing.T) (*local.Cloud, *cloudformation.Client) {
	t.Helper()
	cloud := localtest.New(t)
	api := client(cloud)
	create(t, api, "work", chain)
	cloud.Fail(local.Fault{LogicalID: "C", Action: local.Update, Reason: "no C", Times: 1}, local.Fault{Stack: "work", LogicalID: "A", Action: local.Update, Delay: 1, Times: 1})
	cloud.Fail(local.Fault{LogicalID: "A", Action: local.Update, Reason: "no A", Times: 1})
	update(t, api, "work", chain+" ", "Value", "two")
	equal(t, types.StackStatusUpdateRollbackFailed, comeToRest(t, api, "work").StackStatus)
	return cloud, api
}

func TestARollBackGoesOn(t *testing.T) {
	for name, skip := range map[string][]string{"again": nil, "skipping": {"A"}} {
		t.Run(name, func(t *testing.T) {
			_, api := stuck(t)
			_, err := api.ContinueUpdateRollback(t.Context(), &cloudformation.ContinueUpdateRollbackInput{StackName: aws.String("work"), ResourcesToSkip: []string{"B"}})
			refusedWith(t, err, "ValidationError", "The following resources to skip are not in UPDATE_FAILED state: [B]")
			if _, err := api.ContinueUpdateRollback(t.Context(), &cloudformation.ContinueUpdateRollbackInput{StackName: aws.String("work"), ResourcesToSkip: skip}); err != nil {
				t.Fatal(err)
			}
			s := comeToRest(t, api, "work")
			equal(t, types.StackStatusUpdateRollbackComplete, s.StackStatus)
			equal(t, "one", aws.ToString(s.Outputs[0].OutputValue))
			_, err = api.ContinueUpdateRollback(t.Context(), &cloudformation.ContinueUpdateRollbackInput{StackName: aws.String("work")})
			refusedWith(t, err, "ValidationError", "Stack:"+*s.StackId+" is in UPDATE_ROLLBACK_COMPLETE state and can not be continued with rollback.")
		})
	}
}

func TestRollbackStack(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	cloud.Fail(local.Fault{LogicalID: "B", Reason: "no", Times: 1})
	_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("new"), TemplateBody: aws.String(chain), DisableRollback: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	back := func(name string) types.Stack {
		t.Helper()
		if _, err := api.RollbackStack(t.Context(), &cloudformation.RollbackStackInput{StackName: &name}); err != nil {
			t.Fatal(err)
		}
		return describe(t, api, name)
	}
	equal(t, types.StackStatusRollbackComplete, back("new").StackStatus)

	create(t, api, "work", chain)
	for _, value := range []string{"two", "three"} { // the second one goes back to before the first
		cloud.Fail(local.Fault{LogicalID: "C", Action: local.Update, Reason: "no", Times: 1})
		_, err = api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{
			StackName: aws.String("work"), TemplateBody: aws.String(strings.Replace(chain, `"DependsOn": "B"}}`, `"DependsOn": "B"}, "`+strings.ToUpper(value)+`": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "`+value+`"}}}`, 1)),
			Parameters: params("Value", value), DisableRollback: aws.Bool(true),
		})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, types.StackStatusUpdateFailed, describe(t, api, "work").StackStatus)
	}
	s := back("work")
	equal(t, types.StackStatusUpdateRollbackComplete, s.StackStatus)
	equal(t, "one", aws.ToString(s.Outputs[0].OutputValue))
	for _, name := range []string{"two", "three"} {
		wantIn(t, ask(t, cloud, "AmazonSQS.GetQueueUrl", `{"QueueName": "`+name+`"}`), "QueueDoesNotExist")
	}
	_, err = api.RollbackStack(t.Context(), &cloudformation.RollbackStackInput{StackName: aws.String("work")})
	refusedWith(t, err, "ValidationError", "Stack:"+*s.StackId+" is in UPDATE_ROLLBACK_COMPLETE state and can not be rolled back.")
}
