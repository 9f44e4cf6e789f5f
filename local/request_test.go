package local_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// Of a hundred updates at once one wins, and the others are told why they do not.
func TestUpdatesDoNotOverlap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Minute}
		defer cloud.Close()
		api := client(cloud)
		create(t, api, "work", chain)
		settle()
		var won, refused atomic.Int32
		var group sync.WaitGroup
		for i := range 100 {
			group.Go(func() {
				_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{
					StackName: aws.String("work"), TemplateBody: aws.String(chain), Parameters: params("Value", fmt.Sprint(i)),
				})
				refusal, ok := errors.AsType[smithy.APIError](err)
				switch {
				case err == nil:
					won.Add(1)
				case ok && strings.HasSuffix(refusal.ErrorMessage(), " is in UPDATE_IN_PROGRESS state and can not be updated."):
					refused.Add(1)
				}
			})
		}
		group.Wait()
		equal(t, []int32{1, 99}, []int32{won.Load(), refused.Load()})
		settle()
		equal(t, types.StackStatusUpdateComplete, describe(t, api, "work").StackStatus)
	})
}

func TestLongListsComeInPages(t *testing.T) {
	api := client(localtest.New(t))
	var b strings.Builder
	for i := range 120 {
		fmt.Fprintf(&b, `,"T%d": {"Type": "AWS::SNS::Topic"}`, i)
	}
	create(t, api, "work", resources(b.String()[1:]))
	seen := map[string]bool{}
	events := cloudformation.NewDescribeStackEventsPaginator(api, &cloudformation.DescribeStackEventsInput{StackName: aws.String("work")})
	for events.HasMorePages() {
		page, err := events.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.StackEvents {
			seen[*e.EventId] = true
		}
	}
	equal(t, 120*3+2, len(seen))
	held, count := cloudformation.NewListStackResourcesPaginator(api, &cloudformation.ListStackResourcesInput{StackName: aws.String("work")}), 0
	for held.HasMorePages() {
		page, err := held.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		count += len(page.StackResourceSummaries)
	}
	equal(t, 120, count)
	_, err := api.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: aws.String("work"), NextToken: aws.String("x")})
	refusedWith(t, err, "ValidationError", "The NextToken is not valid; begin again without one")
}

// A request that comes again with its token, since the answer was lost, changes nothing.
func TestATokenMakesARequestHarmlessToRepeat(t *testing.T) {
	api := client(localtest.New(t))
	in := &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(topic), ClientRequestToken: aws.String("first")}
	var ids []string
	for range 2 {
		out, err := api.CreateStack(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, *out.StackId)
	}
	equal(t, ids[0], ids[1])
	in.ClientRequestToken = aws.String("second")
	_, err := api.CreateStack(t.Context(), in)
	refusedWith(t, err, "AlreadyExistsException", "Stack [work] already exists")
	out, err := api.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: aws.String("work")})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range out.StackEvents {
		equal(t, "first", aws.ToString(e.ClientRequestToken))
	}
}

func TestPreviousValues(t *testing.T) {
	api := client(localtest.New(t))
	create(t, api, "work", chain, "Value", "one")
	_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{
		StackName: aws.String("work"), UsePreviousTemplate: aws.Bool(true), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}},
		Parameters: []types.Parameter{{ParameterKey: aws.String("Value"), UsePreviousValue: aws.Bool(true)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := describe(t, api, "work")
	equal(t, "one", aws.ToString(s.Parameters[0].ParameterValue))
	_, err = api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
		StackName: aws.String("new"), ChangeSetName: aws.String("set"), ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: aws.String(chain),
		Parameters: []types.Parameter{{ParameterKey: aws.String("Value"), UsePreviousValue: aws.Bool(true)}},
	})
	refusedWith(t, err, "ValidationError", "Cannot specify UsePreviousValue on Parameters when ChangeSetType is CREATE")
}

// stage makes a change set and describes it.
func stage(t *testing.T, api *cloudformation.Client, stack, name string, kind types.ChangeSetType, template string, parameters ...string) *cloudformation.DescribeChangeSetOutput {
	t.Helper()
	_, err := api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
		StackName: &stack, ChangeSetName: &name, ChangeSetType: kind, TemplateBody: &template, Parameters: params(parameters...),
	})
	if err != nil {
		t.Fatal(err)
	}
	set, err := api.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{StackName: &stack, ChangeSetName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestExecutingAChangeSetMakesTheOthersObsolete(t *testing.T) {
	api := client(localtest.New(t))
	set := stage(t, api, "work", "first", types.ChangeSetTypeCreate, chain)
	equal(t, types.StackStatusReviewInProgress, describe(t, api, "work").StackStatus)
	equal(t, []string{"work REVIEW_IN_PROGRESS: User Initiated"}, lines(t, api, "work"))
	_, err := api.GetTemplateSummary(t.Context(), &cloudformation.GetTemplateSummaryInput{StackName: aws.String("work")})
	refusedWith(t, err, "ValidationError", "GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")
	other := stage(t, api, "work", "second", types.ChangeSetTypeCreate, topic)
	execute := func(id *string) error {
		_, err := api.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: id, ClientRequestToken: aws.String("token")})
		return err
	}
	if err := execute(set.ChangeSetId); err != nil {
		t.Fatal(err)
	}
	if err := execute(set.ChangeSetId); err != nil {
		t.Errorf("the same request again: %v", err)
	}
	refusedWith(t, execute(other.ChangeSetId), "InvalidChangeSetStatus", "ChangeSet ["+*other.ChangeSetId+"] cannot be executed in its current status of [OBSOLETE]")
	equal(t, *set.ChangeSetId, *describe(t, api, "work").ChangeSetId)

	empty := stage(t, api, "work", "third", types.ChangeSetTypeUpdate, chain)
	refusedWith(t, execute(empty.ChangeSetId), "InvalidChangeSetStatus", "ChangeSet ["+*empty.ChangeSetId+"] cannot be executed in its current status of [FAILED]")
	_, err = api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{StackName: aws.String("work"), ChangeSetName: aws.String("third"), TemplateBody: aws.String(chain)})
	refusedWith(t, err, "AlreadyExistsException", "ChangeSet third already exists")
	_, err = api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{StackName: aws.String("work"), ChangeSetName: aws.String("x"), ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: aws.String(chain)})
	refusedWith(t, err, "ValidationError", "Stack [work] already exists and cannot be created again with the changeSet [x].")
}

