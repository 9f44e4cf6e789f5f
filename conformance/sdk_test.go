package conformance

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// TestTheGoSDK runs the waiters and paginators of the SDK over the network, as Terraform and others do
// that are made of it.
func TestTheGoSDK(t *testing.T) {
	api := goClient(t)
	name, set, at := aws.String("work"), aws.String("set"), t.Context()
	described := &cloudformation.DescribeStacksInput{StackName: name}
	const most = time.Minute
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(api.CreateStack(at, &cloudformation.CreateStackInput{StackName: name, TemplateBody: aws.String(jobs)}))
	must(nil, cloudformation.NewStackExistsWaiter(api).Wait(at, described, most))
	must(nil, cloudformation.NewStackCreateCompleteWaiter(api).Wait(at, described, most))
	must(api.UpdateStack(at, &cloudformation.UpdateStackInput{
		StackName: name, UsePreviousTemplate: aws.Bool(true), Parameters: []types.Parameter{{ParameterKey: aws.String("Delay"), ParameterValue: aws.String("5")}},
	}))
	must(nil, cloudformation.NewStackUpdateCompleteWaiter(api).Wait(at, described, most))
	must(api.CreateChangeSet(at, &cloudformation.CreateChangeSetInput{
		StackName: name, ChangeSetName: set, UsePreviousTemplate: aws.Bool(true), Parameters: []types.Parameter{{ParameterKey: aws.String("Delay"), ParameterValue: aws.String("6")}},
	}))
	must(nil, cloudformation.NewChangeSetCreateCompleteWaiter(api).Wait(at, &cloudformation.DescribeChangeSetInput{StackName: name, ChangeSetName: set}, most))
	must(api.ExecuteChangeSet(at, &cloudformation.ExecuteChangeSetInput{StackName: name, ChangeSetName: set}))
	must(nil, cloudformation.NewStackUpdateCompleteWaiter(api).Wait(at, described, most))
	events := 0
	for pages := cloudformation.NewDescribeStackEventsPaginator(api, &cloudformation.DescribeStackEventsInput{StackName: name}); pages.HasMorePages(); {
		page, err := pages.NextPage(at)
		must(page, err)
		events += len(page.StackEvents)
	}
	if want := 5 + 2*5; events != want {
		t.Errorf("%d events, want %d", events, want)
	}
	out, err := api.DescribeStacks(at, described)
	must(out, err)
	must(api.DeleteStack(at, &cloudformation.DeleteStackInput{StackName: name}))
	must(nil, cloudformation.NewStackDeleteCompleteWaiter(api).Wait(at, &cloudformation.DescribeStacksInput{StackName: out.Stacks[0].StackId}, most))
}
