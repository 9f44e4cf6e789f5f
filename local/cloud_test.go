package local_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

const topic = `{"Resources": {"Jobs": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "jobs"}}},
	"Outputs": {"Arn": {"Value": {"Ref": "Jobs"}, "Export": {"Name": "jobs-arn"}}}}`

func client(c *local.Cloud) *cloudformation.Client { return cloudformation.NewFromConfig(c.Config()) }

func describe(t *testing.T, api *cloudformation.Client, name string) types.Stack {
	t.Helper()
	out, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return out.Stacks[0]
}

// create creates a stack and fails the test if the request is refused.
func create(t *testing.T, api *cloudformation.Client, name, template string, parameters ...string) types.Stack {
	t.Helper()
	_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: &name, TemplateBody: &template, Parameters: params(parameters...),
		Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam, types.CapabilityCapabilityAutoExpand},
	})
	if err != nil {
		t.Fatal(err)
	}
	return describe(t, api, name)
}

func update(t *testing.T, api *cloudformation.Client, name, template string, parameters ...string) types.Stack {
	t.Helper()
	_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{
		StackName: &name, TemplateBody: &template, Parameters: params(parameters...),
		Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam, types.CapabilityCapabilityAutoExpand},
	})
	if err != nil {
		t.Fatal(err)
	}
	return describe(t, api, name)
}

func params(pairs ...string) []types.Parameter {
	var list []types.Parameter
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, types.Parameter{ParameterKey: &pairs[i], ParameterValue: &pairs[i+1]})
	}
	return list
}

// lines are the events of a stack, oldest first: logical ID, status and reason.
func lines(t *testing.T, api *cloudformation.Client, name string) []string {
	t.Helper()
	out, err := api.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: &name})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for i := len(out.StackEvents) - 1; i >= 0; i-- {
		e := out.StackEvents[i]
		line := aws.ToString(e.LogicalResourceId) + " " + string(e.ResourceStatus)
		if e.ResourceStatusReason != nil {
			line += ": " + *e.ResourceStatusReason
		}
		all = append(all, line)
	}
	return all
}

func equal(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAStackLivesAndDies(t *testing.T) {
	api := client(localtest.New(t))
	s := create(t, api, "work", topic)
	equal(t, types.StackStatusCreateComplete, s.StackStatus)
	equal(t, "jobs-arn", aws.ToString(s.Outputs[0].ExportName))
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
	_, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("work")})
	refusedWith(t, err, "ValidationError", "Stack with id work does not exist")
	equal(t, types.StackStatusDeleteComplete, describe(t, api, *s.StackId).StackStatus)
	equal(t, []string{
		"work CREATE_IN_PROGRESS: User Initiated",
		"Jobs CREATE_IN_PROGRESS",
		"Jobs CREATE_IN_PROGRESS: Resource creation Initiated",
		"Jobs CREATE_COMPLETE",
		"work CREATE_COMPLETE",
		"work DELETE_IN_PROGRESS: User Initiated",
		"Jobs DELETE_IN_PROGRESS",
		"Jobs DELETE_COMPLETE",
		"work DELETE_COMPLETE",
	}, lines(t, api, *s.StackId))
}

func TestTheSDKsWaiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: 10 * time.Minute}
		defer cloud.Close()
		api := client(cloud)
		s := create(t, api, "work", topic)
		equal(t, types.StackStatusCreateInProgress, s.StackStatus)
		began := time.Now()
		waiter := cloudformation.NewStackCreateCompleteWaiter(api)
		if err := waiter.Wait(t.Context(), &cloudformation.DescribeStacksInput{StackName: s.StackId}, time.Hour); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 10*time.Minute || took > 15*time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}

func TestAChangeSetCreatesAndUpdates(t *testing.T) {
	api := client(localtest.New(t))
	run := func(kind types.ChangeSetType, name, template string) *cloudformation.DescribeChangeSetOutput {
		t.Helper()
		out, err := api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
			StackName: aws.String("work"), ChangeSetName: &name, ChangeSetType: kind, TemplateBody: &template,
		})
		if err != nil {
			t.Fatal(err)
		}
		set, err := api.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: out.Id})
		if err != nil {
			t.Fatal(err)
		}
		if set.Status == types.ChangeSetStatusCreateComplete {
			if _, err := api.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: out.Id}); err != nil {
				t.Fatal(err)
			}
		}
		return set
	}
	set := run(types.ChangeSetTypeCreate, "first", topic)
	equal(t, types.ChangeActionAdd, set.Changes[0].ResourceChange.Action)
	equal(t, types.StackStatusCreateComplete, describe(t, api, "work").StackStatus)
	set = run(types.ChangeSetTypeUpdate, "second", topic)
	equal(t, types.ChangeSetStatusFailed, set.Status)
	equal(t, "The submitted information didn't contain changes. Submit different information to create a change set.", aws.ToString(set.StatusReason))
	set = run(types.ChangeSetTypeUpdate, "third", `{"Resources": {"Jobs": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "other"}}}}`)
	equal(t, types.ReplacementFalse, set.Changes[0].ResourceChange.Replacement)
	equal(t, types.StackStatusUpdateComplete, describe(t, api, "work").StackStatus)
}

func TestAccountsAndRegionsAreApart(t *testing.T) {
	cloud := localtest.New(t)
	create(t, client(cloud), "work", topic)
	other := cloud.Config()
	other.Region = "eu-west-1"
	_, err := cloudformation.NewFromConfig(other).DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("work")})
	refusedWith(t, err, "ValidationError", "Stack with id work does not exist")
	third := cloud.Config()
	third.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "999999999999", SecretAccessKey: "x"}, nil
	})
	s := create(t, cloudformation.NewFromConfig(third), "work", topic)
	if want := "arn:aws:cloudformation:us-east-1:999999999999:stack/work/"; !strings.HasPrefix(*s.StackId, want) {
		t.Errorf("got %s, want %s…", *s.StackId, want)
	}
	equal(t, types.StackStatusCreateComplete, s.StackStatus) // its export is no other's
	who, err := sts.NewFromConfig(cloud.Config()).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, local.DefaultAccount, aws.ToString(who.Account))
}

func events(t *testing.T, api *cloudformation.Client, name string) []types.StackEvent {
	t.Helper()
	out, err := api.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return out.StackEvents
}

func remove(t *testing.T, api *cloudformation.Client, name string) {
	t.Helper()
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: &name}); err != nil {
		t.Fatal(err)
	}
}