// A change set says what would change, what makes it change, and what that does to the resource.
func TestAChangeSetTellsWhy(t *testing.T) {
	const form = `{"Parameters": {"Name": {"Type": "String"}}, "Resources": {
		"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}}},
		"B": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::Join": ["-", [{"Ref": "A"}, {"Fn::GetAtt": "A.TopicName"}]]}}},
		"C": {"Type": "AWS::SNS::Topic", "Metadata": {"a": 1}}, "D": {"Type": "AWS::SNS::Topic"}}}`
	api := client(localtest.New(t))
	create(t, api, "work", form, "Name", "one")
	changed := strings.Replace(strings.Replace(form, `{"a": 1}`, `{"a": 2}`, 1), `, "D": {"Type": "AWS::SNS::Topic"}`, `, "E": {"Type": "AWS::SNS::Topic"}`, 1)
	set := stage(t, api, "work", "set", types.ChangeSetTypeUpdate, changed, "Name", "two")
	var got []string
	for _, c := range set.Changes {
		r := c.ResourceChange
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %v", r.Action, *r.LogicalResourceId, r.Replacement, r.PolicyAction, r.Scope)))
		for _, d := range r.Details {
			got = append(got, fmt.Sprintf("  %s %s %s %s %s", aws.ToString(d.Target.Name), d.ChangeSource, d.Evaluation, aws.ToString(d.CausingEntity), d.Target.RequiresRecreation))
		}
	}
	equal(t, []string{
		"Modify A True ReplaceAndDelete [Properties]",
		"  TopicName DirectModification Dynamic  Always",
		"  TopicName ParameterReference Static Name Always",
		"Modify B False  [Properties]",
		"  DisplayName ResourceReference Static A Never",
		"  DisplayName ResourceAttribute Static A.TopicName Never",
		"Modify C False  [Metadata]",
		"   DirectModification Static  Never",
		"Remove D  Delete []",
		"Add E   []",
	}, got)
}

func TestTheTemplateIsKeptAsItCame(t *testing.T) {
	api := client(localtest.New(t))
	const body = "# a comment\nDescription: \"two\\twords\"\nResources:\n  Q: {Type: AWS::SQS::Queue}\n"
	create(t, api, "work", body)
	out, err := api.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: aws.String("work")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, body, *out.TemplateBody)
	equal(t, "two\twords", *describe(t, api, "work").Description)
}

func TestPropertiesAreChecked(t *testing.T) {
	api := client(localtest.New(t))
	for i, tt := range []struct{ resource, want string }{
		{`"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String"}`, "#: required key [Value] not found"},
		{`"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}`, "#: extraneous key [Colour] is not permitted"},
		{`"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": "soon"}`, "#/DelaySeconds: expected type: Integer, found: String"},
		{`"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": "5", "FifoQueue": "true"}`, ""},
		{`"Type": "AWS::SQS::Queue", "Properties": {"QueueName": ["a"]}`, "#/QueueName: expected type: String, found: JSONArray"},
		{`"Type": "AWS::SSM::Parameter", "Properties": {"Type": "Strin", "Value": "v"}`, "#/Type: Strin is not a valid enum value"},
		{`"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 901}`, "#/DelaySeconds: 901 is not less or equal to 900"},
		{`"Type": "AWS::SQS::Queue", "Properties": {"MaximumMessageSize": "1023"}`, "#/MaximumMessageSize: 1023 is not greater or equal to 1024"},
		{`"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "a b"}`, "#/QueueName: string [a b] does not match pattern ^[A-Za-z0-9_-]+(\\.fifo)?$"},
		{`"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "` + strings.Repeat("a", 81) + `"}`, "#/QueueName: expected maxLength: 80, actual: 81"},
		{`"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "ab"}`, "#/BucketName: expected minLength: 3, actual: 2"},
		{`"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Secret"}}`, "#/QueueName: string [****] does not match pattern ^[A-Za-z0-9_-]+(\\.fifo)?$"},
	} {
		name := fmt.Sprint("work", i)
		create(t, api, name, `{"Parameters": {"Secret": {"Type": "String", "NoEcho": true, "Default": "s e c r e t"}}, "Resources": {"X": {`+tt.resource+`}}}`)
		got := ""
		for _, line := range lines(t, api, name) {
			if after, ok := strings.CutPrefix(line, "X CREATE_FAILED: Properties validation failed for resource X with message:\n"); ok {
				got = after
			}
		}
		equal(t, tt.want, got)
	}
}
